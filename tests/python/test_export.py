"""The export: bundles made from small checkpoints, compared with transformers and torchvision themselves."""

import copy
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from transformers import BertConfig, BertModel  # noqa: E402

from scripts.export import __main__ as command  # noqa: E402
from scripts.export import int8  # noqa: E402
from scripts.export.bundle import entries, module_bytes  # noqa: E402
from scripts.export.fusion import ConcatFusion  # noqa: E402
from scripts.export.module import build  # noqa: E402
from scripts.export.tiny import FRAME_WIDTH, SIZE, TEXT_WIDTH, tiny_networks  # noqa: E402

SHARED = Path(os.environ.get("VSA_SHARED", ROOT.parent / "shared"))
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "good", "bad", "day"]
# int8 rounds each weight by up to 1/254 of its row's largest; what that comes to in a vector, relative to its size.
INT8_ERROR = 0.03


def rounded(bert):
    """`bert` with the weights that the bundle has after int8, so that what is left to differ is arithmetic."""
    small, scale = int8.quantize(bert.embeddings.word_embeddings.weight)
    bert.embeddings.word_embeddings.weight.data = small.float() * scale[:, None]
    for child in bert.modules():
        if isinstance(child, torch.nn.Linear):
            layer = int8.Int8Linear(child)
            layer.prepare()
            child.weight.data = layer.weight
    return bert


@pytest.fixture(scope="module")
def networks():
    return tiny_networks()


@pytest.fixture(scope="module")
def parts(networks, tmp_path_factory):
    bert, resnet, fusion = (copy.deepcopy(network) for network in networks)
    folder, loaded = tmp_path_factory.mktemp("parts"), {}
    for name, part in build(bert, resnet, fusion).items():
        (folder / name).write_bytes(module_bytes(part))
        loaded[name] = torch.jit.load(folder / name)
    loaded["text"].prepare(), loaded["frames"].prepare()
    return loaded


def fuse(parts, text, has_text, faces, weight):
    return parts["fusion"].fuse({"text": text, "has_text": has_text, "frames": faces, "frames_weight": weight})


def mean_of_words(bert, ids, mask):
    state = bert.eval()(ids, mask).last_hidden_state
    return (state * mask.unsqueeze(2)).sum(1) / mask.sum(1, keepdim=True)


def relative(found, expected):
    return ((found - expected).norm() / expected.norm()).item()


