"""Writes a bundle's folder: the module, the files beside it, and model.json with their SHA-256."""

import hashlib
import io
import json
import shutil
import zipfile
from pathlib import Path

import torch

SENTIMENT = ["negative", "neutral", "positive"]
EMOTIONS = ["neutral", "happy", "sad", "angry", "fear", "disgust", "surprise"]


def write_bundle(folder, module, description, vocabulary, detector=None, card=None):
    """`description` is model.json without format, files and classes; `card` the text of README.md."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    names = {"module": "model.pt", "vocab": "vocab.txt" if Path(vocabulary).name == "vocab.txt" else "tokenizer.model"}
    (folder / names["module"]).write_bytes(module_bytes(module))
    if Path(vocabulary) != folder / names["vocab"]:
        shutil.copyfile(vocabulary, folder / names["vocab"])
    if detector is not None:
        names["detector"] = "face_detector.onnx"
        shutil.copyfile(detector, folder / names["detector"])
    (folder / "README.md").write_text(card or _card(description), encoding="utf-8")

    files = {key: {"path": name, "sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest()} for key, name in names.items()}
    about = ("name", "version", "languages", "license")
    contract = {"format": "vsa.bundle/1", **{key: description[key] for key in about}, "files": files}
    contract.update(text=description["text"], frames=description["frames"], fusion=description["fusion"])
    contract.update(sentiment=SENTIMENT, emotions=EMOTIONS, segments=description["segments"])
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
