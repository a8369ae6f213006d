"""Rows of one's own table to what a bundle's encoders make of them. Words and faces come from the program itself, `vsa extract`
and `vsa tokenize`, so that they are those of `vsa classify`; the vectors come from the bundle's parts."""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import torch

from ..export.bundle import load_part, read_contract
from ..export.checkpoints import fill
from ..export.fusion import fusion_of
from ..export.problem import Problem

TEXTS, FACES = 32, 16  # in one batch


@dataclass
class Segments:
    """S segments of the table's rows: a text or a picture is one, a video has several.

    text [S,Dt] and face [S,Dv], the mean of its faces by their shares in the fusion (zeros: none); has_text, has_faces bool [S];
    row int64 [S], the index of the segment's row; share [S], its share in the verdict on the row. Those of a row sum to 1.
    """

    text: torch.Tensor
    has_text: torch.Tensor
    face: torch.Tensor
    has_faces: torch.Tensor
    row: torch.Tensor
    share: torch.Tensor

    def of_rows(self, rows):
        """Those of `rows` (int64 [R], in order), which are counted anew from 0."""
        kept = torch.isin(self.row, rows)
        parts = {name: value[kept] for name, value in vars(self).items()}
        return Segments(**{**parts, "row": torch.searchsorted(rows, parts["row"])})


@dataclass
class Seen:
    """A segment whose words are not yet encoded: text ("": none) and its ids in windows, without special ones, vectors of its faces
    [F,Dv] and their weights [F], and its own weight in the verdict on its row."""

    row: int
    text: str
    faces: torch.Tensor
    weights: torch.Tensor
    weight: float
    windows: list = field(default_factory=list)


