"""Stage large-bundle: the teacher itself (stage teacher) as a bundle, joined with the faces of an earlier bundle (joined.py).

Its vectors of texts are what the hidden layers of the teacher's heads make of a text, side by side: the mean of the heads is then one
layer on them, the fusion's of words alone. It is many times slower than the student, so that nobody gets it unasked. Whether it is
better than the earlier bundle is measured on the same rows: the stage leaves against.json.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch.nn import functional as F

from ..export.bundle import entry, load_part, module_bytes, read_contract
from ..export.mpnet_part import text_part
from ..export.problem import Problem
from . import joined, mpnet, teacher, texts
from .contract import MAX_TOKENS
from .emoji import TABLE, EmojiWords, read_table
from .evaluate import Table, measure_texts
from .metrics import intensity_figures, paired_differences
from .run import Stage
from .vectors import Encoders, word_pieces

DESCRIBED_AS = {"name": "large-en", "version": "1", "languages": ["en"], "license": "Apache-2.0", "auto": False}
# How many training texts of each source its weights are rounded by.
ROUNDED_BY = {"mosi": 150, "mosei": 150, "sst": 100, "goemotions": 100, "csmv": 100}
COMPARED_ON = ("mosi", "mosei")
INTENSITY = 3  # the row of a fusion's layers
# Of the fusion's training. The numbers of a vector come to ten times as much, in all, as those that fusion.RATE is for: with that, words
# alone are read worse than by the teacher's heads (loss 1.38, theirs 1.28; with this 1.26).
RATE = 1e-4


def heads_of(work, seed):
    """The teacher's heads, a teacher.Heads a seed."""
    found = []
    for number in range(seed, seed + teacher.SEEDS):
        weights = load_file(work / "teacher" / f"heads-{number}.safetensors")
        heads = teacher.Heads(len(weights["mean"]), len(weights["hidden.bias"]))
        heads.load_state_dict(weights)
        found.append(heads.eval().requires_grad_(False))
    return found


def mean_of_heads(heads):
    """(weight [11,Dt], bias [11]) on their hidden vectors side by side: the mean of their logits."""
    layers = ("sentiment", "intensity", "emotion")
    weight = torch.cat([torch.cat([getattr(one, name).weight for name in layers]) for one in heads], 1) / len(heads)
    return weight, torch.stack([torch.cat([getattr(one, name).bias for name in layers]) for one in heads]).mean(0)


def some_texts(data, seed):
    """Training texts by which weights are rounded, with words for emoji."""
    draw, words = np.random.default_rng(seed), EmojiWords()
    for name, count in ROUNDED_BY.items():
        rows = texts.read(data, name, "train")
        yield from (words(rows.texts[i]) for i in draw.permutation(len(rows))[:count])


