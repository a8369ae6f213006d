"""MOSI's valid texts and FER+'s valid faces through the C++ program: figures, and exit code 1 if one is off. Run by scripts/check-default-bundle."""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
EMOTIONS = ["neutral", "happy", "sad", "angry", "fear", "disgust", "surprise"]
FER_EMOTIONS = ["neutral", "happy", "surprise", "sad", "angry", "disgust", "fear"]  # contempt, the eighth, is left out
FER_NAMES = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear"]
FER_SENTIMENT = {"neutral": 1, "happy": 2, "surprise": 1, "sad": 0, "angry": 0, "disgust": 0, "fear": 0}
# What stage evaluate of the training found on the valid splits, and how far off is still the same.
EXPECTED = {
    "MOSI has0_acc2": (83.41, 0.5),
    "MOSI non0_acc2": (85.65, 0.5),
    "MOSI acc7": (41.05, 0.5),
    "MOSI mae": (0.7031, 0.002),
    "MOSI corr": (0.8252, 0.002),
    "FER+ 7 emotions": (81.37, 0.2),
    "FER+ 3 classes": (84.16, 0.2),
}


def mosi_figures(truth, score):
    """specs: rint rounds halves to even, 0 counts as positive in has0, and rows of 0 are dropped in non0."""
    kept = truth != 0
    return {
        "MOSI has0_acc2": 100 * np.mean((score >= 0) == (truth >= 0)),
        "MOSI non0_acc2": 100 * np.mean((score[kept] > 0) == (truth[kept] > 0)),
        "MOSI acc7": 100 * np.mean(np.rint(score.clip(-3, 3)) == np.rint(truth.clip(-3, 3))),
        "MOSI mae": np.mean(np.abs(score - truth)),
        "MOSI corr": np.corrcoef(score, truth)[0, 1],
    }


def face_figures(truth, emotions):
    """`truth`: class of FER+ of each row, contempt left out; `emotions`: probabilities in the order of EMOTIONS.

    The 3 classes are those of the emotion found: happy; neutral and surprise; the rest.
    """
    found = [EMOTIONS[i] for i in emotions.argmax(1)]
    right = [FER_EMOTIONS[t] for t in truth]
    return {
        "FER+ 7 emotions": 100 * np.mean([a == b for a, b in zip(found, right)]),
        "FER+ 3 classes": 100 * np.mean([FER_SENTIMENT[a] == FER_SENTIMENT[b] for a, b in zip(found, right)]),
    }


def read_mosi(data):
    with open(data / "text/mosi/label.csv", encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["mode"] == "valid"]
    return [row["text"] for row in rows], np.array([float(row["label"]) for row in rows], np.float32)


def read_faces(data):
    """(images, class) of FER+ valid whose most votes are for one of the seven emotions, without twins of train."""
    table = np.load(data / "faces/ferplus.npz")
    majority = table["ferplus_majority"]
    keep = (table["split"] == "valid") & (table["dup_in_train"] == 0) & np.isin(majority, FER_NAMES)
    return table["images"][keep], np.array([FER_NAMES.index(name) for name in majority[keep]])


def run(program, model, lines):
    command = [str(program), "--model", str(model)]
    done = subprocess.run(command, input="".join(json.dumps(line) + "\n" for line in lines), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"check-default-bundle: {program} failed: {done.stderr.strip()}")
    results = [json.loads(line) for line in done.stdout.splitlines()]
    if len(results) != len(lines):
        sys.exit(f"check-default-bundle: {program} gave {len(results)} lines for {len(lines)}")
    return results


def measure(program, model, texts, images):
    """(intensity of each text, emotions of each face), by the program."""
    scores = np.array([row["intensity"] for row in run(program, model, [{"text": text} for text in texts])])
    with tempfile.TemporaryDirectory() as folder:
        lines = []
        for i, image in enumerate(images):
            lines.append({"face": f"{folder}/{i}.png"})
            cv2.imwrite(lines[-1]["face"], image)
        rows = run(program, model, lines)
    return scores, np.array([[row["emotions"][name] for name in EMOTIONS] for row in rows])


def main():
    options = argparse.ArgumentParser(prog="check-default-bundle", description=__doc__.splitlines()[0])
    options.add_argument("--program", type=Path, default=ROOT / "build/release/vsa_rows")
    options.add_argument("--model", type=Path, default=ROOT / "models/default-en")
    options = options.parse_args()
    data = Path(os.environ.get("VSA_SHARED", ROOT.parent / "shared")) / "data"
    if not data.is_dir():
        print(f"check-default-bundle: skipped: {data} is not there")
        return 0

    texts, labels = read_mosi(data)
    images, classes = read_faces(data)

    if not options.program.is_file():
        sys.exit(f"check-default-bundle: {options.program}: no such program; expected the build's vsa_rows")
    scores, emotions = measure(options.program, options.model, texts, images)
    found = {**mosi_figures(labels, scores), **face_figures(classes, emotions)}
    print(f"{len(texts)} texts, {len(images)} faces")
    print(f"{'figure':18}{'bundle':>10}{'expected':>10}{'within':>8}")
    off = 0
    for name, (expected, within) in EXPECTED.items():
        wrong = abs(found[name] - expected) > within
        off += wrong
        print(f"{name:18}{found[name]:10.3f}{expected:10.3f}{within:8.3f}{'  off' if wrong else ''}")
    return 1 if off else 0


if __name__ == "__main__":
    sys.exit(main())
