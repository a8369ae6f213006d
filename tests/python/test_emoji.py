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
PIECES = [*"ab1/ .(:D)3^_", ":)", ":))", "XD", "\u200d", "\ufe0f", "\U0001f3fd", "\u2764", "\U0001f602", "\U0001f469", "\U0001f680", "\U0001f1fa", "\u2665", "é", "中"]


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


def test_the_program_applies_an_earlier_table_as_the_training_does(bundle):
    """With rows for ":))" and ":DD" of their own."""
    table = {":)": "smile", ":))": "smile", ":DD": "grin", ":D": "grin", "<3": "heart", "<333": "heart", "\U0001f3f4": "black flag"}
    path = bundle / "emoji.txt"
    path.write_text("".join(f"{symbol}\t{words}\n" for symbol, words in table.items()), encoding="utf-8")
    contract = read_contract(bundle)
    contract["text"]["tokenizer"]["emoji"] = entry(bundle, path)
    write_contract(bundle, contract)
    draw, words = random.Random(2), EmojiWords(table)
    texts = ["".join(draw.choices([*"ab1 ):D3<é\u200d", *table], k=8)) for _ in range(2000)]
    assert tokens(texts, "--model", bundle) == tokens([words(text) for text in texts], "--vocab", bundle / "vocab.txt")


@pytest.mark.parametrize("flag", ["🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🏳️\u200d🌈", "🏳️\u200d⚧️", "🏴\u200d☠️", "🇺🇸"])
def test_a_flag_counts_as_nothing(flag):
    assert EmojiWords()(f"my {flag} team") == "my team"


def test_words_say_what_people_mean():
    said = {"🤬": "furious swearing face", "💀": "dying of laughter", "❣️": "red heart", "㊗️": "congratulations", "🆎": "AB", "🆗": "OK", "✅": "check mark"}
    assert {symbol: EmojiWords()(symbol) for symbol in said} == said
    assert not [words for words in read_table().values() if words.endswith("button")]


@pytest.mark.parametrize("text", ["Open D:\\ please.", "said:D", "20:00:(", "5:P", "0:D", "std::D", "16:3", "x=( y", "list=[", "x<3", "Score:3 of 5", "arr[:3]", "x =[]", "(a copy): no", "see ://a"])
def test_no_emoticon_is_in_a_word_a_time_a_path_or_code(text):
    assert EmojiWords()(text) == text


@pytest.mark.parametrize(
    "words, emoticons",
    {
        "smiling face": ":) :)))))) =))) ^^",
        "grinning face": ":D :DDDD :D:D",
        "frowning face": ":(((((",
        "angry face": ">:( >:(((",
        "kissing face": ":* :-*",
        "confused face": "=/ :/",
        "crying face": "T_T",
        "surprised face": "o_O O_O",
        "laughing face": "xD XDDDD",
        "red heart": "<3 <33333 <3<3<3",
    }.items(),
)
def test_an_emoticon_counts_once_however_it_is_drawn_out(words, emoticons):
    assert [EmojiWords()(emoticon) for emoticon in emoticons.split()] == [words] * len(emoticons.split())


def test_an_emoticon_may_follow_a_word():
    assert EmojiWords()("thanks:) my girl<3") == "thanks smiling face my girl red heart"


def test_an_altered_table_is_refused(bundle):
    (bundle / "emoji.txt").write_text(":)\tsad\n")
    done = subprocess.run([PROGRAM, "tokenize", "--model", bundle], input="a", capture_output=True, text=True)
    assert done.returncode == 3 and done.stderr.startswith(f"vsa: {bundle}/emoji.txt: is not the file that model.json names")
