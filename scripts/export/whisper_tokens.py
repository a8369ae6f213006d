"""The tokens of a Whisper: bytes of its text tokens from any file that lists them, ids of the others, and what is never written."""

import base64
import json
from pathlib import Path

from .problem import Problem

# Of a vocabulary, beside the text and the languages: end of text, start of transcript; translate, transcribe, start of lm, start of
# the text before, no speech, no timestamps; and a timestamp every 0.02 s of 30.
TIMESTAMPS = 1501
NOT_TEXT = 2 + 6 + TIMESTAMPS
# The only vocabulary without languages to choose from: that of the models that know English alone.
ENGLISH_ONLY = 51864
FILES = ["vocabulary.json", "vocabulary.txt", "vocab.json", "tokenizer.json", "tokens.txt"]
# What is in captions and not said.
SYMBOLS = list('"#()*+/:;<=>@[\\]^_`{|}~「」『』') + "<< >> <<< >>> -- --- -( -[ (' (\" (( )) ((( ))) [[ ]] {{ }} ♪♪ ♪♪♪".split()
MUSIC = list("♩♪♫♬♭♮♯")


def find_tokens(folder, vocabulary):
    """The file in `folder` that lists the tokens of a vocabulary of this size."""
    names = [*FILES, "gpt2.tiktoken" if vocabulary == ENGLISH_ONLY else "multilingual.tiktoken"]
    for name in names:
        if (Path(folder) / name).is_file():
            return Path(folder) / name
    raise Problem(f"{folder}: has no file of tokens; expected one of {', '.join(names)}, or --tokens FILE")


def read_tokens(path):
    """(bytes of each text token by id, special token to id where the file lists them)."""
    path = Path(path)
    try:
        listed = _listed(path, path.read_text(encoding="utf-8"))
        end = listed.get("<|endoftext|>", listed.get(b"<|endoftext|>", len(listed)))
        by_id = {i: token for token, i in listed.items() if i < end}
        missing = next((i for i in range(end) if i not in by_id), None)
        if missing is not None:
            raise ValueError(f"has no token {missing}")
        tokens = [by_id[i] for i in range(end)]
        special = {token: i for token, i in listed.items() if i >= end}
        return [token if isinstance(token, bytes) else _bytes_of(token) for token in tokens], special
    except OSError as error:
        raise Problem(f"{path}: cannot be read; expected the tokens of a Whisper") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Problem(f"{path}: is no list of a Whisper's tokens: {error}") from error


def _listed(path, text):
    """Token to id: bytes, or text in GPT-2's letters for bytes."""
    if path.suffix == ".tiktoken":
        pairs = (line.split(" ") for line in text.split("\n") if line)
        return {base64.b64decode(token): int(i) for token, i in pairs}
    if path.suffix == ".txt":
        lines = text.split("\n")[: -1 if text.endswith("\n") else None]
        if path.name == "tokens.txt":
            return {base64.b64decode(line, validate=True): i for i, line in enumerate(lines)}
        return {line: i for i, line in enumerate(lines)}
    found = json.loads(text)
    if isinstance(found, list):
        return {token: i for i, token in enumerate(found)}
    if "model" in found:
        return {**found["model"]["vocab"], **{added["content"]: added["id"] for added in found["added_tokens"]}}
    beside = path.with_name("added_tokens.json")
    return {**found, **(json.loads(beside.read_text(encoding="utf-8")) if beside.is_file() else {})}


def _letters():
    """GPT-2's letter for each byte: itself where it can be seen, else one after the first 256."""
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {chr(byte): byte for byte in seen}
    unseen = [byte for byte in range(256) if byte not in seen]
    return {**letters, **{chr(256 + i): byte for i, byte in enumerate(unseen)}}


LETTERS = _letters()


def _bytes_of(token):
    try:
        return bytes(LETTERS[letter] for letter in token)
    except KeyError as error:
        raise ValueError(f"{json.dumps(token)} is not in GPT-2's letters for bytes") from error


def special_ids(path, texts, vocabulary, listed):
    """(special ids by speech.json's names, language to id) of a vocabulary of which the first `texts` are text."""
    from transformers.models.whisper.tokenization_whisper import LANGUAGES

    count = vocabulary - texts - NOT_TEXT
    if not 0 <= count <= len(LANGUAGES):
        raise Problem(f"{path}: lists {texts} tokens of text; a vocabulary of {vocabulary} has {vocabulary - NOT_TEXT - len(LANGUAGES)} to {vocabulary - NOT_TEXT}")
    languages = {tag: texts + 2 + i for i, tag in enumerate(list(LANGUAGES)[:count])}
    after = texts + 2 + count
    ids = {"sot": texts + 1, "eot": texts, "transcribe": after + 1, "translate": after, "no_speech": after + 4,
           "no_timestamps": after + 5, "first_timestamp": after + 6, "sot_prev": after + 3, "sot_lm": after + 2}  # fmt: skip
    names = {"<|startoftranscript|>": "sot", "<|endoftext|>": "eot", "<|transcribe|>": "transcribe", "<|translate|>": "translate", "<|nospeech|>": "no_speech",
             "<|nocaptions|>": "no_speech", "<|notimestamps|>": "no_timestamps", "<|0.00|>": "first_timestamp", "<|startofprev|>": "sot_prev", "<|startoflm|>": "sot_lm"}  # fmt: skip
    expected = {**{name: ids[short] for name, short in names.items()}, **{f"<|{tag}|>": i for tag, i in languages.items()}}
    for token, i in expected.items():
        if listed.get(token, i) != i:
            raise Problem(f"{path}: {token} is token {listed[token]}, expected {i}")
    return ids, {} if vocabulary == ENGLISH_ONLY else languages


def suppressed(path, tokens, ids):
    """(ids never written, ids not written first), as OpenAI's decoding has them."""
    ranks = {token: i for i, token in enumerate(tokens) if token}
    missing = next((byte for byte in range(256) if bytes([byte]) not in ranks), None)
    if missing is not None:
        raise Problem(f"{path}: has no token for the byte {missing}")
    never = {_encoded(" -", ranks)[0], _encoded(" '", ranks)[0]}
    for symbol in SYMBOLS + MUSIC:
        for found in (_encoded(symbol, ranks), _encoded(" " + symbol, ranks)):
            if len(found) == 1 or symbol in MUSIC:
                never.add(found[0])
    never.update(ids[name] for name in ("sot", "transcribe", "translate", "sot_lm", "sot_prev", "no_speech"))
    return sorted(never), [_encoded(" ", ranks)[0], ids["eot"]]


def _encoded(text, ranks):
    """Ids of a text of one piece: always the two neighbours are joined whose token comes first."""
    parts = [bytes([byte]) for byte in text.encode()]
    while len(parts) > 1:
        rank, at = min((ranks.get(left + right, len(ranks) + 1), i) for i, (left, right) in enumerate(zip(parts, parts[1:])))
        if rank > len(ranks):
            break
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return [ranks[part] for part in parts]
