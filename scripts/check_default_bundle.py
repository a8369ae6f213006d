"""MOSI's valid texts and FER+'s valid faces through the C++ programs: figures, and exit code 1 if one is off. Run by scripts/check-default-bundle."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np
import torch

from .export.bundle import EMOTIONS
from .train.faces import CONTEMPT, read_faces
from .train.sets import sentiment_of_emotions

ROOT = Path(__file__).resolve().parent.parent
# What stage evaluate of the training found on the valid splits, and how far off is still the same.
EXPECTED = {
    "MOSI has0_acc2": (0.8341, 0.005),
    "MOSI non0_acc2": (0.8657, 0.005),
    "MOSI acc7": (0.4061, 0.005),
    "MOSI mae": (0.6714, 0.002),
    "MOSI corr": (0.8404, 0.002),
    "FER+ 7 emotions": (0.8281, 0.002),
    "FER+ 3 classes": (0.8567, 0.002),
}


def run(command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"check-default-bundle: {command[0]} failed: {done.stderr.strip()}")
    return done.stdout


def mosi_figures(build, model, data):
    table = data / "text/mosi/label.csv"
    output = run([build / "vsa", "evaluate", table, "--split", "valid", "--format", "json", "--dtype", "fp32", "--model", model])
    return {f"MOSI {name}": value for name, value in json.loads(output)["metrics"].items()}


def face_figures(build, model, data):
    """By the emotions that each face shows alone. The 3 classes are those of the emotion found: happy; neutral and surprise; the rest."""
    faces = read_faces(data, "valid")
    faces = faces.rows(faces.top < CONTEMPT)
    with tempfile.TemporaryDirectory() as folder:
        lines = []
        for i, image in enumerate(faces.images):
            lines.append(json.dumps({"face": f"{folder}/{i}.png"}) + "\n")
            cv2.imwrite(f"{folder}/{i}.png", image)
        rows = [json.loads(line) for line in run([build / "vsa_rows", "--model", model], "".join(lines)).splitlines()]
    found = np.array([[row["emotions"][name] for name in EMOTIONS] for row in rows]).argmax(1)
    class_of = sentiment_of_emotions(torch.eye(len(EMOTIONS))).argmax(1).numpy()
    return {"FER+ 7 emotions": np.mean(found == faces.top), "FER+ 3 classes": np.mean(class_of[found] == class_of[faces.top])}


def main():
    options = argparse.ArgumentParser(prog="check-default-bundle", description=__doc__.splitlines()[0])
    options.add_argument("--build", type=Path, default=ROOT / "build/release", help="folder of the programs")
    options.add_argument("--model", type=Path, default=ROOT / "models/default-en")
    options = options.parse_args()
    data = Path(os.environ.get("VSA_SHARED", ROOT.parent / "shared")) / "data"
    if not data.is_dir():
        print(f"check-default-bundle: skipped: {data} is not there")
        return 0
    for program in ("vsa", "vsa_rows"):
        if not (options.build / program).is_file():
            sys.exit(f"check-default-bundle: {options.build / program}: no such program; expected a build")
    found = {**mosi_figures(options.build, options.model, data), **face_figures(options.build, options.model, data)}
    print(f"{'figure':18}{'bundle':>10}{'expected':>10}{'within':>8}")
    off = 0
    for name, (expected, within) in EXPECTED.items():
        wrong = abs(found[name] - expected) > within
        off += wrong
        print(f"{name:18}{found[name]:10.4f}{expected:10.4f}{within:8.4f}{'  off' if wrong else ''}")
    return 1 if off else 0


if __name__ == "__main__":
    sys.exit(main())
