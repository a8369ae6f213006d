"""A bundle of the first format, vsa.bundle/1, as one of today's: the same weights in the same layers, in a module a part."""

import hashlib
import shutil
from pathlib import Path

import torch

from .bundle import read_contract, write_bundle
from .fusion import described
from .int8 import Int8Rows
from .module import FramesPart, FusionPart, TextPart, script
from .problem import Problem

TOKENIZER = ("lower_case", "strip_accents", "split_chinese", "max_word_characters")


def upgrade(old, new, version=None):
    """Writes the folder `new`; `version` is its version, else that of `old`. What else lies in `old` is copied."""
    old, new = Path(old), Path(new)
    if new.exists() and (not new.is_dir() or any(new.iterdir())):
        raise Problem(f"{new}: exists; expected a new folder")
    contract = read_contract(old, "vsa.bundle/1")
    files = {key: checked_file(old, entry) for key, entry in contract["files"].items()}
    parts = parts_of(files["module"])
    new.mkdir(parents=True, exist_ok=True)
    for path in old.iterdir():
        if path.is_file() and path not in (old / "model.json", *files.values()):
            shutil.copyfile(path, new / path.name)
    card = old / "README.md"
    card = card.read_text(encoding="utf-8") if card.is_file() else None
    write_bundle(new, parts, description_of(contract, version), files["vocab"], files.get("detector"), card)


def checked_file(folder, entry):
    path = folder / entry["path"]
    if not path.is_file():
        raise Problem(f"{path}: no such file; model.json names it")
    if hashlib.sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
        raise Problem(f"{path}: is not the file that model.json names: its SHA-256 is another")
    return path


def parts_of(path):
    """Name to scripted part, of the module of a vsa.bundle/1 as scripts/export wrote it."""
    try:
        module = torch.jit.load(path)
        words, mean, deviation = (module.words.small, module.words.scale), module.mean, module.deviation
        text, frames, fusion = module.text, module.visual, module.fusion
    except (RuntimeError, ValueError, AttributeError) as error:
        raise Problem(f"{path}: is no module that scripts/export made; export its checkpoints anew: {str(error).splitlines()[0]}") from error
    return {
        "text": script(TextPart(Int8Rows(*words), text, stored_small(text))),
        "frames": script(FramesPart(frames, mean, deviation, stored_small(frames))),
        "fusion": script(FusionPart(fusion)),
    }


def stored_small(network):
    """Its layers whose weights lie in the file as int8."""
    return [layer for layer in network.modules() if hasattr(layer, "prepare")]


def description_of(contract, version):
    """A vsa.bundle/1's model.json as write_bundle() takes it."""
    text = {key: value for key, value in contract["text"].items() if key not in (*TOKENIZER, "tokenizer")}
    text["tokenizer"] = {"kind": contract["text"]["tokenizer"], **{key: contract["text"][key] for key in TOKENIZER if key in contract["text"]}}
    return {**contract, "version": version or contract["version"], "text": text, "fusion": described(contract["fusion"])}
