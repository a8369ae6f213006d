"""The fusions, their training on pairs, calibration and the metrics: small made-up vectors, no data."""

import copy
import dataclasses
import sys
import types
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from sklearn.metrics import f1_score, recall_score

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from scripts.export.checkpoints import read_fusion  # noqa: E402
from scripts.export.fusion import AttentionFusion, ConcatFusion, kind_of  # noqa: E402
from scripts.train import calibration, contract, faces, frame_encoder, fusion, pairs, said_and_shown, sets  # noqa: E402
from scripts.train.metrics import class_figures, expected_calibration_error, intensity_figures, with_intervals  # noqa: E402

TEXT, FACE = 12, 16
BOTH = pytest.mark.parametrize("kind", [ConcatFusion, AttentionFusion])


def made_up(kind):
    torch.manual_seed(3)
    network = kind(TEXT, FACE)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.5)
    return network.requires_grad_(False)


@pytest.fixture
def some():
    """text, has_text, faces, weight: both, text alone, pictures alone, nothing."""
    torch.manual_seed(4)
    weight = torch.tensor([[1.0, 3.0, 0.0], [0.0, 0.0, 0.0], [0.5, 0.0, 1.5], [0.0, 0.0, 0.0]])
    return torch.randn(4, TEXT), torch.tensor([True, True, False, False]), torch.randn(4, 3, FACE), weight


def rows_of(outputs):
    return torch.cat([outputs[0], outputs[1][:, None], outputs[2]], 1)


@BOTH
def test_scripted_and_frozen_is_the_same(kind, some):
    network = made_up(kind).eval()
    scripted = torch.jit.freeze(torch.jit.script(network))
    for found, expected in zip(scripted(*some), network(*some)):
        torch.testing.assert_close(found, expected)
    without = scripted(some[0], some[1], some[2][:, :0], some[3][:, :0])
    assert without[3].shape == (4, 0)
    torch.testing.assert_close(without[0][:2], network.text(some[0])[:2, :3])


@BOTH
def test_alone_is_the_own_layer(kind, some):
    network = made_up(kind)
    rows = rows_of(network(*some))
    text, face = network.text(some[0][1]), network.faces(0.25 * some[2][2, 0] + 0.75 * some[2][2, 2])
    for row, expected in ((1, text), (2, face), (3, torch.zeros(11))):
        expected = torch.cat([expected[:3], expected[3:4].clamp(-3, 3), expected[4:]])
        torch.testing.assert_close(rows[row], expected)


@BOTH
def test_shares_are_of_the_faces_that_are_there(kind, some):
    share = made_up(kind)(*some)[3]
    torch.testing.assert_close(share.sum(1), torch.tensor([1.0, 0.0, 1.0, 0.0]))
    assert (share[some[3] == 0] == 0).all()
    torch.testing.assert_close(share[2], torch.tensor([0.25, 0.0, 0.75]))


def test_the_text_asks(some):
    network, (text, has_text, faces, weight) = made_up(AttentionFusion), some
    torch.nn.init.zeros_(network.query.weight), torch.nn.init.zeros_(network.query.bias)
    torch.testing.assert_close(network(*some)[3][0], torch.tensor([0.25, 0.75, 0.0]))
    network.query.bias.copy_(network.key(faces[0, 0]) - network.key(faces[0, 1]))
    assert network(text, has_text, faces, weight)[3][0, 0] > 0.5


@BOTH
def test_padding_and_neighbours_change_nothing(kind, some):
    network, (text, has_text, faces, weight) = made_up(kind), some
    longer = torch.cat([faces, torch.full([4, 2, FACE], 9.0)], 1), torch.cat([weight, torch.zeros(4, 2)], 1)
    torch.testing.assert_close(rows_of(network(text, has_text, *longer)), rows_of(network(*some)))
    torch.testing.assert_close(rows_of(network(text[:1], has_text[:1], faces[:1], weight[:1])), rows_of(network(*some))[:1])


@BOTH
def test_calibration_is_folded_in(kind, some):
    network = made_up(kind)
    before, (scale, offset) = rows_of(network(*some)), (torch.rand(11) + 0.5, torch.randn(11))
    scale[3], offset[3] = 1, 0
    for case, row in (("text", 1), ("pictures", 2), ("both", 0)):
        network.calibrate(case, scale, offset)
        torch.testing.assert_close(rows_of(network(*some))[row], before[row] * scale + offset)
        torch.testing.assert_close(rows_of(network(*some))[3], torch.zeros(11))


