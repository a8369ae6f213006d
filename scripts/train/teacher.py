"""Stage teacher: a stronger encoder, frozen, with small heads; what it says of every training text is what a student learns from.

all-mpnet-base-v2's means over tokens of LAYERS are stored once (layer_means.py). The heads, one hidden layer on them, are trained
in a minute for each seed; the teacher is the mean of what SEEDS of them say. Its soft labels are cross-fitted: each training text
is judged by heads that were trained without it, so that they say what the teacher would say of a new text. Texts of other languages
that have a translation are judged by that.

Leaves in the work folder: teacher/valid.json (figures on the valid splits), heads-N.safetensors, and soft/SOURCE.npz (soft_labels.py).
"""

import json

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

from . import languages, mpnet, soft_labels, texts
from .emoji import EmojiWords
from .layer_means import LayerMeans
from .run import Stage
from .text_encoder import loss_of, rate_at
from .text_report import valid_figures

LAYERS = (12, 10, 8, 6, 4)  # the last one alone is the worst of the five
HIDDEN, DROPOUT = 512, (0.3, 0.4)  # of the stored means and of what the hidden layer gives; loss_of adds its own
EPOCHS, BATCH, RATE, DECAY = 8, 512, 1e-3, 0.01
# How often an epoch sees each source; CSMV comes before the larger sets of writing, for it is the nearest to what is judged.
SHARES = {"mosi": 3, "mosei": 1, "sst": 1, "csmv": 1, "goemotions": 1, "custrev": 1, "vader-tweets": 1, "vader-amazon": 1, "vader-nyt": 0.5}
VALID = ("mosi", "mosei", "sst", "csmv", "goemotions", "tweeteval")
SEEDS, FOLDS = 3, 5


class Heads(nn.Module):
    """means [B,D] to vectors [B,HIDDEN]; and the heads on them, as TextEncoder has them."""

    def __init__(self, width, hidden=HIDDEN):
        super().__init__()
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("deviation", torch.ones(width))
        self.hidden = nn.Linear(width, hidden)
        self.intensity, self.sentiment, self.emotion = nn.Linear(hidden, 1), nn.Linear(hidden, len(texts.CLASSES)), nn.Linear(hidden, len(texts.EMOTIONS))
        self.scale, self.offset = nn.Parameter(torch.ones(len(texts.SOURCES))), nn.Parameter(torch.zeros(len(texts.SOURCES)))
        self.class_offset = nn.Parameter(torch.zeros(len(texts.SOURCES), len(texts.CLASSES)))

    def forward(self, means):
        means = F.dropout((means - self.mean) / self.deviation, DROPOUT[0], self.training)
        return F.dropout(F.gelu(self.hidden(means)), DROPOUT[1], self.training)

    def heads(self, vectors):
        return self.intensity(vectors)[:, 0], self.sentiment(vectors), self.emotion(vectors)


class Material:
    """The stored means of the training rows, fp16 [N,D], with their targets and sources."""

    def __init__(self, means, sources):
        """`means`: source to array; `sources`: source to texts.Rows."""
        names, self.first, count = list(texts.SOURCES), {}, 0
        for name, rows in sources.items():
            self.first[name] = (count, len(rows))
            count += len(rows)
        self.means = torch.from_numpy(np.concatenate([means[name] for name in sources]))
        self.targets = {part: torch.from_numpy(np.concatenate([getattr(rows, part) for rows in sources.values()])) for part in ("intensity", "classes", "emotions")}
        self.targets["source"] = torch.from_numpy(np.concatenate([np.full(len(rows), names.index(name)) for name, rows in sources.items()]))

    def epoch(self, kept, draw):
        """Batches of rows, of those `kept` (bool [N]), each source as often as SHARES says."""
        rows = []
        for name, (first, count) in self.first.items():
            own = first + np.flatnonzero(kept[first : first + count])
            share = SHARES[name]
            rows += [np.tile(own, int(share)), draw.permutation(own)[: round(share % 1 * len(own))]]
        rows = draw.permutation(np.concatenate(rows))
        return [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]


