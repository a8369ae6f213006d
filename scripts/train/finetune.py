"""Stage finetune: a bundle taught on a table of one's own.

What is learnt is how the fusion reads the encoders' vectors (own_fusion.py), with --encoder the text encoder, too (own_encoder.py).
The held-out rows serve for nothing but the figures. A video, with all its segments, is on one side alone, and so is a text or a
picture that occurs twice.
"""

import copy
import hashlib
import shutil
from pathlib import Path

import numpy as np

from ..export.bundle import SENTIMENT, entries, entry, load_part, module_bytes, write_contract
from ..export.problem import Problem
from .metrics import class_figures, with_intervals
from .own_encoder import teach_both
from .own_fusion import Labels, folds, teach, verdicts
from .own_vectors import Bundle, say
from .tables import KINDS, read_table

FEWEST = 10  # different videos, texts and pictures: with fewer, folds and held-out rows say nothing


def figures(sentiment, intensity, scored, probabilities, found):
    """Of R rows; the true intensity counts where `scored`."""
    classes = class_figures(sentiment, probabilities)
    return {
        "accuracy": classes["accuracy"],
        "macro recall": classes["macro_recall"],
        "log loss": float(-np.log(probabilities[np.arange(len(sentiment)), sentiment].clip(1e-12)).mean()),
        "MAE of intensity": float(np.abs(intensity - found)[scored].mean()) if scored.any() else None,
    }


def compare(fusion, readings, labels):
    """Figure to (value, low, high) of each of the readings (state of the fusion, Segments), 95 % by bootstrap; without those that do not exist."""
    truth = [part.numpy() for part in (labels.sentiment, labels.lowest, labels.scored)]
    found = [with_intervals(figures, *truth, *(part.numpy() for part in verdicts(fusion, *reading, len(truth[0])))) for reading in readings]
    return {name: [one[name] for one in found] for name in found[0] if found[0][name][0] is not None}


def as_table(compared, labels):
    """Markdown, which is readable as it is."""
    lines = [f"| {len(labels.scored)} rows held out (95 % interval) | before | after |", "|---|---|---|"]
    for name, both in compared.items():
        name += f" (rows with a number: {int(labels.scored.sum())})" if name.startswith("MAE") else ""
        lines.append(f"| {name} | " + " | ".join(f"{value:.3f} ({low:.3f} to {high:.3f})" for value, low, high in both) + " |")
    return "\n".join(lines) + "\n"


def counts_of(rows):
    """Such as "40 texts, 1 video"."""
    counts = {kind: sum(row.kind == kind for row in rows) for kind in KINDS}
    return ", ".join(f"{count} {kind}{'s' * (count > 1)}" for kind, count in counts.items() if count)


def write(bundle, state, text, folder, name, card):
    """The bundle with another fusion and, where `text` is not None, that file as its text part, in a folder that stands by itself; all
    else is as it was, bit by bit."""
    folder.mkdir(parents=True, exist_ok=True)
    contract = {**copy.deepcopy(bundle.contract), "name": name, "version": "1"}
    files = [bundle.folder / file["path"] for file in entries(contract)]
    licences = [licence for place in {bundle.folder, *(file.parent for file in files)} for licence in place.glob("LICENSE*")]
    for file in (*files, *licences):
        shutil.copyfile(file, folder / file.name)
    for file in entries(contract):
        file["path"] = Path(file["path"]).name
    fusion = load_part(folder, contract, "fusion")
    for key, value in fusion.fusion.state_dict().items():
        value.copy_(state[key])
    for part, stored in (("fusion", module_bytes(fusion)), ("text", text)):
        if stored is not None:
            path = folder / contract[part]["module"]["path"]
            path.write_bytes(stored)
            contract[part]["module"] = entry(folder, path)
    (folder / "README.md").write_text(card, encoding="utf-8")
    write_contract(folder, contract)


def check_output(options):
    output = options.output
    if output.resolve() == options.bundle.resolve():
        raise Problem(f"{output}: is the bundle to start from; the output must be another folder")
    if output.exists() and not (output / "model.json").is_file() and (not output.is_dir() or any(output.iterdir())):
        raise Problem(f"{output}: exists and is no bundle; expected a new folder")


def read_rows(path):
    rows = read_table(path)
    names = {(row.kind, str(row.content).lower()) for row in rows}
    if len(names) < FEWEST:
        raise Problem(f"{path}: has {len(names)} different videos, texts and pictures; expected at least {FEWEST}")
    for i, name in enumerate(SENTIMENT):
        if all(row.sentiment != i for row in rows):
            say(f"warning: {path}: no row is {name}; the bundle will learn that nothing is")
    return rows


def run(options):
    """Writes options.output, a bundle, from options.bundle and options.table; figures go to stdout."""
    check_output(options)
    every = read_rows(options.table)
    bundle = Bundle(options.bundle, options.program)
    rows, seen = bundle.see(options.table, every)
    segments = bundle.segments(seen)

    kept, held_out = next(folds(rows, round(1 / options.valid_share), options.seed))
    learnt, checked = [rows[i] for i in kept], [rows[i] for i in held_out]
    say(f"{counts_of(rows)} ({len(segments.row)} segments): {len(learnt)} rows to learn from, {len(checked)} held out")
    taught = teach_both(bundle, options.table, rows, seen, segments, kept, options.seed, options.device) if options.encoder else None
    if taught is None:
        state, text, after = teach(bundle.fusion, segments.of_rows(kept), learnt, options.seed), None, segments
    else:
        state, part, text = taught
        after = bundle.segments(seen, part.encode)

    readings = [(bundle.fusion.state_dict(), segments.of_rows(held_out)), (state, after.of_rows(held_out))]
    compared = compare(bundle.fusion, readings, Labels(checked))
    table = as_table(compared, Labels(checked))
    print(table, end="")
    (old, *_), (new, *_) = compared["log loss"]
    if new >= old:
        say(f"no better than {options.bundle} on the held-out rows (log loss {old:.3f}, now {new:.3f}): keep that one, or label more rows")
    name = options.name or options.output.resolve().name
    write(bundle, state, text, options.output, name, card_of(bundle, name, learnt, text is not None, table))
    say(f"{options.output} is written")


def card_of(bundle, name, learnt, encoder, table):
    digest = hashlib.sha256((bundle.folder / "model.json").read_bytes()).hexdigest()
    base, classes = bundle.contract, ", ".join(f"{sum(row.sentiment == i for row in learnt)} {label}" for i, label in enumerate(SENTIMENT))
    same = f"{'The text encoder learnt, too; all else is that' if encoder else 'Encoders, emotions and all else are those'} of {base['name']}; its"
    return (
        f"# {name} 1\n\n"
        f"Fine-tuned from {base['name']} {base['version']} (its model.json's SHA-256: {digest}) by\n"
        f"`scripts.train finetune` on {counts_of(learnt)}: {classes}. {same}\n"
        "model card, limits and licences hold here, too.\n\n"
        f"{table}\n"
        "It says how words and faces come across to whoever gave the labels; it does not know what a person feels. Not for judging people.\n"
    )
