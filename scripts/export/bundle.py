"""A bundle's folder: a module a part, the files beside them, and model.json with the size and SHA-256 of each."""

import hashlib
import io
import json
import os
import shutil
import zipfile
from pathlib import Path

import torch

from .problem import Problem

FORMAT = "vsa.bundle/2"
SENTIMENT = ["negative", "neutral", "positive"]
EMOTIONS = ["neutral", "happy", "sad", "angry", "fear", "disgust", "surprise"]


def write_bundle(folder, parts, description, vocabulary, detector=None, card=None, emoji=None):
    """A bundle that stands by itself. `parts`: name to scripted module; `description`: model.json without format, files and
    classes ("auto": False for one that --model auto must not take); `card`: the text of README.md; `emoji`: a table of words for emoji."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for name, part in parts.items():
        (folder / f"{name}.pt").write_bytes(module_bytes(part))
        files[name] = {"module": entry(folder, folder / f"{name}.pt")}
    if detector is not None:
        shutil.copyfile(detector, folder / "face_detector.onnx")
        files["frames"]["detector"] = entry(folder, folder / "face_detector.onnx")
    vocab = folder / ("vocab.txt" if Path(vocabulary).name == "vocab.txt" else "tokenizer.model")
    if Path(vocabulary) != vocab:
        shutil.copyfile(vocabulary, vocab)
    (folder / "README.md").write_text(card or _card(description), encoding="utf-8")

    contract = {"format": FORMAT, **{key: description[key] for key in ("name", "version", "languages", "license")}}
    if not description.get("auto", True):
        contract["auto"] = False
    contract.update({name: {**files[name], **description[name]} for name in parts})
    tokenizer = description["text"]["tokenizer"]
    contract["text"]["tokenizer"] = {"kind": tokenizer["kind"], "vocab": entry(folder, vocab), **tokenizer}
    if emoji is not None:
        shutil.copyfile(emoji, folder / "emoji.txt")
        contract["text"]["tokenizer"]["emoji"] = entry(folder, folder / "emoji.txt")
    contract.update(sentiment=SENTIMENT, emotions=EMOTIONS, segments=description["segments"])
    write_contract(folder, contract)


def read_contract(folder, expected=FORMAT):
    """The model.json in `folder`."""
    path = Path(folder) / "model.json"
    try:
        contract = json.loads(path.read_text(encoding="utf-8"))
        found = contract["format"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Problem(f"{path}: cannot be read; expected the model.json of a bundle") from error
    if found != expected:
        hint = "; make one with python -m scripts.export upgrade OLD NEW" if found == "vsa.bundle/1" else ""
        raise Problem(f'{path}: format "{found}", expected "{expected}"{hint}')
    return contract


def load_part(folder, contract, name):
    """The scripted part of a bundle, ready to be called."""
    part = torch.jit.load(Path(folder) / contract[name]["module"]["path"])
    if hasattr(part, "prepare"):
        part.prepare()
    return part


def entry(folder, path):
    """What the model.json in `folder` says of the file `path`."""
    content = path.read_bytes()
    return {"path": os.path.relpath(path, folder), "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def entries(contract):
    """Each file's entry anywhere in a model.json."""
    if isinstance(contract, dict):
        if "sha256" in contract:
            yield contract
        else:
            for value in contract.values():
                yield from entries(value)


def write_contract(folder, contract):
    (folder / "model.json").write_text(json.dumps(contract, indent=1) + "\n", encoding="utf-8")


def module_bytes(module):
    """The TorchScript file without what only debuggers read: it names source files and costs load time."""
    saved = io.BytesIO()
    torch.jit.save(module, saved)
    with zipfile.ZipFile(saved) as archive:
        bare = {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.filename.endswith(".debug_pkl")}
    # torch's own number is made from the paths of the source files, too.
    number = next((name for name in bare if name.endswith("/serialization_id")), None)
    if number:
        rest = b"".join(data for name, data in bare.items() if name != number)
        bare[number] = str(int(hashlib.sha256(rest).hexdigest(), 16))[:40].zfill(40).encode()
    return _archive(bare)


def _archive(files):
    """A zip as torch reads it: nothing compressed, each file's bytes at a multiple of 64, and no dates."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)
            header = out.tell() + 30 + len(name.encode()) + 4
            entry.extra = b"FB" + (-header % 64).to_bytes(2, "little") + b"Z" * (-header % 64)
            archive.writestr(entry, data)
    return out.getvalue()


def _card(description):
    return (
        f"# {description['name']} {description['version']}\n\n"
        f"A model bundle of vsa for {', '.join(description['languages'])}. Licence: {description['license']}.\n"
        "It says how words and faces come across; it does not know what a person feels. Not for judging people.\n"
    )
