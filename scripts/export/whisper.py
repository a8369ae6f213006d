"""Reads a Whisper of any size: a Hugging Face folder, OpenAI's .pt, or a folder of CTranslate2. Whatever is wrong with it becomes one
line: a Problem."""

import json
import pickle
import struct
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from .checkpoints import fill, read_weights
from .problem import Problem

STATES, MAX_TOKENS = 1500, 448


class Whisper(NamedTuple):
    network: object  # transformers.WhisperModel
    align: list  # (layer, head) of each alignment head, from its files; empty where they do not say
    folder: Path  # where its tokens are to be found


class Sizes(NamedTuple):
    vocabulary: int
    mels: int
    width: int
    inner: int
    encoder_layers: int
    encoder_heads: int
    decoder_layers: int
    decoder_heads: int


def read_whisper(source):
    source = Path(source)
    if source.is_file():
        return _read_openai(source)
    if (source / "model.bin").is_file():
        return _read_ctranslate2(source)
    if (source / "config.json").is_file():
        return _read_hugging_face(source)
    if not source.exists():
        raise Problem(f"{source}: no such file or folder; expected a Whisper")
    raise Problem(f"{source}: has neither config.json nor model.bin; expected a Whisper of Hugging Face or CTranslate2, or OpenAI's .pt")


def _network(sizes, weights, path):
    """The WhisperModel of `sizes` filled with `weights`, whose names are its own."""
    from transformers import WhisperConfig, WhisperModel

    config = WhisperConfig(
        vocab_size=sizes.vocabulary, num_mel_bins=sizes.mels, d_model=sizes.width, encoder_layers=sizes.encoder_layers, decoder_layers=sizes.decoder_layers,
        encoder_attention_heads=sizes.encoder_heads, decoder_attention_heads=sizes.decoder_heads, encoder_ffn_dim=sizes.inner, decoder_ffn_dim=sizes.inner,
        max_source_positions=STATES, max_target_positions=MAX_TOKENS, pad_token_id=0, bos_token_id=0, eos_token_id=0, decoder_start_token_id=0,
    )  # fmt: skip
    for heads in (sizes.encoder_heads, sizes.decoder_heads):
        if heads < 1 or sizes.width % heads:
            raise Problem(f"{path}: {heads} heads do not share a width of {sizes.width}")
    with torch.device("meta"):
        network = WhisperModel(config)
    return fill(network, weights, path, assign=True).float().eval()


def _json_of(path, what):
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict):
            raise ValueError("not an object")
        return found
    except (OSError, ValueError) as error:
        raise Problem(f"{path}: cannot be read; expected {what}") from error


def _read_hugging_face(folder):
    config_path = folder / "config.json"
    config = _json_of(config_path, "the config.json of a Whisper")
    if config.get("model_type") != "whisper":
        raise Problem(f'{config_path}: "model_type" is {json.dumps(config.get("model_type"))}, expected "whisper"')
    fixed = {"max_source_positions": STATES, "max_target_positions": MAX_TOKENS, "activation_function": "gelu", "scale_embedding": False}
    for name, expected in fixed.items():
        if config.get(name, expected) != expected:
            raise Problem(f"{config_path}: {json.dumps(name)} is {json.dumps(config[name])}, expected {json.dumps(expected)}")
    names = ("vocab_size", "num_mel_bins", "d_model", "encoder_ffn_dim", "encoder_layers", "encoder_attention_heads", "decoder_layers", "decoder_attention_heads")
    for name in (*names, "decoder_ffn_dim"):
        if not isinstance(config.get(name), int):
            raise Problem(f"{config_path}: has no {json.dumps(name)}")
    if config["encoder_ffn_dim"] != config["decoder_ffn_dim"]:
        raise Problem(f'{config_path}: "decoder_ffn_dim" is {config["decoder_ffn_dim"]}, expected {config["encoder_ffn_dim"]} as "encoder_ffn_dim"')
    path = next((folder / name for name in ("model.safetensors", "pytorch_model.bin") if (folder / name).is_file()), None)
    if path is None:
        raise Problem(f"{folder}: has neither model.safetensors nor pytorch_model.bin")
    weights = {name.removeprefix("model."): value for name, value in read_weights(path).items()}
    words = weights.pop("proj_out.weight", None)
    if words is not None and not torch.equal(words, weights.get("decoder.embed_tokens.weight", words)):
        raise Problem(f"{path}: proj_out.weight is not decoder.embed_tokens.weight; expected one table for both")
    generation = folder / "generation_config.json"
    align = _json_of(generation, "a generation_config.json").get("alignment_heads") if generation.is_file() else None
    return Whisper(_network(Sizes(*(config[name] for name in names)), weights, path), align or [], folder)


