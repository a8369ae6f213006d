"""The text stage on small made-up files in the layouts of shared/data, with a tiny BERT."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from made_texts import VOCABULARY, make_texts
from safetensors.torch import load_file, save_file

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from transformers import BertConfig, BertModel  # noqa: E402

from scripts.export.bundle import load_part, read_contract  # noqa: E402
from scripts.export.checkpoints import read_bert, read_tokenizer  # noqa: E402
from scripts.export.problem import Problem  # noqa: E402
from scripts.train import __main__ as command  # noqa: E402
from scripts.train import emoji_added, soft_labels, text_encoder, texts  # noqa: E402
from scripts.train.emoji import EmojiWords  # noqa: E402
from scripts.train.emoji_added import with_emoji  # noqa: E402
from scripts.train.run import Stage  # noqa: E402


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    make_texts(folder)
    return folder


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """A tiny checkpoint to start from."""
    folder = tmp_path_factory.mktemp("start")
    config = BertConfig(
        vocab_size=len(VOCABULARY), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, max_position_embeddings=96
    )
    torch.manual_seed(0)
    (folder / "config.json").write_text(json.dumps({**config.to_dict(), "model_type": "bert"}))
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY))
    (folder / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": True}))
    save_file(BertModel(config, add_pooling_layer=False).state_dict(), folder / "model.safetensors")
    return folder


@pytest.fixture
def quick(monkeypatch, start):
    monkeypatch.setattr(text_encoder, "START", start)
    monkeypatch.setattr(text_encoder, "FIRST_EPOCHS", 2)
    monkeypatch.setattr(text_encoder, "SECOND_EPOCHS", 1)
    monkeypatch.setattr(text_encoder, "BATCH_ROWS", 8)
    one = torch.get_num_threads()
    yield
    torch.set_num_threads(one)


def test_texts_of_valid_and_test_splits_are_left_out_of_training(data):
    kept, left_out = texts.training_rows(data)
    held = texts.held_out(data)
    assert not any(texts.normal(text) in held for rows in kept.values() for text in rows.texts)
    assert (len(kept["custrev"]), left_out["custrev"]) == (2, 1)  # one is TweetEval's but for case, escapes and punctuation
    assert len(kept["mosi"]) == 8 and left_out["mosi"] == 0
    # A comment of emoji alone is another's copy by its emoji; one of dev's words is one whatever stands between them.
    assert sorted(kept["csmv"].texts) == ["good \U0001f602", "not so good", "\U0001f62d"] and left_out["csmv"] == 2


def test_targets_of_each_kind_of_source(data):
    mosei = texts.read(data, "mosei", "train")
    assert mosei.intensity[:2].tolist() == [-1.5, 2] and mosei.classes[:2].argmax(1).tolist() == [0, 2] and np.isnan(mosei.emotions).all()
    assert texts.read(data, "sst", "valid").intensity[:5] == pytest.approx([-2.4, -1.2, 0, 1.2, 2.4])
    vader = texts.read(data, "vader-tweets", "train")
    assert vader.intensity.tolist() == [1.5, -1.5, 0] and vader.texts[0] == "good day & so" and vader.classes[2].argmax() == 1
    comments = texts.read(data, "csmv", "train")
    assert sorted(comments.classes.sum(0)) == [1, 2, 2] and len(comments) == 5  # one has no label
    trust = comments.texts.index("not so good")
    assert np.isnan(comments.emotions[trust]).all() and comments.classes[trust].argmax() == 0
    fear = comments.texts.index("\U0001f62d")
    np.testing.assert_array_equal(comments.emotions[fear], np.array([np.nan, 0, 0, 0, 1, 0, 0], np.float32))
    binary = texts.read(data, "custrev", "train")
    assert binary.texts[0] == "it doesn't work." and np.isnan(binary.intensity).all()
    np.testing.assert_array_equal(binary.classes, np.array([[1, np.nan, 0], [0, np.nan, 1], [1, np.nan, 0]], np.float32))
    go = texts.read(data, "goemotions", "train")
    np.testing.assert_allclose(go.emotions[0], [0.5, 0.5, 0, 0, 0, 0, 0])  # joy and neutral
    np.testing.assert_allclose(go.classes[1], [0.5, 0.5, 0])  # sadness and neutral


def test_class_shares_agree_with_the_rule_and_are_level_at_its_edge():
    shares = texts.class_shares([-3, -0.6, -0.4, 0, 0.5, 0.6])
    assert shares.sum(1) == pytest.approx(np.ones(6), abs=1e-6)
    assert shares[[0, 1, 2, 3, 5]].argmax(1).tolist() == [0, 0, 1, 1, 2]
    assert shares[4, 1] == pytest.approx(shares[4, 2], abs=0.01)


def test_all_28_emotions_have_a_group():
    names = [name for group in texts.GO_EMOTIONS.values() for name in group.split()]
    assert len(names) == len(set(names)) == 28 and list(texts.GO_EMOTIONS) == texts.EMOTIONS


def test_a_heard_text_has_one_case_and_no_punctuation():
    assert text_encoder.heard("Well, I don’t - it's GOOD!", upper=False) == "well i dont its good"
    assert text_encoder.heard("It's good.", upper=True) == "ITS GOOD"
    assert text_encoder.heard("?!", upper=False) == "?!"


def test_a_class_that_a_row_does_not_know_gets_no_gradient():
    logits = torch.zeros(2, 3, requires_grad=True)
    text_encoder.soft_cross_entropy(logits, torch.tensor([[1, torch.nan, 0], [torch.nan] * 3])).backward()
    assert logits.grad[0, 1] == 0 and logits.grad[0, 0] < 0 < logits.grad[0, 2]
    assert (logits.grad[1] == 0).all()


def test_what_raters_of_a_source_call_neutral_leaves_with_the_source(start, quick):
    """Two sources of the same texts: one calls every second good one neutral. It is the source's, not the texts'."""
    written = ["good good day", "bad film"] * 8
    told = texts.one_of_three([2, 0] * 8)
    lenient = told.copy()
    lenient[::4] = [0, 1, 0]
    sources = {"mosi": texts.rows_of(written, classes=told), "csmv": texts.rows_of(written, classes=lenient)}
    network = text_encoder.fresh(1)
    rows = text_encoder.TrainingSet(sources, text_encoder.read_tokens(start))
    optimizer = torch.optim.Adam([network.class_offset, *network.sentiment.parameters()], lr=0.1)
    batch = rows.batch(np.arange(len(rows.written)), np.zeros(len(rows.written), bool))
    with torch.no_grad():
        vectors = network(*batch[:2])
    torch.manual_seed(1)
    for _ in range(60):
        optimizer.zero_grad()
        text_encoder.loss_of(network, vectors, batch[2]).backward()
        optimizer.step()
    mosi, csmv = (network.class_offset[list(texts.SOURCES).index(name)].tolist() for name in ("mosi", "csmv"))
    assert mosi == [0, 0, 0]
    assert csmv[1] - csmv[2] > 0.5
    assert network.sentiment(vectors[:2]).argmax(1).tolist() == [2, 0]


def test_emoji_are_added_to_texts_of_a_plain_sign_that_have_none():
    plain, unsure, own = np.array([1, 0, 0]), np.array([0.6, 0.4, 0]), np.array([0, 0, 1])
    classes = [plain] * 400 + [unsure] * 400 + [own] * 400
    emotions = np.full((1200, 7), np.nan)
    emotions[:200] = np.eye(7)[texts.EMOTIONS.index("disgust")]
    rows = texts.rows_of(["a film"] * 800 + ["thanks <3"] * 400, classes=classes, emotions=emotions)
    found = with_emoji(rows, 1)
    assert found.texts[400:] == rows.texts[400:]
    of_disgust, of_none = ({text.removeprefix("a film").strip() for text in found.texts[part]} - {""} for part in (slice(0, 200), slice(200, 400)))
    assert of_disgust and {emoji[0] for emoji in of_disgust} <= set(emoji_added.BY_EMOTION["disgust"])
    assert of_none and {emoji[0] for emoji in of_none} <= set(emoji_added.BY_CLASS["negative"])
    assert 20 <= sum(text != "a film" for text in found.texts[:400]) <= 60
    assert with_emoji(rows, 1).texts == found.texts
    assert np.array_equal(found.classes, rows.classes)


def test_every_emoji_that_is_added_has_words():
    words = EmojiWords()
    for emoji in "".join([*emoji_added.BY_CLASS.values(), *emoji_added.BY_EMOTION.values()]):
        assert words(emoji) != emoji


def test_an_epoch_sees_the_stated_share_of_each_source(data, start, quick):
    rows = text_encoder.TrainingSet(texts.training_rows(data)[0], text_encoder.read_tokens(start))
    plan = rows.epoch({"mosi": 2, "mosei": 0.5, "sst": 1}, np.random.default_rng(0))
    seen = np.concatenate([batch for batch, _ in plan])
    first, count = rows.first["mosi"]
    assert sorted(seen[(seen >= first) & (seen < first + count)]) == sorted([*range(first, first + count)] * 2)
    first, count = rows.first["mosei"]
    assert np.sum((seen >= first) & (seen < first + count)) == 4
    assert max(len(batch) for batch, _ in plan) <= 8
    ids, mask, targets = rows.batch(*plan[0])
    assert ids.shape == mask.shape and len(targets["intensity"]) == len(ids)


class Killed(Exception):
    pass


def test_a_killed_run_goes_on_and_ends_at_the_same_weights(data, start, quick, tmp_path, monkeypatch):
    rows = text_encoder.TrainingSet(texts.training_rows(data)[0], text_encoder.read_tokens(start))
    how = (rows, {"mosei": 1, "goemotions": 1, "custrev": 1}, 2, 1e-3, 5)
    whole = text_encoder.part(tmp_path / "whole", "first", text_encoder.fresh(1), *how)

    tick = Stage.tick

    def kill(stage, step, steps, message, state):
        tick(stage, step, steps, message, state)
        if step == 3:
            stage.save(state())
            raise Killed

    monkeypatch.setattr(Stage, "tick", kill)
    with pytest.raises(Killed):
        text_encoder.part(tmp_path / "killed", "first", text_encoder.fresh(1), *how)
    monkeypatch.setattr(Stage, "tick", tick)
    resumed = text_encoder.part(tmp_path / "killed", "first", text_encoder.fresh(1), *how)
    for name, weight in whole.items():
        torch.testing.assert_close(resumed[name], weight, rtol=0, atol=0, msg=name)


def test_the_stage_leaves_a_checkpoint_that_the_export_reads(data, quick, tmp_path):
    assert command.main(["text", "--work", str(tmp_path), "--data", str(data), "--threads", "1"]) == 0
    folder = tmp_path / "text"
    assert (folder / "done").exists() and not list(folder.glob("*/state.pt"))
    bert, (vocab, options) = read_bert(folder).eval(), read_tokenizer(folder)
    assert vocab.name == "vocab.txt" and options["tokenizer"]["lower_case"]
    weights = load_file(folder / "model.safetensors")
    assert {name: list(weights[f"{name}.weight"].shape) for name in ("intensity", "sentiment", "emotion")} == {
        "intensity": [1, 16],
        "sentiment": [3, 16],
        "emotion": [7, 16],
    }
    report = json.loads((folder / "valid.json").read_text())
    assert report["chosen"] in report["parts"] and set(report["parts"]["first"]) == {"mosi", "mosei", "sst", "goemotions", "csmv", "tweeteval"}

    seeds = [report["parts"][f"seed {number}"]["mosei"]["mae"] for number in range(3)]
    assert report["seeds"]["mosei"]["mae"]["mean"] == pytest.approx(np.mean(seeds), abs=1e-4)

    # What transformers computes from the folder is what the stage's network computes.
    network = text_encoder.TextEncoder(read_bert(folder)).eval()
    ids, mask = torch.tensor([[2, 4, 5, 3], [2, 6, 3, 0]]), torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    with torch.no_grad():
        state = bert(ids, mask).last_hidden_state
        expected = torch.stack([state[0].mean(0), state[1, :3].mean(0)])
        torch.testing.assert_close(network(ids, mask), expected)

    # A stage that is done is not run again by `all`; parts that are done are not trained again.
    before = (folder / "first" / "model.safetensors").stat().st_mtime_ns
    text_encoder.run(SimpleNamespace(work=tmp_path, data=data, seed=1, threads=1, bundle=None, device="cpu"))
    assert (folder / "first" / "model.safetensors").stat().st_mtime_ns == before


def test_the_encoder_of_a_bundle_computes_what_the_bundle_does():
    bundle = ROOT / "models" / "default-en"
    network = text_encoder.fresh(1)
    network.load_state_dict(text_encoder.encoder_of(bundle, network.state_dict()))
    ids, mask = torch.tensor([[101, 2023, 2003, 2307, 102], [101, 2053, 102, 0, 0]]), torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])
    text, fusion = (load_part(bundle, read_contract(bundle), name) for name in ("text", "fusion"))
    with torch.no_grad():
        vectors = text.encode(ids, mask)
        torch.testing.assert_close(network(ids, mask), vectors, rtol=1e-3, atol=1e-4)
        intensity, sentiment, emotions = network.heads(vectors)
        evidence = {"text": vectors, "has_text": torch.tensor([True, True]), "frames": torch.zeros(2, 0, 2048), "frames_weight": torch.zeros(2, 0)}
        fused = fusion.fuse(evidence)
    for found, name in ((sentiment, "sentiment"), (intensity, "intensity"), (emotions, "emotions")):
        torch.testing.assert_close(found, fused[name], rtol=1e-3, atol=1e-3)


def test_a_student_starts_from_the_bundle_and_learns_what_the_teacher_says(data, quick, tmp_path, monkeypatch):
    earlier = text_encoder.fresh(7).state_dict()
    monkeypatch.setattr(text_encoder, "encoder_of", lambda bundle, like: earlier)
    sources = texts.training_rows(data)[0]
    count = len(sources["csmv"])
    soft_labels.write(tmp_path, "csmv", sources["csmv"].texts, (np.full(count, 1.5), np.full((count, 3), 1 / 3), np.full((count, 7), 1 / 7)))
    begun = []

    def untrained(folder, name, network, rows, *how):
        begun.append((name, rows, {key: value.clone() for key, value in network.state_dict().items()}))
        return begun[-1][2]

    monkeypatch.setattr(text_encoder, "part", untrained)
    text_encoder.run(SimpleNamespace(work=tmp_path, data=data, seed=1, threads=1, bundle=tmp_path / "bundle", device="cpu"))
    name, rows, weights = begun[0]
    assert name == "first" and all(torch.equal(weights[key], earlier[key]) for key in earlier)
    first, of = rows.first["csmv"]
    assert rows.targets["soft intensity"][first : first + of].tolist() == [1.5] * count
    assert rows.targets["soft intensity"].isnan().sum() == len(rows.written) - count
    # Of emotions the teacher counts where raters said nothing.
    named, taught = (~rows.targets[part][first : first + of].isnan().all(1) for part in ("emotions", "soft emotions"))
    assert named.any() and taught.any() and torch.equal(taught, ~named)
    report = json.loads((tmp_path / "text" / "valid.json").read_text())
    figures = {name: text_encoder.valid_loss(part) for name, part in report["parts"].items() if name.startswith(("seed", "all"))}
    assert len(figures) == 3 + 1 + len(text_encoder.OF_EARLIER)
    assert figures[report["chosen"]] == min(figures.values())


def test_emoji_reach_the_encoder_as_words(start):
    tokens = text_encoder.read_tokens(start)
    table = {"\U0001f600": "good day", "\ufe0f": ""}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_encoder, "WORDS", EmojiWords(table))
        assert tokens(["so\U0001f600\ufe0f!"]) == tokens(["so good day!"])
        assert text_encoder.heard("So\U0001f600!", upper=False) == "so good day"


def test_a_bundle_with_another_encoder_is_refused():
    bundle = ROOT / "tests" / "data" / "tiny-bundle"
    with pytest.raises(Problem, match=f"{bundle}: expected a bundle with a BERT like "):
        text_encoder.encoder_of(bundle, text_encoder.fresh(1).state_dict())


def test_a_mean_of_encoders_comes_back_to_mosis_scale(data, quick):
    network, tokens = text_encoder.fresh(1), text_encoder.read_tokens(text_encoder.START)
    rows = texts.read(data, "mosi", "train")
    with torch.no_grad():
        network.intensity.weight.mul_(0.3)
        network.intensity.bias.add_(0.5)
    network.load_state_dict(text_encoder.on_mosis_scale(network, tokens, data))
    slope, offset = np.polyfit(text_encoder.predict(network, tokens, rows.texts)[0], rows.intensity, 1)
    assert slope == pytest.approx(1, abs=1e-2) and offset == pytest.approx(0, abs=1e-2)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["text", "--data", "/nowhere"], "/nowhere: no such folder"),
        (["sing"], "invalid choice: 'sing'"),
        (["text", "--threads", "0", "--data", "."], "--threads 0"),
    ],
)
def test_wrong_input_is_one_line(arguments, line, capsys):
    assert command.main(arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith("train: ") and line in error and error.count("\n") == 1


def test_a_missing_source_is_named(tmp_path, capsys):
    assert command.main(["prepare", "--data", str(tmp_path), "--work", str(tmp_path / "work"), "--threads", "1"]) == 2
    assert "mosi.tsv: cannot be read" in capsys.readouterr().err


def test_all_skips_what_is_done(data, tmp_path, monkeypatch):
    ran = []
    monkeypatch.setattr(command, "run", lambda stage, options: ran.append(stage))
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "done").touch()
    assert command.main(["all", "--work", str(tmp_path), "--data", str(data), "--threads", "1"]) == 0
    assert ran == [stage for stage in command.STAGES if stage != "text"]
