"""The speech bundle of the tests: a small Whisper that writes the same words whatever it hears. Run by scripts/make-tiny-speech."""

import json
import sys
import tempfile
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import torch  # noqa: E402
from safetensors.torch import save_file  # noqa: E402
from transformers import WhisperConfig, WhisperModel  # noqa: E402

from .speech import write_speech  # noqa: E402
from .whisper_tokens import LETTERS, NOT_TEXT  # noqa: E402

WIDTH, MELS = 16, 8
LANGUAGES = 2  # English and Chinese
WORDS = [b" Hello", b" there", b" world", b" It", b" works", b" -", b" '"]
TEXTS = [*(bytes([i]) for i in range(256)), *WORDS]
END = len(TEXTS)
ENGLISH, CHINESE = END + 2, END + 3
TIMES = END + 2 + LANGUAGES + 6
SAID = [0.0, b" Hello", b" there", b",", b" world", b".", 1.0, 1.0, b" It", b" works", b"!", 2.0, None]


def token(said):
    if said is None:
        return END
    return TEXTS.index(said) if isinstance(said, bytes) else TIMES + round(said / 0.02)


@torch.no_grad()
def tiny_whisper():
    """Its decoder's layers add nothing: what comes next follows from the position alone, one column for each."""
    torch.manual_seed(5)
    config = WhisperConfig(
        vocab_size=len(TEXTS) + NOT_TEXT + LANGUAGES, num_mel_bins=MELS, d_model=WIDTH, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=WIDTH, decoder_ffn_dim=WIDTH, pad_token_id=0, bos_token_id=0, eos_token_id=0, decoder_start_token_id=0,
    )  # fmt: skip
    whisper = WhisperModel(config).eval()
    decoder = whisper.decoder
    layer = decoder.layers[0]
    for linear in (layer.self_attn.out_proj, layer.encoder_attn.out_proj, layer.fc2):
        torch.nn.init.zeros_(linear.weight)
        torch.nn.init.zeros_(linear.bias)
    positions, words = decoder.embed_positions.weight, decoder.embed_tokens.weight
    positions.zero_()
    words.zero_()
    # Behind the start the language comes, behind the language and the task what is said.
    for at in [0, *range(2, 2 + len(SAID))]:
        positions[at, at] = 30
    words[ENGLISH, 0], words[CHINESE, 0] = 1, 0.75
    for at, said in enumerate(SAID):
        words[token(said), at + 2] = 1
    decoder.layer_norm.weight.fill_(5)
    return whisper


def main(folder):
    whisper = tiny_whisper()
    seen = {byte: letter for letter, byte in LETTERS.items()}
    with tempfile.TemporaryDirectory() as made:
        made = Path(made)
        save_file({name: value.contiguous() for name, value in whisper.state_dict().items()}, made / "model.safetensors")
        (made / "config.json").write_text(json.dumps(whisper.config.to_dict(), default=str))
        (made / "vocab.json").write_text(json.dumps({"".join(seen[byte] for byte in text): i for i, text in enumerate(TEXTS)}))
        card = made / "README.md"
        card.write_text("# tiny-speech\n\nFor the tests alone: it writes the same words whatever it hears. Made by scripts/make-tiny-speech.\n")
        write_speech(made, folder, name="tiny-speech", origin="scripts/export/tiny_speech.py", card=card)


if __name__ == "__main__":
    main(sys.argv[1])
