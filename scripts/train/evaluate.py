"""Stage evaluate: every figure of the model card on one split, through the encoders and the calibrated fusion of the bundle.

Texts alone, faces alone, and pairs of both; by group; each with its N and a 95 % interval. The test split is for one look at a
final model; choices are made on valid, on which calibration was fitted too, so that ECE on valid flatters. TweetEval's validation rows are
measured with either: nothing is trained or chosen on them.
"""

import json

import numpy as np
import torch
from torch.nn import functional as F

from ..export.bundle import EMOTIONS
from ..export.checkpoints import read_fusion
from . import faces as fer
from . import said_and_shown, texts
from .contract import PRIOR
from .faces import read_faces
from .fusion import FUSIONS, chosen, fuse
from .metrics import class_figures, entropy, intensity_figures, under_equal_priors, with_intervals
from .pairs import AGREEING, SHOWING, draw_pairs, read_material
from .run import Stage
from .sets import read_texts, sentiment_of_emotions
from .vectors import encoders_of, face_head, text_head

SHORT, LONG = 8, 20  # words: fewer than, at least


class Table:
    """Figures as they are found: what was measured on which rows of which set."""

    def __init__(self, stage):
        self.stage, self.rows = stage, []

    def add(self, of, figures, *arrays):
        """`figures(*arrays)`: names and values; `arrays` have one length, which is N. Fewer than 10 rows say nothing."""
        if len(arrays[0]) < 10:
            return
        for name, (value, low, high) in with_intervals(figures, *arrays).items():
            self.rows.append({"of": of, "figure": name, "rows": len(arrays[0]), "value": value, "low": low, "high": high})
        self.stage.say(of)

    def markdown(self):
        lines = ["| of | N | figures, with 95 % intervals |", "|---|---|---|"]
        for of in dict.fromkeys(row["of"] for row in self.rows):
            rows = [row for row in self.rows if row["of"] == of and row["value"] is not None]
            figures = ", ".join(f"{row['figure']} {row['value']:.3f} ({row['low']:.3f} to {row['high']:.3f})" for row in rows)
            lines.append(f"| {of} | {rows[0]['rows']} | {figures} |")
        return "\n".join(lines) + "\n"


def text_alone(fusion, vectors):
    """Rows [N,11] through the fusion."""
    nothing = torch.zeros(len(vectors), 0, fusion.faces.in_features)
    sentiment, intensity, emotions, _ = fusion(vectors, torch.ones(len(vectors), dtype=torch.bool), nothing, nothing[:, :, 0])
    return torch.cat([sentiment, intensity[:, None], emotions], 1)


def faces_alone(fusion, vectors):
    count = len(vectors)
    sentiment, intensity, emotions, _ = fusion(
        torch.zeros(count, fusion.text.in_features), torch.zeros(count, dtype=torch.bool), vectors[:, None], torch.ones(count, 1)
    )
    return torch.cat([sentiment, intensity[:, None], emotions], 1)


def two_classes(truth, probabilities):
    """SST-2's accuracy, by the negative and the positive probability alone."""
    return {"accuracy of 2 classes": float(np.mean((probabilities[:, 2] > probabilities[:, 0]) == (truth == 2)))}


def add_texts(table, of, rows, one, keep=None):
    """All that the labels of the set `one` allow, over the rows that `keep` names."""
    keep = torch.ones(len(one.texts), dtype=torch.bool) if keep is None else keep
    sentiment, emotions = rows[:, :3].softmax(1).numpy(), rows[:, 4:].softmax(1).numpy()
    classed, scored, named = (keep & known for known in (one.sentiment >= 0, ~one.intensity.isnan(), one.emotion >= 0))
    if one.name.startswith("MO"):  # MOSI and MOSEI: of SST the intensity is ours
        table.add(f"{of}, intensity", intensity_figures, one.intensity[scored].numpy(), rows[scored, 3].numpy())
    table.add(f"{of}, 3 classes", class_figures, one.sentiment[classed].numpy(), sentiment[classed])
    if one.name.startswith("SST"):
        two = keep & (one.sentiment != 1)
        table.add(of.replace("SST", "SST-2", 1), two_classes, one.sentiment[two].numpy(), sentiment[two])
    table.add(f"{of}, emotions", class_figures, one.emotion[named].numpy(), emotions[named])


