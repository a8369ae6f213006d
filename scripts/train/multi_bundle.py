"""Stage multi-bundle: the encoder of many languages (stage multi) joined with the faces of an earlier bundle: fusion, calibration,
figures and the bundle, which lies beside that one and shares its files.

Pictures alone are judged by the earlier bundle's own layer, calibrated as it was, so that a video without words has one verdict
whichever of the two it gets. What words say, alone and beside faces, is trained and calibrated as in the stages fusion and
calibrate, on the valid splits of all languages; one calibration serves all of them.
"""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import torch

from ..export.bundle import entries, entry, load_part, module_bytes, read_contract, write_contract
from ..export.checkpoints import read_bert, read_fusion, read_tokenizer
from ..export.fusion import described, kind_of
from ..export.module import fusion_part, text_part
from ..export.problem import Problem
from . import languages
from .calibration import calibrate
from .contract import MAX_TOKENS, SEGMENTS
from .evaluate import Table, add_texts, text_alone
from .fusion import chosen, save_weights, train_both
from .metrics import class_figures
from .multi import adapted
from .pairs import SOURCES, read_material
from .run import Stage
from .sets import read_texts
from .vectors import Encoders, text_head

NAME, VERSION, LICENSE = "default-multi", "1", "Apache-2.0"
# Those that it was taught, then those that it knows from its start alone.
LANGUAGES = ["en", "zh", "es", "fr", "de", "it", "pt", "ar", "hi", "ko", "ja", "ru"]
NAMED = (*SOURCES, *(f"xlm-t-{name}" for name in languages.XLMT), "ch-sims", "mosi-zh", "smp2020", "nsmc")
# What is measured on a test split; smp2020's is its usual set.
MEASURED = (*NAMED[:-2], "ch-sims-1", "smp2020-usual", "nsmc")


def parts_of(work, bundle):
    """(Encoders, the bytes of text.pt, the earlier bundle's model.json, its fusion's layer of pictures alone)."""
    from sentencepiece import SentencePieceProcessor

    folder, contract = work / "multi", read_contract(bundle)
    model, text = read_tokenizer(folder)
    processor = SentencePieceProcessor(model_file=str(model))
    bert = read_bert(folder)
    width, part, frames = bert.config.hidden_size, text_part(bert), load_part(bundle, contract, "frames")
    stored = module_bytes(part)
    part.prepare()
    files = {"text": folder / "model.safetensors", "faces": Path(bundle) / contract["frames"]["module"]["path"]}

    def pieces(texts):
        return [ids or [text["unk"]] for ids in processor.encode([adapted(one) for one in texts])]

    encoders = Encoders(work, pieces, (text["cls"], text["sep"]), part, width, frames, files, contract["frames"])
    faces = load_part(bundle, contract, "fusion").fusion.faces
    return encoders, stored, contract, (faces.weight.detach(), faces.bias.detach())


def two_classes(truth, probabilities):
    """By the negative and the positive probability alone, of rows that are one of the two."""
    return {"accuracy of 2 classes": float(np.mean((probabilities[:, 2] > probabilities[:, 0]) == (truth == 2)))}


def measure(stage, encoders, fusion, data, split):
    """Every figure of the model card on one split, in SPLIT.json and SPLIT.md; words alone."""
    table, found = Table(stage), {}
    for source in (*(MEASURED if split == "test" else NAMED), "tweeteval"):
        one = read_texts(data, source, "valid" if source in ("tweeteval", "csmv") else split, languages.EVERY)
        rows = text_alone(fusion, encoders.texts(one.name, one.texts))
        add_texts(table, one.name, rows, one)
        if source == "nsmc":
            two = one.sentiment != 1
            table.add(f"{one.name}, two classes", two_classes, one.sentiment[two].numpy(), rows[two, :3].softmax(1).numpy())
        kept = one.sentiment >= 0
        found.setdefault(languages.language_of(source), []).append((one.sentiment[kept].numpy(), rows[kept, :3].softmax(1).numpy()))
    for language, parts in found.items():
        table.add(f"{language}, all of its sets, 3 classes", class_figures, *(np.concatenate(part) for part in zip(*parts)))
    of = [row["value"] for row in table.rows if row["of"].startswith("xlm-t-") and row["figure"] == "macro_f1"]
    report = {"split": split, "xlm-t, mean of macro F1": float(np.mean(of)) if of else None, "figures": table.rows}
    (stage.folder / f"{split}.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    (stage.folder / f"{split}.md").write_text(table.markdown(), encoding="utf-8")
    stage.say(f"xlm-t, mean of macro F1: {report['xlm-t, mean of macro F1']}")


def write(folder, work, stored, fusion, bundle, contract):
    """The bundle's own files; what reads faces stays where it is, so that `folder` is to lie beside the earlier bundle."""
    folder.mkdir(parents=True, exist_ok=True)
    model, text = read_tokenizer(work / "multi")
    (folder / "text.pt").write_bytes(stored)
    shutil.copyfile(model, folder / "tokenizer.model")
    (folder / "fusion.pt").write_bytes(module_bytes(fusion_part(fusion)))
    frames = json.loads(json.dumps(contract["frames"]))
    for file in entries(frames):
        file["path"] = os.path.relpath((Path(bundle) / file["path"]).resolve(), Path(bundle).resolve().parent / NAME)
    tokenizer = {"kind": "sentencepiece", "lower_capitals": True, "vocab": entry(folder, folder / "tokenizer.model")}
    width = fusion.text.in_features
    write_contract(folder, {
        "format": contract["format"], "name": NAME, "version": VERSION, "languages": LANGUAGES, "license": LICENSE,
        "text": {"module": entry(folder, folder / "text.pt"), **{name: text[name] for name in ("cls", "sep", "pad", "unk")},
                 "max_tokens": MAX_TOKENS, "width": width, "tokenizer": tokenizer},
        "frames": frames,
        "fusion": {"module": entry(folder, folder / "fusion.pt"), **described(kind_of(fusion))},
        "sentiment": contract["sentiment"], "emotions": contract["emotions"], "segments": SEGMENTS,
    })  # fmt: skip


def run(options):
    """Leaves multi-bundle/: both fusions, calibration.json, SPLIT.json and SPLIT.md, and bundle/."""
    stage = Stage(options.work, "multi-bundle")
    if not (options.work / "multi" / "done").exists():
        raise Problem(f"{options.work}/multi: is not there; run stage multi first")
    encoders, stored, contract, faces_layer = parts_of(options.work, options.bundle)
    learn, check = (read_material(encoders, options.data, "valid", NAMED, languages.EVERY).half(second) for second in (False, True))
    if not stage.done:
        train_both(stage, encoders, learn, check, text_head(encoders.files["text"]), faces_layer, options.seed)
    kind = chosen(stage.folder)
    fusion = read_fusion(stage.folder / f"{kind}.safetensors", encoders.text_width, encoders.frame_width).requires_grad_(False)
    fusion.faces.weight.copy_(faces_layer[0]), fusion.faces.bias.copy_(faces_layer[1])  # a mean of equal ones is off in the last bit
    report, _ = calibrate(fusion, check, options.seed, but=("pictures",))
    save_weights(fusion, stage.folder / "calibrated.safetensors")
    (stage.folder / "calibration.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    with torch.no_grad():
        measure(stage, encoders, fusion, options.data, options.split)
    write(stage.folder / "bundle", options.work, stored, fusion, options.bundle, contract)
