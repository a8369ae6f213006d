"""Every source of labelled text, brought to one set of targets, and the clean splits.

A target that a row does not have is NaN. Classes: shares of negative, neutral, positive; a source that knows only two
has NaN in the middle. Emotions: shares of EMOTIONS. Intensity: -3..3, each source on a scale near MOSI's (what is left
to differ, training learns). The conversions are those of the prototype, except that classes from an intensity are soft.
"""

import csv
import html
import json
import re
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from ..export.bundle import EMOTIONS
from ..export.bundle import SENTIMENT as CLASSES
from ..export.problem import Problem

# The rule for three classes from an intensity is |y| <= .5; raters would not agree on which side a score near the edge
# falls, so the target there is the share of a normal distribution around the score.
EDGE, EDGE_DEVIATION = 0.5, 0.35
# GoEmotions (Demszky et al. 2020): its emotions by Ekman's, and by sentiment. Its fourth sentiment, ambiguous, is neutral
# here: curiosity, confusion, realization and surprise do not say good or bad.
GO_EMOTIONS = {
    "neutral": "neutral",
    "happy": "joy amusement approval excitement gratitude love optimism relief pride admiration desire caring",
    "sad": "sadness disappointment embarrassment grief remorse",
    "angry": "anger annoyance disapproval",
    "fear": "fear nervousness",
    "disgust": "disgust",
    "surprise": "surprise realization confusion curiosity",
}
# CSMV's emotions by ours. Trust and anticipation are none of ours, and none of its eight is neutral: unknown, both.
CSMV_EMOTIONS = {"joy": "happy", "sadness": "sad", "anger": "angry", "fear": "fear", "disgust": "disgust", "surprise": "surprise"}
CSMV_ROWS = 30_000  # of its 75,000 comments, the first ones of a shuffled order: a third of what a teacher's features of all texts cost
GO_CLASS = {"neutral": 1, "happy": 2, "sad": 0, "angry": 0, "fear": 0, "disgust": 0, "surprise": 1}


@dataclass
class Rows:
    """`texts` N strings, `intensity` [N], `classes` [N,3], `emotions` [N,7]; float32, NaN where unknown."""

    texts: list
    intensity: np.ndarray
    classes: np.ndarray
    emotions: np.ndarray

    def __len__(self):
        return len(self.texts)

    def at(self, rows):
        return Rows([self.texts[i] for i in rows], self.intensity[rows], self.classes[rows], self.emotions[rows])


def rows_of(texts, intensity=None, classes=None, emotions=None):
    count = len(texts)
    given = [(intensity, (count,)), (classes, (count, len(CLASSES))), (emotions, (count, len(EMOTIONS)))]
    return Rows(texts, *(np.full(shape, np.nan, np.float32) if x is None else np.asarray(x, np.float32).reshape(shape) for x, shape in given))


def class_shares(intensity):
    """[N,3] of negative, neutral, positive from intensities [N]."""
    intensity = np.asarray(intensity, np.float64)
    below, above = norm.cdf((-EDGE - intensity) / EDGE_DEVIATION), norm.cdf((intensity - EDGE) / EDGE_DEVIATION)
    return np.stack([below, 1 - below - above, above], 1).astype(np.float32)


def one_of_three(labels):
    return np.eye(3, dtype=np.float32)[np.asarray(labels, int)]


def detokenized(text):
    """Penn Treebank's tokens as people write them: `do n't` -> `don't`, `good .` -> `good.`, -LRB- -> (."""
    text = text.replace("\\/", "/").replace("\\*", "*")
    for token, written in (("-lrb-", "("), ("-rrb-", ")"), ("``", '"'), ("''", '"')):
        text = text.replace(token, written)
    text = re.sub(r" n ?'t\b", "n't", text)
    text = re.sub(r" '(s|re|ve|ll|d|m)\b", r"'\1", text)
    return re.sub(r" ([.,!?;:)\]%])", r"\1", re.sub(r"([(\[]) ", r"\1", text))


def unescaped(text):
    """Tweets as they were: the sets hold \\u2019 and &amp; in place of the characters."""
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text)
    return html.unescape(text).replace('\\"', '"').replace('""', '"').replace('""', '"').strip()


def lines(path):
    try:
        return path.read_text(encoding="utf-8").rstrip("\n").split("\n")  # not splitlines(): tweets hold other line ends
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{path}: cannot be read; expected text of shared/data (see its README.md)") from error


def table(path, columns=None):
    """The rows of a file with tabs, as lists, or by name where the file names its columns."""
    rows = csv.reader(lines(path), delimiter="\t", quoting=csv.QUOTE_NONE)
    rows = [row for row in rows if row]
    if columns is None:
        return rows
    missing = [name for name in columns if name not in rows[0]]
    if missing:
        raise Problem(f"{path}: has no column {missing[0]}")
    at = [rows[0].index(name) for name in columns]
    return [[row[i] for i in at] for row in rows[1:]]


def scored(texts, intensity):
    return rows_of(texts, intensity, class_shares(intensity))


def read_mosi(folder, split):
    rows = [row for row in table(folder / "mosi.tsv", ["split", "label", "text"]) if row[0] == split]
    return scored([text for _, _, text in rows], [float(label) for _, label, _ in rows])


def read_mosei(folder, split):
    rows = table(folder / f"segments_{split}.tsv", ["label", "text"])
    return scored([text.strip() for _, text in rows], [float(label) for label, _ in rows])


def read_sst(folder, split):
    """The five grades of sentences. SST-2 is the same sentences without grade 2."""
    rows = [line.split(" ", 1) for line in lines(folder / f"stsa.fine.{'dev' if split == 'valid' else split}")]
    return scored([detokenized(text) for _, text in rows], [1.2 * (int(grade) - 2) for grade, _ in rows])


