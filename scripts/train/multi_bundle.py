"""Stage multi-bundle: the encoder of many languages (stage multi) joined with the faces of an earlier bundle (joined.py): fusion,
calibration, figures and the bundle. What words say is trained and calibrated on the valid splits of all languages; one calibration
serves all of them.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import torch

from ..export.bundle import entry, load_part, module_bytes, read_contract
from ..export.checkpoints import read_bert, read_tokenizer
from ..export.module import text_part
from ..export.problem import Problem
from . import joined, languages
from .evaluate import Table, add_texts, text_alone
from .metrics import class_figures
from .multi import adapted
from .pairs import SOURCES
from .run import Stage
from .sets import read_texts
from .vectors import Encoders, text_head

DESCRIBED_AS = {
    "name": "default-multi",
    "version": "1.1",
    # Those that it was taught, then those that it knows from its start alone.
    "languages": ["en", "zh", "es", "fr", "de", "it", "pt", "ar", "hi", "ko", "ja", "ru"],
    "license": "Apache-2.0",
}
NAMED = (*SOURCES, *(f"xlm-t-{name}" for name in languages.XLMT), "ch-sims", "mosi-zh", "smp2020", "nsmc")
# What is measured on a test split; smp2020's is its usual set.
MEASURED = (*NAMED[:-2], "ch-sims-1", "smp2020-usual", "nsmc")


def parts_of(work, bundle):
    """(Encoders, the bytes of text.pt, the earlier bundle's model.json)."""
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

    return Encoders(work, pieces, (text["cls"], text["sep"]), part, width, frames, files, contract["frames"]), stored, contract


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
    """`folder` is to lie beside the earlier bundle."""
    folder.mkdir(parents=True, exist_ok=True)
    model, text = read_tokenizer(work / "multi")
    (folder / "text.pt").write_bytes(stored)
    shutil.copyfile(model, folder / "tokenizer.model")
    tokenizer = {"kind": "sentencepiece", "lower_capitals": True, "vocab": entry(folder, folder / "tokenizer.model")}
    joined.write(folder, fusion, bundle, contract, DESCRIBED_AS, text, tokenizer)


def run(options):
    """Leaves multi-bundle/: both fusions, calibration.json, SPLIT.json and SPLIT.md, and bundle/."""
    stage = Stage(options.work, "multi-bundle")
    if not (options.work / "multi" / "done").exists():
        raise Problem(f"{options.work}/multi: is not there; run stage multi first")
    encoders, stored, contract = parts_of(options.work, options.bundle)
    layers = text_head(encoders.files["text"]), joined.faces_layer_of(options.bundle, contract)
    fusion = joined.joined(stage, encoders, *layers, options, NAMED, languages.EVERY)
    with torch.no_grad():
        measure(stage, encoders, fusion, options.data, options.split)
    write(stage.folder / "bundle", options.work, stored, fusion, options.bundle, contract)
