"""The sources of other languages and the stage multi, on small made-up files, with a tiny e5 in place of the real one."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from made_e5 import e5_bytes
from made_faces import make_faces
from made_texts import make_languages, make_texts
from safetensors.torch import load_file
from sentencepiece import SentencePieceProcessor

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scripts.export.bundle import load_part, read_contract  # noqa: E402
from scripts.export.checkpoints import read_bert, read_tokenizer  # noqa: E402
from scripts.export.e5 import bert_of, read_e5  # noqa: E402
from scripts.train import __main__ as command  # noqa: E402
from scripts.train import languages, multi, soft_labels, text_encoder, texts, vectors  # noqa: E402


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    make_texts(folder)
    make_languages(folder)
    return folder


def read(data, source, split):
    return texts.read(data, source, split, languages.EVERY)


def test_targets_of_each_kind_of_source(data):
    assert read(data, "ch-sims", "valid").intensity == pytest.approx([-1.8, 0, 1.8])  # a third of MOSI's scale
    smp = read(data, "smp2020", "train")
    assert smp.classes[[0, 1, 3]].argmax(1).tolist() == [2, 0, 1] and np.isnan(smp.classes[2]).all()  # surprise says no class
    np.testing.assert_array_equal(smp.emotions[1], np.array([0, 0, 0, 1, 0, np.nan, 0], np.float32))  # it has no disgust
    assert sorted(read(data, "meals", "train").texts) == ["w\u4e0d, \u597d", "w\u5f88\u597d"]  # copies with both labels are out
    assert np.isnan(read(data, "hotels", "train").classes[:, 1]).all()
    assert len(read(data, "shops", "train")) == 2  # one is too long
    assert [len(read(data, "nsmc", split)) for split in ("train", "valid", "test")] == [3, 2, 1]  # by film
    assert read(data, "nsmc", "train").classes.sum(0) == pytest.approx([1.25, 0.5, 1.25])
    assert read(data, "mosi-zh", "train").texts[:2] == ["\u597dtrain0", "\u597dtrain1"]


def test_rows_of_any_valid_or_test_split_are_left_out_of_training(data):
    kept, left_out = texts.training_rows(data, languages.EVERY)
    held = texts.held_out(data, languages.EVERY)
    assert not any(texts.normal(text) in held for rows in kept.values() for text in rows.texts)
    assert left_out["xlm-t-hindi"] == 1 and left_out["nsmc"] == 1  # but for case, marks and spaces
    assert {languages.language_of(name) for name in kept} == {"en", "ar", "fr", "de", "hi", "it", "pt", "es", "zh", "ko"}
    assert set(multi.SHARES) == set(kept)


def test_a_heard_text_keeps_signs_that_are_letters_or_emoji():
    assert (
        languages.heard("Well, I don\u2019t \U0001f602 - \u0928\u092e\u0938\u094d\u0924\u0947\u0964", upper=False)
        == "well i dont \U0001f602 \u0928\u092e\u0938\u094d\u0924\u0947"
    )
    assert languages.heard("\u4f60\u597d\uff0c\u4e16\u754c\uff01", upper=True) == "\u4f60\u597d \u4e16\u754c"
    assert languages.heard("?!", upper=False) == "?!"


@pytest.fixture
def tiny(monkeypatch, tmp_path):
    path = tmp_path / "e5.bin"
    path.write_bytes(e5_bytes()[0])
    monkeypatch.setattr(multi, "package_file", lambda name: path)
    monkeypatch.setattr(multi, "agreement", lambda bert, tokens, written: [0.99] * len(written))
    for module in (multi, vectors):
        monkeypatch.setattr(module, "MAX_TOKENS", 16)
    monkeypatch.setattr(multi, "PIECES", 14)
    monkeypatch.setattr(multi, "EPOCHS", 1)
    monkeypatch.setattr(text_encoder, "BATCH_ROWS", 16)
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


def test_the_stage_leaves_a_checkpoint_that_the_export_reads(data, tiny, tmp_path):
    work = tmp_path / "work"
    sources = texts.training_rows(data)[0]
    count = len(sources["mosei"])
    soft_labels.write(work, "mosei", sources["mosei"].texts, (np.ones(count), np.full((count, 3), 1 / 3), np.full((count, 7), 1 / 7)))
    assert command.main(["multi", "--work", str(work), "--data", str(data), "--threads", "1"]) == 0

    folder = work / "multi"
    bert, (model, options) = read_bert(folder), read_tokenizer(folder)
    pieces = SentencePieceProcessor(model_file=str(model))
    assert options["tokenizer"]["kind"] == "sentencepiece" and (options["cls"], options["sep"], options["unk"]) == (0, 2, 3)
    assert len(pieces) == bert.config.vocab_size == 14
    weights = load_file(folder / "model.safetensors")
    assert len(weights["scale"]) == len(languages.EVERY) and weights["emotion.weight"].shape == (7, 32)

    # The rows of the table of pieces are those of the pieces that were kept.
    start, whole = load_file(folder / "start" / "model.safetensors"), multi.read_e5(tmp_path / "e5.bin")
    place = [text for text, _ in whole[2]].index(pieces.id_to_piece(9))
    torch.testing.assert_close(start["embeddings.word_embeddings.weight"][9], whole[1]["embeddings.word_embeddings.weight"][place])

    vocabulary = json.loads((folder / "start" / "vocabulary.json").read_text())
    assert vocabulary["pieces"] == 14 and set(vocabulary["languages"]) >= {"en", "zh", "hi", "ko"}
    assert vocabulary["languages"]["en"]["unknown after"] >= vocabulary["languages"]["en"]["unknown before"] > 0
    report = json.loads((folder / "valid.json").read_text())
    assert set(report) == {"en", "xlm-t", "nsmc", "smp2020", "ch-sims", "ch-sims-1", "mosi-zh", *(f"xlm-t-{name}" for name in languages.XLMT)}
    assert 0 <= report["nsmc"]["two classes"] <= 1 and "emotions" in report["smp2020"] and "mae" in report["ch-sims"]
    assert not (folder / "state.pt").exists() and (folder / "done").exists()


def test_a_teacher_counts_where_it_says_something(data, tiny, tmp_path):
    """Rows that no teacher has judged get no gradient from it; those that it has do, also where they have no label."""
    sources = {name: rows for name, rows in texts.training_rows(data)[0].items() if name in ("mosi", "goemotions")}
    says = (np.full(8, 2.0), np.tile([0.1, 0.2, 0.7], (8, 1)), np.full((8, 7), 1 / 7))
    rows = text_encoder.TrainingSet(sources, lambda written: [[1, 2] for _ in written], soft={"goemotions": says})
    assert rows.targets["soft intensity"].isnan().tolist() == [True] * 8 + [False] * 8
    network = text_encoder.TextEncoder(bert_of(*read_e5(tmp_path / "e5.bin")[:2]))
    vectors = torch.ones(16, 32)
    with_soft = text_encoder.loss_of(network, vectors[:8], {part: values[:8] for part, values in rows.targets.items()})
    torch.manual_seed(0)
    with_soft = text_encoder.loss_of(network, vectors[:8], {part: values[:8] for part, values in rows.targets.items()})
    torch.manual_seed(0)
    without = text_encoder.loss_of(network, vectors[:8], {part: values[:8] for part, values in rows.targets.items() if not part.startswith("soft")})
    torch.testing.assert_close(with_soft, without)
    network.intensity.weight.grad = None
    text_encoder.loss_of(network, vectors[8:], {part: values[8:] for part, values in rows.targets.items()}).backward()
    assert network.intensity.bias.grad.abs() > 0.1  # GoEmotions has no intensity of its own


def test_the_bundle_shares_the_faces_of_an_earlier_one_and_judges_them_alike(data, tiny, tmp_path):
    """On made-up texts and faces: pictures alone are the earlier bundle's layer, bit by bit, and the program takes the bundle."""
    make_faces(data)
    models, work = tmp_path / "models", tmp_path / "work"
    shutil.copytree(ROOT / "tests" / "data" / "tiny-bundle", models / "tiny")
    shared = ["--work", str(work), "--data", str(data), "--threads", "1"]
    assert command.main(["multi-bundle", *shared]) == 2  # stage multi comes first
    assert command.main(["multi", *shared]) == 0
    assert command.main(["multi-bundle", "--from", str(models / "tiny"), *shared]) == 0

    bundle = models / "multi"
    shutil.copytree(work / "multi-bundle" / "bundle", bundle)
    contract, earlier = read_contract(bundle), read_contract(models / "tiny")
    assert contract["frames"]["module"] == {**earlier["frames"]["module"], "path": "../tiny/frames.pt"}
    own, theirs = (load_part(folder, one, "fusion").fusion for folder, one in ((bundle, contract), (models / "tiny", earlier)))
    torch.testing.assert_close(own.faces.weight, theirs.faces.weight, rtol=0, atol=0)
    torch.testing.assert_close(own.faces.bias, theirs.faces.bias, rtol=0, atol=0)
    report = json.loads((work / "multi-bundle" / "valid.json").read_text())
    assert {"SST valid, 3 classes", "en, all of its sets, 3 classes"} <= {row["of"] for row in report["figures"]}

    inspected = subprocess.run([ROOT / "build" / "release" / "vsa", "inspect", bundle], capture_output=True, text=True)
    assert inspected.returncode == 0, inspected.stdout
