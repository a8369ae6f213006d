"""The training of the frame encoder, on made-up pictures: growth keeps the function, a killed run goes on the same."""

import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torchvision.models import resnet50

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scripts.export.module import fold_batch_norms  # noqa: E402
from scripts.export.problem import Problem  # noqa: E402
from scripts.train import face_figures, frame_encoder  # noqa: E402
from scripts.train.faces import COLOUR_DEVIATION, COLOUR_MEAN, DISTORTIONS, GREY_DEVIATION, GREY_MEAN, LUMA, SIDE, Faces, augment, balanced, dark, mixed, moved, plain, read_faces, recrop  # noqa: E402  # noqa: E402
from scripts.train.frame_encoder import Phase, Training, rate, train, with_prior  # noqa: E402
from scripts.train.frame_network import build, from_bundle, grow, in_colour  # noqa: E402
from scripts.train.run import Stage  # noqa: E402

torch.set_num_threads(1)  # threads of small networks only wait for each other

PHASES = [Phase((1, 1, 1, 1), 2, 32, 3, 0.1), Phase((2, 1, 1, 2), 4, 40, 3, 0.2)]


def made_up_faces(count):
    draw = np.random.default_rng(3)
    top = draw.integers(0, 7, count)
    images = draw.integers(0, 200, (count, SIDE, SIDE)).astype(np.uint8)
    return Faces(images, np.eye(7, dtype=np.float32)[top], top, np.full(count, True))


def trained_a_bit(network, pictures):
    """Weights and statistics that are not those of the beginning."""
    optimizer = torch.optim.SGD(network.parameters(), lr=0.05)
    for _ in range(3):
        optimizer.zero_grad()
        network(pictures).square().sum().backward()
        optimizer.step()
    return network


@pytest.mark.parametrize(("blocks", "width"), [((2, 3, 1, 2), 4), ((1, 1, 1, 1), 8), ((2, 2, 2, 2), 8)])
@pytest.mark.parametrize("training", [True, False])
def test_growth_keeps_the_function(blocks, width, training):
    torch.manual_seed(0)
    pictures = torch.randn(6, 1, 32, 32)
    small = trained_a_bit(build((1, 1, 1, 1), 4), pictures)
    large = grow(small, build(blocks, width))
    assert sum(p.numel() for p in large.parameters()) > sum(p.numel() for p in small.parameters())
    torch.testing.assert_close(large.train(training)(pictures), small.train(training)(pictures), rtol=1e-4, atol=1e-5)


def test_what_has_grown_learns():
    torch.manual_seed(0)
    large = grow(build((1, 1, 1, 1), 2), build((2, 1, 1, 1), 4))
    before = {name: weight.clone() for name, weight in large.named_parameters()}
    trained_a_bit(large, torch.randn(6, 1, 32, 32))
    assert large.layer1[1].bn3.weight.abs().max() > 0
    assert not torch.equal(large.layer4[0].conv1.weight[:, -1], before["layer4.0.conv1.weight"][:, -1])


def test_the_colour_network_sees_luma_as_the_grey_one():
    torch.manual_seed(0)
    grey = build((3, 4, 6, 3), 64).eval()
    rgb = torch.rand(2, 3, 48, 48)
    luma = (rgb * LUMA.view(1, 3, 1, 1)).sum(1, keepdim=True)
    with torch.no_grad():
        expected = grey((luma - GREY_MEAN) / GREY_DEVIATION)
        found = in_colour(grey).eval()((rgb - COLOUR_MEAN.view(1, 3, 1, 1)) / COLOUR_DEVIATION.view(1, 3, 1, 1))
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-3)


def folded(network):
    """Weights and biases by torchvision's names, without batch norms, for colour: as a bundle holds them."""
    colour = resnet50()
    colour.fc = torch.nn.Identity()
    colour.load_state_dict({name: value for name, value in in_colour(network).state_dict().items() if not name.startswith("fc.")})
    fold_batch_norms(colour.eval())
    return dict(colour.state_dict())


def test_an_encoder_goes_on_from_a_bundle():
    torch.manual_seed(0)
    pictures = torch.randn(8, 1, 32, 32)
    first = build(*frame_encoder.FULL)
    first(pictures)  # statistics that are not those of the beginning
    first.eval()
    second = from_bundle(build(*frame_encoder.FULL), folded(first), pictures)
    assert second.fc.weight.shape == first.fc.weight.shape and not torch.equal(second.fc.weight, first.fc.weight)
    first.fc = second.fc = torch.nn.Identity()
    with torch.no_grad():
        torch.testing.assert_close(second(pictures), first(pictures), rtol=1e-3, atol=1e-3)
        torch.testing.assert_close(second.train()(pictures), first(pictures), rtol=1e-2, atol=1e-2)


