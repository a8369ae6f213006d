"""A tiny Whisper of random weights, in each of the layouts that the export reads."""

import base64
import json
import struct

import numpy as np
import torch
from safetensors.torch import save_file
from transformers import WhisperConfig, WhisperForConditionalGeneration

from scripts.export.whisper import OPENAI_NAMES
from scripts.export.whisper_tokens import LETTERS, NOT_TEXT

WIDTH, HEADS, INNER, MELS = 32, 4, 128, 80
LANGUAGES = ["en", "zh", "de"]
# The first 256 in an order of their own, as GPT-2's; the rest are joined of two before them.
TEXTS = [*(bytes([(i + 33) % 256]) for i in range(256)), b"th", b"the", b" the", b" (", b"--", "\u266a".encode()[:2], "\u266a".encode(), b" t", b""]
VOCABULARY = len(TEXTS) + NOT_TEXT + len(LANGUAGES)
AFTER = len(TEXTS) + 2 + len(LANGUAGES)
SPECIAL = ["<|endoftext|>", "<|startoftranscript|>", *(f"<|{tag}|>" for tag in LANGUAGES), "<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>",
           "<|nospeech|>", "<|notimestamps|>", *(f"<|{i * 0.02:.2f}|>" for i in range(1501))]  # fmt: skip
SEEN = {byte: letter for letter, byte in LETTERS.items()}


def letters(token):
    return "".join(SEEN[byte] for byte in token)


def tiny_whisper(mels=MELS, vocabulary=VOCABULARY):
    torch.manual_seed(3)
    config = WhisperConfig(
        vocab_size=vocabulary, num_mel_bins=mels, d_model=WIDTH, encoder_layers=2, decoder_layers=2, encoder_attention_heads=HEADS, decoder_attention_heads=HEADS,
        encoder_ffn_dim=INNER, decoder_ffn_dim=INNER, init_std=0.2, pad_token_id=0, bos_token_id=0, eos_token_id=0, decoder_start_token_id=0,
    )  # fmt: skip
    whisper = WhisperForConditionalGeneration(config).eval()
    for name, value in whisper.named_parameters():
        if name.endswith("bias"):
            torch.nn.init.normal_(value, std=0.1)
    # Exact in half precision, in which OpenAI's and CTranslate2's files are.
    return whisper.half().float()


def write_hugging_face(folder, whisper):
    folder.mkdir()
    weights = {name: value.contiguous() for name, value in whisper.state_dict().items() if name != "proj_out.weight"}
    save_file(weights, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(whisper.config.to_dict(), default=str))
    (folder / "vocab.json").write_text(json.dumps({letters(token): i for i, token in enumerate(TEXTS)}))
    (folder / "added_tokens.json").write_text(json.dumps({token: len(TEXTS) + i for i, token in enumerate(SPECIAL)}))
    return folder


def write_openai(path, whisper):
    weights = {}
    for name, value in whisper.state_dict().items():
        name = name.removeprefix("model.")
        for theirs, ours in reversed(OPENAI_NAMES):
            name = name.replace(ours, theirs)
        if name != "proj_out.weight":
            weights[name.replace("encoder.layer_norm.", "encoder.ln_post.").replace("decoder.ln_post.", "decoder.ln.")] = value.half()
    config = whisper.config
    dims = {"n_mels": config.num_mel_bins, "n_vocab": config.vocab_size, "n_audio_ctx": 1500, "n_audio_state": WIDTH, "n_audio_head": HEADS, "n_audio_layer": 2,
            "n_text_ctx": 448, "n_text_state": WIDTH, "n_text_head": HEADS, "n_text_layer": 2}  # fmt: skip
    torch.save({"dims": dims, "model_state_dict": weights}, path)
    lines = (base64.b64encode(token).decode() or "=" for token in TEXTS)
    path.with_name("multilingual.tiktoken").write_text("".join(f"{line} {i}\n" for i, line in enumerate(lines)))
    return path


def ctranslate2_variables(whisper):
    """CTranslate2's name to array of float32."""
    own = {name.removeprefix("model."): value.numpy() for name, value in whisper.state_dict().items()}
    found = {"decoder/embeddings/weight": own["decoder.embed_tokens.weight"]}

    def put(to, *names, weight="weight", bias="bias"):
        found[f"{to}/{weight}"] = np.concatenate([own[name + ".weight"] for name in names])
        found[f"{to}/{bias}"] = np.concatenate([own.get(name + ".bias", np.zeros(WIDTH, np.float32)) for name in names])

    def norm(to, name):
        put(to, name, weight="gamma", bias="beta")

    for conv in ("conv1", "conv2"):
        put(f"encoder/{conv}", f"encoder.{conv}")
    for side in ("encoder", "decoder"):
        found[f"{side}/num_heads"] = np.array(HEADS, np.int16)
        found[f"{side}/position_encodings/encodings"] = own[f"{side}.embed_positions.weight"]
        norm(f"{side}/layer_norm", f"{side}.layer_norm")
        for i in range(2):
            to, name = f"{side}/layer_{i}", f"{side}.layers.{i}"
            put(f"{to}/self_attention/linear_0", *(f"{name}.self_attn.{letter}_proj" for letter in "qkv"))
            put(f"{to}/self_attention/linear_1", f"{name}.self_attn.out_proj")
            norm(f"{to}/self_attention/layer_norm", f"{name}.self_attn_layer_norm")
            if side == "decoder":
                put(f"{to}/attention/linear_0", f"{name}.encoder_attn.q_proj")
                put(f"{to}/attention/linear_1", f"{name}.encoder_attn.k_proj", f"{name}.encoder_attn.v_proj")
                put(f"{to}/attention/linear_2", f"{name}.encoder_attn.out_proj")
                norm(f"{to}/attention/layer_norm", f"{name}.encoder_attn_layer_norm")
            put(f"{to}/ffn/linear_0", f"{name}.fc1")
            put(f"{to}/ffn/linear_1", f"{name}.fc2")
            norm(f"{to}/ffn/layer_norm", f"{name}.final_layer_norm")
    return found


def model_bin(variables):
    def text(value):
        return struct.pack("<H", len(value) + 1) + value.encode() + b"\0"

    out = struct.pack("<I", 6) + text("WhisperSpec") + struct.pack("<II", 3, len(variables))
    for name, value in variables.items():
        kind = {"float32": 0, "int8": 1, "int16": 2, "float16": 4}[str(value.dtype)]
        out += text(name) + struct.pack("<B", value.ndim) + struct.pack(f"<{value.ndim}I", *value.shape)
        out += struct.pack("<BI", kind, value.nbytes) + value.tobytes()
    return out + struct.pack("<I", 1) + text("decoder/projection/weight") + text("decoder/embeddings/weight")


def write_ctranslate2(folder, whisper):
    folder.mkdir()
    variables = {name: value.astype(np.float16) if value.dtype == np.float32 else value for name, value in ctranslate2_variables(whisper).items()}
    (folder / "model.bin").write_bytes(model_bin(variables))
    (folder / "config.json").write_text(json.dumps({"lang_ids": []}))
    lines = [*map(letters, TEXTS), *SPECIAL]
    (folder / "vocabulary.txt").write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return folder
