"""A speech bundle of a Whisper: speech.json, encoder.pt, decoder.pt, tokens.txt and a model card."""

import base64
import json
from pathlib import Path

from .bundle import entry, module_bytes
from .problem import Problem
from .speech_module import RATE, SAMPLES, build_speech
from .whisper import MAX_TOKENS, STATES, read_whisper
from .whisper_tokens import find_tokens, read_tokens, special_ids, suppressed

FORMAT = "vsa.speech/1"
THRESHOLDS = {"no_speech": 0.6, "log_probability": -1.0, "compression": 2.4}
TEMPERATURES = [0, 0.2, 0.4, 0.6, 0.8, 1.0]
# OpenAI's alignment heads, layer.head, by (vocabulary, width, layers of the decoder); of the two with 32 layers and this vocabulary, v2's.
ALIGNMENT_HEADS = {
    (51864, 384, 4): "1.0 2.0 2.5 3.0 3.1 3.2 3.3 3.4",
    (51865, 384, 4): "2.2 3.0 3.2 3.3 3.4 3.5",
    (51864, 512, 6): "3.3 4.7 5.1 5.5 5.7",
    (51865, 512, 6): "3.1 4.2 4.3 4.7 5.1 5.2 5.4 5.6",
    (51864, 768, 12): "6.6 7.0 7.3 7.8 8.2 8.5 8.7 9.0 9.4 9.8 9.10 10.0 10.1 10.2 10.3 10.6 10.11 11.2 11.4",
    (51865, 768, 12): "5.3 5.9 8.0 8.4 8.7 8.8 9.0 9.7 9.9 10.5",
    (51864, 1024, 24): "11.4 14.1 14.12 14.14 15.4 16.0 16.4 16.9 17.12 17.14 18.7 18.10 18.15 20.0 20.3 20.9 20.14 21.12",
    (51865, 1024, 24): "13.15 15.4 15.15 16.1 20.0 23.4",
    (51865, 1280, 32): "10.12 13.17 16.11 16.12 16.13 17.15 17.16 18.4 18.11 18.19 19.11 21.2 21.3 22.3 22.9 22.12 23.5 23.7 23.13 25.5 26.1 26.12 27.15",
    (51866, 1280, 32): "7.0 10.17 12.18 13.12 16.1 17.14 19.11 21.4 24.1 25.6",
    (51866, 1280, 4): "2.4 2.11 3.3 3.6 3.11 3.14",
}


def alignment_heads(whisper):
    """[[layer, head]]: those that its files name, else those that OpenAI found for this size, else all of the upper half of the layers."""
    config = whisper.network.config
    heads, layers = config.decoder_attention_heads, config.decoder_layers
    if whisper.align:
        for pair in whisper.align:
            if not (isinstance(pair, list) and len(pair) == 2 and 0 <= pair[0] < layers and 0 <= pair[1] < heads):
                raise Problem(f"{whisper.folder}: {json.dumps(pair)} is no alignment head; expected [layer, head] of {layers} layers with {heads} heads")
        return whisper.align
    known = ALIGNMENT_HEADS.get((config.vocab_size, config.d_model, layers))
    if known:
        return [[int(number) for number in pair.split(".")] for pair in known.split()]
    return [[layer, head] for layer in range(layers // 2, layers) for head in range(heads)]


def write_speech(source, output, name="speech", version="1", license="MIT", origin=None, tokens=None, card=None):
    """`origin`: what speech.json and the card name as source; `tokens`: a file of tokens elsewhere; `card`: a file, the model card."""
    whisper = read_whisper(source)
    config = whisper.network.config
    path = Path(tokens) if tokens else find_tokens(whisper.folder, config.vocab_size)
    texts, listed = read_tokens(path)
    special, languages = special_ids(path, len(texts), config.vocab_size, listed)
    never, first = suppressed(path, texts, special)
    align = alignment_heads(whisper)
    text = Path(card).read_text(encoding="utf-8") if card else _card(name, version, license, origin or Path(source).name, config, languages)
    parts = build_speech(whisper.network, align)

    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    for part, module in parts.items():
        (folder / f"{part}.pt").write_bytes(module_bytes(module))
    (folder / "tokens.txt").write_bytes(b"".join(base64.b64encode(token) + b"\n" for token in texts))
    (folder / "README.md").write_text(text, encoding="utf-8")
    contract = {
        "format": FORMAT, "name": name, "version": version, "license": license, "source": origin or Path(source).name,
        "encoder": {"module": entry(folder, folder / "encoder.pt"), "rate": RATE, "samples": SAMPLES, "mels": config.num_mel_bins, "states": STATES,
                    "width": config.d_model, "layers": config.encoder_layers, "heads": config.encoder_attention_heads},
        "decoder": {"module": entry(folder, folder / "decoder.pt"), "max_tokens": MAX_TOKENS, "vocabulary": config.vocab_size,
                    "width": config.d_model, "layers": config.decoder_layers, "heads": config.decoder_attention_heads},
        "tokens": entry(folder, folder / "tokens.txt"),
        "special": {key: value for key, value in special.items() if key != "sot_lm"},
        "timestamp_seconds": 0.02,
        "languages": languages,
        "suppress": {"always": never, "begin": first},
        "thresholds": THRESHOLDS, "temperatures": TEMPERATURES, "alignment_heads": align,
    }  # fmt: skip
    (folder / "speech.json").write_text(json.dumps(contract, indent=1) + "\n", encoding="utf-8")


def _card(name, version, license, origin, config, languages):
    of = f"{len(languages)} languages" if languages else "English alone"
    return f"""# {name} {version}

A speech bundle of vsa: what is said in a video, as text with times. Licence: {license}. Source: {origin}.

A Whisper of {config.encoder_layers} and {config.decoder_layers} layers of width {config.d_model}, {config.num_mel_bins} mels, a vocabulary of {config.vocab_size}; it writes {of}.
Its weights are stored in 8 bits with a scale for each row; computation is in floating point.

It writes down what it takes to be speech, and sometimes words that nobody said: in silence, in music, in languages it heard little of.

| test | figure |
|---|---|
| not measured yet | |
"""
