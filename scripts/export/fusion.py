"""The fusions: linear layers over what is known of a segment - its words, its pictures, or both.

Either is called with `text` [B,Dt], `has_text` bool [B], `faces` [B,F,Dv] and `weight` [B,F] (0: padding), and gives logits of
sentiment [B,3], intensity [B] within -3..3, logits of emotions [B,7] and the share of each face [B,F], which sums to 1 over the
faces of a segment that has any.
"""


import torch
from torch import nn

# Rows of each layer: 3 sentiments, 1 intensity, 7 emotions.
ROWS = 11


class ConcatFusion(nn.Module):
    """Weights: text [11,Dt], faces [11,Dv], both [11,Dt+Dv] (text first), each with .weight and .bias.

    A missing modality is not filled with zeros: each of the three cases has a layer of its own.
    """

    def __init__(self, text_width, frame_width):
        super().__init__()
        self.text = nn.Linear(text_width, ROWS)
        self.faces = nn.Linear(frame_width, ROWS)
        self.both = nn.Linear(text_width + frame_width, ROWS)

    def forward(self, text, has_text, faces, weight):
        # type: (Tensor, Tensor, Tensor, Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]
        total = weight.sum(1, keepdim=True)
        share = weight / total.clamp_min(1e-9)
        face = (share.unsqueeze(2) * faces).sum(1)
        has_text = has_text.unsqueeze(1)
        has_faces = total > 0
        alone = torch.where(has_text, self.text(text), self.faces(face))
        rows = torch.where(has_text & has_faces, self.both(torch.cat([text, face], 1)), alone)
        rows = torch.where(has_text | has_faces, rows, torch.zeros_like(rows))
        return rows[:, :3], rows[:, 3].clamp(-3.0, 3.0), rows[:, 4:], share

    @torch.no_grad()
    def calibrate(self, case, scale, offset):
        """Rows of `case` (text, pictures or both) become rows * scale + offset (each [11]): its layer takes them in."""
        layer = {"text": self.text, "pictures": self.faces, "both": self.both}[case]
        layer.weight.mul_(scale[:, None])
        layer.bias.mul_(scale).add_(offset)


class AttentionFusion(nn.Module):
    """The text asks, the faces answer: a query from the text, a key and a value from each face; scaled dot-product attention of
    one head (Vaswani et al. 2017), to whose logits log(weight) is added, so that a face counts by its weight until the text
    prefers another. Alone, pictures are the layer `faces` of their weighted mean: nobody asks.

    Weights: text [11,Dt], faces [11,Dv], words [11,Dt] (the text beside faces), query [K,Dt], each with .weight and .bias;
    key [K,Dv], value [11,Dv], .weight alone.
    """

    def __init__(self, text_width, frame_width, key_width=32):
        super().__init__()
        self.text = nn.Linear(text_width, ROWS)
        self.faces = nn.Linear(frame_width, ROWS)
        self.words = nn.Linear(text_width, ROWS)
        self.query = nn.Linear(text_width, key_width)
        self.key = nn.Linear(frame_width, key_width, bias=False)
        self.value = nn.Linear(frame_width, ROWS, bias=False)

    def forward(self, text, has_text, faces, weight):
        # type: (Tensor, Tensor, Tensor, Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]
        has_text = has_text.unsqueeze(1)
        there = weight > 0
        has_faces = there.any(1, keepdim=True)
        query = self.query(text) * has_text.to(text.dtype) * self.key.out_features**-0.5
        asked = (self.key(faces) * query.unsqueeze(1)).sum(2) + weight.clamp_min(1e-30).log()
        share = asked.masked_fill(~there, -1e30).softmax(1) * there.to(weight.dtype)
        face = (share.unsqueeze(2) * faces).sum(1)
        alone = torch.where(has_text, self.text(text), self.faces(face))
        rows = torch.where(has_text & has_faces, self.words(text) + self.value(face), alone)
        rows = torch.where(has_text | has_faces, rows, torch.zeros_like(rows))
        return rows[:, :3], rows[:, 3].clamp(-3.0, 3.0), rows[:, 4:], share

    @torch.no_grad()
    def calibrate(self, case, scale, offset):
        """Rows of `case` become rows * scale + offset (each [11]): its layers take them in."""
        layer = {"text": self.text, "pictures": self.faces, "both": self.words}[case]
        layer.weight.mul_(scale[:, None])
        layer.bias.mul_(scale).add_(offset)
        if case == "both":
            self.value.weight.mul_(scale[:, None])


def fusion_of(weights, text_width, frame_width):
    """The empty fusion that a state dict is of: only attention has a query."""
    kind = AttentionFusion if "query.weight" in weights else ConcatFusion
    return kind(text_width, frame_width)


def kind_of(fusion):
    """Its name in model.json."""
    return "attention" if isinstance(fusion, AttentionFusion) else "concat"


def described(kind):
    """What model.json says of a fusion."""
    return {"kind": kind, "modalities": ["text", "frames"]}
