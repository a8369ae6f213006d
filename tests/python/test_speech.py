"""The export of a Whisper: the same bundle from each layout, and its parts compared with transformers itself."""

import base64
import json
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from made_whisper import (  # noqa: E402
    AFTER,
    SPECIAL,
    TEXTS,
    VOCABULARY,
    WIDTH,
    ctranslate2_variables,
    letters,
    model_bin,
    tiny_whisper,
    write_ctranslate2,
    write_hugging_face,
    write_openai,
)
from test_export import check_files  # noqa: E402
from transformers import WhisperFeatureExtractor, WhisperModel  # noqa: E402

from scripts.export import __main__ as command  # noqa: E402
from scripts.export.problem import Problem  # noqa: E402
from scripts.export.speech_module import build_speech  # noqa: E402
from scripts.export.whisper import read_variables, read_whisper  # noqa: E402
from scripts.export.whisper_tokens import special_ids, suppressed  # noqa: E402

ALIGN = [[0, 1], [1, 0], [1, 3]]


def run(source, output, *more):
    return command.main(["speech", "--from", str(source), "--output", str(output), *map(str, more)])


def fails(capsys, source, output, line, *more):
    assert run(source, output, *more) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"export: {line}\n"


@pytest.fixture(scope="module")
def whisper():
    return tiny_whisper()


@pytest.fixture(scope="module")
def bundle(whisper, tmp_path_factory):
    folder = tmp_path_factory.mktemp("speech")
    source = write_hugging_face(folder / "from", whisper)
    (source / "generation_config.json").write_text(json.dumps({"alignment_heads": ALIGN}))
    assert run(source, folder / "bundle", "--origin", "a test") == 0
    return folder / "bundle"


def loaded(folder):
    parts = [torch.jit.load(folder / f"{name}.pt") for name in ("encoder", "decoder")]
    for part in parts:
        part.prepare()
    return parts


@pytest.fixture(scope="module")
def parts(bundle):
    return loaded(bundle)


@pytest.fixture(scope="module")
def reference(whisper, parts):
    """transformers' model with the weights that the parts have after int8, so that what is left to differ is arithmetic."""
    encoder, decoder = (part.state_dict() for part in parts)
    weights = {"encoder.conv1.weight": encoder["conv1.weight"], "encoder.conv2.weight": encoder["conv2.weight"], "decoder.embed_tokens.weight": decoder["words"]}
    for side, found in (("encoder", encoder), ("decoder", decoder)):
        for i in range(2):
            name = f"layers.{i}."
            own = {"self_attn.out_proj": "out", "fc1": "fc1", "fc2": "fc2"}
            if side == "decoder":
                own.update({"encoder_attn.q_proj": "cross_q", "encoder_attn.out_proj": "cross_out"})
                weights.update({f"{side}.{name}encoder_attn.{letter}_proj.weight": rows for letter, rows in zip("kv", found[name + "cross_kv.weight"].chunk(2))})
            weights.update({f"{side}.{name}self_attn.{letter}_proj.weight": rows for letter, rows in zip("qkv", found[name + "qkv.weight"].chunk(3))})
            weights.update({f"{side}.{name}{theirs}.weight": found[f"{name}{ours}.weight"] for theirs, ours in own.items()})
    whisper.config._attn_implementation = "eager"
    model = WhisperModel(whisper.config).eval()
    exact = whisper.model.state_dict()
    for name, value in weights.items():
        assert ((exact[name] - value).norm() / exact[name].norm()).item() < 0.02, name
    model.load_state_dict({**exact, **weights})
    return model


def close(found, expected):
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-4)


def samples(rows):
    time = torch.arange(480000) / 16000
    sounds = torch.stack([torch.sin(time * 600 * (i + 1)) * torch.exp(-time * i / 9) for i in range(rows)])
    return 0.3 * sounds + 0.01 * torch.randn(rows, 480000, generator=torch.Generator().manual_seed(1))


