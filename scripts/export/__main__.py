"""Command line: checkpoints to a model bundle, and two things to do with a bundle that is there. Wrong input is one line on stderr and exit code 2."""

import argparse
import logging
import os
import sys
import warnings
from pathlib import Path

# torchvision warns of compiled parts that we do not use, torch of its scripting being old, transformers of much.
warnings.filterwarnings("ignore")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
logging.disable(logging.WARNING)

from .bundle import write_bundle  # noqa: E402
from .checkpoints import emoji_beside, read_bert, read_fusion, read_resnet, read_tokenizer  # noqa: E402
from .fusion import described, kind_of  # noqa: E402
from .module import build  # noqa: E402
from .problem import Problem  # noqa: E402
from .random_weights import SIZES, random_networks  # noqa: E402
from .share import share  # noqa: E402
from .speech import write_speech  # noqa: E402
from .upgrade import upgrade  # noqa: E402


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Problem(message)


def parser():
    options = Parser(
        prog="export",
        description="Makes a model bundle of vsa from checkpoints.",
        epilog="More commands: `export speech`, a Whisper to a speech bundle; `export upgrade OLD NEW`, a vsa.bundle/1 to one of today's; "
        "`export share BUNDLE FACES`, one copy of what reads faces.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    options.add_argument("--output", metavar="DIR", required=True, help="the bundle's folder")
    options.add_argument("--text", metavar="DIR", help="Hugging Face BERT checkpoint: config.json, weights, vocab.txt or *.model")
    options.add_argument("--frames", metavar="FILE", help="torchvision ResNet50 state dict, .safetensors or .pth")
    options.add_argument("--fusion", metavar="FILE", help="weights of a fusion, concat or attention, .safetensors (see fusion.py)")
    options.add_argument("--random", choices=sorted(SIZES), help="full size, random weights; --text then needs only a vocabulary")
    options.add_argument("--name", default="unnamed")
    options.add_argument("--version", default="1")
    options.add_argument("--languages", nargs="+", default=["en"], metavar="TAG")
    options.add_argument("--license", default="Apache-2.0")
    options.add_argument("--card", metavar="FILE", help="the model card; else a line or two")
    options.add_argument("--max-tokens", type=int, default=96, help="of one window of text, [CLS] and [SEP] included")
    options.add_argument("--of", choices=["faces", "frames"], default="faces")
    options.add_argument("--detector", metavar="FILE", help="face detector, needed with --of faces")
    options.add_argument("--size", type=int, default=96, help="side of the frame encoder's input, pixels")
    options.add_argument("--shrink-first", type=int, default=0, help="shrink crops to this side before scaling them; 0: do not")
    options.add_argument("--margin", type=float, default=0.2, help="added around a face, as a share of its side")
    options.add_argument("--threshold", type=float, default=0.8, help="of the detector's score")
    options.add_argument("--smallest-face", type=int, default=24, help="pixels")
    options.add_argument("--faces-per-frame", type=int, default=4)
    options.add_argument("--pause", type=float, default=1.0, help="seconds without words that end an utterance")
    options.add_argument("--longest", type=float, default=10.0, help="seconds of the longest segment")
    options.add_argument("--weight-words", type=float, default=1.0, help="of a segment with words in the verdict on a video")
    options.add_argument("--weight-pictures", type=float, default=0.25, help="of a segment of pictures alone")
    return options


def upgrade_parser():
    options = Parser(prog="export upgrade", description="Makes a bundle of today's format from a vsa.bundle/1, of the same weights.")
    options.add_argument("old", metavar="OLD", help="the bundle's folder")
    options.add_argument("new", metavar="NEW", help="a new folder")
    options.add_argument("--version", help="of the new bundle; else that of the old one")
    return options


def share_parser():
    options = Parser(prog="export share", description="Moves what reads a bundle's faces to a folder beside it, which other bundles use, too.")
    options.add_argument("bundle", metavar="BUNDLE", help="the bundle's folder")
    options.add_argument("faces", metavar="FACES", help="a folder beside it")
    return options


def speech_parser():
    options = Parser(
        prog="export speech",
        description="Makes a speech bundle of a Whisper of any size, multilingual or English alone.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    options.add_argument("--from", dest="source", metavar="SOURCE", required=True, help="a Hugging Face folder, OpenAI's .pt, or a folder of CTranslate2 (faster-whisper)")
    options.add_argument("--output", metavar="DIR", required=True, help="the bundle's folder")
    options.add_argument("--tokens", metavar="FILE", help="the tokens, where they are not beside SOURCE: vocab.json, tokenizer.json, vocabulary.json, vocabulary.txt, *.tiktoken, tokens.txt")
    options.add_argument("--name", default="speech")
    options.add_argument("--version", default="1")
    options.add_argument("--license", default="MIT")
    options.add_argument("--origin", metavar="TEXT", help="where SOURCE comes from, for speech.json and the card; else its name")
    options.add_argument("--card", metavar="FILE", help="the model card; else a few lines with figures to fill in")
    return options


def networks(options):
    if options.random:
        return random_networks(options.random)
    for name in ("text", "frames", "fusion"):
        if getattr(options, name) is None:
            raise Problem(f"--{name} is missing")
    bert, resnet = read_bert(options.text), read_resnet(options.frames)
    return bert, resnet, read_fusion(options.fusion, bert.config.hidden_size, 2048)


def frames_of(options):
    frames = {"of": options.of, "size": options.size, "shrink_first": options.shrink_first}
    if options.of == "faces":
        frames.update(margin=options.margin, threshold=options.threshold)
        frames.update(smallest_face=options.smallest_face, faces_per_frame=options.faces_per_frame)
    return {**frames, "width": 2048}


def check_file(path, what):
    if path is None or not Path(path).is_file():
        raise Problem(f"{path}: no such file; expected {what}" if path else f"expected {what}")


def export(options):
    if options.of == "faces":
        check_file(options.detector, "a face detector (--detector FILE), or --of frames")
    if options.card:
        check_file(options.card, "a model card")
    if options.text is None:
        raise Problem("--text is missing")
    vocabulary, text = read_tokenizer(options.text)
    bert, resnet, fusion = networks(options)
    if options.max_tokens > bert.config.max_position_embeddings:
        raise Problem(f"--max-tokens {options.max_tokens}: the text encoder takes {bert.config.max_position_embeddings}")
    description = {
        "name": options.name, "version": options.version, "languages": options.languages, "license": options.license,
        "text": {"width": bert.config.hidden_size, "max_tokens": options.max_tokens, **text},
        "frames": frames_of(options), "fusion": described(kind_of(fusion)),
        "segments": {"pause": options.pause, "longest": options.longest,
                     "weight": {"words": options.weight_words, "pictures": options.weight_pictures}},
    }  # fmt: skip
    card = Path(options.card).read_text(encoding="utf-8") if options.card else None
    detector = options.detector if options.of == "faces" else None
    write_bundle(options.output, build(bert, resnet, fusion), description, vocabulary, detector, card, emoji_beside(vocabulary))


def speech(options):
    for path, what in ((options.card, "a model card"), (options.tokens, "the tokens of a Whisper")):
        if path is not None:
            check_file(path, what)
    write_speech(**vars(options))


def main(arguments=None):
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        if arguments[:1] == ["upgrade"]:
            upgrade(**vars(upgrade_parser().parse_args(arguments[1:])))
        elif arguments[:1] == ["speech"]:
            speech(speech_parser().parse_args(arguments[1:]))
        elif arguments[:1] == ["share"]:
            share(**vars(share_parser().parse_args(arguments[1:])))
        else:
            export(parser().parse_args(arguments))
    except Problem as problem:
        print(f"export: {problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
