"""Bundles of the first format made anew, and bundles that share what reads faces."""

import json
import shutil
import sys
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scripts.export import __main__ as command  # noqa: E402
from scripts.export.bundle import entries, entry, load_part, read_contract, write_contract  # noqa: E402
from scripts.export.tiny import FRAME_WIDTH, SIZE, TEXT_WIDTH  # noqa: E402

OLD, TINY = ROOT / "tests/data/bundle-1", ROOT / "tests/data/tiny-bundle"


def fails(capsys, arguments, line):
    assert command.main([str(argument) for argument in arguments]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", f"export: {line}\n")


@torch.no_grad()
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_an_upgraded_bundle_computes_the_same_bits(dtype, tmp_path):
    assert command.main(["upgrade", str(OLD), str(tmp_path / "new"), "--version", "1.1"]) == 0
    old, contract = torch.jit.load(OLD / "model.pt"), read_contract(tmp_path / "new")
    text, frames, fusion = (load_part(tmp_path / "new", contract, name) for name in ("text", "frames", "fusion"))
    old.prepare()
    for network in (old.text, old.visual, text, frames):
        network.to(dtype)

    torch.manual_seed(0)
    for rows, length in ((1, 2), (3, 7), (8, 24)):
        ids, mask = torch.randint(0, 90, (rows, length)), torch.ones(rows, length, dtype=torch.long)
        mask[1:, length // 2 :] = 0
        assert torch.equal(text.encode(ids, mask), old.encode_text(ids, mask))
    for count in (1, 5):
        pixels = torch.randint(0, 256, (count, SIZE, SIZE, 3), dtype=torch.uint8)
        assert torch.equal(frames.encode(pixels), old.encode_frames(pixels))
    for faces in (0, 1, 4):
        words, has_text, crops = torch.randn(6, TEXT_WIDTH), torch.rand(6) > 0.4, torch.randn(6, faces, FRAME_WIDTH)
        weight = torch.rand(6, faces) * (torch.rand(6, faces) > 0.3)
        found = fusion.fuse({"text": words, "has_text": has_text, "frames": crops, "frames_weight": weight})
        for name, expected in zip(("sentiment", "intensity", "emotions", "frames_share"), old.fuse(words, has_text, crops, weight)):
            assert torch.equal(found[name], expected)


def test_an_upgraded_bundle_says_what_the_old_one_did(tmp_path):
    shutil.copytree(OLD, tmp_path / "old")
    (tmp_path / "old/LICENSE.words").write_text("Do as you like.\n")
    assert command.main(["upgrade", str(tmp_path / "old"), str(tmp_path / "new")]) == 0
    found, expected = read_contract(tmp_path / "new"), read_contract(TINY)
    for file in entries(found):
        assert file == entry(tmp_path / "new", tmp_path / "new" / file["path"])
    for contract in (found, expected):
        for name in ("text", "frames", "fusion"):
            del contract[name]["module"]
    assert found == expected
    for name in ("README.md", "LICENSE.words", "vocab.txt"):
        assert (tmp_path / "new" / name).read_bytes() == (tmp_path / "old" / name).read_bytes()
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        "LICENSE.words", "README.md", "frames.pt", "fusion.pt", "model.json", "text.pt", "vocab.txt",
    ]  # fmt: skip


def test_what_cannot_be_upgraded_is_named(tmp_path, capsys):
    old, new = tmp_path / "old", tmp_path / "new"
    fails(capsys, ["upgrade", old, new], f"{old}/model.json: cannot be read; expected the model.json of a bundle")
    fails(capsys, ["upgrade", TINY, new], f'{TINY}/model.json: format "vsa.bundle/2", expected "vsa.bundle/1"')
    fails(capsys, ["upgrade", OLD, tmp_path.parent], f"{tmp_path.parent}: exists; expected a new folder")
    shutil.copytree(OLD, old)
    torch.jit.script(torch.nn.Linear(2, 2)).save(old / "model.pt")
    fails(capsys, ["upgrade", old, new], f"{old}/model.pt: is not the file that model.json names: its SHA-256 is another")
    contract = json.loads((old / "model.json").read_text())
    contract["files"]["module"] = entry(old, old / "model.pt")
    write_contract(old, contract)
    assert command.main(["upgrade", str(old), str(new)]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"export: {old}/model.pt: is no module that scripts/export made; export its checkpoints anew: ") and error.count("\n") == 1
    (old / "model.pt").unlink()
    fails(capsys, ["upgrade", old, new], f"{old}/model.pt: no such file; model.json names it")
    assert not new.exists()


def test_bundles_share_faces(tmp_path, capsys):
    for name in ("one", "two", "three"):
        shutil.copytree(TINY, tmp_path / name)
        (tmp_path / name / "LICENSE.face_detector").write_text("MIT\n")
    before = (TINY / "frames.pt").read_bytes()
    (tmp_path / "three/frames.pt").write_bytes(before + b"more")
    for name in ("one", "two", "two"):
        assert command.main(["share", str(tmp_path / name), str(tmp_path / "faces")]) == 0
        contract = read_contract(tmp_path / name)
        assert contract["frames"]["module"]["path"] == "../faces/frames.pt"
        for file in entries(contract):
            assert file == entry(tmp_path / name, tmp_path / name / file["path"])
        assert not (tmp_path / name / "frames.pt").exists() and not (tmp_path / name / "LICENSE.face_detector").exists()
    assert sorted(path.name for path in (tmp_path / "faces").iterdir()) == ["LICENSE.face_detector", "frames.pt"]
    other = tmp_path / "three"
    fails(capsys, ["share", other, tmp_path / "faces"], f"{tmp_path}/faces/frames.pt: is another file than {other}/frames.pt; it stays with its bundle")
    assert (other / "frames.pt").read_bytes() == before + b"more" and (tmp_path / "faces/frames.pt").read_bytes() == before
    fails(capsys, ["share", other, tmp_path / "three/faces"], f"{tmp_path}/three/faces: is not beside {other}")
    fails(capsys, ["share", OLD, tmp_path / "faces"], f"{tmp_path}/faces: is not beside {OLD}")
