"""The concat fusion: linear layers over what is known of a segment - its words, its pictures, or both side by side."""

from typing import Tuple

import torch
from torch import nn
from torch.nn import functional as F

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
