"""Hard lines for tokenizers, and whether `vsa tokenize` agrees with the wheels on them. Run by scripts/check-tokenizer."""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

import sentencepiece
import tokenizers

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("VSA_SHARED", ROOT.parent / "shared")) / "data/tokenizer"
OURS = ROOT / "tests/data/tokenizer"
HARD = OURS / "bert-base-uncased/hard.jsonl"
SPECIALS = ["[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]", "[unused1]", "##ing", "[ SEP ]", "[sep]"]
WORDS = "the running unwanted Ünwanted CAN'T don't e-mail 3.14 1,000 naïve ﬁne ΑΣ ΟΔΥΣΣΕΥΣ İstanbul straße ǅungla".split()


def scalars():
    """Every Unicode scalar value that can stand inside a line."""
    return [code for code in range(0x110000) if not 0xD800 <= code < 0xE000 and code not in (0x0A, 0x0D)]


def lines_of_all_characters():
    """Each code point between letters, at a word's start and end, and doubled; eight of them a line."""
    codes = scalars()
    for i in range(0, len(codes), 8):
        yield " ".join(f"ab{c}cd {c}x y{c} {c}{c}" for c in map(chr, codes[i : i + 8]))


def random_lines(generator, count):
    """Mixtures: long words, stacks of marks, scripts side by side, controls, emoji sequences, special tokens."""
    assigned = [chr(code) for code in scalars() if unicodedata.category(chr(code)) not in ("Cn", "Co")]
    marks = [c for c in assigned if unicodedata.category(c) in ("Mn", "Mc", "Me")]
    controls = [c for c in assigned if unicodedata.category(c) in ("Cc", "Cf", "Zs", "Zl", "Zp")]
    hangul = [chr(code) for code in [*range(0x1100, 0x1200), *range(0xAC00, 0xAD00)]]
    wide = [chr(code) for code in [*range(0x3040, 0x3100), *range(0x4E00, 0x4F00), *range(0xF900, 0xFA00), *range(0x20000, 0x20040)]]
    emoji = ["\U0001F468\u200D\U0001F469\u200D\U0001F467", "\u2764\uFE0F", "\U0001F1E9\U0001F1EA", "\U0001F44D\U0001F3FD", "\U0001F600"]
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    pieces = [
        lambda: generator.choice(WORDS),
        lambda: generator.choice(SPECIALS),
        lambda: generator.choice(emoji),
        lambda: "".join(generator.choices(letters, k=generator.randint(1, 12))),
        lambda: "".join(generator.choices(letters, k=generator.randint(97, 103))),
        lambda: generator.choice(letters) + "".join(generator.choices(marks, k=generator.randint(1, 8))),
        lambda: "".join(generator.choices(hangul, k=generator.randint(1, 6))),
        lambda: "".join(generator.choices(wide, k=generator.randint(1, 6))),
        lambda: "".join(generator.choices(controls, k=generator.randint(1, 3))),
        lambda: "".join(generator.choices(assigned, k=generator.randint(1, 10))),
        lambda: generator.choice(".,!?;:'\"()[]{}<>-–—…/\\@#$%^&*_+=|~`¿¡«»"),
    ]
    for _ in range(count):
        line = "".join(generator.choice(pieces)() + generator.choice(["", " "]) for _ in range(generator.randint(1, 12)))
        yield line.replace("\n", "").replace("\r", "")


def ours(program, options, lines):
    with tempfile.NamedTemporaryFile(suffix=".txt") as file:
        file.write("".join(line + "\n" for line in lines).encode())
        file.flush()
        done = subprocess.run([program, "tokenize", file.name, *map(str, options)], stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in done.stdout.decode().split("\n")[:-1]]


def huggingface(vocab, lower_case):
    """BertTokenizerFast's parts, with split_special_tokens=True: no added tokens."""
    lines = vocab.read_text(encoding="utf-8").split("\n")
    tokenizer = tokenizers.Tokenizer(
        tokenizers.models.WordPiece({token: i for i, token in enumerate(lines) if token}, unk_token="[UNK]", max_input_chars_per_word=100)
    )
    tokenizer.normalizer = tokenizers.normalizers.BertNormalizer(lowercase=lower_case)
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    return tokenizer


def encode(tokenizer, lines):
    """[(tokens, ids)], in batches, for the wheel's encodings are large."""
    rows = []
    for i in range(0, len(lines), 10000):
        batch = tokenizer.encode_batch(lines[i : i + 10000], add_special_tokens=False)
        rows += [(encoding.tokens, encoding.ids) for encoding in batch]
    return rows


def count_differences(name, lines, expected, found):
    different = [i for i in range(len(lines)) if (found[i]["tokens"], found[i]["ids"]) != expected[i]]
    print(f"{name}: {len(lines) - len(different)} of {len(lines)} lines agree", flush=True)
    for i in different[:5]:
        print(f"  {lines[i]!a}\n    expected {expected[i]}\n    found    {found[i]}")
    return len(different)


def write_hard_lines(lines, expected, generator):
    """300 lines of ours for the tests, with what the wheel says of them."""
    with HARD.open("w", encoding="utf-8") as file:
        for i in sorted(generator.sample(range(len(lines)), 300)):
            tokens, ids = expected[i]
            file.write(json.dumps({"text": lines[i], "tokens": tokens, "ids": ids}) + "\n")


def main():
    options = argparse.ArgumentParser(prog="check-tokenizer", description=__doc__.splitlines()[0])
    options.add_argument("--program", type=Path, default=ROOT / "build/release/vsa")
    options.add_argument("--lines", type=int, default=50000, help="random lines, beside one for every code point")
    options.add_argument("--write", action="store_true", help="write the tests' hard lines")
    options = options.parse_args()
    generator = random.Random(20)
    random_part = list(random_lines(generator, options.lines))
    lines = [*lines_of_all_characters(), *random_part]

    differences = 0
    vocabularies = sorted((DATA if DATA.is_dir() else OURS).glob("*/vocab.txt"))
    for vocab in vocabularies:
        for lower_case in (True, False):
            expected = encode(huggingface(vocab, lower_case), lines)
            found = ours(options.program, ["--vocab", vocab, *([] if lower_case else ["--cased"])], lines)
            differences += count_differences(f"{vocab.parent.name}, {'lower case' if lower_case else 'cased'}", lines, expected, found)
            if options.write and vocab.parent.name == HARD.parent.name and lower_case:
                write_hard_lines(lines[-len(random_part):], expected[-len(random_part):], generator)

    # The sentencepiece library itself drops NUL; a line of text has none.
    model = OURS / "sentencepiece/test_model.model"
    processor = sentencepiece.SentencePieceProcessor(model_file=str(model))
    plain = [line for line in random_part[:20000] if "\0" not in line]
    found = ours(options.program, ["--spm", model], plain)
    # Where two splits score the same ("l", "ll" or "ll", "l"), Debian's 0.1.97 and newer wheels choose differently: a
    # tie counts as agreement.
    def score(ids):
        return round(sum(map(processor.get_score, ids)), 3)
    expected = []
    for line, mine in zip(plain, found):
        ids = processor.encode(line)
        tie = sorted(ids) == sorted(mine["ids"]) and score(ids) == score(mine["ids"])
        ids = mine["ids"] if tie else ids
        expected.append(([processor.id_to_piece(i) for i in ids], ids))
    differences += count_differences("sentencepiece", plain, expected, found)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
