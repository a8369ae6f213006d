"""`vsa evaluate` against scikit-learn and numpy on made-up clips, and the script that makes MOSEI's table."""

import csv
import io
import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, recall_score, roc_auc_score

ROOT = Path(__file__).resolve().parents[2]
ROUNDED = 5.1e-5  # 4 decimals
EXACT = 2.5e-7  # two steps of a float above 1: numpy sums the errors as floats, vsa as doubles


def write(path, header, rows):
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """(folder, truth, score, probabilities [N,3]): truths in sixths as people give them, zeros and tied scores among them."""
    folder, draw = tmp_path_factory.mktemp("evaluate"), np.random.default_rng(3)
    truth = (draw.integers(-18, 19, 400) / 6).astype(np.float32)
    score = np.round(truth * 0.6 + draw.normal(size=400), 1).astype(np.float32)
    logits = np.stack([-score, np.full(400, 0.3), score], 1) + draw.normal(size=(400, 3))
    probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    write(folder / "labels.csv", ["video_id", "clip_id", "text", "label", "mode"],
          [["v", i, "", repr(float(t)), "test"] for i, t in enumerate(truth)])  # fmt: skip
    write(folder / "predictions.csv", ["video_id", "clip_id", "score", "negative", "neutral", "positive"],
          [["v", i, repr(float(s)), *map(repr, map(float, p))] for i, (s, p) in enumerate(zip(score, probabilities))])  # fmt: skip
    return folder, truth, score, probabilities


def evaluate(folder, *options):
    command = [ROOT / "build/release/vsa", "evaluate", folder / "labels.csv", "--predictions", folder / "predictions.csv"]
    return json.loads(subprocess.run([*command, "--format", "json", *options], capture_output=True, check=True).stdout)


def check(metrics, expected, tolerance):
    assert {name: metrics[name] for name in expected} == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize("neutral, limit", [("half", 0.5), ("sign", 0)])
def test_three_classes(clips, neutral, limit):
    folder, truth, score, probabilities = clips
    result = evaluate(folder, "--neutral", neutral)
    classes, found = np.where(truth < -limit, 0, np.where(truth > limit, 2, 1)), probabilities.argmax(1)
    two, kept = (probabilities[:, 2] > probabilities[:, 0]).astype(int), classes != 1
    check(result["metrics"], {
        "acc3": accuracy_score(classes, found), "f1_3": f1_score(classes, found, average="weighted"),
        "recall3": recall_score(classes, found, average="macro"),
        "auc3": roc_auc_score(classes, probabilities, multi_class="ovr", average="macro"),
        "auc": roc_auc_score(truth[truth != 0] > 0, score[truth != 0]),
        "class_has0_acc2": accuracy_score(classes == 2, two), "class_has0_f1": f1_score(classes == 2, two, average="weighted"),
        "class_non0_acc2": accuracy_score(classes[kept] == 2, two[kept]),
        "class_non0_f1": f1_score(classes[kept] == 2, two[kept], average="weighted"),
        "class_non0_literal_acc2": accuracy_score(classes[kept], two[kept]),
        "class_non0_literal_f1": f1_score(classes[kept], two[kept], average="weighted"),
    }, ROUNDED)  # fmt: skip
    assert result["confusion"] == confusion_matrix(classes, found).tolist()


def test_mmsa(clips):
    folder, truth, score, _ = clips
    kept = truth != 0
    check(evaluate(folder)["metrics"], {
        "has0_acc2": accuracy_score(truth >= 0, score >= 0), "has0_f1": f1_score(truth >= 0, score >= 0, average="weighted"),
        "non0_acc2": accuracy_score(truth[kept] > 0, score[kept] > 0),
        "non0_f1": f1_score(truth[kept] > 0, score[kept] > 0, average="weighted"),
        "acc5": np.mean(np.rint(np.clip(score, -2, 2)) == np.rint(np.clip(truth, -2, 2))),
        "acc7": np.mean(np.rint(np.clip(score, -3, 3)) == np.rint(np.clip(truth, -3, 3))),
        "mae": np.mean(np.abs(score - truth)), "corr": np.corrcoef(score, truth)[0, 1],
    }, ROUNDED)  # fmt: skip


def test_mult(clips):
    folder, truth, score, _ = clips
    kept = truth != 0
    check(evaluate(folder, "--compat", "mult")["metrics"], {
        "has0_acc2": accuracy_score(truth > 0, score > 0), "has0_f1": f1_score(score > 0, truth > 0, average="weighted"),
        "non0_acc2": accuracy_score(truth[kept] > 0, score[kept] > 0),
        "non0_f1": f1_score(score[kept] > 0, truth[kept] > 0, average="weighted"),
        "mae": np.mean(np.abs(score - truth)), "corr": np.corrcoef(score, truth)[0, 1],
    }, EXACT)  # fmt: skip


def test_mag(clips):
    folder, truth, score, _ = clips
    truth, score = truth[truth != 0], score[truth != 0]
    check(evaluate(folder, "--compat", "mag")["metrics"], {
        "non0_acc2": accuracy_score(truth >= 0, score >= 0), "non0_f1": f1_score(truth >= 0, score >= 0, average="weighted"),
        "mae": np.mean(np.abs(score - truth)), "corr": np.corrcoef(score, truth)[0, 1],
    }, EXACT)  # fmt: skip


def test_intervals_are_those_of_a_bootstrap(clips):
    folder, truth, score, _ = clips
    draw = np.random.default_rng(0)
    errors = [np.abs(score - truth)[draw.integers(400, size=400)].mean() for _ in range(4000)]
    # The ends of 1000 draws vary by about a tenth of the interval's width.
    low, high = np.percentile(errors, [2.5, 97.5])
    assert evaluate(folder)["intervals"]["mae"] == pytest.approx([low, high], abs=0.1 * (high - low))


def test_mosei_labels(tmp_path):
    for mode in ("train", "valid", "test"):
        (tmp_path / f"segments_{mode}.tsv").write_text(
            f'vid\tstart\tstop\tlabel\tcid\ttext\n-x\t0\t1\t-0.5\t3\tShe said, "{mode}\n', encoding="utf-8")  # fmt: skip
    done = subprocess.run([ROOT / "scripts/mosei-labels", tmp_path], capture_output=True, text=True, check=True)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["mode"] for row in rows] == ["train", "valid", "test"]
    assert rows[2] == {"video_id": "-x", "clip_id": "3", "text": 'She said, "test', "label": "-0.5", "mode": "test"}