class Bundle:
    """A bundle as training reads it. Problem: the program `vsa` refuses it, or its fusion is none of scripts/export's."""

    def __init__(self, folder, program):
        self.folder, self.program = folder, program
        if not program.is_file():
            raise Problem(f"{program}: no such file; expected the program vsa (scripts/build release makes it)")
        self.vsa("inspect", folder)
        self.contract = read_contract(folder)
        self.text, self.frames, fusion = (load_part(folder, self.contract, name) for name in ("text", "frames", "fusion"))
        weights = {name.removeprefix("fusion."): value for name, value in fusion.state_dict().items()}
        empty = fusion_of(weights, self.contract["text"]["width"], self.contract["frames"]["width"])
        self.fusion = fill(empty, weights, folder).eval().requires_grad_(False)

    def vsa(self, *arguments, stdin=None):
        """stdout of the program, bytes. Problem: what it says when it fails."""
        done = subprocess.run([self.program, *arguments], input=stdin, capture_output=True)
        if done.returncode != 0:
            lines = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"]
            raise Problem(lines[-1].removeprefix("vsa: "))
        return done.stdout

    @torch.no_grad()
    def see(self, table, rows):
        """(rows, the Seen of each) of `table`, its path. A row in which nothing is said or seen is left out, which is said."""
        kept, seen = [], []
        for row in rows:
            try:
                found = [one for one in self._see(len(kept), row) if one.text or len(one.faces)]
            except Problem as problem:
                raise Problem(f"{table}:{row.line}: {problem}") from problem
            if sum(one.weight for one in found) > 0:
                kept.append(row)
                seen += found
            else:
                say(f"{table}:{row.line}: has neither words nor faces; left out")
        if not seen:
            raise Problem(f"{table}: no row has words or faces")
        for one, windows in zip(seen, self._windows([one.text for one in seen]), strict=True):
            one.windows = windows
        return kept, seen

    @torch.no_grad()
    def segments(self, seen, encode=None):
        """The Segments of what was seen. `encode`: ids and mask [B,T] to vectors of texts, where it is not the bundle's own."""
        row = torch.tensor([one.row for one in seen])
        weight = torch.tensor([one.weight for one in seen])
        text = self._texts([one.windows for one in seen], encode or self.text.encode)
        has_text, has_faces = text.any(1), torch.tensor([len(one.faces) > 0 for one in seen])
        face = torch.stack([self._face(text[i], has_text[i], one) for i, one in enumerate(seen)])
        return Segments(text, has_text, face, has_faces, row, weight / torch.zeros(int(row.max()) + 1).index_add(0, row, weight)[row])

    def _see(self, index, row):
        """The Seen of a row."""
        if row.kind == "text":
            yield Seen(index, row.content, self._faces([]), torch.zeros(0), 1.0)
        elif row.kind == "picture":
            yield Seen(index, "", self._faces([as_crop(read_picture(row.content), self.contract["frames"])]), torch.ones(1), 1.0)
        else:
            say(f"{row.content}")
            with tempfile.TemporaryDirectory() as folder:
                subtitles = ["--subs", row.subtitles] if row.subtitles else []
                self.vsa("extract", row.content, *subtitles, "--model", self.folder, "--output", folder)
                for line in (Path(folder) / "segments.jsonl").read_text(encoding="utf-8").splitlines():
                    segment = json.loads(line)
                    faces = self._faces([read_picture(Path(folder) / face["path"]) for face in segment["faces"]])
                    weight = self.contract["segments"]["weight"]["words" if segment["text"] else "pictures"]
                    weights = torch.tensor([float(face["weight"]) for face in segment["faces"]])
                    yield Seen(index, segment["text"], faces, weights, (segment["end"] - segment["start"]) * weight)

    def _faces(self, crops):
        """RGB, uint8 [S,S,3] each, to [F,Dv]."""
        batches = [torch.from_numpy(np.stack(crops[i : i + FACES])) for i in range(0, len(crops), FACES)]
        return torch.cat([torch.zeros(0, self.contract["frames"]["width"]), *(self.frames.encode(batch) for batch in batches)])

    def _windows(self, texts):
        """The ids of each text, in windows. Unlike the program, it does not look for the ends of sentences to cut a long text."""
        lines = "".join(" ".join(text.split()) + "\n" for text in texts)
        pieces = [json.loads(line)["ids"] for line in self.vsa("tokenize", "--model", self.folder, stdin=lines.encode()).splitlines()]
        longest = self.contract["text"]["max_tokens"] - 2
        return [[ids[start : start + longest] for start in range(0, len(ids), longest)] for ids in pieces]

    def _texts(self, texts, encode):
        """[N,Dt] of N texts in windows, whose vectors are averaged by their tokens; zeros where there is no token."""
        text = self.contract["text"]
        windows = [(i, ids) for i, parts in enumerate(texts) for ids in parts]
        windows.sort(key=lambda window: len(window[1]))
        sums, counts = torch.zeros(len(texts), text["width"]), torch.zeros(len(texts), 1)
        for start in range(0, len(windows), TEXTS):
            batch = windows[start : start + TEXTS]
            ids = torch.full([len(batch), len(batch[-1][1]) + 2], text["pad"])
            mask = torch.zeros_like(ids)
            for row, (_, tokens) in enumerate(batch):
                ids[row, : len(tokens) + 2] = torch.tensor([text["cls"], *tokens, text["sep"]])
                mask[row, : len(tokens) + 2] = 1
            rows, tokens = torch.tensor([i for i, _ in batch]), torch.tensor([[float(len(tokens))] for _, tokens in batch])
            sums.index_add_(0, rows, encode(ids, mask) * tokens)
            counts.index_add_(0, rows, tokens)
        return sums / counts.clamp_min(1)

    def _face(self, text, has_text, seen):
        """[Dv]: the faces of a segment by their shares. As one face it is to either fusion what they are together."""
        share = self.fusion(text[None], has_text[None], seen.faces[None], seen.weights[None])[3]
        return share[0] @ seen.faces


def say(text):
    print(f"train finetune: {text}", file=sys.stderr, flush=True)


def read_picture(path):
    """RGB, uint8 [H,W,3]."""
    picture = cv2.imread(str(path))
    if picture is None:
        raise Problem(f"{path}: cannot be read as a picture")
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)


def as_crop(picture, frames):
    """A picture that is one face, used whole, at the size and by the way of model.json's `frames`: pictures shrink by area and
    grow linearly, as the program's do."""

    def resized(picture, side):
        shrinks = min(picture.shape[:2]) >= side
        return cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)

    if 0 < frames.get("shrink_first", 0) < min(picture.shape[:2]):
        picture = resized(picture, frames["shrink_first"])
    return resized(picture, frames["size"])
