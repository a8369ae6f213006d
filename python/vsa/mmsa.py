"""The pickle that MMSA reads, of the vectors of `vsa extract --vectors` and a table of labels."""

from __future__ import annotations

import csv
import logging
import math
import numbers
import os
import pickle
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from .program import Error
from .vectors import VectorSegment, read_vectors

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

_log = logging.getLogger("vsa")

_MODES = ("train", "valid", "test")
_COLUMNS = ("video_id", "clip_id", "text", "label", "mode")
_SIMS = ("label_T", "label_A", "label_V")  # of CH-SIMS: what each modality says alone


@dataclass
class _Clip:
    """A row of the table."""

    line: int
    name: str  # video_id/clip_id
    id: str  # as MMSA joins them
    text: str
    label: float
    mode: str
    sims: tuple[float, ...]  # by _SIMS, or none


@dataclass
class _Seen:
    """What was seen of a clip: of each segment its vectors [Dt] and [Dv], None where there are none."""

    text: list[NDArray[numpy.float32] | None]
    vision: list[NDArray[numpy.float32] | None]


def mmsa_pickle(vectors: str | os.PathLike[str], labels: str | os.PathLike[str], output: str | os.PathLike[str], *, steps: int | None = None) -> None:
    """Writes the file of features that MMSA 2.2.1 (the PyPI package MMSA) reads: MMSA_run("lf_dnn", "mosi", custom_feature=output).

    vectors: a folder of `vsa extract --vectors`, of videos that lie as <video_id>/<clip_id>.*.
    labels: a table in MMSA's layout, CSV in UTF-8 with the columns video_id, clip_id, text, label and mode (train, valid or test), others ignored; but where it
        has CH-SIMS's label_T, label_A and label_V, they are written, too. It must have rows of every mode, and each row its clip in `vectors`.
    output: replaced if it is there.
    steps: L, how many segments of a clip there is room for, at least 1; else as many as the longest clip has. Later segments of a longer one are left out, which
        is said.

    Under "train", "valid" and "test" the pickle holds, of N clips in the table's order:

    text: float32 [N, L, Dt], of each segment its words' vector.
    vision: float32 [N, L, Dv], of each segment the mean of its faces' vectors by their weights.
    audio: float32 [N, L, 1], ZEROS: vsa hears words, not how they are said. A log line (logger "vsa") says so, too. MMSA wants three modalities; a model of its own
        learns nothing from this one.
    vision_lengths, audio_lengths: N ints, the segments of each clip. What lies behind them is zeros, and so is a segment without words or without faces.
    regression_labels (and of CH-SIMS regression_labels_T, _A, _V): float32 [N], as in the table. id: "<video_id>$_$<clip_id>". raw_text: the table's.

    A step is a segment in all three, so MMSA takes it for aligned and for unaligned data. There are no ids of BERT's tokens ("text_bert"): models of MMSA that bring
    their own BERT (use_bert) cannot use it.

    Raises Error, "FILE[:LINE]: …", where the folder or the table cannot be used, a row has no clip or one that failed, or the vectors are of several bundles.
    """
    if steps is not None and not (isinstance(steps, numbers.Integral) and steps >= 1):
        raise ValueError(f"steps={steps!r}: expected a whole number, 1 or more")
    clips = _read_labels(Path(labels))
    seen = _read_clips(Path(vectors), {clip.name: f"{labels}:{clip.line}: {clip.name}" for clip in clips})
    longest = max(len(one.text) for one in seen.values())
    if steps is not None and longest > steps:
        count = sum(len(one.text) > steps for one in seen.values())
        _log.warning("%s: %d of %d clips have more than %d segments; later ones are left out", output, count, len(seen), steps)
    length = steps or longest
    widths = [_width(getattr(one, name) for one in seen.values()) for name in ("text", "vision")]
    data = {mode: _features([clip for clip in clips if clip.mode == mode], seen, length, *widths) for mode in _MODES}
    _write(Path(output), data)
    _log.warning("%s: sound is zeros of width 1: vsa hears words, not how they are said", output)