@BOTH
def test_weights_tell_the_kind(kind, tmp_path):
    network = made_up(kind)
    save_file(network.state_dict(), tmp_path / "fusion.safetensors")
    found = read_fusion(tmp_path / "fusion.safetensors", TEXT, FACE)
    assert type(found) is kind and kind_of(found) == ("attention" if kind is AttentionFusion else "concat")
    assert all(torch.equal(value, network.state_dict()[name]) for name, value in found.state_dict().items())


# Training, on vectors in which the class is one of the first three numbers.


@pytest.fixture(scope="module")
def material():
    torch.manual_seed(5)
    count, faces = 600, 300
    sentiment, emotion = torch.arange(count) % 3, torch.randint(7, [faces])
    text = torch.randn(count, TEXT)
    text[:, :3] += 1.2 * torch.eye(3)[sentiment]
    face = torch.randn(faces, FACE)
    face[:, :7] += 4 * torch.eye(7)[emotion]
    intensity = torch.where(torch.arange(count) % 2 == 0, (sentiment - 1) * 1.5, float("nan"))
    return pairs.Material(text, sentiment, intensity, torch.full([count], -1), torch.arange(count) % 2, face, torch.eye(7)[emotion])


@pytest.fixture(scope="module")
def layers(material):
    text = torch.zeros(11, TEXT)
    text[:3, :3], text[3, 0], text[3, 2] = torch.eye(3), -0.5, 0.5
    head = torch.cat([torch.eye(7), torch.zeros(7, FACE - 7)], 1), torch.zeros(7)
    return (text, torch.zeros(11)), fusion.face_layer(head, material)


def test_pairs_agree_as_often_as_stated(material):
    drawn = pairs.draw_pairs(material, 1, 10)
    agreeing = (drawn.shown == material.sentiment[drawn.text]).float().mean()
    assert abs(agreeing - (pairs.AGREEING + (1 - pairs.AGREEING) / 3)) < 0.02
    there = drawn.weight > 0
    assert there.sum(1).min() == 1 and there.sum(1).max() == pairs.MOST_FACES
    shows = material.face_sentiment.argmax(1)[drawn.faces[:, 0]] == drawn.shown
    assert shows.float().mean() > pairs.SHOWING
    again = pairs.draw_pairs(material, 1, 10)
    assert torch.equal(drawn.faces, again.faces) and torch.equal(drawn.weight, again.weight)


def test_faces_count_as_often_as_the_prior_says(material):
    nobody_angry = material.face_emotions[material.face_emotions.argmax(1) != 3]
    for one in (material, dataclasses.replace(material, face_emotions=nobody_angry)):
        shares = one.face_weight @ one.face_emotions / len(one.face_emotions)
        there = one.face_emotions.sum(0) > 0
        torch.testing.assert_close(shares[there], torch.tensor(contract.PRIOR)[there])


def test_sets_of_texts_count_the_same_and_their_classes_by_the_roots_of_their_numbers(material):
    source = torch.tensor([0] * 30 + [1] * (len(material.text) - 30))
    sentiment = torch.ones(len(source), dtype=torch.int64)
    sentiment[:3] = 0
    weight = dataclasses.replace(material, source=source, sentiment=sentiment).text_weight
    torch.testing.assert_close(weight.mean(), torch.tensor(1.0))
    torch.testing.assert_close(weight[:30].sum(), weight[30:].sum())
    torch.testing.assert_close(weight[:3].sum() / weight[3:30].sum(), torch.tensor((3 / 27) ** 0.5))


def test_material_is_of_the_sets_that_have_the_split(monkeypatch, tmp_path):
    """CSMV has no test split: the pairs of test are of the other sets."""
    read = []

    def read_texts(data, source, split, sources):
        read.append(source)
        return sets.TextSet(source, ["a text"], torch.tensor([1]), torch.tensor([0.0]), torch.tensor([-1]))

    none = faces.Faces(np.zeros((1, 48, 48), np.uint8), np.eye(7, dtype=np.float32)[:1], np.array([0]), np.array([True]))
    monkeypatch.setattr(pairs, "read_texts", read_texts)
    monkeypatch.setattr(pairs, "read_faces", lambda data, split: none)
    encoders = types.SimpleNamespace(texts=lambda name, texts: torch.zeros(len(texts), TEXT), faces=lambda name, images: torch.zeros(len(images), FACE))
    for split, expected in (("valid", ["mosi", "mosei", "sst", "goemotions", "csmv"]), ("test", ["mosi", "mosei", "sst", "goemotions"])):
        read.clear()
        assert len(pairs.read_material(encoders, tmp_path, split).text) == len(expected)
        assert read == expected