@torch.no_grad()
@pytest.mark.parametrize("mels", [80, 128])
def test_states_are_those_of_transformers(mels, parts, reference, tmp_path):
    encoder, expected = parts[0], reference
    if mels != 80:
        assert run(write_hugging_face(tmp_path / "from", tiny_whisper(mels)), tmp_path / "bundle") == 0
        encoder, expected = loaded(tmp_path / "bundle")[0], tiny_whisper(mels).model
    heard = samples(3)
    heard[2, 40000:] = 0
    features = WhisperFeatureExtractor(feature_size=mels)(list(heard.numpy()), sampling_rate=16000, return_tensors="pt").input_features
    close(encoder.mel(heard), features)
    states = expected.encoder(features).last_hidden_state
    found = encoder.encode(heard)
    assert found.shape == (3, 1500, WIDTH) and found.dtype == torch.float32
    if mels == 80:
        close(found, states)
    else:
        assert ((found - states).norm() / states.norm()).item() < 0.03
    close(encoder.encode(heard[1:2])[0], found[1])


def expected_of(reference, states, tokens):
    out = reference.decoder(input_ids=tokens, encoder_hidden_states=states, output_attentions=True)
    logits = out.last_hidden_state @ reference.decoder.embed_tokens.weight.t()
    return logits, torch.stack([out.cross_attentions[layer][:, head] for layer, head in ALIGN]).mean(0)


@pytest.fixture(scope="module")
def heard():
    """States of two windows, and two texts of 70 tokens: more than the cache grows by at a time."""
    draw = torch.Generator().manual_seed(5)
    return torch.randn(2, 1500, WIDTH, generator=draw), torch.randint(0, VOCABULARY, (2, 70), generator=draw)


@torch.no_grad()
def test_steps_and_prefill_are_those_of_transformers(parts, reference, heard):
    decoder, (states, tokens) = parts[1], heard
    logits, weights = expected_of(reference, states, tokens)
    cross = decoder.start(states)
    assert cross.shape == (2, 2, 2, 4, 1500, 8)
    for lengths in ([70], [1] * 70, [4, *[1] * 6, 57, 3]):
        cache, at = torch.empty(0), 0
        for length in lengths:
            found, cache, aligned = decoder.step(tokens[:, at : at + length], at, cache, cross)
            at += length
            close(found, logits[:, at - 1])
            close(aligned, weights[:, at - length : at])
        assert cache.shape == (2, 2, 2, 4, 128, 8)


@torch.no_grad()
def test_one_text_alone_is_as_among_others(parts, reference, heard):
    decoder, (states, tokens) = parts[1], heard
    logits, weights = expected_of(reference, states[:1], tokens[:1])
    cache, cross = torch.empty(0), decoder.start(states[:1])
    for at in range(5):
        found, cache, aligned = decoder.step(tokens[:1, at : at + 1], at, cache, cross)
        close(found, logits[:, at])
        close(aligned, weights[:, at : at + 1])


@torch.no_grad()
def test_rows_of_a_window_share_its_states(parts, reference, heard):
    decoder, (states, tokens) = parts[1], heard
    rows = torch.stack([tokens[0, :9], tokens[0, 9:18], tokens[1, :9], tokens[1, 9:18]])
    logits, weights = expected_of(reference, states.repeat_interleave(2, 0), rows)
    cross = decoder.start(states)
    _, cache, _ = decoder.step(rows[:, :5], 0, torch.empty(0), cross)
    found, cache, aligned = decoder.step(rows[:, 5:], 5, cache, cross)
    close(found, logits[:, -1])
    close(aligned, weights[:, 5:])

    # One window goes on, its rows the other way round and one of them twice; and from an earlier token.
    order = torch.tensor([3, 2, 2])
    cache, cross = decoder.select(cache, order), decoder.select(cross, torch.tensor([1]))
    for at in (8, 6):
        found, cache, _ = decoder.step(rows[order, at : at + 1], at, cache, cross)
        close(found, logits[order, -1] if at == 8 else expected_of(reference, states[[1, 1, 1]], rows[order, :7])[0][:, -1])


@torch.no_grad()
def test_a_text_has_448_tokens(parts, heard):
    decoder, (states, _) = parts[1], heard
    tokens = torch.arange(448)[None]
    cross = decoder.start(states[:1])
    _, cache, _ = decoder.step(tokens[:, :447], 0, torch.empty(0), cross)
    assert decoder.step(tokens[:, 447:], 447, cache, cross)[0].shape == (1, VOCABULARY)