def read_goemotions(folder, split):
    """Rows of several labels share their targets among them."""
    group = {name: i for i, names in enumerate(GO_EMOTIONS.values()) for name in names.split()}
    labels = [group[name] for name in lines(folder / "original" / "labels.txt")]
    rows = table(folder / "original" / f"{'dev' if split == 'valid' else split}.tsv")
    emotions = np.zeros((len(rows), len(EMOTIONS)), np.float32)
    for i, row in enumerate(rows):
        for label in row[1].split(","):
            emotions[i, labels[int(label)]] += 1
    emotions /= emotions.sum(1, keepdims=True)
    return rows_of([row[0].strip() for row in rows], classes=emotions @ one_of_three([GO_CLASS[name] for name in EMOTIONS]), emotions=emotions)


def read_vader(folder, name):
    rows = table(folder / f"{name}_GroundTruth.txt")
    return scored([unescaped(text) for _, _, text in rows], [0.75 * float(mean) for _, mean, _ in rows])


def read_custrev(path):
    rows = [line.split(" ", 1) for line in lines(path)]
    classes = np.array([[1, np.nan, 0], [0, np.nan, 1]], np.float32)[[int(label) for label, _ in rows]]
    return rows_of([detokenized(text) for _, text in rows], classes=classes)


def read_csmv(folder, split):
    """Comments under videos. Rows without a label are left out."""
    rows = table(folder / f"{'dev' if split == 'valid' else split}.tsv", ["opinion", "emotion", "comment"])
    rows = [row for row in rows if row[0] in CLASSES]
    if split == "train":
        rows = [rows[i] for i in np.random.default_rng(0).permutation(len(rows))[:CSMV_ROWS]]
    emotions = np.full((len(rows), len(EMOTIONS)), np.nan, np.float32)
    for i, (_, emotion, _) in enumerate(rows):
        if emotion in CSMV_EMOTIONS:
            emotions[i, 1:] = 0
            emotions[i, EMOTIONS.index(CSMV_EMOTIONS[emotion])] = 1
    return rows_of([comment.strip() for _, _, comment in rows], classes=one_of_three([CLASSES.index(opinion) for opinion, _, _ in rows]), emotions=emotions)


def read_tweeteval(folder):
    texts, labels = lines(folder / "val_text.txt"), lines(folder / "val_labels.txt")
    return rows_of([unescaped(text) for text in texts], classes=one_of_three(labels))


# Source -> (its splits, reader of one split). Two sources of the data are not here: the 409 English rows of XLM-T that are
# not TweetEval's are negative without exception, so that they teach that tweets are; and MPQA's phrases of a few words
# made no valid split better.
SOURCES = {
    "mosi": (("train", "valid", "test"), lambda text, split: read_mosi(text / "mosi", split)),
    "mosei": (("train", "valid", "test"), lambda text, split: read_mosei(text / "mosei", split)),
    "sst": (("train", "valid", "test"), lambda text, split: read_sst(text / "sst", split)),
    "goemotions": (("train", "valid", "test"), lambda text, split: read_goemotions(text / "goemotions", split)),
    "vader-tweets": (("train",), lambda text, split: read_vader(text / "vader", "tweets")),
    "vader-amazon": (("train",), lambda text, split: read_vader(text / "vader", "amazonReviewSnippets")),
    "vader-nyt": (("train",), lambda text, split: read_vader(text / "vader", "nytEditorialSnippets")),
    "custrev": (("train",), lambda text, split: read_custrev(text / "reviews" / "custrev.all")),
    "csmv": (("train", "valid"), lambda text, split: read_csmv(text / "csmv", split)),
    # For measuring alone: nothing is trained or chosen on it.
    "tweeteval": (("valid",), lambda text, split: read_tweeteval(text / "tweeteval")),
}


def read(data, source, split, sources=SOURCES):
    """The Rows of one split as they are; `data` is the folder shared/data."""
    splits, reader = sources[source]
    if split not in splits:
        raise ValueError(f"{source} has no {split} split")
    return reader(data / "text", split)


def normal(text):
    """What two copies of a text have in common: letters and digits alone, in lower case; of a text without any (emoji), all but spaces."""
    text = unescaped(text).lower()
    return re.sub(r"[\W_]+", "", text) or re.sub(r"\s+", "", text)


def held_out(data, sources=SOURCES):
    """The normal texts of every valid and test split of every source."""
    return {
        normal(text) for source, (splits, _) in sources.items() for split in splits if split != "train" for text in read(data, source, split, sources).texts
    }


def training_rows(data, sources=SOURCES):
    """(source -> Rows of its train split without texts of any valid or test split, source -> how many were left out)."""
    kept, left_out, held = {}, {}, held_out(data, sources)
    for source, (splits, _) in sources.items():
        if "train" not in splits:
            continue
        rows = read(data, source, "train", sources)
        fresh = np.array([i for i, text in enumerate(rows.texts) if normal(text) and normal(text) not in held], int)
        kept[source], left_out[source] = rows.at(fresh), len(rows) - len(fresh)
    return kept, left_out


def run(options):
    """Stage prepare: reads every source, so that a missing one is known at once, and says what training will see."""
    kept, left_out = training_rows(options.data)
    counts = {source: {"train": len(rows), "left out of train": left_out[source]} for source, rows in kept.items()}
    for source, (splits, _) in SOURCES.items():
        counts.setdefault(source, {}).update({split: len(read(options.data, source, split)) for split in splits if split != "train"})
    folder = options.work / "prepare"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "texts.json").write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")
    return counts
