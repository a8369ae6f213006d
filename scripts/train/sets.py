"""The labelled texts as fusion, calibration and evaluation use them: one hard label a row, as tensors; and faces as sentiment."""

from dataclasses import dataclass

import torch

from ..export.bundle import EMOTIONS
from . import texts

LEVEL = 0.5  # an intensity within it is neutral
NAMES = {"mosi": "MOSI", "mosei": "MOSEI", "sst": "SST", "goemotions": "GoEmotions", "tweeteval": "TweetEval", "nsmc": "NSMC", "csmv": "CSMV"}
# What the emotion of a face is worth as sentiment; the rest is negative.
FACE_SENTIMENT = {"happy": 2, "neutral": 1, "surprise": 1}


@dataclass
class TextSet:
    name: str
    texts: list
    sentiment: torch.Tensor  # int64 [N], -1: no one class
    intensity: torch.Tensor  # float32 [N], nan: has none
    emotion: torch.Tensor  # int64 [N], -1: no one emotion


def sentiment_of_emotions(emotions):
    """[N,7] to [N,3]."""
    which = torch.tensor([FACE_SENTIMENT.get(name, 0) for name in EMOTIONS])
    return torch.zeros(len(emotions), 3).index_add(1, which, emotions)


def sentiment_of_intensity(intensity):
    return torch.where(intensity.abs() <= LEVEL, 1, torch.where(intensity > 0, 2, 0))


def only_highest(shares):
    """[N,K] to the index of each row's highest share [N], -1 where two are level or there are none."""
    top = shares.nan_to_num(0).topk(2, dim=1)
    return torch.where(top.values[:, 0] > top.values[:, 1], top.indices[:, 0], -1)


def read_texts(data, source, split, sources=texts.SOURCES):
    """A TextSet of the rows of `sources`. Sentiment comes from the intensity where there is one: within LEVEL of 0 is neutral.
    Emotions among which neutral is not known (CSMV's) are none here: rows that cannot be neutral would say that nothing is."""
    rows = texts.read(data, source, split, sources)
    intensity, classes, emotions = (torch.from_numpy(part) for part in (rows.intensity, rows.classes, rows.emotions))
    sentiment = torch.where(intensity.isnan(), only_highest(classes), sentiment_of_intensity(intensity))
    emotion = torch.where(emotions[:, EMOTIONS.index("neutral")].isnan(), -1, only_highest(emotions))
    return TextSet(f"{NAMES.get(source, source)} {split}", rows.texts, sentiment, intensity, emotion)
