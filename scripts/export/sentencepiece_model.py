"""Writes a SentencePiece model (unigram) from a list of pieces, and cuts one down.

The file is a protobuf message of three fields (sentencepiece_model.proto): pieces (1) of text (1), score (2) and kind (3); how it was
trained (2), of which the kind of model (3) alone counts; how text is normalised (3). They are written here byte by byte, for
the protobuf package is not among the requirements. XLM-R normalises by nmt_nfkc: any model trained with that rule holds its map.
"""

import io
import struct

NORMAL, UNKNOWN, CONTROL = 1, 2, 3
SPECIAL = {"<s>": CONTROL, "<pad>": CONTROL, "</s>": CONTROL, "<unk>": UNKNOWN}
UNIGRAM = 1
SPACE = "\u2581"


def _varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def _number(field, value):
    return _varint(field << 3) + _varint(value)


def _bytes(field, value):
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _fields(message):
    """(field, value) of a message without groups."""
    place = 0

    def varint():
        nonlocal place
        value = shift = 0
        while True:
            byte = message[place]
            place += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while place < len(message):
        key = varint()
        kind = key & 7
        if kind == 0:
            yield key >> 3, varint()
            continue
        length = varint() if kind == 2 else {1: 8, 5: 4}[kind]
        yield key >> 3, message[place : place + length]
        place += length


def nmt_nfkc():
    """The message of normalisation of a model trained with that rule, and with what else is usual: a space before the text, no double ones."""
    from sentencepiece import SentencePieceTrainer

    model = io.BytesIO()
    SentencePieceTrainer.train(
        sentence_iterator=iter(["a b c d e f"] * 4),
        model_writer=model,
        vocab_size=12,
        hard_vocab_limit=False,
        normalization_rule_name="nmt_nfkc",
        minloglevel=2,
    )
    return next(value for field, value in _fields(model.getvalue()) if field == 3)


def model_bytes(pieces):
    """The model of `pieces` [(text, score)], whose ids are their places; those of SPECIAL are no text."""
    out = bytearray()
    for text, score in pieces:
        message = _bytes(1, text.encode()) + _varint(2 << 3 | 5) + struct.pack("<f", score)
        out += _bytes(1, message + _number(3, SPECIAL.get(text, NORMAL)))
    return bytes(out) + _bytes(2, _number(3, UNIGRAM)) + _bytes(3, nmt_nfkc())


def kept_pieces(pieces, counts, size):
    """Ids, in order, of the `size` pieces that are kept of `pieces` [(text, score)]: the special ones; every single character, with
    and without a space before it, so that no character that was known becomes unknown; then those that the corpora use most, at least
    twice (`counts`: id to how often), and last the most probable others, of languages that the corpora lack, too."""
    ids = [i for i, (text, _) in enumerate(pieces) if text in SPECIAL or len(text.removeprefix(SPACE)) <= 1]
    chosen = set(ids)
    used = sorted((i for i in counts if i not in chosen and counts[i] > 1), key=lambda i: (-counts[i], i))
    chosen.update(used)
    probable = sorted((i for i in range(len(pieces)) if i not in chosen and pieces[i][0] != "<mask>"), key=lambda i: (-pieces[i][1], i))
    return sorted([*ids, *(used + probable)[: size - len(ids)]])