@torch.no_grad()
def test_bfloat16_stays_near(bundle, heard):
    encoder, decoder = loaded(bundle)
    states, tokens = heard
    sound = samples(1)
    expected = encoder.encode(sound), decoder.step(tokens, 0, torch.empty(0), decoder.start(states))
    encoder.to(torch.bfloat16), decoder.to(torch.bfloat16)
    found = encoder.encode(sound), decoder.step(tokens, 0, torch.empty(0), decoder.start(states))
    for one, other in ((found[0], expected[0]), (found[1][0], expected[1][0]), (found[1][2], expected[1][2])):
        assert one.dtype == torch.float32
        assert ((one - other).norm() / other.norm()).item() < 0.1


def test_each_layout_gives_the_same_bundle(whisper, bundle, tmp_path):
    sources = [write_openai(tmp_path / "tiny.pt", whisper), write_ctranslate2(tmp_path / "ct2", whisper), write_hugging_face(tmp_path / "bin", whisper)]
    (sources[2] / "model.safetensors").unlink()
    torch.save(whisper.state_dict(), sources[2] / "pytorch_model.bin")
    kept = {name: torch.jit.load(bundle / f"{name}.pt").state_dict() for name in ("encoder", "decoder")}
    contract = json.loads((bundle / "speech.json").read_text())
    for i, source in enumerate(sources):
        output = tmp_path / str(i)
        assert run(source, output, "--origin", "a test") == 0
        for part, weights in kept.items():
            found = torch.jit.load(output / f"{part}.pt").state_dict()
            assert list(found) == list(weights)
            for name, value in weights.items():
                assert torch.equal(found[name], value), (source, name)
        assert (output / "tokens.txt").read_bytes() == (bundle / "tokens.txt").read_bytes()
        other = json.loads((output / "speech.json").read_text())
        # Nothing here says which heads align: all of the upper layer do.
        assert other.pop("alignment_heads") == [[1, head] for head in range(4)]
        other["decoder"]["module"] = contract["decoder"]["module"]
        assert other == {key: value for key, value in contract.items() if key != "alignment_heads"}


def test_a_bundle_says_what_it_is(bundle):
    contract = json.loads((bundle / "speech.json").read_text())
    assert check_files(bundle, contract) == ["decoder.pt", "encoder.pt", "tokens.txt"]
    assert sorted(path.name for path in bundle.iterdir()) == ["README.md", "decoder.pt", "encoder.pt", "speech.json", "tokens.txt"]
    lines = (bundle / "tokens.txt").read_text().split("\n")
    assert lines.pop() == "" and [base64.b64decode(line) for line in lines] == TEXTS
    suppress = contract.pop("suppress")
    assert contract == {
        "format": "vsa.speech/1", "name": "speech", "version": "1", "license": "MIT", "source": "a test",
        "encoder": {"module": contract["encoder"]["module"], "rate": 16000, "samples": 480000, "mels": 80, "states": 1500, "width": 32, "layers": 2, "heads": 4},
        "decoder": {"module": contract["decoder"]["module"], "max_tokens": 448, "vocabulary": VOCABULARY, "width": 32, "layers": 2, "heads": 4},
        "tokens": contract["tokens"],
        "special": {"sot": 266, "eot": 265, "transcribe": AFTER + 1, "translate": AFTER, "no_speech": AFTER + 4, "no_timestamps": AFTER + 5,
                    "first_timestamp": AFTER + 6, "sot_prev": AFTER + 3},
        "timestamp_seconds": 0.02, "languages": {"en": 267, "zh": 268, "de": 269},
        "thresholds": {"no_speech": 0.6, "log_probability": -1.0, "compression": 2.4}, "temperatures": [0, 0.2, 0.4, 0.6, 0.8, 1.0],
        "alignment_heads": ALIGN,
    }  # fmt: skip
    assert suppress["begin"] == [TEXTS.index(b" "), 265]
    assert {TEXTS.index(token) for token in (b"(", b" (", b"--", "\u266a".encode())} <= set(suppress["always"])
    assert not {TEXTS.index(token) for token in (b"t", b"the", b" the", b"'", b".")} & set(suppress["always"])


