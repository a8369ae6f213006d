"""Sentiment of what is said and shown in videos: the program `vsa` from Python.

    result = vsa.classify("talk.mp4", start=10, explain=True)
    frame = vsa.to_frame(vsa.batch(["a.mp4", "b.mp4"]))

The program does the work, and is installed on its own. It is the one that VSA_PROGRAM names, else `vsa` in PATH.
"""

from importlib.metadata import PackageNotFoundError, version

from .calls import batch, classify
from .frame import to_frame
from .mmsa import mmsa_pickle
from .program import Error, find_program
from .results import Emotions, Failure, Model, Probabilities, Result, Segment, Sentiment
from .vectors import VectorSegment, read_vectors

__all__ = [
    "Emotions",
    "Error",
    "Failure",
    "Model",
    "Probabilities",
    "Result",
    "Segment",
    "Sentiment",
    "VectorSegment",
    "batch",
    "classify",
    "find_program",
    "mmsa_pickle",
    "read_vectors",
    "to_frame",
]

try:
    __version__ = version("vsa")
except PackageNotFoundError:  # run from a checkout, not installed
    __version__ = "0"
