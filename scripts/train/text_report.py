"""Figures of a text encoder on the valid splits, for ranking recipes and seeds."""

import numpy as np
import torch

from . import texts
from .metrics import class_figures, intensity_figures, under_equal_priors

BATCH = 32


def pad(lists):
    """ids and mask [B,T], int64, of lists of ids; padding is masked, so that any id does."""
    ids = torch.zeros(len(lists), max(map(len, lists)), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for i, one in enumerate(lists):
        ids[i, : len(one)], mask[i, : len(one)] = torch.tensor(one), 1
    return ids, mask


@torch.inference_mode()
def predict(network, tokens, written):
    """Of N texts: intensity [N], probabilities of CLASSES [N,3] and of EMOTIONS [N,7], numpy."""
    ids = tokens(written)
    order, parts = sorted(range(len(ids)), key=lambda i: len(ids[i])), []
    for start in range(0, len(order), BATCH):
        score, sentiment, emotion = network.heads(network(*pad([ids[i] for i in order[start : start + BATCH]])))
        parts.append((score, sentiment.softmax(1), emotion.softmax(1)))
    back = np.argsort(order)
    return [torch.cat(part).float().numpy()[back] for part in zip(*parts)]


def rounded(figures):
    return {name: value if value is None else round(value, 4) for name, value in figures.items()}


def valid_figures(predicted, data):
    """Set to its figures; `predicted(texts)` gives what predict() does. Classes are those of the rule |y| <= .5; emotions of the
    rows that have one alone. Of CSMV's classes also what is left where each counted the same."""
    report = {}
    for source in ("mosi", "mosei", "sst"):
        rows = texts.read(data, source, "valid")
        score, sentiment, _ = predicted(rows.texts)
        report[source] = {**rounded(intensity_figures(rows.intensity, score)), "classes": rounded(class_figures(rows.classes.argmax(1), sentiment))}
    rows = texts.read(data, "goemotions", "valid")
    _, sentiment, emotion = predicted(rows.texts)
    one = rows.emotions.max(1) == 1
    report["goemotions"] = {
        "emotions": rounded(class_figures(rows.emotions[one].argmax(1), emotion[one])),
        "classes": rounded(class_figures(rows.classes[one].argmax(1), sentiment[one])),
    }
    rows = texts.read(data, "csmv", "valid")
    _, sentiment, emotion = predicted(rows.texts)
    truth, one = rows.classes.argmax(1), np.nanmax(np.nan_to_num(rows.emotions), 1) == 1
    report["csmv"] = {
        "classes": rounded(class_figures(truth, sentiment)),
        "classes under equal priors": rounded(class_figures(truth, under_equal_priors(sentiment, texts.read(data, "csmv", "train").classes.mean(0)))),
        "emotions but neutral": rounded(class_figures(np.nan_to_num(rows.emotions[one]).argmax(1), emotion[one] * (np.arange(emotion.shape[1]) > 0))),
    }
    # Measured alone: no choice looks at it.
    rows = texts.read(data, "tweeteval", "valid")
    _, sentiment, _ = predicted(rows.texts)
    figures = class_figures(rows.classes.argmax(1), sentiment)
    report["tweeteval"] = {"classes": rounded(figures), "called neutral": round(float(np.mean(sentiment.argmax(1) == 1)), 4)}
    return report


def valid_loss(report):
    """What is chosen by: how far intensity is off, how often it is on the wrong side, and what emotions and comments lack."""
    found = [report["mosei"]["non0_acc2"], report["sst"]["non0_acc2"], report["goemotions"]["emotions"]["macro_f1"], report["csmv"]["classes"]["macro_recall"]]
    return report["mosi"]["mae"] + report["mosei"]["mae"] + sum(1 - figure for figure in found)


def spread(reports):
    """Mean and sample deviation of each figure over the reports of several seeds, in the same nesting."""
    if isinstance(reports[0], dict):
        return {name: spread([report[name] for report in reports]) for name in reports[0]}
    if None in reports:
        return None
    return {"mean": round(float(np.mean(reports)), 4), "deviation": round(float(np.std(reports, ddof=1)), 4)}
