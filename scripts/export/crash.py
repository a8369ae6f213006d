"""A bundle for a test: the tiny one, but that its text part ends the process at the word "crash".

    python -m scripts.export.crash tests/data/crash-bundle
"""

import json
import sys
from pathlib import Path

import torch
from torch import nn

from .bundle import entry, module_bytes, write_contract

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "crash"]


class CrashingText(nn.Module):
    @torch.jit.export
    def encode(self, ids, mask):
        vectors = torch.zeros([ids.size(0), 32])
        if bool((ids == 4).any()):
            # Nothing checks where in memory a sparse tensor says that its values lie.
            outside = torch.full([1, 1], 1 << 50, dtype=torch.long)
            vectors = vectors + torch.ops.aten._sparse_coo_tensor_unsafe(outside, torch.ones([1]), [32]).to_dense()
        return vectors


def main(folder):
    """Writes `folder`, beside the tiny bundle, whose other parts it uses."""
    tiny = json.loads((folder.parent / "tiny-bundle/model.json").read_text(encoding="utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "text.pt").write_bytes(module_bytes(torch.jit.script(CrashingText())))
    (folder / "vocab.txt").write_text("".join(word + "\n" for word in WORDS), encoding="utf-8")
    (folder / "README.md").write_text("# crash\n\nFor a test alone: its text part ends the process at the word \"crash\". Made by scripts/export/crash.py.\n", encoding="utf-8")
    tiny["name"] = "crash"
    tiny["text"]["module"] = entry(folder, folder / "text.pt")
    tiny["text"]["tokenizer"]["vocab"] = entry(folder, folder / "vocab.txt")
    for name in ("frames", "fusion"):
        tiny[name]["module"]["path"] = "../tiny-bundle/" + tiny[name]["module"]["path"]
    write_contract(folder, tiny)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