# In the order in which they are replaced.
OPENAI_NAMES = [
    ("blocks.", "layers."), ("cross_attn_ln.", "encoder_attn_layer_norm."), ("attn_ln.", "self_attn_layer_norm."), ("mlp_ln.", "final_layer_norm."),
    ("mlp.0.", "fc1."), ("mlp.2.", "fc2."), (".cross_attn.", ".encoder_attn."), (".attn.", ".self_attn."), (".query.", ".q_proj."), (".key.", ".k_proj."),
    (".value.", ".v_proj."), ("attn.out.", "attn.out_proj."), ("ln_post.", "layer_norm."), ("decoder.ln.", "decoder.layer_norm."),
    ("token_embedding.", "embed_tokens."), ("positional_embedding", "embed_positions.weight"),
]  # fmt: skip


def _read_openai(path):
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, pickle.UnpicklingError, RuntimeError, EOFError, ValueError, KeyError) as error:
        raise Problem(f"{path}: cannot be read as weights: {str(error).splitlines()[0]}") from error
    if not isinstance(found, dict) or not isinstance(found.get("dims"), dict) or not isinstance(found.get("model_state_dict"), dict):
        raise Problem(f'{path}: is no Whisper of OpenAI: expected "dims" and "model_state_dict"')
    dims, weights = found["dims"], {}
    names = ("n_vocab", "n_mels", "n_audio_state", "n_audio_layer", "n_audio_head", "n_text_layer", "n_text_head", "n_text_state", "n_audio_ctx", "n_text_ctx")
    for name in names:
        if not isinstance(dims.get(name), int):
            raise Problem(f'{path}: "dims" has no {json.dumps(name)}')
    for name, expected in (("n_audio_ctx", STATES), ("n_text_ctx", MAX_TOKENS), ("n_text_state", dims["n_audio_state"])):
        if dims[name] != expected:
            raise Problem(f"{path}: {json.dumps(name)} is {dims[name]}, expected {expected}")
    for name, value in found["model_state_dict"].items():
        for theirs, ours in OPENAI_NAMES:
            name = name.replace(theirs, ours)
        weights[name] = value.float()
    vocabulary, mels, width, *layers_and_heads = (dims[name] for name in names[:7])
    return Whisper(_network(Sizes(vocabulary, mels, width, 4 * width, *layers_and_heads), weights, path), [], path.parent)


TYPES = {0: np.dtype("<f4"), 1: np.dtype("i1"), 2: np.dtype("<i2"), 3: np.dtype("<i4"), 4: np.dtype("<f2"), 5: np.dtype("<u2")}
BFLOAT16 = 5


def read_variables(path):
    """Name to array of CTranslate2's model.bin; weights in float32, those in 8 bits expanded."""
    data, at = Path(path).read_bytes(), 0

    def take(count):
        nonlocal at
        if at + count > len(data):
            raise ValueError("ends early")
        at += count
        return data[at - count : at]

    def number(form):
        return struct.unpack("<" + form, take(struct.calcsize(form)))[0]

    def text():
        return take(number("H")).rstrip(b"\0").decode()

    version = number("I")
    if not 2 <= version <= 6:
        raise ValueError(f"is of version {version}, expected 2 to 6")
    kind = text()
    if kind != "WhisperSpec":
        raise ValueError(f'holds a "{kind}", expected a "WhisperSpec"')
    number("I")
    found = {}
    for _ in range(number("I")):
        name = text()
        shape = [number("I") for _ in range(number("B"))]
        if version >= 4:
            kind, size = number("B"), number("I")
        else:
            width = number("B")
            kind, size = {4: 0, 1: 1, 2: 2}.get(width, -1), width * number("I")
        if kind not in TYPES:
            raise ValueError(f"{name} is of an unknown type")
        raw = np.frombuffer(take(size), TYPES[kind]).reshape(shape)
        if kind == BFLOAT16:
            raw = (raw.astype(np.uint32) << 16).view(np.float32)
        found[name] = raw if kind in (1, 2, 3) else raw.astype(np.float32)
    for name in [name for name in found if name.endswith("weight_scale")]:
        scale, small = found.pop(name), found[name.removesuffix("_scale")]
        found[name.removesuffix("_scale")] = small.astype(np.float32) / scale.reshape(-1, *[1] * (small.ndim - 1))
    return found


