"""Stage export: the trained networks as a bundle, work/bundle."""

import shutil

from ..export.bundle import write_bundle
from ..export.checkpoints import emoji_beside, read_bert, read_fusion, read_resnet, read_tokenizer
from ..export.fusion import described, kind_of
from ..export.module import build
from .contract import FRAMES, LANGUAGES, LICENSE, MAX_TOKENS, NAME, PRIOR, SEGMENTS, VERSION
from .fusion import chosen
from .run import Stage


def run(options):
    """The model card is written by hand; its figures are those of work/evaluate."""
    stage, work = Stage(options.work, "export"), options.work
    vocabulary, text = read_tokenizer(work / "text")
    bert = read_bert(work / "text")
    width = bert.config.hidden_size
    kind = chosen(work / "fusion")
    fusion = read_fusion(work / f"calibrate/{kind}.safetensors", width, FRAMES["width"])
    description = {
        "name": NAME, "version": VERSION, "languages": LANGUAGES, "license": LICENSE,
        "text": {"width": width, "max_tokens": MAX_TOKENS, **text}, "frames": {**FRAMES, "prior": PRIOR}, "fusion": described(kind_of(fusion)), "segments": SEGMENTS,
    }  # fmt: skip
    parts = build(bert, read_resnet(work / "frames/resnet50.safetensors"), fusion)
    detector = options.data / "face-detectors"
    write_bundle(work / "bundle", parts, description, vocabulary, detector / "face_detection_yunet_2022mar.onnx", emoji=emoji_beside(vocabulary))
    shutil.copyfile(detector / "LICENSE.yunet-opencv_zoo", work / "bundle/LICENSE.face_detector")
    size = sum((work / f"bundle/{name}.pt").stat().st_size for name in parts)
    stage.say(f"{work / 'bundle'}: {size / 1e6:.1f} MB")
    stage.finish()
