"""The text encoder of a bundle, taught on the words of a table's rows: what finetune's --encoder adds.

The fusion is taught first, and its layer of words alone then is the encoder's heads, which stay as they are: heads that fit the
labels from the beginning change an encoder less, and it reads better what is not like the table (Kumar et al. 2022). The emotions,
of which the table says nothing, are to stay what the bundle said of these words. The rows that say which epoch is the best one are
learnt from by neither.
"""

import copy

import numpy as np
import torch

from ..export.bundle import module_bytes
from ..export.bundle_bert import read_bert
from ..export.module import text_part
from ..export.problem import Problem
from . import texts
from .own_fusion import FOLDS, Labels, folds, losses_of, teach
from .own_vectors import say
from .text_encoder import TextEncoder, by_length, heads_of, learn_from, optimizer_of, rate_at
from .text_report import pad, predict

EPOCHS, RATE, BATCH_ROWS = 8, 5e-5, 16
FEWEST = 20  # rows with words to learn from: with fewer, those that are kept apart say nothing


class Words:
    """The words of `rows`. In an epoch each row gives one window of them, drawn by its share: an hour counts no more than a sentence."""

    def __init__(self, seen, rows, special, network):
        """`seen`: the Seen of `rows`. `special`: ids of [CLS] and [SEP]. `network` says what the bundle says of the words."""
        windows = [(one.row, ids, one.weight * len(ids) / sum(map(len, one.windows))) for one in seen for ids in one.windows]
        self.ids = [[special[0], *ids, special[1]] for _, ids, _ in windows]
        self.of, self.weight = np.array([row for row, _, _ in windows]), np.array([weight for *_, weight in windows])
        score, _, emotions = predict(network, lambda ids: ids, self.ids)
        lowest, highest, sentiment = (np.array([getattr(rows[i], name) for i in self.of]) for name in ("lowest", "highest", "sentiment"))
        intensity = np.clip(score, lowest, highest).astype(np.float32)  # where the label is a class: the nearest that agrees with it
        unknown = texts.rows_of([""] * len(windows))
        targets = {
            "intensity": intensity,
            "classes": np.where((lowest == highest)[:, None], texts.class_shares(intensity), texts.one_of_three(sentiment)),
            "emotions": unknown.emotions,
            "source": np.full(len(windows), list(texts.SOURCES).index("mosi")),  # whose scale the table's is
            "soft intensity": unknown.intensity,
            "soft classes": unknown.classes,
            "soft emotions": emotions,
        }
        self.targets = {name: torch.from_numpy(values) for name, values in targets.items()}

    def epoch(self, draw):
        """Batches of windows. `draw`: a numpy generator."""
        drawn = []
        for row in np.unique(self.of):
            windows = np.flatnonzero(self.of == row)
            drawn.append(draw.choice(windows, p=self.weight[windows] / self.weight[windows].sum()))
        drawn = np.array(drawn)
        return [drawn[batch] for batch in by_length(np.array([len(self.ids[i]) for i in drawn]), draw, BATCH_ROWS)]

    def batch(self, windows):
        """(ids, mask, targets) of a batch."""
        return *pad([self.ids[i] for i in windows]), {name: values[torch.from_numpy(windows)] for name, values in self.targets.items()}


def network_of(bert, weight, bias):
    """A TextEncoder around a copy of `bert`, whose heads are a fusion's layer of words alone and stay so."""
    network = TextEncoder(copy.deepcopy(bert)).eval()
    network.load_state_dict(heads_of(weight, bias), strict=False)
    for name, parameter in network.named_parameters():
        parameter.requires_grad_(name.startswith("bert."))
    return network


def train(network, words, check, seed, device):
    """The weights of the BERT of `network` after its best epoch on `words`; None, which is said, where none is better than the start.
    `check(encode)` gives the loss by which that is told, of a function of ids and mask to vectors."""

    @torch.no_grad()
    def encode(ids, mask):
        return network(ids.to(device), mask.to(device)).cpu()

    plans = [words.epoch(np.random.default_rng([seed, epoch])) for epoch in range(EPOCHS)]
    steps, step, optimizer = sum(map(len, plans)), 0, optimizer_of(network, RATE, device)
    network.eval()
    start = least = check(encode)
    best, weights = 0, None
    for epoch, plan in enumerate(plans, 1):
        network.train()
        for batch in plan:
            learn_from(words.batch(batch), network, optimizer, rate_at(step, steps), seed * 1_000_003 + step, device)
            step += 1
        network.eval()
        loss = check(encode)
        say(f"encoder: loss {start:.3f} with the fusion taught alone, {loss:.3f} after epoch {epoch} of {EPOCHS}")
        if loss < least:
            best, least, weights = epoch, loss, {name: value.cpu().clone() for name, value in network.bert.state_dict().items()}
    say(f"encoder: taken as after epoch {best}" if best else "encoder: no epoch is better than the fusion taught alone: it stays as it was")
    return weights


def teach_both(bundle, table, rows, seen, segments, kept, seed, device):
    """(state dict of the fusion, text part that is ready to be called, its file) taught on the rows `kept`, indices of `rows`; None,
    which is said, where the encoder is better left alone. `table`: its path."""
    words = [one for one in seen if one.windows and one.weight > 0]
    said = kept[torch.isin(kept, torch.tensor([one.row for one in words]))]
    if len(said) < FEWEST:
        raise Problem(f"{table}: has words in {len(said)} of the rows to learn from; --encoder expects {FEWEST} or more")
    bert = read_bert(bundle.text, bundle.folder / bundle.contract["text"]["module"]["path"])
    apart = said[next(folds([rows[i] for i in said], FOLDS, seed))[1]]
    learnt = kept[~torch.isin(kept, apart)]
    say(f"encoder: {len(apart)} of the rows to learn from are kept apart to choose its epoch by")
    state = teach(bundle.fusion, segments.of_rows(learnt), [rows[i] for i in learnt], seed)

    text, labels = bundle.contract["text"], Labels([rows[i] for i in apart])
    network = network_of(bert, state["text.weight"], state["text.bias"])
    words = Words([one for one in words if one.row in learnt], rows, (text["cls"], text["sep"]), network)
    checked = [one for one in seen if one.row in apart]

    def check(encode):
        return float(losses_of(bundle.fusion, state, bundle.segments(checked, encode).of_rows(apart), labels).mean())

    weights = train(network, words, check, seed, device)
    if weights is None:
        return None
    bert.load_state_dict(weights)
    part = text_part(bert)
    stored = module_bytes(part)
    part.prepare()
    return state, part, stored