def _read_ctranslate2(folder):
    path = folder / "model.bin"
    try:
        sizes, weights = _from_variables(read_variables(path))
    except OSError as error:
        raise Problem(f"{path}: cannot be read; expected a Whisper of CTranslate2") from error
    except KeyError as error:
        raise Problem(f"{path}: has no {error.args[0]}") from error
    except (ValueError, IndexError) as error:
        raise Problem(f"{path}: is no Whisper of CTranslate2: {error}") from error
    config = folder / "config.json"
    align = _json_of(config, "the config.json of a Whisper of CTranslate2").get("alignment_heads") if config.is_file() else None
    return Whisper(_network(sizes, weights, path), align or [], folder)


def _from_variables(found):
    """(Sizes, weights by WhisperModel's names). CTranslate2 puts q, k, v of self-attention in one matrix, and k, v of cross-attention."""
    weights = {}

    def tensor(name):
        return torch.from_numpy(np.array(found[name], np.float32))

    def pair(to, name, weight="weight", bias="bias"):
        weights[to + ".weight"], weights[to + ".bias"] = tensor(f"{name}/{weight}"), tensor(f"{name}/{bias}")

    def norm(to, name):
        pair(to, name, "gamma", "beta")

    def parts(to, name, letters):
        weight, bias = tensor(name + "/weight").chunk(len(letters)), tensor(name + "/bias").chunk(len(letters))
        for letter, rows, own in zip(letters, weight, bias):
            weights[f"{to}.{letter}_proj.weight"] = rows.contiguous()
            if letter != "k":
                weights[f"{to}.{letter}_proj.bias"] = own.contiguous()

    layers = {}
    for side in ("encoder", "decoder"):
        layers[side] = len({name.split("/")[1] for name in found if name.startswith(f"{side}/layer_") and not name.startswith(f"{side}/layer_norm")})
        for i in range(layers[side]):
            name, to = f"{side}/layer_{i}/", f"{side}.layers.{i}."
            parts(to + "self_attn", name + "self_attention/linear_0", "qkv")
            pair(to + "self_attn.out_proj", name + "self_attention/linear_1")
            norm(to + "self_attn_layer_norm", name + "self_attention/layer_norm")
            if side == "decoder":
                parts(to + "encoder_attn", name + "attention/linear_0", "q")
                parts(to + "encoder_attn", name + "attention/linear_1", "kv")
                pair(to + "encoder_attn.out_proj", name + "attention/linear_2")
                norm(to + "encoder_attn_layer_norm", name + "attention/layer_norm")
            pair(to + "fc1", name + "ffn/linear_0")
            pair(to + "fc2", name + "ffn/linear_1")
            norm(to + "final_layer_norm", name + "ffn/layer_norm")
        norm(side + ".layer_norm", side + "/layer_norm")
        weights[side + ".embed_positions.weight"] = tensor(side + "/position_encodings/encodings")
    pair("encoder.conv1", "encoder/conv1")
    pair("encoder.conv2", "encoder/conv2")
    words = weights["decoder.embed_tokens.weight"] = tensor("decoder/embeddings/weight")
    mels, inner = weights["encoder.conv1.weight"].shape[1], weights["encoder.layers.0.fc1.weight"].shape[0]
    # Whispers' heads have 64 columns; newer files say how many heads there are.
    heads = {side: int(found.get(side + "/num_heads", words.shape[1] // 64)) for side in ("encoder", "decoder")}
    return Sizes(words.shape[0], mels, words.shape[1], inner, layers["encoder"], heads["encoder"], layers["decoder"], heads["decoder"]), weights