def test_openais_own_vocabularies():
    """The ids that OpenAI and Hugging Face publish."""
    for texts, vocabulary, tags, expected in (
        (50257, 51865, 99, [50258, 50257, 50359, 50358, 50362, 50363, 50364, 50361]),
        (50257, 51866, 100, [50258, 50257, 50360, 50359, 50363, 50364, 50365, 50362]),
        (50256, 51864, 0, [50257, 50256, 50358, 50357, 50361, 50362, 50363, 50360]),
    ):
        ids, languages = special_ids("tokens", texts, vocabulary, {})
        assert [ids[name] for name in ("sot", "eot", "transcribe", "translate", "no_speech", "no_timestamps", "first_timestamp", "sot_prev")] == expected
        assert len(languages) == tags
        if tags:
            assert (languages["en"], languages["de"], list(languages)[-1]) == (texts + 2, texts + 4, "su" if tags == 99 else "yue")


def test_english_alone(tmp_path):
    texts = [*TEXTS[:-1], *(b"the" + i.to_bytes(3, "big") for i in range(50256 - len(TEXTS) + 1))]
    source = write_openai(tmp_path / "tiny.en.pt", tiny_whisper(vocabulary=51864))
    (tmp_path / "gpt2.tiktoken").write_text("".join(f"{base64.b64encode(token).decode()} {i}\n" for i, token in enumerate(texts)))
    assert run(source, tmp_path / "bundle") == 0
    contract = json.loads((tmp_path / "bundle/speech.json").read_text())
    assert contract["languages"] == {} and contract["special"]["eot"] == 50256 and contract["source"] == "tiny.en.pt"


def test_other_files_of_tokens(whisper, bundle, tmp_path):
    source = write_openai(tmp_path / "tiny.pt", whisper)
    vocab = {letters(token): i for i, token in enumerate(TEXTS)}
    added = [{"id": len(TEXTS) + i, "content": token} for i, token in enumerate(SPECIAL)]
    (tmp_path / "tokenizer.json").write_text(json.dumps({"model": {"vocab": vocab}, "added_tokens": added}))
    (tmp_path / "vocabulary.json").write_text(json.dumps([*map(letters, TEXTS), *SPECIAL]))
    for path in (tmp_path / "tokenizer.json", tmp_path / "vocabulary.json", bundle / "tokens.txt"):
        assert run(source, tmp_path / "bundle", "--tokens", path) == 0
        assert (tmp_path / "bundle/tokens.txt").read_bytes() == (bundle / "tokens.txt").read_bytes()


def test_weights_of_ctranslate2_in_8_bits(whisper, tmp_path):
    variables = ctranslate2_variables(whisper)
    name = "encoder/layer_0/ffn/linear_0/weight"
    scale = 127 / np.abs(variables[name]).max(1)
    small = {**variables, name: np.rint(variables[name] * scale[:, None]).astype(np.int8), name + "_scale": scale.astype(np.float32)}
    (tmp_path / "model.bin").write_bytes(model_bin(small))
    found = read_variables(tmp_path / "model.bin")
    assert found.keys() == variables.keys()
    np.testing.assert_allclose(found[name], variables[name], atol=0.51 / scale.min())


def test_files_that_are_no_whisper(whisper, tmp_path, capsys):
    out = tmp_path / "bundle"
    fails(capsys, tmp_path / "no", out, f"{tmp_path}/no: no such file or folder; expected a Whisper")
    fails(capsys, tmp_path, out, f"{tmp_path}: has neither config.json nor model.bin; expected a Whisper of Hugging Face or CTranslate2, or OpenAI's .pt")
    (tmp_path / "text.pt").write_text("not weights")
    assert run(tmp_path / "text.pt", out) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"export: {tmp_path}/text.pt: cannot be read as weights: ") and error.count("\n") == 1
    torch.save({"a": torch.zeros(1)}, tmp_path / "other.pt")
    fails(capsys, tmp_path / "other.pt", out, f'{tmp_path}/other.pt: is no Whisper of OpenAI: expected "dims" and "model_state_dict"')
    assert not out.exists()


