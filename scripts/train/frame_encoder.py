"""Trains the frame encoder on FER+: stage `frames`, which writes frames/resnet50.safetensors.

A ResNet50 sees too few pictures in two hours of two CPU cores to learn from the start. So a net of half its channels and
a quarter of its blocks sees most of them, in small, and grows step by step (frame_network.grow) into the whole. Or the
training goes on from the frame encoder of an earlier bundle (`--from`).
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from ..export.bundle import load_part, read_contract
from ..export.problem import Problem
from .contract import FRAMES
from .face_figures import accuracy, figures, logits
from .faces import augment, balanced, plain, read_faces
from .frame_network import build, from_bundle, grow, in_colour
from .run import Stage, autocast, seed_everything


@dataclass(frozen=True)
class Phase:
    """`steps` of a network of `blocks` and `width` on pictures of `size` pixels; `cost` of a step is in seconds on two
    cores (Zen 3, float32): the learning rate falls by it, and the time left is told by it."""

    blocks: tuple
    width: int
    size: int
    steps: int
    cost: float


SIZE = FRAMES["size"]  # of the pictures that the trained network takes
FULL = (3, 4, 6, 3), 64  # blocks and width of ResNet50
GROWING = [
    Phase((1, 1, 1, 1), 32, 64, 5000, 0.165),
    Phase((2, 2, 2, 2), 32, 64, 5500, 0.24),
    Phase((3, 4, 6, 3), 32, SIZE, 3000, 0.57),
    Phase(*FULL, SIZE, 1250, 1.94),
]
GOING_ON = [Phase(*FULL, SIZE, 750, 1.94)]
BATCH = 64
RATE_GROWING, RATE_GOING_ON, DECAY, BETAS = 2e-3, 6e-4, 0.05, (0.9, 0.99)
WARM_UP = 150  # steps, in every phase: its optimizer starts anew
AVERAGE = 0.998  # of the weights, exponentially over the steps; evaluated and handed on to the next phase
MEASURE_EVERY = 375
STATISTICS = 512  # pictures that an earlier encoder's batch norms are measured on


def rate(phases, phase, step):
    """The share of the highest learning rate: a cosine over the whole cost, and a warm-up in every phase."""
    total = sum(each.steps * each.cost for each in phases)
    done = sum(each.steps * each.cost for each in phases[:phase]) + step * phases[phase].cost
    return min(1, (step + 1) / WARM_UP) * 0.5 * (1 + np.cos(np.pi * done / total))


def optimizer_of(network):
    """AdamW; gains and biases do not decay."""
    groups = [[p for p in network.parameters() if (p.dim() > 1) == heavy] for heavy in (True, False)]
    return torch.optim.AdamW([{"params": groups[0]}, {"params": groups[1], "weight_decay": 0}], betas=BETAS, weight_decay=DECAY, fused=True)


class Training:
    """The state of the run: phase, step in it, network, average of its weights, optimizer. Its draws depend on seed, phase
    and step alone, so that a run that was killed goes on as if nothing had happened."""

    def __init__(self, phases, seed, highest_rate=RATE_GROWING, begin=lambda network: network):
        """`begin`: from a new network to the one that the first phase begins with."""
        self.phases, self.seed, self.highest_rate = phases, seed, highest_rate
        self.enter(0, begin)

    def enter(self, phase, begin=lambda network: network):
        """Begins `phase` with the network that `begin` makes of a new one."""
        self.phase, self.step = phase, 0
        seed_everything(self.seed + phase)
        self.network = begin(build(self.phases[phase].blocks, self.phases[phase].width))
        self.average = AveragedModel(self.network, multi_avg_fn=get_ema_multi_avg_fn(AVERAGE), use_buffers=True)
        self.optimizer = optimizer_of(self.network)

    def state(self):
        parts = {name: getattr(self, name).state_dict() for name in ("network", "average", "optimizer")}
        return {"phase": self.phase, "step": self.step, **parts}

    def restore(self, state):
        self.enter(state["phase"])
        self.step = state["step"]
        for name in ("network", "average", "optimizer"):
            getattr(self, name).load_state_dict(state[name])

    def learn(self, faces, chances):
        """One step; returns its loss, the cross entropy with the shares of the votes."""
        phase = self.phases[self.phase]
        draw = np.random.default_rng([self.seed, self.phase, self.step])
        rows = draw.choice(len(faces), BATCH, p=chances)
        for group in self.optimizer.param_groups:
            group["lr"] = self.highest_rate * rate(self.phases, self.phase, self.step)
        self.network.train()
        with autocast():
            scores = self.network(augment(faces.images[rows], phase.size, draw))
        loss = F.cross_entropy(scores.float(), torch.from_numpy(faces.votes[rows]))
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.average.update_parameters(self.network)
        self.step += 1
        return loss.item()

    def guess(self, faces):
        """int [N], by the average of the weights."""
        return logits(self.average.module.eval(), faces.images, self.phases[self.phase].size).argmax(1).numpy()

    def spent(self):
        return sum(each.steps * each.cost for each in self.phases[: self.phase]) + self.step * self.phases[self.phase].cost


def train(stage, training, faces, valid):
    """The trained network of the last phase, for grey pictures."""
    phases, state = training.phases, stage.load()
    if state is not None:
        training.restore(state)
    chances, total = balanced(faces.votes), round(sum(each.steps * each.cost for each in phases))
    loss = None
    while True:
        while training.step < phases[training.phase].steps:
            now = training.learn(faces, chances)
            loss = now if loss is None else 0.98 * loss + 0.02 * now
            where = f"phase {training.phase + 1} step {training.step}/{phases[training.phase].steps}, loss {loss:.3f}"
            stage.tick(min(int(training.spent()), total - 1), total, where, training.state)
            if training.step % MEASURE_EVERY == 0:
                stage.say(f"{where}, valid {accuracy(training.guess(valid), valid):.1f}")
        if training.phase + 1 == len(phases):
            return training.average.module
        training.enter(training.phase + 1, partial(grow, training.average.module))
        stage.save(training.state())


def encoder_of(bundle):
    """The weights and biases of a bundle's ResNet50, by torchvision's names."""
    contract = read_contract(bundle)
    try:
        part = load_part(bundle, contract, "frames")
        state = {name.removeprefix("network."): value for name, value in part.encoder.state_dict().items()}
        convolutions = [name for name, part in build(*FULL).named_modules() if isinstance(part, nn.Conv2d)]
        return {f"{name}.{part}": state[f"{name}.{part}"] for name in convolutions for part in ("weight", "bias")}
    except (RuntimeError, ValueError, AttributeError, KeyError) as error:
        raise Problem(f"{bundle}: expected a bundle with a ResNet50: {str(error).splitlines()[0]}") from None


def training_of(options, faces):
    if options.bundle is None:
        return Training(GROWING, options.seed)
    some = np.random.default_rng(options.seed).choice(len(faces), STATISTICS, replace=False)
    begin = partial(from_bundle, folded=encoder_of(options.bundle), pictures=plain(faces.images[some], SIZE))
    return Training(GOING_ON, options.seed, RATE_GOING_ON, begin)


def run(options):
    """`options`: work, data (folders), seed, threads, bundle (a folder or None)."""
    stage = Stage(options.work, "frames")
    if stage.done:
        return
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)  # weights that decay towards 0 would slow the arithmetic down
    valid = read_faces(options.data, "valid")
    faces = read_faces(options.data, "train")
    network = train(stage, training_of(options, faces), faces, valid)
    stage.say(f"valid: {figures(logits(network.eval(), valid.images, SIZE).argmax(1).numpy(), valid)}")
    weights = {name: weight.contiguous() for name, weight in in_colour(network).state_dict().items()}
    save_file(weights, stage.folder / "resnet50.safetensors")
    stage.finish()
