"""Command line of the training: one stage, or all of them in order. Wrong input is one line on stderr and exit code 2."""

import argparse
import importlib
import logging
import os
import sys
import warnings
from pathlib import Path

# Threads that spin while they wait for each other stop a machine that has other work to do.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

from ..export.problem import Problem  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
# Stage -> (module whose run(options) it is, what it does), in the order of `all`.
STAGES = {
    "prepare": ("texts", "read and clean every source of text"),
    "text": ("text_encoder", "train the text encoder"),
    "frames": ("frame_encoder", "train the frame encoder"),
    "fusion": ("fusion", "train both kinds of fusion on pairs"),
    "calibrate": ("calibration", "fit the fusions' temperatures on data not trained on"),
    "evaluate": ("evaluate", "measure the encoders and the better fusion"),
    "export": ("export", "write the bundle"),
}
# Stages that `all` does not run: what they start from is 500 MB, from the packages of scripts/train/requirements.txt.
APART = {
    "teacher": ("teacher", "judge every training text by a stronger, frozen encoder, for students to learn from"),
    "large-bundle": ("large_bundle", "write that encoder itself as a bundle, with an earlier bundle's faces, and compare the two"),
    "multi": ("multi", "train the text encoder of many languages"),
    "multi-bundle": ("multi_bundle", "join it with an earlier bundle's faces, measure it and write the bundle"),
}


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Problem(message)


def parser():
    form = {"formatter_class": argparse.ArgumentDefaultsHelpFormatter}
    shared = Parser(add_help=False)
    shared.add_argument("--seed", type=int, default=1)
    shared.add_argument("--threads", type=int, default=os.cpu_count())
    commands = Parser(
        prog="train",
        description="Trains the networks of a bundle, from data to bundle. A stage that was killed goes on where its last checkpoint is.",
    )
    stages = commands.add_subparsers(dest="stage", required=True, metavar="STAGE")
    for stage, what in [*((stage, what) for stage, (_, what) in {**STAGES, **APART}.items()), ("all", "those of the default bundle in order")]:
        options = stages.add_parser(stage, parents=[shared], help=what, **form)
        options.add_argument("--work", type=Path, default=ROOT / "build" / "train", metavar="DIR", help="where stages leave checkpoints and results")
        data = Path(os.environ.get("VSA_SHARED", ROOT.parent / "shared")) / "data"
        options.add_argument("--data", type=Path, default=data, metavar="DIR", help="the training data")
        if stage in ("text", "frames", "all"):
            options.add_argument(
                "--from",
                type=Path,
                metavar="DIR",
                dest="bundle",
                help="an earlier bundle: its encoders are where training begins",
            )
        if stage in ("text", "frames", "all", "teacher", "multi"):
            add_device(options)
        if stage in ("large-bundle", "multi-bundle"):
            options.add_argument("--from", type=Path, default=ROOT / "models" / "default-en", metavar="DIR", dest="bundle", help="the bundle whose faces it shares")
        if stage in ("evaluate", "all", "large-bundle", "multi-bundle"):
            options.add_argument("--split", choices=["valid", "test"], default="valid", help="to measure; test once for a final model")
    add_finetune(stages.add_parser("finetune", parents=[shared], help="teach a bundle on a table of your own", **form))
    return commands


def add_device(options):
    options.add_argument("--device", choices=["cpu", "cuda"], default="cpu", help="a GPU computes in bfloat16")


def add_finetune(options):
    options.add_argument("table", type=Path, metavar="TABLE", help="CSV with columns label and video (with subs), text or picture")
    options.add_argument("--from", type=Path, default=ROOT / "models" / "default-en", metavar="DIR", dest="bundle", help="the bundle to start from")
    options.add_argument("--output", type=Path, required=True, metavar="DIR", help="the new bundle")
    options.add_argument("--name", help="of the new bundle; else its folder's")
    options.add_argument("--valid-share", type=float, default=0.2, metavar="X", help="share of the rows that is held out for the figures")
    options.add_argument("--encoder", action="store_true", help="teach the text encoder, too, for tables with hundreds of texts")
    add_device(options)
    options.add_argument("--program", type=Path, default=ROOT / "build" / "release" / "vsa", metavar="FILE", help="the program vsa")


def run(stage, options):
    from .run import seed_everything

    seed_everything(options.seed)
    module = {**STAGES, **APART}[stage][0] if stage != "finetune" else stage
    importlib.import_module(f".{module}", __package__).run(options)


def train(options):
    import torch

    if options.stage != "finetune" and not options.data.is_dir():
        raise Problem(f"{options.data}: no such folder; expected the training data (--data DIR)")
    if options.stage == "finetune" and not 0.05 <= options.valid_share <= 0.5:
        raise Problem(f"--valid-share {options.valid_share}: expected 0.05 to 0.5")
    if options.stage == "finetune" and options.device == "cuda" and not options.encoder:
        raise Problem("--device cuda: is of use with --encoder alone")
    if getattr(options, "device", "cpu") == "cuda" and not torch.cuda.is_available():
        raise Problem("--device cuda: torch finds no GPU")
    if options.threads < 1:
        raise Problem(f"--threads {options.threads}: expected at least 1")
    torch.set_num_threads(options.threads)
    if options.stage != "all":
        run(options.stage, options)
        return
    for stage in STAGES:
        if (options.work / stage / "done").exists():
            print(f"train {stage}: done before", file=sys.stderr)
        else:
            run(stage, options)


def main(arguments=None):
    try:
        train(parser().parse_args(arguments))
    except Problem as problem:
        for line in str(problem).splitlines():
            print(f"train: {line}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