@torch.no_grad()
@pytest.mark.parametrize("rows,length", [(1, 2), (3, 7), (5, 24)])
def test_text_is_that_of_transformers(networks, parts, rows, length):
    ids = (torch.arange(rows * length).view(rows, length) * 7 + 5) % 90
    mask = torch.ones_like(ids)
    mask[0, max(2, length // 2) :] = 0
    found = parts["text"].encode(ids, mask)
    same_weights = rounded(copy.deepcopy(networks[0]))
    torch.testing.assert_close(found, mean_of_words(same_weights, ids, mask), rtol=1e-4, atol=1e-4)
    assert relative(found, mean_of_words(networks[0], ids, mask)) < INT8_ERROR


@torch.no_grad()
def test_padding_changes_nothing(parts):
    ids = torch.tensor([[2, 10, 11, 3]])
    longer = torch.tensor([[2, 10, 11, 3, 0, 0, 0]])
    alone = parts["text"].encode(ids, torch.ones_like(ids))
    padded = parts["text"].encode(longer, torch.tensor([[1, 1, 1, 1, 0, 0, 0]]))
    torch.testing.assert_close(alone, padded, rtol=1e-5, atol=1e-5)


@torch.no_grad()
@pytest.mark.parametrize("count,size", [(1, SIZE), (4, SIZE), (2, 48)])
def test_frames_are_those_of_torchvision(networks, parts, count, size):
    pixels = ((torch.arange(count * size * size * 3) * 37 + 11) % 256).to(torch.uint8).view(count, size, size, 3)
    mean, deviation = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    resnet = copy.deepcopy(networks[1]).eval()
    resnet.fc = torch.nn.Identity()
    expected = resnet(((pixels.float() / 255 - mean) / deviation).permute(0, 3, 1, 2))
    found = parts["frames"].encode(pixels)
    assert found.shape == (count, FRAME_WIDTH) and found.dtype == torch.float32
    assert relative(found, expected) < INT8_ERROR


@torch.no_grad()
def test_fusion_keeps_to_what_is_there(networks, parts):
    fusion = networks[2]
    text, faces = torch.randn(4, TEXT_WIDTH), torch.randn(4, 3, FRAME_WIDTH)
    has_text = torch.tensor([True, True, False, False])
    weight = torch.tensor([[1.0, 3.0, 0.0], [0.0, 0.0, 0.0], [0.5, 0.0, 0.0], [0.0, 0.0, 0.0]])
    found = fuse(parts, text, has_text, faces, weight)
    assert list(found) == ["sentiment", "intensity", "emotions", "frames_share"]
    sentiment, intensity, emotions, share = found.values()
    assert sentiment.shape == (4, 3) and intensity.shape == (4,) and emotions.shape == (4, 7)
    torch.testing.assert_close(share[:3], torch.tensor([[0.25, 0.75, 0.0], [0.0, 0.0, 0.0], [1.0, 0.0, 0.0]]))
    both = fusion.both(torch.cat([text[0], 0.25 * faces[0, 0] + 0.75 * faces[0, 1]]))
    expected = torch.stack([both, fusion.text(text[1]), fusion.faces(faces[2, 0]), torch.zeros(11)])
    torch.testing.assert_close(torch.cat([sentiment, intensity[:, None], emotions], 1), expected, rtol=1e-5, atol=1e-5)

    without = fuse(parts, text[1:2], has_text[1:2], faces[1:2, :0], weight[1:2, :0])
    torch.testing.assert_close(without["sentiment"], sentiment[1:2], rtol=1e-5, atol=1e-5)
    assert without["frames_share"].shape == (1, 0)
    assert fuse(parts, 100 * text, has_text, faces, weight)["intensity"].abs().max() <= 3


@torch.no_grad()
def test_bfloat16_stays_near(networks):
    bert, resnet, fusion = (copy.deepcopy(network) for network in networks)
    parts = build(bert, resnet, fusion)
    parts["text"].prepare(), parts["frames"].prepare()
    ids = torch.tensor([[2, 10, 11, 12, 3]])
    pixels = ((torch.arange(SIZE * SIZE * 3) * 37) % 256).to(torch.uint8).view(1, SIZE, SIZE, 3)
    text, frames = parts["text"].encode(ids, torch.ones_like(ids)), parts["frames"].encode(pixels)
    parts["text"].to(torch.bfloat16)
    parts["frames"].to(torch.bfloat16)
    for found, expected in ((parts["text"].encode(ids, torch.ones_like(ids)), text), (parts["frames"].encode(pixels), frames)):
        assert found.dtype == torch.float32
        assert relative(found, expected) < 0.05


def test_int8_is_off_by_half_a_step():
    weight = torch.randn(5, 4, 3, 3) * torch.tensor([1e-4, 1.0, 10.0, 0.0, 3.0]).view(-1, 1, 1, 1)
    small, scale = int8.quantize(weight)
    assert small.dtype == torch.int8
    error = (small.float() * scale.view(-1, 1, 1, 1) - weight).abs().flatten(1).amax(1)
    assert (error <= scale * 0.5001).all()


def test_tiny_bundle_is_what_its_script_makes(tmp_path):
    subprocess.run([ROOT / "scripts/make-tiny-bundle", tmp_path], check=True)
    kept = ROOT / "tests/data/tiny-bundle"
    for name in ("vocab.txt", "README.md"):
        assert (tmp_path / name).read_bytes() == (kept / name).read_bytes(), name
    contracts = [json.loads((folder / "model.json").read_text()) for folder in (tmp_path, kept)]
    for contract in contracts:
        for file in entries(contract):
            file["sha256"] = None
    assert contracts[0] == contracts[1]
    # CPUs sum in other orders: the scales of int8 weights differ in their last digits.
    for name in ("text", "frames", "fusion"):
        made, old = ({entry: archive.read(entry) for entry in archive.namelist() if "/data/" not in entry and "serialization_id" not in entry}
                     for archive in (zipfile.ZipFile(folder / f"{name}.pt") for folder in (tmp_path, kept)))  # fmt: skip
        assert made == old, name
        made, old = (torch.jit.load(folder / f"{name}.pt").state_dict() for folder in (tmp_path, kept))
        for key, value in old.items():
            torch.testing.assert_close(made[key], value, rtol=1e-5, atol=1e-7, msg=lambda found, at=f"{name}: {key}": f"{at}: {found}")


# The command, on a checkpoint of each kind. ResNet50 is of full size: it is made once.


@pytest.fixture(scope="module")
def resnet50_weights():
    from torchvision.models import resnet50

    torch.manual_seed(1)
    return resnet50(num_classes=8).state_dict()


@pytest.fixture
def checkpoint(tmp_path, resnet50_weights):
    """Options of a right call; the folder `text` holds config.json, weights and vocab.txt."""
    torch.manual_seed(2)
    config = BertConfig(vocab_size=2000, hidden_size=32, num_hidden_layers=1, num_attention_heads=4, intermediate_size=64)
    BertModel(config, add_pooling_layer=False).save_pretrained(tmp_path / "text")
    (tmp_path / "text/vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    save_file({name: value.contiguous() for name, value in resnet50_weights.items()}, tmp_path / "frames.safetensors")
    save_file(ConcatFusion(32, 2048).state_dict(), tmp_path / "fusion.safetensors")
    return {"text": tmp_path / "text", "frames": tmp_path / "frames.safetensors", "fusion": tmp_path / "fusion.safetensors",
            "of": "frames", "output": tmp_path / "bundle", "name": "small", "max-tokens": 64}  # fmt: skip


def run(options):
    return command.main([word for name, value in options.items() for word in (f"--{name}", str(value))])


def fails(capsys, options, line):
    assert run(options) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"export: {line}\n"


def check_files(folder, contract):
    """The paths that a model.json names, after size and SHA-256 of each were found right."""
    paths = []
    for file in entries(contract):
        content = (folder / file["path"]).read_bytes()
        assert file == {"path": file["path"], "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        paths.append(file["path"])
    return sorted(paths)


def test_a_bundle_says_what_it_is(checkpoint):
    assert run(checkpoint) == 0
    folder = checkpoint["output"]
    contract = json.loads((folder / "model.json").read_text())
    assert (contract["format"], contract["name"]) == ("vsa.bundle/2", "small")
    assert check_files(folder, contract) == ["frames.pt", "fusion.pt", "text.pt", "vocab.txt"]
    assert sorted(path.name for path in folder.iterdir()) == ["README.md", "frames.pt", "fusion.pt", "model.json", "text.pt", "vocab.txt"]
    assert contract["text"] == {
        "module": contract["text"]["module"], "width": 32, "max_tokens": 64, "cls": 2, "sep": 3, "pad": 0, "unk": 1,
        "tokenizer": {"kind": "wordpiece", "vocab": contract["text"]["tokenizer"]["vocab"],
                      "lower_case": True, "strip_accents": None, "split_chinese": True, "max_word_characters": 100},
    }  # fmt: skip
    assert contract["frames"] == {"module": contract["frames"]["module"], "of": "frames", "width": 2048, "size": 96, "shrink_first": 0}
    assert contract["fusion"] == {"module": contract["fusion"]["module"], "kind": "concat", "modalities": ["text", "frames"]}


def test_faces_bring_their_detector(checkpoint, tmp_path, capsys):
    checkpoint["of"] = "faces"
    fails(capsys, checkpoint, "expected a face detector (--detector FILE), or --of frames")
    (tmp_path / "detector.onnx").write_bytes(b"a detector")
    assert run({**checkpoint, "detector": tmp_path / "detector.onnx", "threshold": 0.7}) == 0
    contract = json.loads((checkpoint["output"] / "model.json").read_text())
    assert contract["frames"]["threshold"] == 0.7
    assert (checkpoint["output"] / contract["frames"]["detector"]["path"]).read_bytes() == b"a detector"
    assert "face_detector.onnx" in check_files(checkpoint["output"], contract)


def test_bin_and_pth_give_the_same_parts(checkpoint, resnet50_weights, tmp_path):
    assert run(checkpoint) == 0
    names = [f"{name}.pt" for name in ("text", "frames", "fusion")]
    from_safetensors = {name: torch.jit.load(checkpoint["output"] / name).state_dict() for name in names}
    weights = checkpoint["text"] / "model.safetensors"
    torch.save({f"bert.{name}": value for name, value in command.read_bert(checkpoint["text"]).state_dict().items()}, checkpoint["text"] / "pytorch_model.bin")
    weights.unlink()
    torch.save(resnet50_weights, tmp_path / "frames.pth")
    assert run({**checkpoint, "frames": tmp_path / "frames.pth"}) == 0
    for part in names:
        for name, value in torch.jit.load(checkpoint["output"] / part).state_dict().items():
            assert torch.equal(value, from_safetensors[part][name]), name


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not there")
def test_sentencepiece(checkpoint):
    (checkpoint["text"] / "vocab.txt").unlink()
    model = (SHARED / "data/tokenizer/sentencepiece/test_model.model").read_bytes()
    (checkpoint["text"] / "spm.model").write_bytes(model)
    assert run(checkpoint) == 0
    contract = json.loads((checkpoint["output"] / "model.json").read_text())
    vocab = contract["text"]["tokenizer"]["vocab"]
    assert contract["text"]["tokenizer"] == {"kind": "sentencepiece", "vocab": vocab}
    assert {key: contract["text"][key] for key in ("cls", "sep", "pad", "unk")} == {"cls": 1, "sep": 2, "pad": 0, "unk": 0}
    assert vocab["path"] == "tokenizer.model" and (checkpoint["output"] / vocab["path"]).read_bytes() == model


def test_what_is_missing_is_named(checkpoint, tmp_path, capsys):
    fails(capsys, {**checkpoint, "frames": tmp_path / "no.pth"}, f"{tmp_path}/no.pth: no such file; expected weights (.safetensors, .pth or .bin)")
    (checkpoint["text"] / "vocab.txt").unlink()
    fails(capsys, checkpoint, f"{checkpoint['text']}: has neither vocab.txt nor a SentencePiece model (*.model)")
    (checkpoint["text"] / "vocab.txt").write_text("[PAD]\n[UNK]\n[CLS]\n")
    fails(capsys, checkpoint, f"{checkpoint['text']}/vocab.txt: has no [SEP]")
    (checkpoint["text"] / "vocab.txt").write_text("\n".join(WORDS) + "\n")
    (checkpoint["text"] / "model.safetensors").unlink()
    fails(capsys, checkpoint, f"{checkpoint['text']}: has neither model.safetensors nor pytorch_model.bin")
    del checkpoint["fusion"]
    (checkpoint["text"] / "config.json").unlink()
    fails(capsys, checkpoint, "--fusion is missing")


def test_what_does_not_fit_is_named(checkpoint, resnet50_weights, tmp_path, capsys):
    save_file(ConcatFusion(16, 2048).state_dict(), tmp_path / "other.safetensors")
    fails(capsys, {**checkpoint, "fusion": tmp_path / "other.safetensors"}, f"{tmp_path}/other.safetensors: text.weight has shape [11, 16], expected [11, 32]")
    save_file({"conv1.weight": resnet50_weights["conv1.weight"].contiguous()}, tmp_path / "part.safetensors")
    fails(capsys, {**checkpoint, "frames": tmp_path / "part.safetensors"}, f"{tmp_path}/part.safetensors: has no bn1.weight; expected one of shape [64]")
    fails(capsys, {**checkpoint, "max-tokens": 513}, "--max-tokens 513: the text encoder takes 512")
    (tmp_path / "text.pth").write_text("not weights")
    assert run({**checkpoint, "frames": tmp_path / "text.pth"}) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"export: {tmp_path}/text.pth: cannot be read as weights: ") and error.count("\n") == 1
    config = json.loads((checkpoint["text"] / "config.json").read_text())
    (checkpoint["text"] / "config.json").write_text(json.dumps({**config, "model_type": "gpt2"}))
    fails(capsys, checkpoint, f"{checkpoint['text']}/config.json: \"model_type\" is \"gpt2\", expected \"bert\"")


def test_a_full_size_bundle_needs_no_weights(tmp_path):
    (tmp_path / "vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    output = tmp_path / "bundle"
    assert run({"random": "bert-base-uncased", "text": tmp_path, "of": "frames", "output": output}) == 0
    assert json.loads((output / "model.json").read_text())["text"]["width"] == 768
    text = torch.jit.load(output / "text.pt")
    text.prepare()
    with torch.no_grad():
        assert text.encode(torch.tensor([[101, 102]]), torch.tensor([[1, 1]])).shape == (1, 768)
