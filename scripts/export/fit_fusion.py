"""Fits the concat fusion of the first default bundle. Run by scripts/make-default-bundle.

Words alone: the prototype's heads. Pictures alone: its emotions, and a logistic layer from them to sentiment, on FER+.
Both: there are no videos with both to learn from, so pairs are drawn - words of MOSEI with a face of FER+ that shows
the same sentiment in AGREEMENT of the cases and a random one in the others - and the layer learns how much a face that
goes with words only that often is worth. Only valid splits are used.
"""

import argparse
import csv
import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import cv2  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
from safetensors.torch import save_file  # noqa: E402
from torch.nn import functional as F  # noqa: E402

from ..train.fusion import minimize  # noqa: E402
from .checkpoints import read_bert, read_resnet, read_weights  # noqa: E402
from .module import fold_batch_norms  # noqa: E402

AGREEMENT = 0.3
FACE_TEMPERATURE = 0.78
STRONGEST_FACE = 1.5  # intensity of a face that is surely happy
FACES, SIZE = 1500, 96
# Rows of the prototype's heads in the order of model.json; FER+'s contempt is left out.
TEXT_EMOTIONS = [6, 3, 4, 0, 2, 1, 5]
FACE_EMOTIONS = [0, 1, 3, 4, 6, 5, 2]
# FER+'s eight emotions as negative, neutral, positive.
FACE_SENTIMENT = torch.tensor([1, 2, 1, 0, 0, 0, 0, 0])


def text_vectors(folder, texts):
    from transformers import BertTokenizerFast

    tokenizer = BertTokenizerFast(vocab=str(folder / "vocab.txt"), do_lower_case=True)
    bert, vectors = read_bert(folder).eval(), torch.zeros(len(texts), 384)
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    for start in range(0, len(order), 32):
        rows = order[start : start + 32]
        batch = tokenizer([texts[i] for i in rows], truncation=True, max_length=96, padding=True, return_tensors="pt")
        mask = batch["attention_mask"].unsqueeze(2).float()
        vectors[rows] = (bert(batch["input_ids"], batch["attention_mask"]).last_hidden_state * mask).sum(1) / mask.sum(1)
    return vectors


