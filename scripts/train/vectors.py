"""Texts and faces to the vectors that the bundle's encoders give: int8 weights and all, so that the fusion learns from, and
the figures are of, what users run. Each set is encoded once and kept in the work folder.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

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


@dataclass
class Encoders:
    """A bundle's parts of text and frames, ready to be called. `pieces`: texts to lists of ids without special ones, none empty;
    `special`: the ids of [CLS] and [SEP]; `files`: the weights of "text" and "faces", by which vectors are kept in `work`."""

    work: Path
    pieces: Callable
    special: tuple
    text_part: Any
    text_width: int
    frames_part: Any
    files: dict
    frames: dict  # what model.json says of the frames

    def __post_init__(self):
        self.frame_width = self.frames["width"]
        self.digests = {what: hashlib.sha256(path.read_bytes()).digest() for what, path in self.files.items()}

    def texts(self, name, texts):
        """[N,Dt], with words for emoji. Longer texts go as windows averaged by their tokens. `name` of the set is for progress alone."""
        return self._kept("text", MAX_TOKENS, "\n".join(map(WORDS, texts)).encode(), lambda stage: self._texts(stage, name, texts))

    def faces(self, name, images):
        """[N,Dv] of grey faces, uint8 [N,H,W]."""
        return self._kept("faces", self.frames, images.tobytes(), lambda stage: self._faces(stage, name, images))

    def _kept(self, what, settings, content, compute):
        """What `compute` gives, kept by weights, settings and content."""
        key = hashlib.sha256(self.digests[what] + repr(settings).encode() + content).hexdigest()[:16]
        stage = Stage(self.work, "vectors")
        path = stage.folder / f"{what}-{key}.safetensors"
        if not path.exists():
            with torch.no_grad():
                save_file({"vectors": compute(stage)}, path)
        return load_file(path)["vectors"]

    def _texts(self, stage, name, texts):
        pieces, (first, last) = self.pieces(texts), self.special
        longest = MAX_TOKENS - 2
        windows = [(i, ids[start : start + longest]) for i, ids in enumerate(pieces) for start in range(0, len(ids), longest)]
        windows.sort(key=lambda window: len(window[1]))
        sums, counts = torch.zeros(len(texts), self.text_width), torch.zeros(len(texts), 1)
        for start in range(0, len(windows), TEXTS):
            batch = windows[start : start + TEXTS]
            ids = torch.zeros(len(batch), len(batch[-1][1]) + 2, dtype=torch.long)
            mask = torch.zeros_like(ids)
            for row, (_, tokens) in enumerate(batch):
                ids[row, : len(tokens) + 2] = torch.tensor([first, *tokens, last])
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
            vectors.append(self.frames_part.encode(pixels(images[start : start + FACES], self.frames)))
            stage.tick(min(start + FACES, len(images)), len(images), f"faces of {name}")
        return torch.cat(vectors)


def word_pieces(vocabulary, text, words=WORDS):
    """A function of texts to lists of ids without special ones, none empty. `text`: what model.json says of it; `words`: what is done
    to each text first."""
    from transformers import BertTokenizerFast

    flags = text["tokenizer"]
    tokenizer = BertTokenizerFast(vocab=str(vocabulary), do_lower_case=flags["lower_case"], strip_accents=flags["strip_accents"],
                                  tokenize_chinese_chars=flags["split_chinese"])  # fmt: skip
    return lambda texts: [ids or [text["unk"]] for ids in tokenizer([words(one) for one in texts], add_special_tokens=False)["input_ids"]]


def encoders_of(work):
    """The encoders of a work folder: `text/` and `frames/resnet50.safetensors`."""
    vocabulary, text = read_tokenizer(work / "text")
    pieces = word_pieces(vocabulary, text)
    files = {"text": work / "text/model.safetensors", "faces": work / "frames/resnet50.safetensors"}
    bert = read_bert(work / "text")
    width, texts, frames = bert.config.hidden_size, text_part(bert), frames_part(read_resnet(files["faces"]))
    texts.prepare(), frames.prepare()
    return Encoders(work, pieces, (text["cls"], text["sep"]), texts, width, frames, files, FRAMES)


def text_head(path):
    """(weight [11,Dt], bias [11]) of a text encoder's own heads in its file of weights, in the order of a fusion's rows."""
    weights = read_weights(path)
    return tuple(torch.cat([weights[f"{name}.{part}"] for name in ("sentiment", "intensity", "emotion")]) for part in ("weight", "bias"))


def face_head(path):
    """(weight [7,Dv], bias [7]) of a frame encoder's own head in its file of weights: emotions."""
    weights = read_weights(path)
    return weights["fc.weight"], weights["fc.bias"]


def pixels(images, frames):
    """Grey faces [N,H,W] as the program gives them to the network by model.json's `frames`: shrunk by area, enlarged by lines;
    uint8 [N,S,S,3]."""
    size, small = frames["size"], frames.get("shrink_first", 0)
    if small and images.shape[1] > small:
        images = [cv2.resize(image, (small, small), interpolation=cv2.INTER_AREA) for image in images]
    large = np.stack([cv2.resize(image, (size, size), interpolation=cv2.INTER_LINEAR) for image in images])
    return torch.from_numpy(large)[..., None].expand(-1, -1, -1, 3)
