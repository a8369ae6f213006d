"""Two bundles for tests, that differ from the tiny ones: crash-bundle, whose text part ends the process at the word "crash" and
fails at "fail", and fail-speech, whose encoder fails at loud sound.

    python -m scripts.export.crash tests/data
"""

import json
import sys
from pathlib import Path

import torch
from torch import nn

from .bundle import entry, module_bytes, write_contract

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "crash", "fail", "works"]


class CrashingText(nn.Module):
    @torch.jit.export
    def encode(self, ids, mask):
        vectors = torch.zeros([ids.size(0), 32])
        if bool((ids == 4).any()):
            # Nothing checks where in memory a sparse tensor says that its values lie.
            outside = torch.full([1, 1], 1 << 50, dtype=torch.long)
            vectors = vectors + torch.ops.aten._sparse_coo_tensor_unsafe(outside, torch.ones([1]), [32]).to_dense()
        if bool((ids == 5).any()):
            raise RuntimeError("this text part fails")
        return vectors


class FailingEncoder(nn.Module):
    @torch.jit.export
    def encode(self, samples):
        if bool((samples.abs() > 0.5).any()):
            raise RuntimeError("this encoder fails")
        return torch.zeros([samples.size(0), 1500, 16])


def write_crash_bundle(folder):
    tiny = json.loads((folder.parent / "tiny-bundle/model.json").read_text(encoding="utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "text.pt").write_bytes(module_bytes(torch.jit.script(CrashingText())))
    (folder / "vocab.txt").write_text("".join(word + "\n" for word in WORDS), encoding="utf-8")
    (folder / "README.md").write_text('# crash\n\nFor tests alone: its text part ends the process at the word "crash" and fails at "fail". Made by scripts/export/crash.py.\n', encoding="utf-8")
    tiny["name"] = "crash"
    tiny["text"]["module"] = entry(folder, folder / "text.pt")
    tiny["text"]["tokenizer"]["vocab"] = entry(folder, folder / "vocab.txt")
    for name in ("frames", "fusion"):
        tiny[name]["module"]["path"] = "../tiny-bundle/" + tiny[name]["module"]["path"]
    write_contract(folder, tiny)


def write_fail_speech(folder):
    tiny = json.loads((folder.parent / "tiny-speech/speech.json").read_text(encoding="utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "encoder.pt").write_bytes(module_bytes(torch.jit.script(FailingEncoder())))
    (folder / "README.md").write_text("# fail-speech\n\nFor a test alone: its encoder fails at loud sound. Made by scripts/export/crash.py.\n", encoding="utf-8")
    tiny["name"] = "fail-speech"
    tiny["encoder"]["module"] = entry(folder, folder / "encoder.pt")
    for part in (tiny["decoder"]["module"], tiny["tokens"]):
        part["path"] = "../tiny-speech/" + part["path"]
    (folder / "speech.json").write_text(json.dumps(tiny, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_crash_bundle(Path(sys.argv[1]) / "crash-bundle")
    write_fail_speech(Path(sys.argv[1]) / "fail-speech")
