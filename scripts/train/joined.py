"""A text encoder joined with the faces of an earlier bundle: fusion, calibration, and a bundle that lies beside that one and shares
its files.

Pictures alone are judged by the earlier bundle's own layer, calibrated as it was, so that a video without words has one verdict
whichever of the two it gets. What words say, alone and beside faces, is trained and calibrated as in the stages fusion and calibrate.
"""

import json
import os
from pathlib import Path

from ..export.bundle import entries, entry, load_part, module_bytes, write_contract
from ..export.checkpoints import read_fusion
from ..export.fusion import described, kind_of
from ..export.module import fusion_part
from . import texts
from .calibration import calibrate
from .contract import MAX_TOKENS, SEGMENTS
from .fusion import RATE, chosen, save_weights, train_both
from .pairs import SOURCES, read_material


def faces_layer_of(bundle, contract):
    """(weight [11,Dv], bias [11]) of the bundle's layer of pictures alone."""
    faces = load_part(bundle, contract, "fusion").fusion.faces
    return faces.weight.detach(), faces.bias.detach()


def joined(stage, encoders, text_layer, faces_layer, options, named=SOURCES, sources=texts.SOURCES, rate=RATE):
    """The calibrated fusion, of the layers of words alone and pictures alone, (weight, bias) each, on the valid splits of the sets `named`,
    which are of `sources`. `rate`: of its training. Leaves both fusions, fusion.json, calibrated.safetensors and calibration.json in the
    stage's folder."""
    learn, check = (read_material(encoders, options.data, "valid", named, sources).half(second) for second in (False, True))
    if not stage.done:
        train_both(stage, encoders, learn, check, text_layer, faces_layer, options.seed, rate)
    fusion = read_fusion(stage.folder / f"{chosen(stage.folder)}.safetensors", encoders.text_width, encoders.frame_width).requires_grad_(False)
    fusion.faces.weight.copy_(faces_layer[0]), fusion.faces.bias.copy_(faces_layer[1])  # a mean of equal ones is off in the last bit
    report, _ = calibrate(fusion, check, options.seed, but=("pictures",))
    save_weights(fusion, stage.folder / "calibrated.safetensors")
    (stage.folder / "calibration.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return fusion


def write(folder, fusion, bundle, contract, described_as, text, tokenizer):
    """The fusion and model.json of a bundle, beside its text.pt and the tokenizer's files, which lie there. `bundle` and `contract`: the
    earlier one, beside which `folder` is to lie; `described_as`: name, version, languages, license and, if it is so, "auto": False;
    `text`: ids of special tokens; `tokenizer`: what model.json says of it, files and all."""
    (folder / "fusion.pt").write_bytes(module_bytes(fusion_part(fusion)))
    frames, beside = json.loads(json.dumps(contract["frames"])), Path(bundle).resolve().parent / described_as["name"]
    for file in entries(frames):
        file["path"] = os.path.relpath((Path(bundle) / file["path"]).resolve(), beside)
    write_contract(folder, {
        "format": contract["format"], **described_as,
        "text": {"module": entry(folder, folder / "text.pt"), **{name: text[name] for name in ("cls", "sep", "pad", "unk")},
                 "max_tokens": MAX_TOKENS, "width": fusion.text.in_features, "tokenizer": tokenizer},
        "frames": frames,
        "fusion": {"module": entry(folder, folder / "fusion.pt"), **described(kind_of(fusion))},
        "sentiment": contract["sentiment"], "emotions": contract["emotions"], "segments": SEGMENTS,
    })  # fmt: skip
