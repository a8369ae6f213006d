"""Clear lines and clear faces through the default bundle, by the C++ program."""

import json
import os
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("VSA_SHARED", ROOT.parent / "shared"))
LINES = {
    "positive": ["I love this!", "What a wonderful, happy day.", "THIS IS THE BEST MOVIE I HAVE EVER SEEN", "Thank you so much, that was great."],
    "negative": ["I hate this.", "What a terrible mess.", "THIS MOVIE IS AWFUL", "He was rude and the food was disgusting."],
    "neutral": ["The meeting is on Tuesday at ten.", "There are four chairs in the room.", "The train leaves from platform two.", "It is made of wood and metal."],
}


def run(rows):
    done = subprocess.run(
        [ROOT / "build/release/vsa_rows", "--model", ROOT / "models/default-en"],
        input="".join(json.dumps(row) + "\n" for row in rows), capture_output=True, text=True, check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def best(shares):
    return max(shares, key=shares.get)


@pytest.mark.parametrize("label", LINES)
def test_clear_lines(label):
    results = run([{"text": line} for line in LINES[label]])
    assert [best(result["sentiment"]) for result in results] == [label] * len(results)
    if label != "neutral":
        assert all((result["intensity"] > 0) == (label == "positive") for result in results)


@pytest.mark.parametrize("emotion, vote, sentiment, least", [("happy", "happiness", "positive", 9), ("angry", "anger", "negative", 7)])
def test_clear_faces(emotion, vote, sentiment, least, tmp_path):
    """Faces of FER+'s valid split that nearly all ten raters agree on: at least 9 of 10 show the emotion; an angry face
    alone is weaker evidence of a negative sentiment."""
    path = SHARED / "data/faces/ferplus.npz"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    table = np.load(path)
    votes = table["votes"][:, list(table["vote_names"]).index(vote)]
    rows = []
    for i in np.flatnonzero((table["split"] == "valid") & (table["dup_in_train"] == 0) & (votes >= 9))[:10]:
        rows.append({"face": str(tmp_path / f"{i}.png")})
        cv2.imwrite(rows[-1]["face"], table["images"][i])
    results = run(rows)
    assert len(results) == 10
    assert sum(best(result["emotions"]) == emotion for result in results) >= 9
    assert sum(best(result["sentiment"]) == sentiment for result in results) >= least
