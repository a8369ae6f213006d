"""The means over tokens of some layers of a frozen encoder, stored once: fp16, memory-mapped, in pieces of PIECE texts.

A piece is named by what its figures follow from, so that a killed run goes on with the first piece that is missing, and
neither other texts nor another network can be taken for these.
"""

import hashlib
import os

import numpy as np
import torch

from .run import autocast
from .text_report import pad

PIECE = 2000  # texts
BATCH_TOKENS = 2048


def batches(lengths, most):
    """Indices of texts in batches of at most `most` tokens with their padding, the short ones first."""
    batch = []
    for i in np.argsort(lengths, kind="stable"):
        if batch and lengths[i] * (len(batch) + 1) > most:
            yield batch
            batch = []
        batch.append(int(i))
    if batch:
        yield batch


class LayerMeans:
    """`network` is of transformers, with hidden states; `tokens` makes lists of ids of texts; `layers` count from 1.

    `identity` names the weights: two networks of one name would share what is stored. Matrices are multiplied in bfloat16 where the
    device computes it itself (run.autocast).
    """

    def __init__(self, folder, identity, network, tokens, layers, device="cpu"):
        self.folder, self.tokens, self.layers, self.device = folder, tokens, layers, torch.device(device)
        self.network = network.to(self.device)
        self.identity = f"{identity} {layers}"
        folder.mkdir(parents=True, exist_ok=True)

    def _path(self, texts):
        return self.folder / (hashlib.sha256("\0".join([self.identity, *texts]).encode()).hexdigest()[:20] + ".npy")

    @torch.inference_mode()
    def _compute(self, texts):
        ids = self.tokens(texts)
        means = np.empty((len(texts), len(self.layers) * self.network.config.hidden_size), np.float16)
        for rows in batches([len(one) for one in ids], BATCH_TOKENS):
            batch, mask = (part.to(self.device) for part in pad([ids[row] for row in rows]))
            with autocast(self.device.type):
                states = self.network(batch, mask, output_hidden_states=True).hidden_states
            share = (mask / mask.sum(1, keepdim=True))[:, None]
            found = torch.cat([(share @ states[layer].float())[:, 0] for layer in self.layers], 1)
            means[rows] = found.half().cpu().numpy()
        return means

    def pieces(self, texts, told=lambda done, of: None):
        """Memory-mapped arrays [n, layers x width] that together are the rows of `texts`. `told` hears of each new one."""
        found = []
        for start in range(0, len(texts), PIECE):
            path = self._path(texts[start : start + PIECE])
            if not path.exists():
                part = path.with_suffix(f".part{os.getpid()}")  # two processes may store side by side
                with open(part, "wb") as file:
                    np.save(file, self._compute(texts[start : start + PIECE]))
                os.replace(part, path)
                told(min(start + PIECE, len(texts)), len(texts))
            found.append(np.load(path, mmap_mode="r"))
        return found

    def rows(self, texts, told=lambda done, of: None):
        """[N, layers x width], fp16, in memory."""
        return np.concatenate(self.pieces(texts, told)) if texts else np.empty((0, len(self.layers) * self.network.config.hidden_size), np.float16)
