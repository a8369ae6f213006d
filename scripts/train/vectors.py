"""Texts and faces to the vectors that the bundle's encoders give: int8 weights and all, so that the fusion learns from, and
the figures are of, what users run. Each set is encoded once and kept in the work folder.
"""

import hashlib

import cv2
import numpy as np
import torch
from safetensors.torch import load_file, save_file

from ..export.checkpoints import read_bert, read_resnet, read_tokenizer, read_weights
from ..export.module import frames_part, text_part
from .contract import FRAMES, MAX_TOKENS
from .run import Stage
from .text_encoder import WORDS

TEXTS, FACES = 32, 16  # in one batch


class Encoders:
    """The encoders of a work folder: `text/` and `frames/resnet50.safetensors`."""

    def __init__(self, work):
        from transformers import BertTokenizerFast

        self.work = work
        vocabulary, text = read_tokenizer(work / "text")
        self.cls, self.sep, flags = text["cls"], text["sep"], text["tokenizer"]
        self.tokenizer = BertTokenizerFast(vocab=str(vocabulary), do_lower_case=flags["lower_case"], strip_accents=flags["strip_accents"],
                                           tokenize_chinese_chars=flags["split_chinese"])  # fmt: skip
        self.files = {"text": work / "text/model.safetensors", "faces": work / "frames/resnet50.safetensors"}
        self.digests = {what: hashlib.sha256(path.read_bytes()).digest() for what, path in self.files.items()}
        bert = read_bert(work / "text")
        self.text_width, self.frame_width = bert.config.hidden_size, FRAMES["width"]
        self.text_part, self.frames_part = text_part(bert), frames_part(read_resnet(self.files["faces"]))
        self.text_part.prepare(), self.frames_part.prepare()

    def text_head(self):
        """(weight [11,Dt], bias [11]) of the text encoder's own heads, in the order of a fusion's rows."""
        weights = read_weights(self.files["text"])
        return tuple(torch.cat([weights[f"{name}.{part}"] for name in ("sentiment", "intensity", "emotion")]) for part in ("weight", "bias"))

    def face_head(self):
        """(weight [7,Dv], bias [7]) of the frame encoder's own head: emotions."""
        weights = read_weights(self.files["faces"])
        return weights["fc.weight"], weights["fc.bias"]

    def texts(self, name, texts):
        """[N,Dt], with words for emoji. Longer texts go as windows averaged by their tokens. `name` of the set is for progress alone."""
        return self._kept("text", name, "\n".join(texts).encode(), lambda stage: self._texts(stage, name, texts))

    def faces(self, name, images):
        """[N,Dv] of grey faces, uint8 [N,H,W]."""
        return self._kept("faces", name, images.tobytes(), lambda stage: self._faces(stage, name, images))

    def _kept(self, what, name, content, compute):
        key = hashlib.sha256(self.digests[what] + repr((MAX_TOKENS, FRAMES)).encode() + content).hexdigest()[:16]
        stage = Stage(self.work, "vectors")
        path = stage.folder / f"{what}-{key}.safetensors"
        if not path.exists():
            with torch.no_grad():
                save_file({"vectors": compute(stage)}, path)
        return load_file(path)["vectors"]

    def _texts(self, stage, name, texts):
        pieces = [ids or [self.tokenizer.unk_token_id] for ids in self.tokenizer([WORDS(text) for text in texts], add_special_tokens=False)["input_ids"]]
        longest = MAX_TOKENS - 2
        windows = [(i, ids[start : start + longest]) for i, ids in enumerate(pieces) for start in range(0, len(ids), longest)]
        windows.sort(key=lambda window: len(window[1]))
        sums, counts = torch.zeros(len(texts), self.text_width), torch.zeros(len(texts), 1)
        for start in range(0, len(windows), TEXTS):
            batch = windows[start : start + TEXTS]
            ids = torch.zeros(len(batch), len(batch[-1][1]) + 2, dtype=torch.long)
            mask = torch.zeros_like(ids)
            for row, (_, tokens) in enumerate(batch):
                ids[row, : len(tokens) + 2] = torch.tensor([self.cls, *tokens, self.sep])
                mask[row, : len(tokens) + 2] = 1
            count = mask.sum(1, keepdim=True)
            rows = torch.tensor([i for i, _ in batch])
            sums.index_add_(0, rows, self.text_part.encode(ids, mask) * count)
            counts.index_add_(0, rows, count.float())
            stage.tick(start + len(batch), len(windows), f"texts of {name}")
        return sums / counts

    def _faces(self, stage, name, images):
        vectors = []
        for start in range(0, len(images), FACES):
            vectors.append(self.frames_part.encode(pixels(images[start : start + FACES])))
            stage.tick(min(start + FACES, len(images)), len(images), f"faces of {name}")
        return torch.cat(vectors)


def pixels(images):
    """Grey faces [N,H,W] as the program gives them to the network: shrunk by area, enlarged by lines; uint8 [N,S,S,3]."""
    size, small = FRAMES["size"], FRAMES["shrink_first"]
    if small and images.shape[1] > small:
        images = [cv2.resize(image, (small, small), interpolation=cv2.INTER_AREA) for image in images]
    large = np.stack([cv2.resize(image, (size, size), interpolation=cv2.INTER_LINEAR) for image in images])
    return torch.from_numpy(large)[..., None].expand(-1, -1, -1, 3)
