"""Texts joined with faces: what stands in for videos, of which no open set has words, faces and labels.

A pair shows a class of face, negative, neutral or positive. In AGREEING of the pairs it is the text's own (by faces of its
very emotion, where the text has one of that class), in the others one at random: a talking face is weak evidence, and
AGREEING is chosen so that pictures alone find the sign of the text as often as papers report for CMU-MOSI's pictures, about
60 % Acc-2, not as often as they find that of FER+'s faces. SHOWING of the faces of a pair show its class, the others any:
between expressions a face says little.
"""

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import torch

from . import texts
from .contract import PRIOR
from .faces import CONTEMPT, read_faces
from .sets import read_texts, sentiment_of_emotions
from .texts import CLASSES

AGREEING, SHOWING, MOST_FACES = 0.3, 0.6, 6
SOURCES = ("mosi", "mosei", "sst", "goemotions", "csmv")


@dataclass
class Material:
    """Texts and faces that pairs are drawn from: vectors and labels (see sets.py)."""

    text: torch.Tensor  # [N,Dt]
    sentiment: torch.Tensor  # [N]
    intensity: torch.Tensor  # [N]
    emotion: torch.Tensor  # [N]
    source: torch.Tensor  # int64 [N], which of the sets
    face: torch.Tensor  # [M,Dv]
    face_emotions: torch.Tensor  # [M,7]

    @cached_property
    def text_weight(self):
        """[N], 1 in the mean. Sources weigh the same, so that the largest does not decide alone. Within a source the classes weigh
        as the roots of their numbers, halfway between as often as they come and all the same: what is rare among its texts is found
        more often, and probabilities stay calibrated."""
        group = (len(CLASSES) + 1) * self.source + self.sentiment + 1
        weight = torch.bincount(group).float().rsqrt()[group]
        weight = weight / torch.bincount(self.source, weight)[self.source]
        return (weight / weight.mean()).float()

    @property
    def face_sentiment(self):
        """[M,3]."""
        return sentiment_of_emotions(self.face_emotions)

    @property
    def face_weight(self):
        """[M], by which the faces show each emotion as often as contract.PRIOR says, not as often as their set does."""
        return self.face_emotions @ (torch.tensor(PRIOR) / self.face_emotions.mean(0).clamp_min(1e-9))

    def half(self, second):
        """Every other row."""
        return Material(*(getattr(self, field.name)[int(second) :: 2] for field in fields(self)))


@dataclass
class Pairs:
    """Rows of a Material that belong together."""

    text: torch.Tensor  # int64 [N]
    faces: torch.Tensor  # int64 [N,F]
    weight: torch.Tensor  # float32 [N,F], 0 for padding
    shown: torch.Tensor  # int64 [N]: the class that the faces were drawn to show

    def __len__(self):
        return len(self.text)

    def at(self, rows):
        return Pairs(self.text[rows], self.faces[rows], self.weight[rows], self.shown[rows])


def read_material(encoders, data, split, named=SOURCES, sources=texts.SOURCES):
    """Of the sets `named`, which are of `sources` (texts.py or languages.py), that have this split, and FER+."""
    sets, faces = [read_texts(data, source, split, sources) for source in named if split in sources[source][0]], seven_emotions(read_faces(data, split))
    vectors = torch.cat([encoders.texts(one.name, one.texts) for one in sets])
    labels = [torch.cat([getattr(one, label) for one in sets]) for label in ("sentiment", "intensity", "emotion")]
    source = torch.cat([torch.full([len(one.texts)], i) for i, one in enumerate(sets)])
    return Material(vectors, *labels, source, encoders.faces(f"FER+ {split}", faces.images), torch.from_numpy(faces.votes))


def seven_emotions(faces):
    """Faces without those that most raters found contemptuous: a bundle has no such emotion."""
    return faces.rows(faces.top < CONTEMPT)


def draw_pairs(material, seed, each=1):
    """`each` pairs of every text that has a class. A face is of the emotion and the class that most of its raters chose."""
    draw = np.random.default_rng(seed)
    of_class = [np.flatnonzero(material.face_sentiment.argmax(1).numpy() == c) for c in range(3)]
    of_emotion = [np.flatnonzero(material.face_emotions.argmax(1).numpy() == e) for e in range(7)]
    class_of = sentiment_of_emotions(torch.eye(7)).argmax(1).numpy()
    sentiment, emotion = material.sentiment.numpy(), material.emotion.numpy()
    rows = np.repeat(np.flatnonzero(sentiment >= 0), each)
    faces, weight = np.zeros((len(rows), MOST_FACES), np.int64), np.zeros((len(rows), MOST_FACES), np.float32)
    shown = np.zeros(len(rows), np.int64)
    for i, row in enumerate(rows):
        agrees, count, named = draw.random() < AGREEING, draw.integers(1, MOST_FACES + 1), emotion[row]
        shown[i] = sentiment[row] if agrees else draw.integers(3)
        by_emotion = agrees and named >= 0 and class_of[named] == sentiment[row] and len(of_emotion[named]) > 0
        pool = of_emotion[named] if by_emotion else of_class[shown[i]]
        faces[i, :count] = np.where(draw.random(count) < SHOWING, draw.choice(pool, count), draw.integers(len(material.face), size=count))
        weight[i, :count] = draw.uniform(0.3, 1, count)
    return Pairs(*(torch.from_numpy(array) for array in (rows, faces, weight, shown)))
