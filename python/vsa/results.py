"""The types of results, as docs/result.schema.json describes them. Times are seconds. Later versions of the program add keys; none changes its meaning."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class Probabilities(TypedDict):
    """They sum to 1."""

    negative: float
    neutral: float
    positive: float


class Sentiment(TypedDict):
    """The most probable class, and on a scale of its own how strong it is."""

    label: Literal["negative", "neutral", "positive"]
    probabilities: Probabilities
    intensity: float  # -3 strongly negative to 3 strongly positive


class Emotions(TypedDict):
    """Probabilities, which sum to 1."""

    neutral: float
    happy: float
    sad: float
    angry: float
    fear: float
    disgust: float
    surprise: float


class Modalities(TypedDict):
    """What was really used."""

    text: bool
    visual: bool


class Model(TypedDict):
    """The bundle that judged."""

    name: str
    version: str
    sha256: str  # of its model.json
    dtype: Literal["fp32", "bf16"]


class Segment(TypedDict):
    """A stretch of the video; sentiment and emotions are None without evidence."""

    start: float
    end: float
    text: str  # "": pictures alone
    frames: int  # sampled
    faces: int  # used
    modalities: Modalities
    sentiment: Sentiment | None
    emotions: Emotions | None
    confidence: NotRequired[float]  # of words that were heard
    explanation: NotRequired[dict[str, Any]]  # with explain=True


class Video(TypedDict):
    path: str  # bytes that are not UTF-8 are U+FFFD
    duration: float | None
    width: int | None  # None of sound alone, as height and frame_rate
    height: int | None
    frame_rate: float | None
    frames: Literal["every", "keyframes"]
    frames_sampled: int


class Subtitles(TypedDict):
    path: str | None
    source: Literal["option", "sidecar", "embedded", "speech", "none"]
    format: str | None
    encoding: str | None
    cues: int
    track: NotRequired[int]
    language: NotRequired[str | None]


class ResultWarning(TypedDict):
    code: str
    message: str  # "FILE[:LINE]: …"


class Result(TypedDict):
    """Of a video. Segments are in order, do not overlap and cover it."""

    schema: Literal["vsa.result/1"]
    id: str | None
    video: Video
    subtitles: Subtitles
    model: Model
    modalities: Modalities
    sentiment: Sentiment | None
    emotions: Emotions | None
    segments: list[Segment]
    warnings: list[ResultWarning]
    date: NotRequired[str]
    item: NotRequired[str]  # this and key: of batch
    key: NotRequired[str]
    speech: NotRequired[dict[str, Any]]  # where words were heard
    audience: NotRequired[dict[str, Any]]  # with danmaku
    stats: NotRequired[dict[str, Any]]  # with stats=True


class FailedVideo(TypedDict):
    path: str


class Fault(TypedDict):
    kind: Literal["input", "internal"]
    message: str


class Failure(TypedDict):
    """Of a video that failed."""

    schema: Literal["vsa.result/1"]
    id: str | None
    video: FailedVideo
    error: Fault
    date: NotRequired[str]
    item: NotRequired[str]
    key: NotRequired[str]
