"""Reads the checkpoints that an export starts from. Whatever is wrong with them becomes one line: a Problem."""

import json
import pickle
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from .fusion import fusion_of
from .problem import Problem


def read_weights(path):
    """Name to float32 tensor, from .safetensors or from a torch pickle."""
    path = Path(path)
    if not path.is_file():
        raise Problem(f"{path}: no such file; expected weights (.safetensors, .pth or .bin)")
    try:
        weights = load_file(path) if path.suffix == ".safetensors" else torch.load(path, map_location="cpu", weights_only=True)
    except (SafetensorError, pickle.UnpicklingError, RuntimeError, EOFError, ValueError, KeyError) as error:
        raise Problem(f"{path}: cannot be read as weights: {str(error).splitlines()[0]}") from error
    if not isinstance(weights, dict) or not all(isinstance(value, torch.Tensor) for value in weights.values()):
        raise Problem(f"{path}: is not a state dict: expected names and tensors")
    return {name: value.float() if value.is_floating_point() else value for name, value in weights.items()}


def fill(network, weights, path, assign=False):
    """Loads `weights` into `network`, or makes them its own (`assign`); each of the network's must be there, in its shape."""
    for name, own in network.state_dict().items():
        if name.endswith(".num_batches_tracked"):  # only training reads it
            continue
        if name not in weights:
            raise Problem(f"{path}: has no {name}; expected one of shape {list(own.shape)}")
        if weights[name].shape != own.shape:
            raise Problem(f"{path}: {name} has shape {list(weights[name].shape)}, expected {list(own.shape)}")
    network.load_state_dict(weights, strict=False, assign=assign)
    return network


def read_bert(folder):
    """The transformers.BertModel of a Hugging Face checkpoint folder, without its pooler."""
    from transformers import BertConfig, BertModel

    folder = Path(folder)
    config_path = folder / "config.json"
    try:
        config = json.loads(config_path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Problem(f"{config_path}: cannot be read; expected the config.json of a BERT checkpoint") from error
    if config.get("model_type") != "bert":
        raise Problem(f'{config_path}: "model_type" is {json.dumps(config.get("model_type"))}, expected "bert"')
    path = next((folder / name for name in ("model.safetensors", "pytorch_model.bin") if (folder / name).is_file()), None)
    if path is None:
        raise Problem(f"{folder}: has neither model.safetensors nor pytorch_model.bin")
    weights = read_weights(path)
    # Checkpoints with a head keep the encoder under "bert."; very old ones call a layer norm's weights gamma and beta.
    bare = {name.removeprefix("bert."): value for name, value in weights.items()}
    bare = {name.replace("LayerNorm.gamma", "LayerNorm.weight").replace("LayerNorm.beta", "LayerNorm.bias"): value for name, value in bare.items()}
    return fill(BertModel(BertConfig.from_dict(config), add_pooling_layer=False), bare, path)


def read_resnet(path):
    """The torchvision ResNet50 of a state dict; its `fc`, if it has one, is left out."""
    from torchvision.models import resnet50

    network = resnet50()
    network.fc = torch.nn.Identity()
    return fill(network, read_weights(path), path)


def read_fusion(path, text_width, frame_width):
    """A ConcatFusion or an AttentionFusion: the weights tell."""
    weights = read_weights(path)
    return fill(fusion_of(weights, text_width, frame_width), weights, path)


def read_tokenizer(folder):
    """(path of the vocabulary, what model.json says of it in "text")."""
    folder = Path(folder)
    vocab = folder / "vocab.txt"
    if vocab.is_file():
        return vocab, _wordpiece(folder, vocab)
    models = sorted(folder.glob("*.model"))
    if models:
        return models[0], _sentencepiece(models[0])
    raise Problem(f"{folder}: has neither vocab.txt nor a SentencePiece model (*.model)")


def emoji_beside(vocabulary):
    """The table of words for emoji that a tokenizer goes with, or None."""
    path = Path(vocabulary).with_name("emoji.txt")
    return path if path.is_file() else None


def _wordpiece(folder, vocab):
    options = {}
    if (folder / "tokenizer_config.json").is_file():
        options = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
    ids = {word: i for i, word in enumerate(vocab.read_text(encoding="utf-8").split("\n"))}
    for word in ("[CLS]", "[SEP]", "[PAD]", "[UNK]"):
        if word not in ids:
            raise Problem(f"{vocab}: has no {word}")
    return {
        "cls": ids["[CLS]"], "sep": ids["[SEP]"], "pad": ids["[PAD]"], "unk": ids["[UNK]"],
        "tokenizer": {
            "kind": "wordpiece",
            "lower_case": options.get("do_lower_case", True),
            "strip_accents": options.get("strip_accents"),
            "split_chinese": options.get("tokenize_chinese_chars", True),
            "max_word_characters": 100,
        },
    }  # fmt: skip


def _sentencepiece(path):
    from sentencepiece import SentencePieceProcessor

    try:
        pieces = SentencePieceProcessor(model_file=str(path))
    except (OSError, RuntimeError) as error:
        raise Problem(f"{path}: is not a SentencePiece model") from error

    def id_of(*names):
        for name in names:
            if pieces.piece_to_id(name) != pieces.unk_id():
                return pieces.piece_to_id(name)
        return None

    ids = {"cls": id_of("[CLS]", "<s>"), "sep": id_of("[SEP]", "</s>")}
    for name, value in ids.items():
        if value is None:
            raise Problem(f"{path}: has no piece for {name}; expected [CLS] and [SEP], or <s> and </s>")
    # Padding is masked out: any id does.
    return {**ids, "pad": id_of("[PAD]", "<pad>") or 0, "unk": pieces.unk_id(), "tokenizer": {"kind": "sentencepiece"}}