def measure_texts(table, encoders, fusion, data, split):
    for source, its_split in (("mosi", split), ("mosei", split), ("sst", split), ("goemotions", split), ("tweeteval", "valid"), ("csmv", "valid")):
        one = read_texts(data, source, its_split)
        rows = text_alone(fusion, encoders.texts(one.name, one.texts))
        add_texts(table, one.name, rows, one)
        if source == "csmv":
            usual, known = texts.read(data, source, "train").classes.mean(0), one.sentiment >= 0
            equal = under_equal_priors(rows[known, :3].softmax(1).numpy(), usual)
            table.add(f"{one.name}, 3 classes under equal priors", class_figures, one.sentiment[known].numpy(), equal)
        words = torch.tensor([len(text.split()) for text in one.texts])
        add_texts(table, f"{one.name}, under {SHORT} words", rows, one, words < SHORT)
        add_texts(table, f"{one.name}, {LONG} words or more", rows, one, words >= LONG)
        if source == "mosi":  # the set is in upper case
            add_texts(table, f"{one.name}, lower case", text_alone(fusion, encoders.texts(f"{one.name}, lower case", [text.lower() for text in one.texts])), one)


def measure_faces(table, encoders, fusion, data, split):
    """Faces alone, by three readings of what the network gives: as shipped, which assumes PRIOR; as if all emotions were as likely,
    which shows what it can tell apart; and with the shares of FER+, as its figures are usually given. Microsoft's rule counts
    contempt, which a bundle cannot say, as an error; the other figures are of the seven emotions."""
    faces, usual = read_faces(data, split), read_faces(data, "train").votes.mean(0)
    seven, assumed = faces.top < fer.CONTEMPT, np.array(PRIOR)
    readings = {"as shipped": assumed, "under equal priors": np.full(len(EMOTIONS), 1 / len(EMOTIONS)), "under FER+'s": usual}
    class_of = sentiment_of_emotions(torch.eye(7)).argmax(1).numpy()

    def reading(rows, shares):
        """Probabilities [N,7] if emotions came with these shares."""
        return (rows[:, 4:] + torch.from_numpy(np.log(shares / assumed))).softmax(1).numpy()

    def right(of, images):
        """By Microsoft's rule, of rows on which most raters agree."""
        return (reading(faces_alone(fusion, encoders.faces(of, images)), usual).argmax(1) == faces.top)[faces.majority]

    def add_rule(of, *rights):
        table.add(f"{of}, Microsoft's rule", lambda found: {"accuracy": float(found.mean())}, np.stack(rights, 1))

    of = f"FER+ {split}"
    rows = faces_alone(fusion, encoders.faces(of, faces.images))
    add_rule(of, right(of, faces.images))
    table.add(f"{of}, 3 classes", class_figures, class_of[faces.top[seven]], rows[seven, :3].softmax(1).numpy())
    for name, shares in readings.items():
        found = reading(rows, shares)
        table.add(f"{of}, emotions {name}", class_figures, faces.top[seven], found[seven])
        classes = np.stack([found[:, class_of == one].sum(1) for one in range(3)], 1)
        table.add(f"{of}, 3 classes by emotions {name}", class_figures, class_of[faces.top[seven]], classes[seven])
        for i, emotion in enumerate(EMOTIONS):
            hit = (found.argmax(1) == i)[faces.top == i]
            table.add(f"{of}, {emotion} {name}", lambda hit: {"recall": float(hit.mean())}, hit)
    for name, variants in fer.DISTORTIONS.items():
        if name != "clean":
            add_rule(f"{of}, {name}", *(right(f"{of}, {name} {i + 1}", np.stack([change(image) for image in faces.images])) for i, change in enumerate(variants)))