def write_text_part(stage, folder, heads, options):
    """Leaves text.pt, unless it is there, in the stage's folder."""
    path = stage.folder / "text.pt"
    if path.exists():
        return path
    written = mpnet.read_tokens(folder)(list(some_texts(options.data, options.seed)))
    network = mpnet.read_network(folder)
    part = text_part(network, teacher.LAYERS, heads, MAX_TOKENS, written, lambda done, of: stage.say(f"layer {done} of {of} is rounded"))
    path.write_bytes(module_bytes(part))
    stage.say(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
    return path


def ready(path):
    part = torch.jit.load(path)
    part.prepare()
    return part


def encoders_of_bundle(work, bundle, contract, frames):
    """The Encoders of the earlier bundle. `frames`: its part, which is there already."""
    text = contract["text"]
    if text["tokenizer"]["kind"] != "wordpiece":
        raise Problem(f'{bundle}: has a tokenizer of kind {text["tokenizer"]["kind"]}, expected "wordpiece"')
    files = {what: Path(bundle) / contract[part]["module"]["path"] for what, part in (("text", "text"), ("faces", "frames"))}
    words = text["tokenizer"].get("emoji")
    replace = EmojiWords(read_table(Path(bundle) / words["path"])) if words else str
    pieces = word_pieces(Path(bundle) / text["tokenizer"]["vocab"]["path"], text, replace)
    return Encoders(work, pieces, (text["cls"], text["sep"]), load_part(bundle, contract, "text"), text["width"], frames, files, contract["frames"])


@torch.no_grad()
def intensities(encoders, words_alone, data):
    """[N] of the valid rows of COMPARED_ON, by a fusion's layer of words alone."""
    vectors = torch.cat([encoders.texts(name, texts.read(data, name, "valid").texts) for name in COMPARED_ON])
    return F.linear(vectors, words_alone.weight[[INTENSITY]], words_alone.bias[[INTENSITY]])[:, 0].clamp(-3, 3).numpy()


def compare(earlier, own, data):
    """`earlier` and `own`: (Encoders, layer of words alone). The figures of both on the pooled rows, and by how much the second's are greater."""
    truth = np.concatenate([texts.read(data, name, "valid").intensity for name in COMPARED_ON])
    scores = [intensities(*one, data) for one in (earlier, own)]
    report = {"rows": len(truth), **dict(zip(("earlier", "own"), (intensity_figures(truth, score) for score in scores)))}
    found = {name: dict(zip(("value", "low", "high"), interval)) for name, interval in paired_differences(intensity_figures, truth, *scores).items()}
    report["own less earlier, 95 %"] = found
    report["better"] = bool(found["non0_acc2"]["low"] > 0 or found["mae"]["high"] < 0)
    return report


def run(options):
    """Leaves large-bundle/: text.pt, both fusions, calibration.json, against.json, SPLIT.json and SPLIT.md, and bundle/."""
    stage, work = Stage(options.work, "large-bundle"), options.work
    if not (work / "teacher" / "done").exists():
        raise Problem(f"{work}/teacher: is not there; run stage teacher first")
    source, folder, contract = work / "teacher" / "mpnet", stage.folder / "bundle", read_contract(options.bundle)
    mpnet.unpack(source)
    folder.mkdir(exist_ok=True)
    text = mpnet.write_vocabulary(source, folder / "vocab.txt")
    heads = heads_of(work, options.seed)
    path = write_text_part(stage, source, heads, options)
    layer, frames = mean_of_heads(heads), load_part(options.bundle, contract, "frames")
    files = {"text": path, "faces": Path(options.bundle) / contract["frames"]["module"]["path"]}
    pieces = word_pieces(folder / "vocab.txt", text)
    encoders = Encoders(work, pieces, (text["cls"], text["sep"]), ready(path), layer[0].shape[1], frames, files, contract["frames"])
    fusion = joined.joined(stage, encoders, layer, joined.faces_layer_of(options.bundle, contract), options, rate=RATE)

    earlier = encoders_of_bundle(work, options.bundle, contract, frames), load_part(options.bundle, contract, "fusion").fusion.text
    report = compare(earlier, (encoders, fusion.text), options.data)
    (stage.folder / "against.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    stage.say(json.dumps({name: report["own less earlier, 95 %"][name] for name in ("non0_acc2", "mae")}))
    table = Table(stage)
    with torch.no_grad():
        measure_texts(table, encoders, fusion, options.data, options.split)
    (stage.folder / f"{options.split}.json").write_text(json.dumps({"split": options.split, "figures": table.rows}, indent=1) + "\n", encoding="utf-8")
    (stage.folder / f"{options.split}.md").write_text(table.markdown(), encoding="utf-8")

    shutil.copyfile(path, folder / "text.pt")
    shutil.copyfile(TABLE, folder / "emoji.txt")
    files = {"emoji": entry(folder, folder / "emoji.txt"), "vocab": entry(folder, folder / "vocab.txt")}
    tokenizer = {"kind": text["tokenizer"]["kind"], **files, **text["tokenizer"]}
    joined.write(folder, fusion, options.bundle, contract, DESCRIBED_AS, text, tokenizer)
