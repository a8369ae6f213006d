"""The vectors that `vsa extract --vectors DIR` writes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from .program import Error
from .results import Fault, Model

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray


class Vectors(TypedDict):
    """Views of the files; None where there is no such evidence."""

    text: NDArray[numpy.float32] | None  # float32 [1, Dt]
    visual: NDArray[numpy.float32] | None  # float32 [F, Dv], a row for each of `faces`


class VectorSegment(TypedDict, total=False):
    """A line of docs/vectors.schema.json with the vectors themselves. Of a video that failed it has "schema", "video" and "error" alone."""

    schema: str
    video: str  # its path as extract was given it; bytes that are not UTF-8 are U+FFFD
    segment: int  # its number in the video
    start: float  # seconds
    end: float
    text: str
    frames: int  # sampled
    vectors: Vectors
    faces: list[dict[str, Any]]  # F: "time" (seconds), "weight" (those of one frame share 1), "box" (left, top, width, height in pixels)
    model: Model  # whose encoders made the vectors; those of another are not of the same space
    error: Fault


def read_vectors(folder: str | os.PathLike[str]) -> Iterator[VectorSegment]:
    """The segments of a folder that `vsa extract --vectors` wrote, in its order, each with its vectors.

    Raises Error where the folder is none, or a file in it is not as extract wrote it.
    """
    lines = Path(folder) / "segments.jsonl"
    expected = "expected a folder of vsa extract --vectors"
    try:
        file = open(lines, "rb")
    except OSError as error:
        raise Error(f"{lines}: {error.strerror}; {expected}") from error
    files: dict[str, NDArray[numpy.float32]] = {}
    with file:
        for number, line in enumerate(file, 1):
            try:
                segment = json.loads(line.decode())
                if segment["schema"] != "vsa.vectors/1":
                    raise ValueError(segment["schema"])
                if segment.get("segment") == 0:
                    files.clear()  # those of the video before
                if "error" not in segment:
                    segment["vectors"] = {name: rows and _rows(Path(folder), rows, files) for name, rows in segment["vectors"].items()}
            except UnicodeDecodeError as error:
                raise Error(f"{lines}:{number}: is not UTF-8; {expected}") from error
            except (ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError) as error:
                raise Error(f"{lines}:{number}: is no line of vsa.vectors/1 ({error!r}); {expected}") from error
            yield segment


def _rows(folder: Path, named: dict[str, Any], files: dict[str, NDArray[numpy.float32]]) -> NDArray[numpy.float32]:
    """The rows that a line names; `files` holds those of its video that are open."""
    import numpy  # here: `classify` needs none of it
    from numpy.lib.format import open_memmap

    path = named["path"]
    if path not in files:
        files[path] = open_memmap(folder / path, mode="r")
    first, end = named["rows"]
    rows = files[path][first:end]
    if rows.ndim != 2 or rows.dtype != numpy.float32 or len(rows) != end - first:
        raise ValueError(f"{path}: has no such rows")
    return rows