def test_intensity_follows_the_class():
    rows = torch.zeros(4, 11)
    rows[0, 0], rows[1, 1], rows[2, 2], rows[3, 2] = 1, 1, 1, 1
    rows[:, 3] = torch.tensor([0.7, 0.7, 0.7, -0.4])
    torch.testing.assert_close(fusion.beyond(rows), torch.tensor([0.7, 0.0, 0.0, 0.4]))


def test_training_turns_intensity_with_the_class(material, layers, monkeypatch):
    monkeypatch.setattr(fusion, "EPOCHS", 2)
    contrary = dataclasses.replace(material, intensity=-material.intensity)
    against = []
    for weight in (0, fusion.ONE_SIDE):
        monkeypatch.setattr(fusion, "ONE_SIDE", weight)
        torch.manual_seed(6)
        usual = torch.nn.functional.linear(material.face, *layers[1]).mean(0)
        trained = fusion.train(fusion.untrained("attention", *layers, usual), contrary, 1)
        against.append(fusion.figures_on(trained, contrary, pairs.draw_pairs(contrary, 77, 2))["intensity against the class"])
    assert against[1] < against[0]


def test_pairs_written_by_hand_are_read_one_by_one(material, layers):
    assert len(said_and_shown.PAIRS) == 50
    usual = torch.nn.functional.linear(material.face, *layers[1]).mean(0)
    shown = faces.Faces(np.empty((len(material.face), 1)), material.face_emotions.numpy(), None, None)
    words = material.text[:50]
    lines = said_and_shown.markdown(fusion.untrained("concat", *layers, usual), words, material.face, shown).splitlines()
    assert len(lines) == 52
    words_alone = torch.nn.functional.linear(words[0], *layers[0])
    name = ("negative", "neutral", "positive")[int(words_alone[:3].argmax())]
    expected = f"{name} {float(words_alone[:3].softmax(0).max()):.2f}, {float(words_alone[3]):+.1f}"
    assert lines[2].startswith(f"| I expected more from them. | happy | {expected} | ")


@pytest.mark.parametrize("kind", ["concat", "attention"])
def test_training_helps_with_and_without_faces(kind, material, layers, monkeypatch):
    monkeypatch.setattr(fusion, "EPOCHS", 3)
    torch.manual_seed(6)
    usual = torch.nn.functional.linear(material.face, *layers[1]).mean(0)
    start = fusion.untrained(kind, *layers, usual)
    trained = fusion.train(copy.deepcopy(start), material, 1)
    assert torch.equal(trained.faces.weight, start.faces.weight)
    width = start.text.in_features
    for name in ("text", "both" if kind == "concat" else "words"):
        after, before = (getattr(one, name).weight[:, :width] for one in (trained, start))
        assert torch.equal(after[fusion.INTENSITY], before[fusion.INTENSITY]) and not torch.equal(after[0], before[0])
    drawn = pairs.draw_pairs(material, 77, 2)
    for use_faces in (True, False):
        after, before = (fusion.figures_on(one, material, drawn, use_faces)["loss"] for one in (trained, start))
        assert after < before
    with torch.no_grad():
        rows, words = (fusion.fuse(trained, material, drawn, use_faces=use)[0][:, :3].softmax(1).max(1).values for use in (True, False))
    truth = material.sentiment[drawn.text]
    agreeing, conflict = drawn.shown == truth, (drawn.shown - truth).abs() == 2
    assert (rows - words)[agreeing].mean() > (rows - words)[conflict].mean()


def test_calibration_finds_the_temperature():
    torch.manual_seed(8)
    logits = torch.randn(3000, 3) * 2
    target = torch.nn.functional.one_hot(torch.multinomial(logits.softmax(1), 1)[:, 0], 3).float()
    scale, offset = calibration.fit("temperature", logits * 2.5, target, torch.ones(3000))
    assert abs(float(scale[0]) - 0.4) < 0.03 and offset.abs().max() < 1e-6
    shifted = logits * 2.5 - torch.tensor([1.5, 0.0, 0.0])
    kind, held_out = calibration.choose(shifted, target, torch.ones(3000))
    assert kind == "vector"
    truth = target.argmax(1).numpy()
    before, after = (expected_calibration_error(truth, x.softmax(1).numpy()) for x in (shifted, held_out))
    assert after < 0.03 < before


