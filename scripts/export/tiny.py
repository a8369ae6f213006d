"""The bundle of the tests: small random networks, and golden.json with what they compute. Run by scripts/make-tiny-bundle."""

import json
import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import torch  # noqa: E402
from torchvision.models.resnet import Bottleneck, ResNet  # noqa: E402
from transformers import BertConfig, BertModel  # noqa: E402

from .bundle import write_bundle  # noqa: E402
from .checkpoints import read_tokenizer  # noqa: E402
from .fusion import ConcatFusion, described, kind_of  # noqa: E402
from .module import build  # noqa: E402

TEXT_WIDTH, FRAME_WIDTH, SIZE, MAX_TOKENS = 32, 64, 32, 24
WORDS = """[PAD] [UNK] [CLS] [SEP] [MASK] . , ! ? ' - i you he she it we they this that is was are not no never so very really just
the a an and but or of to in on for with at by from love like hate good great bad terrible awful wonderful happy sad angry afraid
surprise ##d ##s ##ing ##ed ##ly ##er ##est ##ful ##ness movie film video how turn ##ned out well done work play see look make day
time thing people what when where why who all can could will would do did don t ll re ve m 1 2 3 0 ##0 ##1 un ##believ ##able
café cafe 中 国 好 ##a ##b ##c ##e ##i ##n ##o ##r ##t ##y a b c d e f g h j k l n o p q r u v w x y z""".split()


class TinyResNet(ResNet):
    """torchvision's ResNet with one block a stage and stages 32 times narrower."""

    def _make_layer(self, block, planes, *arguments, **options):
        return super()._make_layer(block, planes // 32, *arguments, **options)


def tiny_networks():
    torch.manual_seed(7)
    config = BertConfig(vocab_size=len(dict.fromkeys(WORDS)), hidden_size=TEXT_WIDTH, num_hidden_layers=2, num_attention_heads=4,
                        intermediate_size=64, max_position_embeddings=64, initializer_range=0.2)  # fmt: skip
    bert, resnet = BertModel(config, add_pooling_layer=False), TinyResNet(Bottleneck, [1, 1, 1, 1])
    for module in resnet.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.running_mean, -0.2, 0.2)
            torch.nn.init.uniform_(module.running_var, 0.5, 1.5)
    return bert, resnet, ConcatFusion(TEXT_WIDTH, FRAME_WIDTH)


def formula(count, factor, offset):
    """(i * factor + offset) mod 256, as in golden.json."""
    return ((torch.arange(count) * factor + offset) % 256).to(torch.uint8)


@torch.no_grad()
def golden(parts):
    """Inputs and outputs of each part, in lists of numbers."""
    rows = [[2, 11, 35, 20, 5, 3], [2, 3], [2, 40, 41, 42, 7, 12, 13, 14, 60, 61, 5, 3]]
    length = max(map(len, rows))
    mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in rows])
    text = parts["text"].encode(torch.tensor([row + [0] * (length - len(row)) for row in rows]), mask)

    formulas = [(37, 11), (101, 3), (5, 200)]
    pictures = torch.stack([formula(SIZE * SIZE * 3, *numbers).view(SIZE, SIZE, 3) for numbers in formulas])
    frames = parts["frames"].encode(pictures)

    # One segment each: words and two faces, words alone, one face alone, three faces of which the last is padding.
    cases = [(text[0], frames[:2], [0.75, 0.25]), (text[2], frames[:0], []), (None, frames[2:], [1.0]), (text[1], frames, [1.0, 2.0, 0.0])]
    fused = []
    for words, faces, weights in cases:
        has_text = torch.tensor([words is not None])
        words = torch.zeros(TEXT_WIDTH) if words is None else words
        evidence = {"text": words[None], "has_text": has_text, "frames": faces[None], "frames_weight": torch.tensor(weights)[None]}
        outputs = parts["fusion"].fuse(evidence)
        names = {"sentiment_logits": "sentiment", "intensity": "intensity", "emotion_logits": "emotions", "face_shares": "frames_share"}
        fused.append({name: outputs[key][0].tolist() for name, key in names.items()})
    which = [{"text": 0, "faces": [0, 1]}, {"text": 2, "faces": []}, {"text": None, "faces": [2]}, {"text": 1, "faces": [0, 1, 2]}]
    for one, (_, _, weights), result in zip(which, cases, fused):
        one.update(weights=weights, output=result)
    return {
        "note": "Computed in Python by scripts/make-tiny-bundle. Value i of a picture is (i * factor + offset) mod 256; text and faces of a fuse case are rows of the lists above it.",
        "encode_text": {"ids": rows, "output": text.tolist()},
        "encode_frames": {"pictures": [{"factor": factor, "offset": offset} for factor, offset in formulas], "output": frames.tolist()},
        "fuse": which,
    }


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.txt").write_text("".join(word + "\n" for word in dict.fromkeys(WORDS)), encoding="utf-8")
    _, text = read_tokenizer(folder)
    bert, resnet, fusion = tiny_networks()
    parts = build(bert, resnet, fusion)
    description = {
        "name": "tiny", "version": "1", "languages": ["en"], "license": "Apache-2.0",
        "text": {"width": TEXT_WIDTH, "max_tokens": MAX_TOKENS, **text},
        "frames": {"of": "frames", "size": SIZE, "shrink_first": 0, "width": FRAME_WIDTH}, "fusion": described(kind_of(fusion)),
        "segments": {"pause": 1.0, "longest": 10.0, "weight": {"words": 1.0, "pictures": 0.25}},
    }  # fmt: skip
    card = "# tiny\n\nFor the tests alone: random weights, made by scripts/make-tiny-bundle.\n"
    write_bundle(folder, parts, description, folder / "vocab.txt", card=card)
    parts["text"].prepare(), parts["frames"].prepare()
    (folder / "golden.json").write_text(json.dumps(golden(parts)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
