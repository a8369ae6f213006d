"""Own data: faults of the table, what is learnt and what stays, and whole runs of the command with the program on tiny bundles."""

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from made_e5 import PIECES  # noqa: E402

from scripts.export.bundle import load_part, read_contract, write_bundle  # noqa: E402
from scripts.export.bundle_bert import read_bert  # noqa: E402
from scripts.export.checkpoints import read_tokenizer  # noqa: E402
from scripts.export.fusion import AttentionFusion, ConcatFusion, described, kind_of  # noqa: E402
from scripts.export.module import build, text_part  # noqa: E402
from scripts.export.problem import Problem  # noqa: E402
from scripts.export.sentencepiece_model import model_bytes  # noqa: E402
from scripts.export.tiny import FRAME_WIDTH, TEXT_WIDTH, tiny_networks  # noqa: E402
from scripts.train import __main__ as command  # noqa: E402
from scripts.train import own_encoder  # noqa: E402
from scripts.train.own_fusion import Labels, best_pull, changed, folds, learn, no_change, verdicts  # noqa: E402
from scripts.train.own_vectors import Bundle, Seen, Segments, as_crop  # noqa: E402
from scripts.train.tables import Row, read_label, read_table  # noqa: E402

PROGRAM, TINY = ROOT / "build/release/vsa", ROOT / "tests/data/tiny-bundle"
BOTH = pytest.mark.parametrize("kind", [ConcatFusion, AttentionFusion])
LABEL = "negative, neutral, positive or a number from -3 to 3"


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize(
    ("lines", "faults"),
    [
        (["text,mood", "a,positive"], ['1: the header is "text,mood"; expected label and one or more of video (with subs), text, picture']),
        ([], ['1: the header is ""; expected label and one or more of video (with subs), text, picture']),
        (["text,label", "a,great"], [f'2: label "great"; expected {LABEL}']),
        (["text,label", "a,3.5", "b,1", "c,nan"], [f'2: label "3.5"; expected {LABEL}', f'4: label "nan"; expected {LABEL}']),
        (["text,label", "a,"], [f"2: has no label; expected {LABEL}"]),
        (["video,text,label", "a.mp4,b,1"], ["2: has video and text; expected one of video, text and picture"]),
        (["text,label", ",1"], ["2: has no content; expected one of video, text and picture"]),
        (["text,subs,label", "a,a.srt,1"], ["2: has subs beside text; expected them beside a video"]),
        (["picture,label", "a.png,1"], ["2: picture a.png: no such file; expected a path from {folder}"]),
        (["video,subs,label", "table.csv,a.srt,1"], ["2: subs a.srt: no such file; expected a path from {folder}"]),
        (["text,label", "well, no,1"], ["2: has 1 more cells than the header; expected quotes around a text with commas"]),
        (["text,label", '"a,1'], ["2: unexpected end of data; expected CSV"]),
        (["text,label", "a,1", "a,2", "b,0"], [": has 2 different videos, texts and pictures; expected at least 10"]),
    ],
)  # fmt: skip
def test_a_fault_of_the_table_is_a_line(lines, faults, tmp_path, capsys):
    table = tmp_path / "table.csv"
    table.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    assert command.main(["finetune", str(table), "--output", str(tmp_path / "new"), "--threads", "1"]) == 2
    expected = [f"train: {table}{'' if fault[0] == ':' else ':'}{fault.format(folder=tmp_path)}" for fault in faults]
    assert capsys.readouterr().err.splitlines() == expected
    assert not (tmp_path / "new").exists()


