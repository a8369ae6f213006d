"""A bundle's table of words for emoji: the program applies it as the training does."""

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scripts.export.bundle import entry, read_contract, write_contract  # noqa: E402
from scripts.train.emoji import TABLE, EmojiWords, read_table  # noqa: E402

PROGRAM = Path(os.environ.get("VSA", ROOT / "build" / "release" / "vsa"))
PIECES = [*"ab1/ .(", ":)", ":))", "XD", "\u200d", "\ufe0f", "\U0001f3fd", "\u2764", "\U0001f602", "\U0001f469", "\U0001f680", "\U0001f1fa", "\u2665", "é", "中"]


@pytest.fixture
def bundle(tmp_path):
    """The default bundle with the table of the training."""
    source = ROOT / "models" / "default-en"
    folder = tmp_path / "models" / "words"
    shutil.copytree(source, folder)
    shutil.copytree(source.parent / "faces", folder.parent / "faces")
    shutil.copyfile(TABLE, folder / "emoji.txt")
    contract = read_contract(folder)
    contract["text"]["tokenizer"]["emoji"] = entry(folder, folder / "emoji.txt")
    write_contract(folder, contract)
    return folder


def tokens(texts, *options):
    done = subprocess.run([PROGRAM, "tokenize", *map(str, options)], input="\n".join(texts), capture_output=True, text=True, check=True)
    return [json.loads(line)["tokens"] for line in done.stdout.splitlines()]


def test_the_program_puts_words_where_the_training_does(bundle):
    draw, words = random.Random(1), EmojiWords()
    texts = ["".join(draw.choices([*PIECES, *read_table()], k=12)) for _ in range(500)]
    texts += ["".join(draw.choices(PIECES, k=12)) for _ in range(3000)]
    assert sum(words(text) != text for text in texts) > 1000
    # Where nothing is replaced the training leaves white space as it is, and so does the program; WordPiece takes all as one.
    assert tokens(texts, "--model", bundle) == tokens([words(text) for text in texts], "--vocab", bundle / "vocab.txt")


def test_an_altered_table_is_refused(bundle):
    (bundle / "emoji.txt").write_text(":)\tsad\n")
    done = subprocess.run([PROGRAM, "tokenize", "--model", bundle], input="a", capture_output=True, text=True)
    assert done.returncode == 3 and done.stderr.startswith(f"vsa: {bundle}/emoji.txt: is not the file that model.json names")