def _read_labels(path: Path) -> list[_Clip]:
    clips = []
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            header = reader.fieldnames or []
            for name in _COLUMNS:
                if name not in header:
                    raise Error(f"{path}:1: has no column {name}; expected {', '.join(_COLUMNS)}")
            sims = _SIMS if all(name in header for name in _SIMS) else ()
            for row in reader:
                where = f"{path}:{reader.line_num}"
                if any(row[name] is None for name in (*_COLUMNS, *sims)):
                    raise Error(f"{where}: has too few columns; expected {len(header)}")
                if row["mode"] not in _MODES:
                    raise Error(f"{where}: mode {row['mode']!r}; expected train, valid or test")
                label, *of_modalities = (_number(row[name], name, where) for name in ("label", *sims))
                video, clip = row["video_id"], row["clip_id"]
                clips.append(_Clip(reader.line_num, f"{video}/{clip}", f"{video}$_${clip}", row["text"], label, row["mode"], tuple(of_modalities)))
    except OSError as error:
        raise Error(f"{path}: {error.strerror}; expected a table of labels") from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise Error(f"{path}: cannot be read ({error}); expected CSV in UTF-8") from error
    for mode in _MODES:
        if not any(clip.mode == mode for clip in clips):
            raise Error(f"{path}: has no row of mode {mode}; MMSA's loader expects train, valid and test")
    return clips


def _number(text: str, name: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Error(f"{where}: {name} {text!r}; expected a number")
    return value


def _read_clips(folder: Path, wanted: dict[str, str]) -> dict[str, _Seen]:
    """What was seen of the clips that are wanted, which are names and what a message says of each."""
    seen: dict[str, _Seen] = {}
    videos: dict[str, str] = {}
    model: Any = None
    for segment in read_vectors(folder):
        video = segment["video"]
        path = PurePath(video)
        name = f"{path.parent.name}/{path.stem}"
        if name not in wanted:
            continue
        if videos.setdefault(name, video) != video:
            raise Error(f"{folder}: {videos[name]} and {video}: both are {name}; expected a video for each clip")
        if "error" in segment:
            raise Error(f"{wanted[name]} failed: {segment['error']['message']}")
        model = model or segment["model"]
        if segment["model"] != model:
            raise Error(f"{folder}: the vectors are of {model['name']} and of {segment['model']['name']}; expected those of one (vsa extract --model)")
        if segment["segment"] == 0:
            seen[name] = _Seen([], [])
        text, vision = _step(segment)
        seen[name].text.append(text)
        seen[name].vision.append(vision)
    for name, place in wanted.items():
        if name not in seen:
            raise Error(f"{place}: no video of {folder} is {name}.*; expected one for each row")
    return seen


def _step(segment: VectorSegment) -> tuple[NDArray[numpy.float32] | None, NDArray[numpy.float32] | None]:
    import numpy

    text, faces = segment["vectors"]["text"], segment["vectors"]["visual"]
    weights = [face["weight"] for face in segment["faces"]]
    return (
        None if text is None else numpy.array(text[0]),
        None if faces is None else numpy.average(faces, axis=0, weights=weights).astype(numpy.float32),
    )


def _width(of_clips: Iterable[list[NDArray[numpy.float32] | None]]) -> int:
    return next((len(vector) for steps in of_clips for vector in steps if vector is not None), 1)


def _features(clips: list[_Clip], seen: dict[str, _Seen], length: int, text_width: int, vision_width: int) -> dict[str, Any]:
    """What MMSA's loader reads of a mode."""
    import numpy

    def filled(name: str, width: int) -> NDArray[numpy.float32]:
        array = numpy.zeros((len(clips), length, width), numpy.float32)
        for row, clip in zip(array, clips, strict=True):
            for step, vector in zip(row, getattr(seen[clip.name], name)):
                if vector is not None:
                    step[:] = vector
        return array

    lengths = [min(len(seen[clip.name].text), length) for clip in clips]
    features = {
        "raw_text": [clip.text for clip in clips],
        "id": [clip.id for clip in clips],
        "text": filled("text", text_width),
        "vision": filled("vision", vision_width),
        "audio": numpy.zeros((len(clips), length, 1), numpy.float32),
        "vision_lengths": lengths,
        "audio_lengths": list(lengths),
        "regression_labels": numpy.array([clip.label for clip in clips], numpy.float32),
    }
    if all(clip.sims for clip in clips):
        for place, name in enumerate(_SIMS):
            features["regression_labels" + name.removeprefix("label")] = numpy.array([clip.sims[place] for clip in clips], numpy.float32)
    return features


def _write(path: Path, data: dict[str, Any]) -> None:
    """Whole or not at all."""
    beside = path.with_name(f"{path.name}.part-{os.getpid()}")
    try:
        with open(beside, "wb") as file:
            pickle.dump(data, file, protocol=4)
        os.replace(beside, path)
    except OSError as error:
        raise Error(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        beside.unlink(missing_ok=True)
