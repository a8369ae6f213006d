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
# Stage -> module whose run(options) it is, in the order of `all`.
STAGES = {
    "prepare": "texts",
    "text": "text_encoder",
    "frames": "frame_encoder",
    "fusion": "fusion",
    "calibrate": "calibration",
    "evaluate": "evaluate",
    "export": "export",
}


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Problem(message)


def parser():
    options = Parser(
        prog="train",
        description="Trains the networks of a bundle, from data to bundle. A stage that was killed goes on where its last checkpoint is.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    options.add_argument("stage", choices=[*STAGES, "all"])
    options.add_argument("--work", type=Path, default=ROOT / "build" / "train", metavar="DIR", help="where stages leave checkpoints and results")
    shared = Path(os.environ.get("VSA_SHARED", ROOT.parent / "shared"))
    options.add_argument("--data", type=Path, default=shared / "data", metavar="DIR", help="the training data")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--split", choices=["valid", "test"], default="valid", help="that stage evaluate measures; test once for a final model")
    options.add_argument("--threads", type=int, default=os.cpu_count())
    return options


def run(stage, options):
    from .run import seed_everything

    seed_everything(options.seed)
    importlib.import_module(f".{STAGES[stage]}", __package__).run(options)


def train(options):
    import torch

    if not options.data.is_dir():
        raise Problem(f"{options.data}: no such folder; expected the training data (--data DIR)")
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
        print(f"train: {problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