def test_what_is_wrong_in_a_hugging_face_folder(whisper, tmp_path, capsys):
    source, out = write_hugging_face(tmp_path / "from", whisper), tmp_path / "bundle"
    config = json.loads((source / "config.json").read_text())

    def with_config(**changes):
        (source / "config.json").write_text(json.dumps({**config, **changes}))

    with_config(model_type="bert")
    fails(capsys, source, out, f'{source}/config.json: "model_type" is "bert", expected "whisper"')
    with_config(max_target_positions=200)
    fails(capsys, source, out, f'{source}/config.json: "max_target_positions" is 200, expected 448')
    with_config(num_mel_bins=128)
    fails(capsys, source, out, f"{source}/model.safetensors: encoder.conv1.weight has shape [32, 80, 3], expected [32, 128, 3]")
    with_config(encoder_layers=3)
    fails(capsys, source, out, f"{source}/model.safetensors: has no encoder.layers.2.self_attn.k_proj.weight; expected one of shape [32, 32]")
    with_config(decoder_attention_heads=5)
    fails(capsys, source, out, f"{source}/model.safetensors: 5 heads do not share a width of 32")
    with_config()
    (source / "generation_config.json").write_text('{"alignment_heads": [[2, 0]]}')
    fails(capsys, source, out, f"{source}: [2, 0] is no alignment head; expected [layer, head] of 2 layers with 4 heads")
    (source / "generation_config.json").unlink()
    (source / "vocab.json").write_text(json.dumps({letters(token): i for i, token in enumerate(TEXTS[:-1])}))
    fails(capsys, source, out, f"{source}/vocab.json: is no list of a Whisper's tokens: has no token 264")
    (source / "added_tokens.json").unlink()
    assert run(source, out) == 0  # one language more
    (source / "vocab.json").write_text(json.dumps({letters(token): i for i, token in enumerate(TEXTS[:100])}))
    fails(capsys, source, out, f"{source}/vocab.json: lists 100 tokens of text; a vocabulary of {VOCABULARY} has {len(TEXTS) - 97} to {len(TEXTS) + 3}")
    (source / "vocab.json").unlink()
    names = "vocabulary.json, vocabulary.txt, vocab.json, tokenizer.json, tokens.txt, multilingual.tiktoken"
    fails(capsys, source, out, f"{source}: has no file of tokens; expected one of {names}, or --tokens FILE")
    fails(capsys, source, out, f"{source}/no: no such file; expected the tokens of a Whisper", "--tokens", source / "no")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda data: b"GGUF" + data[4:], "is no Whisper of CTranslate2: is of version 1179993927, expected 2 to 6"),
        (lambda data: data[:1000], "is no Whisper of CTranslate2: ends early"),
        (lambda data: data.replace(b"WhisperSpec", b"MarianoSpec"), 'is no Whisper of CTranslate2: holds a "MarianoSpec", expected a "WhisperSpec"'),
        (lambda data: data.replace(b"decoder/layer_norm/beta", b"decoder/layer_norm/zeta"), "has no decoder/layer_norm/beta"),
    ],
)
def test_another_model_bin_is_one_problem(whisper, tmp_path, damage, message):
    source = write_ctranslate2(tmp_path / "ct2", whisper)
    (source / "model.bin").write_bytes(damage((source / "model.bin").read_bytes()))
    with pytest.raises(Problem) as problem:
        read_whisper(source)
    assert str(problem.value) == f"{source}/model.bin: {message}"


def test_tokens_that_do_not_fit(tmp_path):
    with pytest.raises(Problem, match=r"^tokens: <\|en\|> is token 5, expected 267$"):
        special_ids("tokens", len(TEXTS), VOCABULARY, {"<|en|>": 5})
    ids, _ = special_ids("tokens", len(TEXTS), VOCABULARY, {})
    with pytest.raises(Problem, match="^tokens: has no token for the byte 32$"):
        suppressed("tokens", TEXTS[:255], ids)


def test_128_mels_are_read_from_any_layout(tmp_path):
    found = read_whisper(write_openai(tmp_path / "tiny.pt", tiny_whisper(128))).network
    assert found.config.num_mel_bins == 128 and set(build_speech(found, ALIGN)) == {"encoder", "decoder"}