@pytest.mark.parametrize(
    ("bundle", "reason"),
    [
        ("missing", "/model.json: cannot be read; expected the model.json of a bundle"),
        ("bundle-1", '/model.json: format "vsa.bundle/1", expected "vsa.bundle/2"; make one with python -m scripts.export upgrade OLD NEW'),
        ("tiny-bundle", ": expected a bundle with a ResNet50: 'layer1.1.conv1.weight'"),
    ],
)
def test_a_bundle_without_a_resnet50_is_refused(bundle, reason):
    folder = ROOT / "tests/data" / bundle
    with pytest.raises(Problem) as problem:
        frame_encoder.encoder_of(folder)
    assert str(problem.value) == f"{folder}{reason}"


def test_a_killed_run_goes_on_as_if_nothing_had_happened(tmp_path):
    faces = made_up_faces(70)
    whole = train(Stage(tmp_path / "whole", "frames"), Training(PHASES, 1), faces, faces)

    killed, stage = Training(PHASES, 1), Stage(tmp_path / "killed", "frames")
    for _ in range(2):
        killed.learn(faces, balanced(faces.votes))
    stage.save(killed.state())
    resumed = train(Stage(tmp_path / "killed", "frames"), Training(PHASES, 1), faces, faces)
    for name, weight in whole.state_dict().items():
        assert torch.equal(weight, resumed.state_dict()[name]), name


def test_the_rate_warms_up_and_falls_to_nothing():
    long = [Phase((1, 1, 1, 1), 2, 32, 1000, 0.1), Phase((1, 1, 1, 1), 2, 32, 1000, 0.3)]
    assert rate(long, 0, 0) < 0.02
    assert rate(long, 0, 200) > 0.9
    assert rate(long, 1, 999) < 1e-4


def test_augmentation_is_drawn_from_its_generator_alone():
    images = made_up_faces(9).images
    first, again = (augment(images, 40, np.random.default_rng(5)) for _ in range(2))
    assert first.shape == (9, 1, 40, 40) and torch.equal(first, again)
    assert not torch.equal(first, augment(images, 40, np.random.default_rng(6)))


def test_distortions_do_what_they_say():
    image = np.zeros((SIDE, SIDE), np.uint8)
    image[20:28, 20:28] = 255
    moved = recrop(image, 1, 0.25, 0)
    assert moved[24, 24 - 12] == 255 and moved[24, 24] == 0
    assert recrop(image, 0.5)[17, 17] == 255 and recrop(image, 2.0)[20, 20] == 0
    for variants in DISTORTIONS.values():
        for change in variants:
            assert change(image).shape == image.shape and change(image).dtype == np.uint8
    assert plain(image[None], 96).shape == (1, 1, 96, 96)


def test_rare_emotions_are_drawn_more_often():
    votes = np.eye(7, dtype=np.float32)[[0] * 90 + [5] * 10 + [1, 2, 3, 4, 6]]
    drawn = balanced(votes) @ votes
    assert drawn.sum() == pytest.approx(1)
    assert 10 / 105 < drawn[5] < drawn[0] < 90 / 105


def test_motion_spreads_a_point_along_its_way_and_darkness_keeps_what_is_left():
    image = np.zeros((SIDE, SIDE), np.uint8)
    image[24, 24] = 250
    across = moved(image, 5, 0.0)
    assert across[24, 22:27].tolist() == [50] * 5 and across.sum() == 250
    assert (moved(image, 5, np.pi / 2)[22:27, 24] == 50).all()
    flat = np.full((SIDE, SIDE), 100, np.uint8)
    assert dark(flat, 0.4, 0, np.random.default_rng(0)).max() == 40
    assert dark(flat, 0.4, 6, np.random.default_rng(0)).std() == pytest.approx(6, abs=0.5)


def test_pictures_and_votes_are_mixed_alike():
    pictures, votes = torch.arange(4.0).view(4, 1, 1, 1).expand(4, 1, 2, 2), torch.eye(4)
    mix, shares = mixed(pictures, votes, np.random.default_rng(0))
    torch.testing.assert_close(mix[:, 0, 0, 0], shares @ torch.arange(4.0))
    assert (shares.argmax(1) == torch.arange(4)).all() and (shares.max(1).values < 1).any()  # the larger share is the picture's own


def test_logits_leave_out_how_often_an_emotion_is_drawn():
    """Where the pictures say nothing, a network that has learnt finds all emotions as likely, however often each was drawn."""
    faces = made_up_faces(64)
    faces.images[:] = 100
    faces.votes[:] = np.eye(7, dtype=np.float32)[[0] * 40 + [1] * 12 + [2] * 4 + [3, 4, 5, 6] * 2]
    chances = balanced(faces.votes)
    training = Training([Phase((1, 1, 1, 1), 2, 32, 200, 0.1)], 1)
    training.network.fc.weight.data.zero_()
    drawn = chances @ faces.votes
    loss_of = torch.nn.functional.cross_entropy
    seen = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frame_encoder.F, "cross_entropy", lambda scores, votes: seen.append(scores.detach()) or loss_of(scores, votes))
        training.learn(faces, chances)
    np.testing.assert_allclose((seen[0] - training.network.fc.bias.detach()).softmax(1)[0], drawn, atol=0.02)


