"""Stage calibrate: probabilities that say how often they are right, in each case of what is known: text, pictures, both.

Logits become logits * scale + offset, the same scale for all classes and no offset (temperature) or one of each per class
(vector scaling; both Guo et al. 2017), whichever gives the better likelihood in cross-validation. Fitted on the half of the
valid rows that stage fusion leaves alone; folded into the fusion's weights.
"""

import json

import matplotlib
import numpy as np
import torch
from torch.nn import functional as F

from ..export.checkpoints import read_fusion
from .fusion import FUSIONS, chosen, fuse, minimize, save_weights
from .metrics import expected_calibration_error, reliability
from .pairs import draw_pairs, read_material
from .run import Stage
from .vectors import encoders_of

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

FOLDS, PAIRS_EACH = 5, 3
# Parts of a fusion's rows.
PARTS = {"sentiment": slice(0, 3), "emotions": slice(4, 11)}


def likelihood(logits, target, weight):
    """Weighted mean of the cross entropy; target [N,K] shares."""
    return (weight * F.cross_entropy(logits, target, reduction="none")).sum() / weight.sum()


def fit(kind, logits, target, weight):
    """(scale [K], offset [K]) of the most likely temperature or vector scaling."""
    size = logits.shape[1] if kind == "vector" else 1
    scale, offset = torch.ones(size, requires_grad=True), torch.zeros(size, requires_grad=True)
    # With a temperature the offset, the same for all classes, changes nothing and stays 0.
    minimize(lambda: likelihood(logits * scale + offset, target, weight), [scale, offset])
    return scale.detach().expand(logits.shape[1]).clone(), offset.detach().expand(logits.shape[1]).clone()


def choose(logits, target, weight):
    """(kind, held-out logits): the better kind, and what it makes of each fold when fitted on the others."""
    held_out = {}
    fold = torch.randperm(len(logits), generator=torch.Generator().manual_seed(0)) % FOLDS
    for kind in ("temperature", "vector"):
        held_out[kind] = torch.empty_like(logits)
        for one in range(FOLDS):
            scale, offset = fit(kind, logits[fold != one], target[fold != one], weight[fold != one])
            held_out[kind][fold == one] = logits[fold == one] * scale + offset
    kind = min(held_out, key=lambda kind: float(likelihood(held_out[kind], target, weight)))
    return kind, held_out[kind]


def cases(fusion, material, seed):
    """Case to its rows [N,11], truth of sentiment [N,3] and of emotions [N,7] (zeros: none), and weight [N].

    Texts weigh by Material.text_weight. Pictures alone are single faces and what most raters saw in them: how a face looks, not what is
    said beside it; they weigh so that emotions are as frequent as PRIOR says.
    """
    pairs = draw_pairs(material, seed, PAIRS_EACH)
    every = torch.arange(len(material.text))
    weight = material.text_weight

    def labels(at):
        """One-hot rows, all zero where the label is -1."""
        return [F.one_hot(label[at] + 1, count + 1)[:, 1:].float() for label, count in ((material.sentiment, 3), (material.emotion, 7))]

    def rows(text, faces, face_weight):
        has_text = torch.full([max(len(text), len(faces))], len(text) > 0)
        outputs = fusion(text if len(text) else torch.zeros(len(faces), material.text.shape[1]), has_text, faces, face_weight)
        return torch.cat([outputs[0], outputs[1][:, None], outputs[2]], 1)

    nothing = torch.zeros(len(every), 0, material.face.shape[1])
    yield "text", rows(material.text, nothing, torch.zeros(len(every), 0)), *labels(every), weight
    alone = rows(material.text[:0], material.face[:, None], torch.ones(len(material.face), 1))
    most = [F.one_hot(votes.argmax(1), votes.shape[1]).float() for votes in (material.face_sentiment, material.face_emotions)]
    yield "pictures", alone, *most, material.face_weight
    yield "both", fuse(fusion, material, pairs)[0], *labels(pairs.text), weight[pairs.text]


def calibrate(fusion, material, seed, but=()):
    """Folds the best calibration into `fusion`, of all cases `but` some. Case and part to its figures, and to the curves before and after, out of fold."""
    report, curves = {}, {}
    with torch.no_grad():
        found = [case for case in cases(fusion, material, seed) if case[0] not in but]
    for case, rows, sentiment, emotions, weight in found:
        scale, offset = torch.ones(rows.shape[1]), torch.zeros(rows.shape[1])
        for part, target in (("sentiment", sentiment), ("emotions", emotions)):
            kept = target.sum(1) > 0
            logits, target, part_weight = rows[kept, PARTS[part]], target[kept], weight[kept]
            kind, held_out = choose(logits, target, part_weight)
            scale[PARTS[part]], offset[PARTS[part]] = fit(kind, logits, target, part_weight)
            truth = target.argmax(1).numpy()
            both = [x.softmax(1).numpy() for x in (logits, held_out)]
            before, after = (expected_calibration_error(truth, x, part_weight) for x in both)
            report.setdefault(case, {})[part] = {"rows": len(truth), "by": kind, "scale": scale[PARTS[part]].tolist(), "ece before": before, "ece after": after}
            curves[case, part] = [reliability(truth, x, part_weight) for x in both]
        fusion.calibrate(case, scale, offset)
    return report, curves


def plot(curves, path):
    """Accuracy by confidence of each case and part, before and after; the size of a point is its share of the rows."""
    figure, grid = pyplot.subplots(2, 3, figsize=(9, 6), sharex=True, sharey=True, layout="constrained")
    for axes, (case, part) in zip(grid.T.flat, curves):
        axes.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
        for (confidence, accuracy, share), colour, name in zip(curves[case, part], ("tab:orange", "tab:blue"), ("before", "after")):
            axes.plot(confidence, accuracy, color=colour, linewidth=1, label=name)
            axes.scatter(confidence, accuracy, s=200 * np.asarray(share), color=colour)
        axes.set_title(f"{case}: {part}", fontsize=9)
    grid[0, 0].legend(fontsize=8)
    figure.supxlabel("highest probability"), figure.supylabel("share of rows that are right")
    figure.savefig(path, dpi=80, metadata={"Software": None})
    pyplot.close(figure)


def run(options):
    """Leaves calibrate/{concat,attention}.safetensors, calibration.json of both, and reliability.png of the chosen one."""
    stage, encoders = Stage(options.work, "calibrate"), encoders_of(options.work)
    material = read_material(encoders, options.data, "valid").half(True)
    report = {}
    for kind in FUSIONS:
        fusion = read_fusion(options.work / f"fusion/{kind}.safetensors", encoders.text_width, encoders.frame_width)
        report[kind], curves = calibrate(fusion.requires_grad_(False), material, options.seed)
        save_weights(fusion, stage.folder / f"{kind}.safetensors")
        if kind == chosen(options.work / "fusion"):
            plot(curves, stage.folder / "reliability.png")
        for case, parts in report[kind].items():
            stage.say(f"{kind}, {case}: " + ", ".join(f"{part} ECE {x['ece before']:.3f} to {x['ece after']:.3f} by {x['by']}" for part, x in parts.items()))
    (stage.folder / "calibration.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    stage.finish()