def pair_figures(truth, probabilities):
    return {**class_figures(truth, probabilities), "highest probability": float(probabilities.max(1).mean()), "entropy": float(entropy(probabilities).mean())}


def measure_pairs(table, fusions, material, split, seed):
    """Each of the texts with faces: what words alone, pictures alone and both make of all pairs, of those whose faces show the
    text's class, and of those in which one is negative and the other positive."""
    pairs = draw_pairs(material, seed)
    truth, shown = material.sentiment[pairs.text], pairs.shown
    groups = {"all": truth >= 0, "agreeing": truth == shown, "in conflict": (truth - shown).abs() == 2}
    for kind, fusion in fusions.items():
        for what, use in (("text alone", (True, False)), ("pictures alone", (False, True)), ("both", (True, True))):
            rows, _ = fuse(fusion, material, pairs, *use)
            for group, keep in groups.items():
                table.add(f"pairs of {split}, {group}, {kind}, {what}", pair_figures, truth[keep].numpy(), rows[keep, :3].softmax(1).numpy())
            signed = ~material.intensity[pairs.text].isnan()
            table.add(f"pairs of {split}, all, {kind}, {what}, intensity", intensity_figures, material.intensity[pairs.text][signed].numpy(), rows[signed, 3].numpy())


def own_heads(table, encoders, material, fusion, split):
    """The heads that the encoders came with beside the network's words alone and pictures alone, on the same rows."""
    classed = material.sentiment >= 0
    heads = F.linear(material.text, *text_head(encoders.files["text"]))
    for name, rows in (("own head", heads), ("fused", text_alone(fusion, material.text))):
        table.add(f"texts of {split}, {name}", class_figures, material.sentiment[classed].numpy(), rows[classed, :3].softmax(1).numpy())
    heads = F.linear(material.face, *face_head(encoders.files["faces"]))
    for name, emotions in (("own head", heads), ("fused", faces_alone(fusion, material.face)[:, 4:])):
        table.add(f"faces of {split}, {name}", class_figures, material.face_emotions.argmax(1).numpy(), emotions.softmax(1).numpy())


@torch.no_grad()
def run(options):
    """Leaves evaluate/SPLIT.json, SPLIT.md and said-and-shown-SPLIT.md."""
    stage, split = Stage(options.work, "evaluate"), options.split
    encoders = encoders_of(options.work)
    fusions = {kind: read_fusion(options.work / f"calibrate/{kind}.safetensors", encoders.text_width, encoders.frame_width) for kind in FUSIONS}
    best, table = fusions[chosen(options.work / "fusion")], Table(stage)
    material = read_material(encoders, options.data, split)
    # Half of the valid rows trained the fusion.
    measure_pairs(table, fusions, material.half(True) if split == "valid" else material, split, options.seed + 1)
    own_heads(table, encoders, material.half(True) if split == "valid" else material, best, split)
    measure_texts(table, encoders, best, options.data, split)
    measure_faces(table, encoders, best, options.data, split)
    shown = read_faces(options.data, split)
    vectors = encoders.texts("said and shown", [text for text, _ in said_and_shown.PAIRS]), encoders.faces(f"FER+ {split}", shown.images)
    (stage.folder / f"said-and-shown-{split}.md").write_text(said_and_shown.markdown(best, *vectors, shown), encoding="utf-8")
    about = {"split": split, "fusion": chosen(options.work / "fusion"), "agreeing": AGREEING, "showing": SHOWING}
    (stage.folder / f"{split}.json").write_text(json.dumps({**about, "figures": table.rows}, indent=1) + "\n", encoding="utf-8")
    (stage.folder / f"{split}.md").write_text(table.markdown(), encoding="utf-8")
    stage.finish()
