"""The sources of labelled text in other languages than English, beside texts.py's, and how they may be used.

A source is named by its set and, where that has several, the language. CH-SIMS' -1..1 is a third of MOSI's scale. Reviews by
stars or of two classes do not say what is neutral. Choices are made on the valid splits here: SMP2020's evaluation set on the virus,
and films of NSMC's train file that are kept out of training; SMP2020's usual set and NSMC's dev file are for the final figure.
"""

import csv
import io
import json
import unicodedata

import numpy as np

from ..export.problem import Problem
from . import texts
from .texts import CLASSES, EMOTIONS, lines, normal, one_of_three, rows_of, scored, table, unescaped

XLMT = {"arabic": "ar", "french": "fr", "german": "de", "hindi": "hi", "italian": "it", "portuguese": "pt", "spanish": "es"}
SMP_EMOTIONS = ("neutral", "happy", "sad", "angry", "fear", "surprise")  # it has no disgust
SMP_CLASS = {"happy": 2, "neutral": 1, "sad": 0, "angry": 0, "fear": 0}  # surprise says no class
SHOP_ROWS, SHOP_CHARACTERS = 15_000, 90
NSMC_ROWS, NSMC_VALID = 70_000, 50  # of every so many films one is for choosing
NSMC_NEUTRAL = (0.25, 0.5, 0.25)  # 5 to 8 of 10 stars: weak


def csv_rows(path):
    """The rows of a CSV file with a header, as dicts."""
    return list(csv.DictReader(io.StringIO("\n".join(lines(path)).removeprefix("\ufeff"))))


def read_xlmt(folder, split):
    kind = "val" if split == "valid" else split
    written, labels = lines(folder / f"{kind}_text.txt"), lines(folder / f"{kind}_labels.txt")
    if len(written) != len(labels):
        raise Problem(f"{folder / kind}_text.txt: has {len(written)} lines, {kind}_labels.txt {len(labels)}")
    return rows_of([unescaped(text) for text in written], classes=one_of_three(labels))


def read_sims(path, split):
    rows = [row for row in csv_rows(path) if row["mode"] == split]
    return scored([row["text"].strip() for row in rows], [3 * float(row["label"]) for row in rows])


def read_mosi_in_chinese(folder, split):
    rows = [row for row in table(folder / "mosi.tsv", ["split", "label", "text_zh_merbench"]) if row[0] == split and row[2]]
    return scored([text.strip() for _, _, text in rows], [float(label) for _, label, _ in rows])


def read_smp(path):
    try:
        rows = json.loads("\n".join(lines(path)))
    except ValueError as error:
        raise Problem(f"{path}: is not JSON: {error}") from error
    classes = np.full((len(rows), len(CLASSES)), np.nan, np.float32)
    emotions = np.zeros((len(rows), len(EMOTIONS)), np.float32)
    emotions[:, [EMOTIONS.index(name) for name in EMOTIONS if name not in SMP_EMOTIONS]] = np.nan
    for i, row in enumerate(rows):
        emotions[i, EMOTIONS.index(row["label"])] = 1
        if row["label"] in SMP_CLASS:
            classes[i] = one_of_three([SMP_CLASS[row["label"]]])[0]
    return rows_of([row["content"].strip() for row in rows], classes=classes, emotions=emotions)


def read_two_classes(path, longest=None, count=None):
    """Reviews with a label of 0 or 1; those of which a copy has the other label are left out."""
    labels = {}
    for row in csv_rows(path):
        if row["review"] and row["review"].strip() and (longest is None or len(row["review"]) <= longest):
            labels.setdefault(normal(row["review"]), []).append((int(row["label"]), row["review"].strip().removeprefix("\ufeff")))
    rows = [found[0] for found in labels.values() if len({label for label, _ in found}) == 1]
    rows = [rows[i] for i in np.random.default_rng(0).permutation(len(rows))[:count]]
    classes = np.array([[1, np.nan, 0], [0, np.nan, 1]], np.float32)[[label for label, _ in rows]]
    return rows_of([text for _, text in rows], classes=classes)


def read_nsmc(folder, split):
    """Of the train file the films of which one in NSMC_VALID is for `valid`; `test` is the dev file."""
    rows = table(folder / ("dev.tsv" if split == "test" else "train.tsv"), ["movie_id", "label", "text"])
    if split != "test":
        rows = [row for row in rows if (int(row[0]) % NSMC_VALID == 0) == (split == "valid")]
    if split == "train":
        rows = [rows[i] for i in np.random.default_rng(0).permutation(len(rows))[:NSMC_ROWS]]
    shares = {"0": (1, 0, 0), "1": (0, 0, 1), "neutral_5to8": NSMC_NEUTRAL}
    return rows_of([text.strip() for _, _, text in rows], classes=[shares[label] for _, label, _ in rows])


# As texts.SOURCES: source -> (its splits, reader of one split).
SOURCES = {
    **{
        f"xlm-t-{name}": (("train", "valid", "test"), lambda text, split, name=name: read_xlmt(text / "xlm-t" / name, split))
        for name in XLMT
    },
    "ch-sims": (("train", "valid", "test"), lambda text, split: read_sims(text / "ch-sims" / "label_v2.csv", split)),
    "ch-sims-1": (("valid", "test"), lambda text, split: read_sims(text / "ch-sims" / "label.csv", split)),
    "mosi-zh": (("train", "valid", "test"), lambda text, split: read_mosi_in_chinese(text / "mosi", split)),
    "smp2020": (("train", "valid"), lambda text, split: read_smp(text / "smp2020" / {"train": "virus_train.txt", "valid": "virus_eval_labeled.txt"}[split])),
    "smp2020-usual": (("test",), lambda text, split: read_smp(text / "smp2020" / "usual_eval_labeled.txt")),
    "hotels": (("train",), lambda text, split: read_two_classes(text / "chinese" / "ChnSentiCorp_htl_all.csv")),
    "meals": (("train",), lambda text, split: read_two_classes(text / "chinese" / "waimai_10k.csv")),
    "shops": (("train",), lambda text, split: read_two_classes(text / "chinese" / "online_shopping_10_cats.csv", SHOP_CHARACTERS, SHOP_ROWS)),
    "nsmc": (("train", "valid", "test"), lambda text, split: read_nsmc(text / "nsmc", split)),
}  # fmt: skip
# English and the others; MOSI's scale is that of intensity there, too.
EVERY = {**texts.SOURCES, **SOURCES}
LANGUAGE = {**{name: "en" for name in texts.SOURCES}, **{f"xlm-t-{name}": code for name, code in XLMT.items()}, "nsmc": "ko"}


def translations(data):
    """Source to {text: its English}, of the sources of which a translation is at hand: what a teacher of English says of it holds for the text."""
    mosi = table(data / "text" / "mosi" / "mosi.tsv", ["text_zh_merbench", "text"])
    sims = csv_rows(data / "text" / "ch-sims" / "label_v2.csv")
    return {"mosi-zh": {chinese.strip(): english for chinese, english in mosi}, "ch-sims": {row["text"].strip(): row["text_en"].strip() for row in sims}}


def language_of(source):
    return LANGUAGE.get(source, "zh")


def heard(text, upper):
    """As a speech recogniser writes it: no punctuation, one case. Signs that are no punctuation, such as emoji, stay."""
    text = "".join(character for character in text if character not in "'’`")
    text = " ".join("".join(" " if unicodedata.category(character)[0] == "P" else character for character in text).split()) or text
    return text.upper() if upper else text.lower()