def test_a_prior_comes_in_by_the_last_layer():
    network = build((1, 1, 1, 1), 2).eval()
    pictures, prior = torch.rand(3, 1, 32, 32), [0.4, 0.2, 0.1, 0.1, 0.05, 0.05, 0.1]
    with torch.no_grad():
        equal = network(pictures)
        torch.testing.assert_close(with_prior(network, prior)(pictures), equal + torch.tensor(prior).log())


def test_three_readings_of_the_same_logits():
    top = np.array([0, 0, 0, 4, 4, 7])
    faces = Faces(np.zeros((6, SIDE, SIDE), np.uint8), np.zeros((6, 7), np.float32), top, np.full(6, True))
    equal = np.full((6, 7), -9.0)
    equal[:, 0], equal[:, 4] = [1, 1, -1, -1, 0, 1], [0, 0, 0, 0, 1, 0]
    found = face_figures.under_priors(equal, faces, [0.9, 0, 0, 0, 0.1, 0, 0], [0.5, 0, 0, 0, 0.5, 0, 0])
    assert found["equal"]["macro recall"] == pytest.approx((2 / 3 + 1) / 2)
    assert found["FER+'s"]["7 emotions"] == pytest.approx(60)  # all are called neutral
    assert found["shipped"]["7 emotions"] == pytest.approx(80)


def test_figures_follow_microsofts_rule():
    top, majority = np.array([0, 1, 2, 3, 7]), np.array([True, True, True, False, True])
    faces = Faces(np.zeros((5, SIDE, SIDE), np.uint8), np.zeros((5, 7), np.float32), top, majority)
    found = face_figures.figures(np.array([0, 1, 3, 3, 0]), faces)
    assert found["Microsoft's rule"] == pytest.approx(50)
    assert found["7 emotions"] == pytest.approx(75)
    assert found["recall"]["happy"] == 1 and found["recall"]["sad"] == 0


def test_ferplus_is_read_as_microsoft_does(tmp_path):
    given = np.array(["fear", "happy", "fear", "sad", "angry", "neutral"])
    names = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF"]
    votes = np.zeros((6, 10), np.uint8)
    votes[0, [0, 5]] = 9, 1  # one vote for disgust is as none
    votes[1, [1, 2]] = 5, 5  # no top
    votes[2, [6, 8]] = 4, 3
    votes[3, 9] = 10
    votes[4, [4, 0, 3]] = 4, 3, 3  # not more than half
    votes[5] = votes[0]
    majority = ["neutral", "tie", "fear", "NF", "anger", "neutral"]
    (tmp_path / "faces").mkdir()
    np.savez(
        tmp_path / "faces" / "ferplus.npz", images=np.zeros((6, SIDE, SIDE), np.uint8), votes=votes, vote_names=np.array(names),
        split=np.array(["valid"] * 6), ferplus_majority=np.array(majority), dup_in_train=np.array([0] * 5 + [1]), dup_in_train_or_valid=np.zeros(6),
        fer2013_label=given,
    )  # fmt: skip
    faces = read_faces(tmp_path, "valid")
    assert faces.top.tolist() == [0, 4, 3]
    assert faces.majority.tolist() == [True, True, False]
    assert faces.votes[0].tolist() == [1, 0, 0, 0, 0, 0, 0]


def test_fer2013s_class_is_one_vote_of_eleven_in_training_alone(tmp_path):
    votes = np.zeros((2, 10), np.uint8)
    votes[:, 0] = 10
    (tmp_path / "faces").mkdir()
    np.savez(
        tmp_path / "faces" / "ferplus.npz", images=np.zeros((2, SIDE, SIDE), np.uint8), votes=votes, vote_names=np.array(["neutral"] + [""] * 9),
        split=np.array(["train", "valid"]), ferplus_majority=np.array(["neutral"] * 2), dup_in_train=np.zeros(2), dup_in_train_or_valid=np.zeros(2),
        fer2013_label=np.array(["fear"] * 2),
    )  # fmt: skip
    np.testing.assert_allclose(read_faces(tmp_path, "train").votes, [[10 / 11, 0, 0, 0, 1 / 11, 0, 0]], rtol=1e-6)
    np.testing.assert_allclose(read_faces(tmp_path, "valid").votes, [[1, 0, 0, 0, 0, 0, 0]])
