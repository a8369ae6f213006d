"""Reads a table of one's own data: CSV with a header, each row a video, a text or a picture, and its label."""

import csv
import math
from dataclasses import dataclass
from pathlib import Path

from ..export.bundle import SENTIMENT
from ..export.problem import Problem
from .sets import LEVEL

KINDS = ("video", "text", "picture")
LABEL = "negative, neutral, positive or a number from -3 to 3"
MOST_FAULTS = 20  # that are named; more of them are of one kind


@dataclass(frozen=True)
class Row:
    line: int  # of the table; the last one of a row with more
    kind: str  # of KINDS
    content: object  # the text, or the Path of the video or picture
    subtitles: Path | None  # of a video; None: those beside it, if there are any
    sentiment: int  # 0 negative, 1 neutral, 2 positive
    lowest: float  # intensities from `lowest` to `highest` agree with the label: one number where the label is one,
    highest: float  # else those of its class

    @property
    def scored(self):
        return self.lowest == self.highest


def read_label(text):
    """(sentiment, lowest, highest) of a label; None if it is none."""
    if text.lower() in SENTIMENT:
        sentiment = SENTIMENT.index(text.lower())
        return sentiment, *((-3.0, -LEVEL), (-LEVEL, LEVEL), (LEVEL, 3.0))[sentiment]
    try:
        intensity = float(text)
    except ValueError:
        return None
    if not -3 <= intensity <= 3:  # NaN neither
        return None
    return 1 if abs(intensity) <= LEVEL else 1 + int(math.copysign(1, intensity)), intensity, intensity


def read_row(cells, line, folder):
    """A Row; ValueError says what is wrong with the cells. Paths are relative to `folder`."""
    if None in cells:
        raise ValueError(f"has {len(cells[None])} more cells than the header; expected quotes around a text with commas")
    cells = {name: (value or "").strip() for name, value in cells.items()}
    kinds = [kind for kind in KINDS if cells.get(kind)]
    if len(kinds) != 1:
        raise ValueError(f"has {' and '.join(kinds) or 'no content'}; expected one of video, text and picture")
    kind = kinds[0]
    if cells.get("subs") and kind != "video":
        raise ValueError(f"has subs beside {kind}; expected them beside a video")
    label = read_label(cells["label"])
    if label is None:
        raise ValueError(f"label \"{cells['label']}\"; expected {LABEL}" if cells["label"] else f"has no label; expected {LABEL}")
    for name in ("video", "subs", "picture"):
        if cells.get(name) and not (folder / cells[name]).is_file():
            raise ValueError(f"{name} {cells[name]}: no such file; expected a path from {folder}")
    content = cells[kind] if kind == "text" else folder / cells[kind]
    return Row(line, kind, content, folder / cells["subs"] if cells.get("subs") else None, *label)


def read_table(path):
    """The Rows of a table. Problem: a line for each fault, FILE:LINE first."""
    rows, faults = [], []
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file, skipinitialspace=True, strict=True)
            columns = table.fieldnames or []
            if "label" not in columns or not set(KINDS) & set(columns):
                raise Problem(f"{path}:1: the header is \"{','.join(columns)}\"; expected label and one or more of video (with subs), text, picture")
            for cells in table:
                try:
                    rows.append(read_row(cells, table.line_num, path.parent))
                except ValueError as error:
                    faults.append(f"{path}:{table.line_num}: {error}")
    except OSError as error:
        raise Problem(f"{path}: cannot be read; expected a table (CSV)") from error
    except UnicodeDecodeError as error:
        raise Problem(f"{path}: is not UTF-8; expected a table (CSV) in UTF-8") from error
    except csv.Error as error:
        raise Problem(f"{path}:{table.reader.line_num}: {error}; expected CSV") from error
    if len(faults) > MOST_FAULTS:
        faults[MOST_FAULTS:] = [f"{path}: {len(faults) - MOST_FAULTS} more rows are wrong"]
    if faults:
        raise Problem("\n".join(faults))
    return rows
