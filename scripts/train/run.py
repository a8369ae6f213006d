"""What every stage of the training shares: its folder, its checkpoints, its seeds and its line of progress."""

import os
import random
import sys
import time
from pathlib import Path

import numpy as np
import torch

SAVE_EVERY = 300  # seconds between checkpoints: a kill loses at most so much


class Stage:
    """The folder of one stage. `state.pt` in it holds what the stage needs to go on; `done` says that it ended.

    A stage asks `load()` for what an earlier, killed run left (None: nothing), calls `tick()` after every step, and ends
    with `finish()`. `state` given to `tick` is called only when a checkpoint is due.
    """

    def __init__(self, folder, name):
        self.folder, self.name = Path(folder) / name, name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.started = self.saved = self.said = time.monotonic()
        self.first = None  # the step at which this process began

    @property
    def done(self):
        return (self.folder / "done").exists()

    def load(self):
        path = self.folder / "state.pt"
        return torch.load(path, map_location="cpu", weights_only=False) if path.exists() else None

    def save(self, state):
        """Written beside and renamed: a kill leaves the checkpoint before it whole."""
        part = self.folder / "state.part"
        torch.save(state, part)
        os.replace(part, self.folder / "state.pt")
        self.saved = time.monotonic()

    def tick(self, step, steps, message, state=None):
        """After step `step` (from 1) of `steps`: a line of progress now and then, a checkpoint when it is due and there is a state."""
        now = time.monotonic()
        self.first = step - 1 if self.first is None else self.first
        if now - self.said >= 20 or step == steps:
            left = (now - self.started) / (step - self.first) * (steps - step)
            self.say(f"{step}/{steps} {message}, {left / 60:.0f} min left")
            self.said = now
        if state is not None and now - self.saved >= SAVE_EVERY and step < steps:
            self.save(state())

    def say(self, text):
        print(f"train {self.name}: {text}", file=sys.stderr, flush=True)

    def finish(self):
        (self.folder / "done").touch()
        (self.folder / "state.pt").unlink(missing_ok=True)


def seed_everything(seed):
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def native_bf16():
    """Whether this CPU computes bfloat16 itself; elsewhere torch imitates it, many times slower than float32."""
    flags = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    return "avx512_bf16" in flags or "amx_bf16" in flags


def autocast(device="cpu"):
    return torch.autocast(device, dtype=torch.bfloat16, enabled=device != "cpu" or native_bf16())