def train_heads(material, kept, seed, told=lambda epoch, loss: None):
    """Heads trained on the rows `kept` (bool [N])."""
    torch.manual_seed(seed)
    network, draw = Heads(material.means.shape[1]), np.random.default_rng(seed)
    some = material.means[torch.from_numpy(draw.permutation(np.flatnonzero(kept))[:20_000])].float()
    network.mean.copy_(some.mean(0))
    network.deviation.copy_(some.std(0).clamp_min(1e-3))
    plan = [batch for _ in range(EPOCHS) for batch in material.epoch(kept, draw)]
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    total = 0.0
    for step, rows in enumerate(plan):
        for group in optimizer.param_groups:
            group["lr"] = RATE * rate_at(step, len(plan))
        rows = torch.from_numpy(rows)
        loss = loss_of(network, network(material.means[rows].float()), {part: values[rows] for part, values in material.targets.items()})
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
        if (step + 1) % (len(plan) // EPOCHS) == 0:
            told((step + 1) // (len(plan) // EPOCHS), total / (len(plan) // EPOCHS))
            total = 0.0
    return network.eval()


@torch.inference_mode()
def judge(networks, means):
    """Of N texts by their means: intensity [N], probabilities of CLASSES [N,3] and of EMOTIONS [N,7], numpy; the mean over `networks`."""
    parts = []
    for start in range(0, len(means), 4096):
        batch = torch.from_numpy(np.asarray(means[start : start + 4096])).float()
        found = [network.heads(network(batch)) for network in networks]
        parts.append([torch.stack(part).mean(0) for part in zip(*((score, sentiment.softmax(1), emotion.softmax(1)) for score, sentiment, emotion in found))])
    return [torch.cat(part).numpy() for part in zip(*parts)]


def trained(stage, name, material, kept, seed):
    """The heads of a file of the stage's folder, trained if it is not there."""
    path, network = stage.folder / f"{name}.safetensors", Heads(material.means.shape[1])
    if not path.exists():
        save_file(train_heads(material, kept, seed, lambda epoch, loss: stage.say(f"{name}: epoch {epoch} of {EPOCHS}, loss {loss:.3f}")).state_dict(), path)
    network.load_state_dict(load_file(path))
    return network.eval()


def cross_fitted(stage, material, seed):
    """What heads that were trained without a text say of it: intensity [N], probabilities of classes [N,3] and of emotions [N,7]."""
    fold = np.random.default_rng(seed).integers(FOLDS, size=len(material.means))
    whole = [np.empty((len(fold), *shape), np.float32) for shape in ((), (len(texts.CLASSES),), (len(texts.EMOTIONS),))]
    for number in range(FOLDS):
        network = trained(stage, f"fold-{number}", material, fold != number, seed + number)
        for part, found in zip(whole, judge([network], material.means[torch.from_numpy(fold == number)].numpy())):
            part[fold == number] = found
    return whole


def run(options):
    stage, words = Stage(options.work, "teacher"), EmojiWords()
    mpnet.unpack(stage.folder / "mpnet")
    encoder = LayerMeans(stage.folder / "means", "all-mpnet-base-v2", mpnet.read_network(stage.folder / "mpnet"),
                         mpnet.read_tokens(stage.folder / "mpnet"), LAYERS, options.device)  # fmt: skip

    def means_of(name, written):
        return encoder.rows([words(text) for text in written], lambda done, of: stage.say(f"means of {name}: {done} of {of}"))

    sources, means = texts.training_rows(options.data)[0], {}
    sources = {name: sources[name] for name in SHARES}
    for name in dict.fromkeys([*SHARES, *VALID]):
        if name in VALID:
            means_of(f"{name} valid", texts.read(options.data, name, "valid").texts)
        if name in sources:
            means[name] = means_of(name, sources[name].texts)
    material = Material(means, sources)

    every = np.ones(len(material.means), bool)
    networks = [trained(stage, f"heads-{seed}", material, every, seed) for seed in range(options.seed, options.seed + SEEDS)]
    report = {f"seed {number}": valid_figures(lambda written, network=network: judge([network], means_of("", written)), options.data) for number, network in enumerate(networks)}
    report["mean"] = valid_figures(lambda written: judge(networks, means_of("", written)), options.data)
    (stage.folder / "valid.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    stage.say(json.dumps(report["mean"]))
    whole = cross_fitted(stage, material, options.seed)
    for name, (first, count) in material.first.items():
        soft_labels.write(options.work, name, sources[name].texts, [part[first : first + count] for part in whole])

    # A translation is judged by all heads, one that is a training text (MOSI's) by those that did not learn it.
    place = {text: i for i, text in enumerate(text for rows in sources.values() for text in rows.texts)}
    others = texts.training_rows(options.data, languages.EVERY)[0]
    for name, english in languages.translations(options.data).items():
        written = [english[text] for text in others[name].texts]
        labels = judge(networks, means_of(f"{name} in English", written))
        learnt = [i for i, text in enumerate(written) if text in place]
        for part, fitted in zip(labels, whole):
            part[learnt] = fitted[[place[written[i]] for i in learnt]]
        soft_labels.write(options.work, name, others[name].texts, labels)
    stage.finish()
