"""Results as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

from .results import Failure, Result

if TYPE_CHECKING:
    import pandas

_VERDICT = [
    "sentiment.label",
    "sentiment.intensity",
    *(f"sentiment.probabilities.{name}" for name in ("negative", "neutral", "positive")),
    *(f"emotions.{name}" for name in ("neutral", "happy", "sad", "angry", "fear", "disgust", "surprise")),
]
_COLUMNS = {
    "segment": ["id", "video.path", "segment", "start", "end", "text", "frames", "faces", "modalities.text", "modalities.visual", *_VERDICT, "error.message"],
    "video": ["id", "video.path", "video.duration", "segments", "modalities.text", "modalities.visual", *_VERDICT, "error.message"],
}


def to_frame(results: Result | Failure | Iterable[Result | Failure], row: Literal["segment", "video"] = "segment") -> pandas.DataFrame:
    """Results, or one, as a pandas.DataFrame with a row for each segment, or for each video.

    The columns are the keys of the JSON, with dots: "video.path", "start", "end" (seconds), "text", "sentiment.label", "sentiment.intensity" (-3 to 3),
    "sentiment.probabilities.positive", "emotions.happy". Those are always there, whatever the results; others that results hold, but for lists, follow
    ("confidence", "model.name"). "segment" is a segment's number in its video, "segments" how many a video has. What is not known, and a verdict without
    evidence, is NaN or None. A video that failed is one row either way, with "error.message". Rows are in the order of the results.

    Raises ValueError where `row` is neither.
    """
    import pandas  # here: it takes longer to load than the rest of the package

    if row not in _COLUMNS:
        raise ValueError(f"row={row!r}: expected 'segment' or 'video'")
    listed: Iterable[Any] = [results] if isinstance(results, dict) else results
    columns = _COLUMNS[row]
    rows = [flat for result in listed for flat in (_segments(result) if row == "segment" else [_video(result)])]
    more = dict.fromkeys(name for flat in rows for name in flat if name not in columns)
    return pandas.DataFrame(rows, columns=[*columns, *more])


def _video(result: Mapping[str, Any]) -> dict[str, Any]:
    flat = dict(_flat(result))
    if "segments" in result:
        flat["segments"] = len(result["segments"])
    return flat


def _segments(result: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    whole = {"id": result["id"], "video.path": result["video"]["path"]}
    if "error" in result:
        yield whole | dict(_flat({"error": result["error"]}))
        return
    for number, segment in enumerate(result["segments"]):
        model = {f"model.{name}": value for name, value in result["model"].items()}
        yield whole | {"segment": number} | dict(_flat(segment)) | model


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The leaves of nested dicts, but for lists, and for None where there might be a dict."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        elif not isinstance(value, list) and not (value is None and name in ("sentiment", "emotions")):
            yield prefix + name, value