def face_vectors(path, images):
    """`images`: grey, uint8 [N,48,48]."""
    resnet = read_resnet(path).eval()
    fold_batch_norms(resnet)
    mean, deviation = (torch.tensor(x).view(1, 3, 1, 1) for x in ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
    vectors = []
    for start in range(0, len(images), 16):
        large = np.stack([cv2.resize(image, (SIZE, SIZE), interpolation=cv2.INTER_LINEAR) for image in images[start : start + 16]])
        pictures = torch.from_numpy(large)[:, None].expand(-1, 3, -1, -1).float() / 255
        vectors.append(resnet(((pictures - mean) / deviation).contiguous(memory_format=torch.channels_last)))
    return torch.cat(vectors)


def fer_valid(path):
    """(images, share of the votes for each of eight emotions), some of the valid split, without twins of train."""
    table = np.load(path)
    votes = table["votes"][:, :8].astype(np.float32)
    keep = (table["split"] == "valid") & (table["dup_in_train"] == 0) & (votes.sum(1) >= 5)
    rows = np.flatnonzero(keep)
    rows = np.random.default_rng(0).permutation(rows)[:FACES]
    return table["images"][rows], torch.from_numpy(votes[rows] / votes[rows].sum(1, keepdims=True))


def mosei_valid(path):
    with open(path, encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row["text"] for row in rows], torch.tensor([float(row["label"]) for row in rows])


def fit_faces(logits, votes):
    """Sentiment [3,8] and bias [3], intensity [8] and bias, from FER+ logits."""
    target = torch.zeros(len(votes), 3).index_add(1, FACE_SENTIMENT, votes)
    weight, bias = torch.zeros(3, 8, requires_grad=True), torch.zeros(3, requires_grad=True)
    minimize(lambda: F.cross_entropy(F.linear(logits, weight, bias), target) + 1e-3 * weight.square().sum(), [weight, bias])
    strength = STRONGEST_FACE * (target[:, 2] - target[:, 0])
    columns = torch.cat([logits, torch.ones(len(logits), 1)], 1)
    line = torch.linalg.lstsq(columns, strength[:, None]).solution[:, 0]
    return weight.detach(), bias.detach(), line[:8], line[8:]


def fit_both(text_rows, face_rows, labels, votes):
    """(worth of a face's sentiment, of its intensity) beside words."""
    kind = torch.zeros(len(votes), 3).index_add(1, FACE_SENTIMENT, votes).argmax(1)
    truth = torch.where(labels.abs() <= 0.5, 1, torch.where(labels > 0, 2, 0))
    draw = np.random.default_rng(1)
    of_kind = [np.flatnonzero(kind.numpy() == k) for k in range(3)]
    words = np.repeat(np.arange(len(labels)), 4)
    faces = np.array([draw.choice(of_kind[truth[i]]) if draw.random() < AGREEMENT else draw.integers(len(votes)) for i in words])
    text, face = text_rows[words], face_rows[faces] - face_rows.mean(0)
    worth, bias = torch.zeros(1, requires_grad=True), torch.zeros(3, requires_grad=True)
    minimize(lambda: F.cross_entropy(text[:, :3] + worth * face[:, :3] + bias, truth[words]), [worth, bias])
    residual, column = labels[words] - text[:, 3], face[:, 3]
    return float(worth), float((residual * column).sum() / column.square().sum())


@torch.no_grad()
def fit(prototype, data):
    text_head = read_weights(prototype / "text" / "model.safetensors")
    face_head = read_weights(prototype / "face" / "resnet50.safetensors")
    parts = [("sentiment", [0, 1, 2]), ("intensity", [0]), ("emotion", TEXT_EMOTIONS)]
    text_weight = torch.cat([text_head[f"{name}.weight"][rows] for name, rows in parts])
    text_bias = torch.cat([text_head[f"{name}.bias"][rows] for name, rows in parts])

    images, votes = fer_valid(data / "faces" / "ferplus.npz")
    vectors = face_vectors(prototype / "face" / "resnet50.safetensors", images)
    fc, fc_bias = face_head["fc.weight"], face_head["fc.bias"]
    sentiment, sentiment_bias, line, line_bias = fit_faces(F.linear(vectors, fc, fc_bias), votes)
    face_weight = torch.cat([sentiment @ fc, (line @ fc)[None], fc[FACE_EMOTIONS] / FACE_TEMPERATURE])
    face_bias = torch.cat([sentiment @ fc_bias + sentiment_bias, line @ fc_bias + line_bias, fc_bias[FACE_EMOTIONS] / FACE_TEMPERATURE])

    texts, labels = mosei_valid(data / "text" / "mosei" / "segments_valid.tsv")
    text_rows = F.linear(text_vectors(prototype / "text", texts), text_weight, text_bias)
    face_rows = F.linear(vectors, face_weight, face_bias)
    worth, worth_intensity = fit_both(text_rows, face_rows, labels, votes)
    gain = torch.full([11], worth)
    gain[3] = worth_intensity
    # What faces show on the average says nothing about this one: only how it differs counts beside words.
    both_bias = text_bias + gain * (face_bias - face_rows.mean(0))
    report = F.cross_entropy(face_rows[:, :3], torch.zeros(len(votes), 3).index_add(1, FACE_SENTIMENT, votes))
    print(f"fit: faces alone, cross entropy of sentiment {report:.3f}; worth beside words {worth:.3f}, of intensity {worth_intensity:.3f}", file=sys.stderr)
    return {
        "text.weight": text_weight, "text.bias": text_bias, "faces.weight": face_weight, "faces.bias": face_bias,
        "both.weight": torch.cat([text_weight, gain[:, None] * face_weight], 1).contiguous(), "both.bias": both_bias,
    }  # fmt: skip


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--prototype", type=Path, required=True)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--output", type=Path, required=True)
    options = options.parse_args()
    save_file(fit(options.prototype, options.data), options.output)


if __name__ == "__main__":
    main()