def test_many_faults_are_summed_up(tmp_path, capsys):
    table = tmp_path / "table.csv"
    table.write_text("text,label\n" + "a,\n" * 25, encoding="utf-8")
    assert command.main(["finetune", str(table), "--output", str(tmp_path / "new")]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 21 and lines[-1] == f"train: {table}: 5 more rows are wrong"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["/nowhere.csv", "--output", "{folder}/new"], "/nowhere.csv: cannot be read; expected a table (CSV)"),
        (["{folder}/latin.csv", "--output", "{folder}/new"], "{folder}/latin.csv: is not UTF-8; expected a table (CSV) in UTF-8"),
        (["a.csv", "--output", "{folder}"], "{folder}: exists and is no bundle; expected a new folder"),
        (["a.csv", "--from", "{folder}", "--output", "{folder}"], "{folder}: is the bundle to start from; the output must be another folder"),
        (["a.csv", "--output", "b", "--valid-share", "1"], "--valid-share 1.0: expected 0.05 to 0.5"),
        (["a.csv"], "the following arguments are required: --output"),
        (["a.csv", "--output", "b", "--device", "cuda"], "--device cuda: is of use with --encoder alone"),
    ],
)
def test_wrong_options_are_a_line(arguments, line, tmp_path, capsys):
    (tmp_path / "latin.csv").write_bytes("text,label\nété,1\n".encode("latin-1"))
    assert command.main(["finetune", *(argument.format(folder=tmp_path) for argument in arguments)]) == 2
    assert capsys.readouterr().err == f"train: {line.format(folder=tmp_path)}\n"


def test_labels():
    assert read_label("Negative") == (0, -3.0, -0.5) and read_label("neutral") == (1, -0.5, 0.5) and read_label("positive") == (2, 0.5, 3.0)
    assert read_label("-0.5") == (1, -0.5, -0.5) and read_label("0.6") == (2, 0.6, 0.6) and read_label("-3") == (0, -3.0, -3.0)


def test_rows(tmp_path):
    (tmp_path / "a.mp4").touch()
    (tmp_path / "table.csv").write_text('\ufefflabel, text, video, notes\n1, "well,\nyes", , x\n\nneutral,,a.mp4\n', encoding="utf-8")
    text, video = read_table(tmp_path / "table.csv")
    assert (text.kind, text.content, text.line, text.scored) == ("text", "well,\nyes", 3, True)
    assert (video.kind, video.content, video.line, video.subtitles, video.scored) == ("video", tmp_path / "a.mp4", 5, None, False)


def rows_of(sentiments, names=None):
    spans = ((-3.0, -0.5), (-0.5, 0.5), (0.5, 3.0))
    return [Row(i, "text", names[i] if names else str(i), None, sentiment, *spans[sentiment]) for i, sentiment in enumerate(sentiments)]