# The vectors of the metrics' specification.
P = "0.0 -0.0 0.5 -0.5 1.5 -1.5 2.5 -2.5 3.4 -3.7 0.2 -0.1 1.2 2.49 -0.8 0.05 -2.2 0.6 -1.1 0.51"
T = "0.0 0.4 0.6 0.0 1.8 -1.6 3.0 -2.4 2.8 -3.0 -0.2 0.2 1.0 2.4 -1.75 0.0 -1.0 -0.6 -1.4 1.5"
MOSI = {"has0_acc2": 0.8, "has0_f1": 0.8, "non0_acc2": 0.7647, "non0_f1": 0.7647, "acc5": 0.75, "acc7": 0.7, "mae": 0.449, "corr": 0.9403}
CONSTANT = {"has0_acc2": 0.6667, "non0_acc2": 0.6667, "has0_f1": 0.5333, "non0_f1": 0.5333, "acc5": 0.3333, "acc7": 0.3333, "mae": 1.0, "corr": None}


@pytest.mark.parametrize(
    "score,truth,expected",
    [
        (P, T, MOSI),
        ("1 1 1", "1 -1 2", CONSTANT),
        ("1 -1 2", "1 1 1", {"has0_acc2": 0.6667, "has0_f1": 0.8, "corr": None}),
        ("1", "1", {"has0_acc2": 1, "non0_f1": 1, "acc5": 1, "acc7": 1, "mae": 0, "corr": None}),
        ("1 2", "1 2.5", {"acc7": 1.0, "mae": 0.25, "corr": 1.0}),
        ("1 2", "0 0", {"non0_acc2": None, "non0_f1": None}),
    ],
)
def test_intensity_is_measured_as_mmsa_does(score, truth, expected):
    found = intensity_figures([float(x) for x in truth.split()], [float(x) for x in score.split()])
    for name, value in expected.items():
        assert (found[name] if found[name] is None else round(found[name], 4)) == value, name


def test_classes_are_measured_as_the_specification_does():
    logits = [[2, 1, 0], [0, 3, 1], [0, 1, 2], [1, 0, 1], [0.5, 0, 1.5], [2, 0, 1], [0, 2, 1], [1, 2, 0.5], [0, 0, 3], [1.5, 0, 0]]
    probabilities = torch.tensor(logits).softmax(1).numpy()
    assert class_figures(np.array([0, 1, 2, 0, 2, 2, 1, 0, 2, 0]), probabilities)["accuracy"] == pytest.approx(0.8)


def test_classes_are_measured_as_scikit_learn_does():
    draw = np.random.default_rng(2)
    truth, probabilities = draw.integers(4, size=300), draw.dirichlet(np.ones(5), 300)
    found, guess = class_figures(truth, probabilities), probabilities.argmax(1)
    assert found["macro_f1"] == pytest.approx(f1_score(truth, guess, labels=range(4), average="macro"))
    assert found["macro_recall"] == pytest.approx(recall_score(truth, guess, labels=range(4), average="macro"))
    score = draw.normal(size=300)
    figures = intensity_figures(truth - 1.5, score)
    assert figures["non0_f1"] == pytest.approx(f1_score(truth > 1, score > 0, average="weighted"))


def test_calibration_error_of_bins():
    probabilities = np.array([[0.9, 0.1]] * 10 + [[0.4, 0.6]] * 10)
    truth = np.array([0] * 8 + [1] * 2 + [1] * 10)
    assert expected_calibration_error(truth, probabilities) == pytest.approx(0.5 * 0.1 + 0.5 * 0.4)
    weight = np.array([3.0] * 10 + [1.0] * 10)
    assert expected_calibration_error(truth, probabilities, weight) == pytest.approx(0.75 * 0.1 + 0.25 * 0.4)


def test_intervals_hold_the_value_and_are_the_same_again():
    right = np.arange(200) % 4 > 0
    found = with_intervals(lambda right: {"accuracy": float(right.mean())}, right)
    value, low, high = found["accuracy"]
    assert low < value == 0.75 < high and 0.08 < high - low < 0.16
    assert found == with_intervals(lambda right: {"accuracy": float(right.mean())}, right)


def test_faces_go_in_at_the_size_that_the_encoder_learnt():
    assert contract.FRAMES["size"] == frame_encoder.SIZE
