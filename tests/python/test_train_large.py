"""Weights in 4 bits, the text part of an MPNet and the stage large-bundle, with a tiny MPNet of random weights in place of the real one."""

import copy
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from made_faces import make_faces
from made_texts import VOCABULARY, make_languages, make_texts

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors  # noqa: E402
from transformers import MPNetConfig, MPNetModel  # noqa: E402

from scripts.export import int4  # noqa: E402
from scripts.export.bundle import load_part, module_bytes, read_contract  # noqa: E402
from scripts.export.mpnet_part import Encoder, hidden_of, text_part  # noqa: E402
from scripts.export.problem import Problem  # noqa: E402
from scripts.train import __main__ as command  # noqa: E402
from scripts.train import large_bundle, mpnet, teacher, texts  # noqa: E402
from scripts.train.metrics import intensity_figures, paired_differences  # noqa: E402

WORDS = list(dict.fromkeys(["<s>", "<pad>", "</s>", "<unk>", *VOCABULARY, *"abcdefghijklmnopqrstuvwxyz", "##s"]))
WIDTH, LAYERS, LENGTH = 16, (3, 1), 24
ROUNDING = 0.4  # what 4 bits come to in a vector of tiny random layers, relative to its size; of shuffled weights it is 0.9
VSA = ROOT / "build" / "release" / "vsa"


def tiny_network():
    torch.manual_seed(0)
    config = MPNetConfig(
        vocab_size=len(WORDS), hidden_size=WIDTH, num_hidden_layers=3, num_attention_heads=2, intermediate_size=32, max_position_embeddings=140, initializer_range=0.2
    )
    return MPNetModel(config, add_pooling_layer=False).eval()


def tiny_heads(count=3):
    torch.manual_seed(1)
    found = [teacher.Heads(WIDTH * len(LAYERS), 8).eval().requires_grad_(False) for _ in range(count)]
    for one in found:
        one.mean.normal_(), one.deviation.uniform_(0.5, 2)
    return found


def some_ids(count=40):
    draw = np.random.default_rng(2)
    return [[0, *draw.integers(4, len(WORDS), draw.integers(1, LENGTH - 2)).tolist(), 2] for _ in range(count)]