def test_a_text_that_occurs_twice_is_on_one_side():
    rows = rows_of([0, 1, 2] * 12, [str(i // 6) for i in range(36)])
    split = list(folds(rows, 3, 1))
    assert sorted(torch.cat([held_out for _, held_out in split]).tolist()) == list(range(36))
    for kept, held_out in split:
        assert not {rows[i].content for i in kept} & {rows[i].content for i in held_out}


def made_up(kind):
    torch.manual_seed(3)
    fusion = kind(12, 16)
    for parameter in fusion.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return fusion.requires_grad_(False)


def made_up_segments(count, noise):
    """Rows of two segments, words with a face and words alone, whose words tell the class."""
    torch.manual_seed(4)
    sentiment = torch.arange(count) % 3
    row = torch.arange(2 * count) // 2
    there = torch.arange(2 * count) % 2 == 0
    text = torch.eye(12)[sentiment[row]] + noise * torch.randn(2 * count, 12)
    face = torch.randn(2 * count, 16) * there[:, None]
    return Segments(text, torch.ones(2 * count, dtype=torch.bool), face, there, row, torch.full([2 * count], 0.5)), rows_of(sentiment.tolist())


def all_of(fusion, state, text, has_text, faces, weight):
    fusion = type(fusion)(12, 16)
    fusion.load_state_dict(state)
    with torch.no_grad():
        return fusion(text, has_text, faces, weight)


@BOTH
def test_learns_sentiment_and_leaves_the_rest(kind):
    fusion, (segments, rows) = made_up(kind), made_up_segments(30, 0.1)
    labels = Labels(rows)
    state = learn(fusion, segments, labels, 0.003)
    for name, value in changed(fusion, no_change(fusion), (1.0, 1.0)).items():
        torch.testing.assert_close(value, fusion.state_dict()[name], rtol=0, atol=0)
    probabilities, intensity = verdicts(fusion, state, segments, len(rows))
    assert (probabilities.argmax(1) == labels.sentiment).float().mean() > 0.95
    torch.testing.assert_close(probabilities.sum(1), torch.ones(len(rows)))
    assert ((intensity - intensity.clamp(labels.lowest, labels.highest)).abs() < 0.3).all()
    # Words beside faces that were never seen, and words alone, have learnt; pictures alone, emotions and shares have not.
    faces, weight = torch.randn(3, 2, 16), torch.tensor([[1.0, 2.0]] * 3)
    for has_text, there in ((True, True), (True, False), (False, True)):
        given = torch.eye(12)[:3], torch.full([3], has_text), faces, weight * there
        old, new = all_of(fusion, fusion.state_dict(), *given), all_of(fusion, state, *given)
        torch.testing.assert_close(new[2:], old[2:], rtol=0, atol=0)
        if has_text:
            assert new[0].argmax(1).tolist() == [0, 1, 2]
        else:
            torch.testing.assert_close(new[:2], old[:2], rtol=0, atol=0)


@BOTH
def test_a_strong_pull_leaves_the_old_weights(kind):
    fusion, (segments, rows) = made_up(kind), made_up_segments(30, 0.1)
    for name, value in learn(fusion, segments, Labels(rows), 1e6).items():
        torch.testing.assert_close(value, fusion.state_dict()[name], rtol=0, atol=1e-4)


def test_cross_validation_tells_sense_from_noise():
    segments, rows = made_up_segments(30, 0.1)
    pull, before, after = best_pull(made_up(ConcatFusion), segments, rows, 1)
    assert pull is not None and after < before
    rows = rows_of(np.random.default_rng(0).permutation([row.sentiment for row in rows]).tolist())
    senseless = best_pull(made_up(ConcatFusion), segments, rows, 1)[0]
    assert senseless is None or senseless > pull


def test_a_picture_is_shrunk_first():
    picture = np.zeros((200, 100, 3), np.uint8)
    picture[:100] = 255
    crop = as_crop(picture, {"shrink_first": 4, "size": 8})
    assert crop.shape == (8, 8, 3) and crop[:3].min() == 255 and crop[5:].max() == 0 and 0 < crop[3].min() < 255


def vsa(*arguments):
    assert PROGRAM.is_file(), "scripts/build release makes the program"
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True)


@pytest.fixture(params=[ConcatFusion, AttentionFusion])
def bundle(request, tmp_path):
    """The tiny bundle, and one like it with the other fusion."""
    if request.param is ConcatFusion:
        return TINY
    return like_tiny(tmp_path / "attention", AttentionFusion(TEXT_WIDTH, FRAME_WIDTH))


def like_tiny(folder, fusion, vocabulary=TINY / "vocab.txt", text=None, emoji=None):
    """The tiny bundle with what is given in place of its own. `text`: what model.json says of it."""
    bert, resnet, _ = tiny_networks()
    description = {**json.loads((TINY / "model.json").read_text()), "fusion": described(kind_of(fusion))}
    del description["text"]["module"], description["text"]["tokenizer"]["vocab"], description["frames"]["module"]
    description["text"].update(text or {})
    write_bundle(folder, build(bert, resnet, fusion), description, vocabulary, emoji=emoji)
    return folder


def with_emoji(folder):
    (folder / "emoji.txt").write_text("\U0001f600\tgood movie\n", encoding="utf-8")
    return like_tiny(folder / "new", AttentionFusion(TEXT_WIDTH, FRAME_WIDTH), emoji=folder / "emoji.txt")


def with_sentencepiece(folder):
    (folder / "tokenizer.model").write_bytes(model_bytes(PIECES))
    model, text = read_tokenizer(folder)
    text["tokenizer"]["lower_capitals"] = True
    return like_tiny(folder / "new", ConcatFusion(TEXT_WIDTH, FRAME_WIDTH), model, text)


@pytest.fixture
def table(tmp_path):
    """Words, pictures that are bright or dark, and a video."""
    lines = ["video,subs,text,picture,label"]
    for i in range(1, 9):
        lines += [f",,this movie is good {i},,positive", f',,"this movie is bad, {i}",,negative', f",,the play at {i},,neutral"]
        cv2.imwrite(str(tmp_path / f"{i}.png"), np.full((40, 50, 3), 255 * (i % 2), np.uint8))
        lines.append(f",,,{i}.png,{2 * (i % 2)}")
    (tmp_path / "talk.srt").write_text("1\n00:00:01,000 --> 00:00:03,000\nThis is good.\n", encoding="utf-8")
    (tmp_path / "talk.mp4").symlink_to(ROOT / "samples/sample.mp4")
    (tmp_path / "table.csv").write_text("\n".join([*lines, "talk.mp4,talk.srt,,,2.5"]) + "\n", encoding="utf-8")
    return tmp_path / "table.csv"


def finetune(table, bundle, output, *options):
    return command.main(["finetune", str(table), "--from", str(bundle), "--output", str(output), "--threads", "1", *options])


def test_from_table_to_bundle(bundle, table, tmp_path, capsys):
    assert finetune(table, bundle, tmp_path / "new", "--name", "ours") == 0
    told = capsys.readouterr()
    assert "1 video, 24 texts, 8 pictures (" in told.err
    assert "| accuracy |" in told.out and "| before | after |" in told.out

    inspected = json.loads(vsa("inspect", tmp_path / "new").stdout)
    assert inspected["passes"] and (inspected["model"]["name"], inspected["model"]["version"]) == ("ours", "1")
    for name in ("text.pt", "frames.pt", "vocab.txt"):
        assert (tmp_path / "new" / name).read_bytes() == (bundle / name).read_bytes()
    old, new = (torch.jit.load(folder / "fusion.pt").state_dict() for folder in (bundle, tmp_path / "new"))
    assert {"fusion.text.weight", "fusion.faces.weight"} <= {name for name in old if not torch.equal(old[name], new[name])}
    card = (tmp_path / "new/README.md").read_text()
    assert card.startswith("# ours 1\n") and "Fine-tuned from tiny 1" in card and "| accuracy |" in card

    # As often as one likes, into the same folder; the same table gives the same bytes.
    fusion = (tmp_path / "new/fusion.pt").read_bytes()
    assert finetune(table, bundle, tmp_path / "new", "--name", "ours") == 0
    assert (tmp_path / "new/fusion.pt").read_bytes() == fusion
    result = vsa("classify", table.parent / "talk.mp4", "--model", tmp_path / "new", "--threads", "1")
    assert json.loads(result.stdout)["model"]["name"] == "ours"


def test_warns_of_a_class_that_never_occurs(table, tmp_path, capsys):
    table.write_text("\n".join(line for line in table.read_text().splitlines() if "neutral" not in line and ".png,0" not in line) + "\n")
    assert finetune(table, TINY, tmp_path / "new") == 0
    assert f"train finetune: warning: {table}: no row is neutral; the bundle will learn that nothing is\n" in capsys.readouterr().err


def test_a_video_that_cannot_be_read_is_a_line(table, tmp_path, capsys):
    (tmp_path / "talk.mp4").unlink()
    (tmp_path / "talk.mp4").write_text("no video")
    assert finetune(table, TINY, tmp_path / "new") == 2
    line = capsys.readouterr().err.splitlines()[-1]
    assert line.startswith(f"train: {table}:34: {tmp_path}/talk.mp4: ")


@pytest.mark.parametrize("damage", ["module", "folder"])
def test_a_bundle_that_the_program_refuses_is_a_line(damage, table, tmp_path, capsys):
    broken = tmp_path / "broken"
    if damage == "module":
        broken.mkdir()
        for file in TINY.iterdir():
            (broken / file.name).write_bytes(file.read_bytes())
        (broken / "text.pt").write_bytes(b"altered")
    assert finetune(table, broken, tmp_path / "new") == 2
    error = capsys.readouterr().err
    assert error.startswith(f"train: {broken}") and error.count("\n") == 1


@pytest.fixture
def quick(monkeypatch):
    """Steps that change a tiny encoder."""
    monkeypatch.setattr(own_encoder, "RATE", 3e-3)


@pytest.fixture
def all_to_the_encoder(quick, monkeypatch):
    """The fusion leaves to the encoder what there is to learn."""
    monkeypatch.setattr(own_encoder, "teach", lambda fusion, *rest: fusion.state_dict())


@pytest.fixture
def texts(tmp_path):
    """Words alone, of three classes, by words that the tiny vocabulary and PIECES have."""
    lines = ["text,label"]
    for i in range(12):
        lines += [f"good movie {i},positive", f"bad film {i},{-1 - i % 3}", f"the day {i},neutral"]
    (tmp_path / "texts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path / "texts.csv"


def test_a_bert_is_read_back_from_a_bundle():
    part = load_part(TINY, read_contract(TINY), "text")
    bert, (made, *_) = read_bert(part, "text.pt"), tiny_networks()
    for name in ("num_attention_heads", "num_hidden_layers", "intermediate_size", "layer_norm_eps", "vocab_size", "max_position_embeddings"):
        assert getattr(bert.config, name) == getattr(made.config, name), name
    for name, value in made.state_dict().items():
        torch.testing.assert_close(bert.state_dict()[name], value, rtol=0, atol=0.01)
    ids = torch.tensor([[2, 9, 40, 3], [2, 60, 3, 0]])
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    again = text_part(bert)
    again.prepare()
    torch.testing.assert_close(again.encode(ids, mask), part.encode(ids, mask), rtol=0, atol=0.05)


def test_an_encoder_that_is_no_such_bert_is_a_problem():
    bert, (_, resnet, _) = tiny_networks()[0], tiny_networks()
    for layer in bert.encoder.layer:
        layer.intermediate.intermediate_act_fn = torch.nn.ReLU()
    part = text_part(bert)
    part.prepare()
    with pytest.raises(Problem, match="^text.pt: its encoder cannot be read as a BERT of scripts.export: as one, it gives other vectors$"):
        read_bert(part, "text.pt")
    with pytest.raises(Problem, match="^text.pt: its encoder cannot be read as a BERT of scripts.export: "):
        read_bert(torch.jit.script(resnet), "text.pt")


def test_with_encoder_it_learns_too(bundle, table, texts, tmp_path, capsys, quick):
    lines = texts.read_text().splitlines()[1:]
    table.write_text(table.read_text() + "".join(",,{},,{}\n".format(*line.split(",")) for line in lines))
    assert finetune(table, bundle, tmp_path / "new", "--encoder") == 0
    told = capsys.readouterr()
    assert "train finetune: encoder: taken as after epoch " in told.err and "| log loss |" in told.out
    assert "The text encoder learnt, too; all else is that of tiny" in (tmp_path / "new/README.md").read_text()
    assert json.loads(vsa("inspect", tmp_path / "new").stdout)["passes"]
    result = vsa("classify", table.parent / "talk.mp4", "--model", tmp_path / "new", "--threads", "1")
    assert json.loads(result.stdout)["model"]["name"] == "new"

    # Weights as they were stored before, but other ones; all else is the same.
    old, new = (torch.jit.load(folder / "text.pt").state_dict() for folder in (bundle, tmp_path / "new"))
    assert {name: (value.dtype, value.shape) for name, value in old.items()} == {name: (value.dtype, value.shape) for name, value in new.items()}
    assert any(value.dtype == torch.int8 and not torch.equal(value, old[name]) for name, value in new.items())
    for name in ("frames.pt", "vocab.txt"):
        assert (tmp_path / "new" / name).read_bytes() == (bundle / name).read_bytes()

    # The same table gives the same weights; torch names the classes of what it traces anew within a process.
    assert finetune(table, bundle, tmp_path / "again", "--encoder") == 0
    for name in ("text.pt", "fusion.pt"):
        again, first = (torch.jit.load(tmp_path / folder / name).state_dict() for folder in ("again", "new"))
        assert all(torch.equal(value, again[key]) for key, value in first.items())


@pytest.mark.parametrize(("make", "text", "same"), [(with_emoji, "\U0001f600", "good movie"), (with_sentencepiece, "GOOD DAY", "good day")])
def test_with_encoder_words_are_those_of_the_program(make, text, same, texts, tmp_path, capsys, all_to_the_encoder):
    texts.write_text(texts.read_text().replace("good movie", text), encoding="utf-8")
    assert finetune(texts, make(tmp_path), tmp_path / "ours", "--encoder") == 0
    assert "encoder: taken as after epoch " in capsys.readouterr().err
    assert json.loads(vsa("inspect", tmp_path / "ours").stdout)["passes"]
    _, seen = Bundle(tmp_path / "ours", PROGRAM).see(texts, rows_of([2, 2], [text, same]))
    assert seen[0].windows == seen[1].windows != [[3] * len(seen[0].windows[0])]


def test_with_encoder_the_rows_of_the_figures_are_not_learnt_from(texts, all_to_the_encoder):
    bundle, rows = Bundle(TINY, PROGRAM), read_table(texts)
    rows, seen = bundle.see(texts, rows)
    kept, held_out = next(folds(rows, 5, 1))
    first = own_encoder.teach_both(bundle, texts, rows, seen, bundle.segments(seen), kept, 1, "cpu")
    for i in held_out:
        rows[i] = rows_of([(rows[i].sentiment + 1) % 3])[0]
        seen[i].windows = [[11, 12]]
    second = own_encoder.teach_both(bundle, texts, rows, seen, bundle.segments(seen), kept, 1, "cpu")
    (state, part, _), (same_state, same_part, _) = first, second
    for one, other in ((state, same_state), (part.state_dict(), same_part.state_dict())):
        assert all(torch.equal(value, other[name]) for name, value in one.items())


def test_with_encoder_its_epoch_is_chosen_by_rows_not_learnt_from(texts, monkeypatch, all_to_the_encoder):
    bundle = Bundle(TINY, PROGRAM)
    rows, seen = bundle.see(texts, read_table(texts))
    kept, _ = next(folds(rows, 5, 1))
    segments, learnt, checked = bundle.segments(seen), set(), set()
    words, vectors = own_encoder.Words, bundle.segments
    monkeypatch.setattr(own_encoder, "Words", lambda seen, *rest: learnt.update(one.row for one in seen) or words(seen, *rest))
    monkeypatch.setattr(bundle, "segments", lambda seen, encode: checked.update(one.row for one in seen) or vectors(seen, encode))
    own_encoder.teach_both(bundle, texts, rows, seen, segments, kept, 1, "cpu")
    assert learnt and checked and not learnt & checked and learnt | checked == set(kept.tolist())


def test_an_encoder_that_learns_nothing_stays(texts, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(own_encoder, "RATE", 0)
    assert finetune(texts, TINY, tmp_path / "alone") == 0
    assert finetune(texts, TINY, tmp_path / "both", "--encoder", "--name", "alone") == 0
    assert "train finetune: encoder: no epoch is better than the fusion taught alone: it stays as it was\n" in capsys.readouterr().err
    for path in (tmp_path / "alone").iterdir():
        assert path.read_bytes() == (tmp_path / "both" / path.name).read_bytes()


def test_with_encoder_pictures_alone_are_a_line(table, tmp_path, capsys):
    for i in range(9, 13):
        cv2.imwrite(str(tmp_path / f"{i}.png"), np.full((40, 50, 3), 20 * i, np.uint8))
    table.write_text("picture,label\n" + "".join(f"{i}.png,{i % 3 - 1}\n" for i in range(1, 13)))
    assert finetune(table, TINY, tmp_path / "new", "--encoder") == 2
    line = capsys.readouterr().err.splitlines()[-1]
    assert line == f"train: {table}: has words in 0 of the rows to learn from; --encoder expects 20 or more"
    assert not (tmp_path / "new").exists()


def test_an_epoch_sees_one_window_of_each_row():
    none = torch.zeros(0)
    seen = [Seen(0, "a", none, none, 1.0, [[11]]), Seen(1, "b", none, none, 9.0, [[11] * 9, [12]]), Seen(1, "c", none, none, 1.0, [[13]]), Seen(2, "d", none, none, 1.0, [[14]])]
    bert = read_bert(load_part(TINY, read_contract(TINY), "text"), "text.pt")
    network = own_encoder.network_of(bert, torch.zeros(11, TEXT_WIDTH), torch.zeros(11))
    words = own_encoder.Words(seen, rows_of([0, 1, 2]), (2, 3), network)
    drawn = []
    for number in range(200):
        batches = words.epoch(np.random.default_rng(number))
        assert sorted(words.of[np.concatenate(batches)]) == [0, 1, 2]
        drawn += [tuple(words.ids[i]) for i in np.concatenate(batches) if words.of[i] == 1]
    assert 140 < drawn.count((2, *[11] * 9, 3)) < 180 and 5 < drawn.count((2, 13, 3)) < 40
    # Of a class the intensity that agrees with it and is nearest to what the bundle says.
    assert words.batch(np.array([0, 4]))[2]["intensity"].tolist() == [-0.5, 0.5]
