"""Figures of a model: CMU-MOSI's as MMSA computes them, those of classes, calibration, and intervals by bootstrap.

Truth and predictions are numpy arrays, row by row. A figure that does not exist (no rows, a constant) is None.
"""

import numpy as np


def _whole(values, limit):
    """Clipped to -limit..limit, then rounded halves to even, as numpy's rint does."""
    return np.rint(np.clip(values, -limit, limit))


def _of_classes(truth, found, classes):
    """(support, recall, F1) of each class, [K] each: by counts, many times faster than scikit-learn, which bootstrap needs."""
    counts = np.bincount(truth * classes + found, minlength=classes * classes).reshape(classes, classes)
    right, support, guessed = counts.diagonal(), counts.sum(1), counts.sum(0)
    return support, right / np.maximum(support, 1), 2 * right / np.maximum(support + guessed, 1)


def _acc2(truth, prediction):
    """(accuracy, F1 weighted by the truth's support) of two boolean arrays."""
    support, _, f1 = _of_classes(truth.astype(int), prediction.astype(int), 2)
    return float(np.mean(truth == prediction)), float(support @ f1 / support.sum())


def intensity_figures(truth, score):
    """What MMSA's evaluation code reports of sentiment on -3..3, unrounded: mae, corr, acc7, acc5, and of both conventions
    of two classes accuracy and F1. has0: negative against the rest; non0: rows of truth 0 left out, 0 predicted is negative.
    """
    truth, score = np.asarray(truth, np.float32), np.asarray(score, np.float32)
    has0, has0_f1 = _acc2(truth >= 0, score >= 0)
    kept = truth != 0
    non0, non0_f1 = _acc2(truth[kept] > 0, score[kept] > 0) if kept.any() else (None, None)
    constant = len(truth) < 2 or np.ptp(truth) == 0 or np.ptp(score) == 0
    return {
        "has0_acc2": has0, "has0_f1": has0_f1, "non0_acc2": non0, "non0_f1": non0_f1,
        "acc5": float(np.mean(_whole(score, 2) == _whole(truth, 2))), "acc7": float(np.mean(_whole(score, 3) == _whole(truth, 3))),
        "mae": float(np.mean(np.abs(score - truth))),
        "corr": None if constant else float(np.corrcoef(score.astype(np.float64), truth.astype(np.float64))[0, 1]),
    }  # fmt: skip


def class_figures(truth, probabilities):
    """Of classes 0..K-1: accuracy, macro F1 and recall over the classes that occur in `truth`, and ECE. `probabilities` [N,K]."""
    found = probabilities.argmax(1)
    support, recall, f1 = _of_classes(truth, found, probabilities.shape[1])
    return {
        "accuracy": float(np.mean(found == truth)),
        "macro_f1": float(f1[support > 0].mean()), "macro_recall": float(recall[support > 0].mean()),
        "ece": expected_calibration_error(truth, probabilities),
    }  # fmt: skip


def under_equal_priors(probabilities, prior):
    """[N,K] as they were if no class came more often than another; `prior` [K] is the share of each that they assume."""
    weighed = probabilities / np.asarray(prior)
    return weighed / weighed.sum(1, keepdims=True)


def reliability(truth, probabilities, weight=None, bins=15):
    """(confidence, accuracy, share of rows), [B] each, of those of `bins` equal bins of the highest probability that have rows.
    `weight` [N] says how much each row counts; else all alike."""
    confidence, right = probabilities.max(1), probabilities.argmax(1) == truth
    weight = np.ones(len(truth)) if weight is None else np.asarray(weight, np.float64)
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    filled = np.bincount(which, minlength=bins) > 0
    counts, *sums = (np.bincount(which, weight * each, bins)[filled] for each in (np.ones(len(truth)), confidence, right))
    return *(part / counts for part in sums), counts / weight.sum()


def expected_calibration_error(truth, probabilities, weight=None, bins=15):
    """Mean over the rows, by their `weight`, of |accuracy - confidence| of their bin (Guo et al. 2017)."""
    confidence, accuracy, share = reliability(truth, probabilities, weight, bins)
    return float(np.sum(share * np.abs(accuracy - confidence)))


def entropy(probabilities):
    """Of each row, nats. [N,K] to [N]."""
    return -(probabilities * np.log(np.clip(probabilities, 1e-12, 1))).sum(1)


def with_intervals(figures, *rows, draws=500, seed=0):
    """Figure name to (value, low, high): 95 % by the percentiles of `draws` bootstrap samples of the rows.

    `figures(*rows)` gives names and values; `rows` are arrays of one length.
    """
    drawn, draw = [], np.random.default_rng(seed)
    for _ in range(draws):
        sample = draw.integers(len(rows[0]), size=len(rows[0]))
        drawn.append(figures(*(array[sample] for array in rows)))
    intervals = {}
    for name, value in figures(*rows).items():
        values = [one[name] for one in drawn if one[name] is not None]
        low, high = np.percentile(values, [2.5, 97.5]) if value is not None else (None, None)
        intervals[name] = (value, low, high)
    return intervals


def paired_differences(figures, truth, first, second, draws=2000, seed=0):
    """As with_intervals: of each figure of `figures(truth, predicted)` by how much that of `second` is greater than that of `first`, both
    of the same rows in every draw. An interval without 0 is a difference that other rows of the kind would show, too."""

    def differences(truth, first, second):
        one, other = figures(truth, first), figures(truth, second)
        return {name: None if None in (value, other[name]) else other[name] - value for name, value in one.items()}

    return with_intervals(differences, truth, first, second, draws=draws, seed=seed)