def padded(texts):
    ids = torch.ones(len(texts), max(map(len, texts)), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, one in enumerate(texts):
        ids[row, : len(one)], mask[row, : len(one)] = torch.tensor(one), 1
    return ids, mask


@torch.no_grad()
def vectors_of(network, heads, texts):
    """What transformers' network and the heads make of each text alone."""
    found = []
    for ids in texts:
        states = network(torch.tensor([ids]), output_hidden_states=True).hidden_states
        means = torch.cat([states[layer].mean(1) for layer in LAYERS], 1)
        found.append(torch.cat([one(means) for one in heads], 1))
    return torch.cat(found)


def relative(found, expected):
    return float((found - expected).norm() / expected.norm())


# 4 bits


def test_each_weight_comes_back_within_a_step():
    torch.manual_seed(3)
    weight = torch.randn(5, 2 * int4.GROUP) * torch.tensor([1e-3, 1.0, 10.0, 0.0, -3.0])[:, None]
    levels, scale = int4.rounded(weight)
    assert levels.shape == weight.shape and scale.shape == (5, 2)
    assert levels.min() >= -8 and levels.max() <= 7 and (levels == levels.round()).all()
    found = int4.expanded(int4.packed(levels), scale.half())
    torch.testing.assert_close(found, (levels.view(5, 2, -1) * scale[:, :, None]).view(5, -1), rtol=0, atol=0)
    assert (found[3] == 0).all()
    assert relative(found, weight) < 0.12  # of normal ones; 0.107 is the least that 16 equal steps can leave
    assert int4.packed(levels).dtype == torch.uint8 and int4.packed(levels).shape == (5, int4.GROUP)


def test_a_row_that_does_not_divide_into_groups_is_one():
    levels, scale = int4.rounded(torch.randn(3, 48))
    assert levels.shape == (3, 48) and scale.shape == (3, 1)


def test_inputs_that_go_together_say_how_to_round():
    """What the layer gives changes less than with each weight rounded by itself."""
    torch.manual_seed(4)
    weight, inputs = torch.randn(32, 64), torch.randn(500, 8) @ torch.randn(8, 64) + 0.1 * torch.randn(500, 64)

    def error(levels, scale):
        return relative(inputs @ int4.expanded(int4.packed(levels), scale.half()).T, inputs @ weight.T)

    assert error(*int4.rounded(weight, inputs.T @ inputs / 500)) < 0.5 * error(*int4.rounded(weight))


def test_rows_of_a_table_are_expanded_as_they_are_read():
    table = torch.randn(10, 2 * int4.GROUP)
    levels, scale = int4.rounded(table)
    rows = torch.jit.script(int4.Int4Rows(levels, scale))(torch.tensor([[3, 9], [0, 3]]))
    assert rows.shape == (2, 2, 2 * int4.GROUP)
    torch.testing.assert_close(rows[1, 1], int4.expanded(int4.packed(levels), scale.half())[3])


# The part


@torch.no_grad()
def test_the_encoder_is_transformers_own_before_it_is_rounded():
    network, heads, texts = tiny_network(), tiny_heads(), some_ids()
    encoder = Encoder(copy.deepcopy(network), LAYERS, hidden_of(heads, LAYERS), LENGTH).eval()
    ids, mask = padded(texts)
    found = encoder(network.embeddings.word_embeddings(ids), mask)
    assert found.shape == (len(texts), 24)
    torch.testing.assert_close(found, vectors_of(network, heads, texts), rtol=1e-4, atol=1e-5)


@pytest.fixture(scope="module")
def part(tmp_path_factory):
    """Written and read back."""
    heard = []
    made = text_part(tiny_network(), LAYERS, tiny_heads(), LENGTH, some_ids(), lambda done, of: heard.append((done, of)))
    assert heard == [(1, 3), (2, 3), (3, 3)]
    path = tmp_path_factory.mktemp("part") / "text.pt"
    path.write_bytes(module_bytes(made))
    assert path.stat().st_size < 100_000
    loaded = torch.jit.load(path)
    loaded.prepare()
    return loaded


@torch.no_grad()
def test_the_part_gives_nearly_what_the_network_gives(part):
    found = part.encode(*padded(some_ids()))
    assert found.dtype == torch.float32
    assert relative(found, vectors_of(tiny_network(), tiny_heads(), some_ids())) < ROUNDING


@torch.no_grad()
def test_padding_changes_nothing(part):
    ids, mask = torch.tensor([[0, 10, 11, 2]]), torch.ones(1, 4, dtype=torch.long)
    longer, its_mask = torch.tensor([[0, 10, 11, 2, 1, 1, 1]]), torch.tensor([[1, 1, 1, 1, 0, 0, 0]])
    torch.testing.assert_close(part.encode(ids, mask), part.encode(longer, its_mask), rtol=1e-5, atol=1e-5)


@torch.no_grad()
def test_a_text_may_be_as_long_as_the_bundle_says(part):
    assert part.encode(torch.full((1, LENGTH), 9), torch.ones(1, LENGTH, dtype=torch.long)).isfinite().all()


@torch.no_grad()
def test_bfloat16_stays_near(part):
    other = copy.deepcopy(part)
    other.to(torch.bfloat16)
    given = padded(some_ids())
    found = other.encode(*given)
    assert found.dtype == torch.float32
    assert relative(found, part.encode(*given)) < 0.05


def test_another_network_than_is_meant_is_refused():
    network = tiny_network()
    network.config.hidden_act = "relu"
    with pytest.raises(Problem, match="an MPNet of relu and 140 positions; expected gelu and 26"):
        text_part(network, LAYERS, tiny_heads(), LENGTH, some_ids())


# The comparison


def test_a_difference_is_that_of_the_same_rows():
    """Scores that differ alike from row to row differ surely, though each of the two alone could be any."""
    draw = np.random.default_rng(0)
    truth = draw.normal(size=300).clip(-3, 3)
    first = truth + draw.normal(size=300)
    found = paired_differences(intensity_figures, truth, first, truth + 0.9 * (first - truth))
    value, low, high = found["mae"]
    assert low < value < high < 0
    assert value == pytest.approx(-0.1 * np.abs(first - truth).mean(), abs=1e-4)
    same = paired_differences(intensity_figures, truth, first, first, draws=50)
    assert same["non0_acc2"] == (0, 0, 0)


# The stage


def write_network(folder):
    """As the packages of the real one hold it."""
    folder.mkdir(parents=True, exist_ok=True)
    tiny_network().save_pretrained(folder)
    tokenizer = Tokenizer(models.WordPiece({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    tokenizer.save(str(folder / "tokenizer.json"))


def test_another_kind_of_tokenizer_is_refused(tmp_path):
    write_network(tmp_path)
    told = json.loads((tmp_path / "tokenizer.json").read_text())
    told["model"]["vocab"]["far"] = 1000
    (tmp_path / "tokenizer.json").write_text(json.dumps(told))
    with pytest.raises(Problem, match="tokenizer.json: expected a WordPiece of BERT's rules with ids from 0"):
        mpnet.write_vocabulary(tmp_path, tmp_path / "vocab.txt")


def test_a_bundle_without_wordpiece_is_not_compared_with(tmp_path):
    bundle = ROOT / "models" / "default-multi"
    with pytest.raises(Problem, match='models/default-multi: has a tokenizer of kind sentencepiece, expected "wordpiece"'):
        large_bundle.encoders_of_bundle(tmp_path, bundle, read_contract(bundle), None)


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    make_texts(folder), make_languages(folder), make_faces(folder)
    return folder


@pytest.fixture
def tiny(monkeypatch):
    monkeypatch.setattr(mpnet, "unpack", write_network)
    for name, value in {"LAYERS": LAYERS, "BATCH": 16, "EPOCHS": 1}.items():
        monkeypatch.setattr(teacher, name, value)
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


def test_the_stage_leaves_a_bundle_that_says_what_the_teacher_says(data, tiny, tmp_path, capsys):
    models, work = tmp_path / "models", tmp_path / "work"
    shutil.copytree(ROOT / "tests" / "data" / "tiny-bundle", models / "tiny")
    shared = ["--work", str(work), "--data", str(data), "--threads", "1"]
    from_tiny = ["--from", str(models / "tiny")]
    assert command.main(["large-bundle", *from_tiny, *shared]) == 2
    assert capsys.readouterr().err == f"train: {work}/teacher: is not there; run stage teacher first\n"
    assert command.main(["teacher", *shared]) == 0
    assert command.main(["large-bundle", *from_tiny, *shared]) == 0

    bundle = models / "large-en"
    shutil.copytree(work / "large-bundle" / "bundle", bundle)
    contract, earlier = read_contract(bundle), read_contract(models / "tiny")
    assert contract["auto"] is False and contract["text"]["width"] == 3 * teacher.HIDDEN
    assert [contract["text"][name] for name in ("cls", "sep", "pad", "unk")] == [0, 2, 1, WORDS.index("[UNK]")]
    assert contract["frames"]["module"] == {**earlier["frames"]["module"], "path": "../tiny/frames.pt"}
    report = json.loads((work / "large-bundle" / "against.json").read_text())
    assert report["rows"] == 16 and isinstance(report["better"], bool) and set(report["own less earlier, 95 %"]["mae"]) == {"value", "low", "high"}
    figures = json.loads((work / "large-bundle" / "valid.json").read_text())["figures"]
    assert "SST valid, 3 classes" in {row["of"] for row in figures}

    # Words alone: the fusion's intensity is that of the teacher, but for what rounding leaves.
    heads, written = large_bundle.heads_of(work, 1), texts.read(data, "sst", "valid").texts
    ids = mpnet.read_tokens(work / "teacher" / "mpnet")(written)
    fusion = load_part(bundle, contract, "fusion").fusion.text
    with torch.no_grad():
        vectors = load_part(bundle, contract, "text").encode(*padded(ids))
        exact = vectors_of(tiny_network(), heads, ids)
        mean = torch.stack([one.intensity(exact[:, teacher.HIDDEN * i : teacher.HIDDEN * (i + 1)])[:, 0] for i, one in enumerate(heads)]).mean(0)
        torch.testing.assert_close(torch.nn.functional.linear(exact, fusion.weight, fusion.bias)[:, 3], mean, rtol=1e-4, atol=1e-5)
    assert relative(vectors, exact) < ROUNDING

    # The program takes it, and makes the ids of it that the teacher was taught with.
    inspected = subprocess.run([VSA, "inspect", bundle], capture_output=True, text=True)
    assert inspected.returncode == 0, inspected.stdout
    lines = ["good day, films \u00c9 e\u0301", "GOOD bad", "</s> [SEP] x", "\u4e2d is", *written]
    found = subprocess.run([VSA, "tokenize", "--model", bundle], input="".join(line + "\n" for line in lines), capture_output=True, text=True, check=True)
    tokenizer = Tokenizer.from_file(str(work / "teacher" / "mpnet" / "tokenizer.json"))
    assert [json.loads(line)["ids"] for line in found.stdout.splitlines()] == [tokenizer.encode(line, add_special_tokens=False).ids for line in lines]
    table = tmp_path / "label.csv"
    table.write_text("video_id,clip_id,text,label,mode\n" + "".join(f"v,{i},{text},1,valid\n" for i, text in enumerate(written)))
    scored = subprocess.run([VSA, "evaluate", table, "--split", "valid", "--model", bundle, "--dtype", "fp32", "--save", tmp_path / "saved.csv"], capture_output=True, text=True)
    assert scored.returncode == 0, scored.stderr
    saved = [float(row.split(",")[2]) for row in (tmp_path / "saved.csv").read_text().splitlines()[1:]]
    with torch.no_grad():
        expected = torch.nn.functional.linear(vectors, fusion.weight, fusion.bias)[:, 3]
    np.testing.assert_allclose(saved, expected, atol=1e-4)
