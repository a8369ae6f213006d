"""Trains the frame encoder on FER+: stage `frames`, which writes frames/resnet50.safetensors and frames/valid.json.

The whole network sees FER+ 17 times at the pictures' own size, which costs half as much, and 8 times at its final one. It goes on
from the frame encoder of an earlier bundle (`--from`), or from a net of half its channels and a quarter of its blocks that grows
step by step (frame_network.grow) into the whole.

Its logits are learnt as if all emotions came equally often: the shares of what is drawn are added to them in the loss (Menon et al.
2021, logit adjustment). What is written assumes contract.PRIOR, by its last layer's biases alone.
"""

import json
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
from .contract import FRAMES, PRIOR
from .face_figures import logits, robustness, under_priors
from .faces import SIDE, augment, balanced, mixed, plain, read_faces
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
GOING_ON = [Phase(*FULL, SIDE, 7500, 0.97), Phase(*FULL, SIZE, 3550, 1.94)]
GROWING = [Phase((1, 1, 1, 1), 32, 64, 5000, 0.165), Phase((2, 2, 2, 2), 32, 64, 5500, 0.24), Phase((3, 4, 6, 3), 32, 64, 3000, 0.4), *GOING_ON]
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

    def __init__(self, phases, seed, highest_rate=RATE_GROWING, begin=lambda network: network, device="cpu"):
        """`begin`: from a new network to the one that the first phase begins with."""
        self.phases, self.seed, self.highest_rate, self.device = phases, seed, highest_rate, device
        self.enter(0, begin)

    def enter(self, phase, begin=lambda network: network):
        """Begins `phase` with the network that `begin` makes of a new one."""
        self.phase, self.step = phase, 0
        seed_everything(self.seed + phase)
        self.network = begin(build(self.phases[phase].blocks, self.phases[phase].width)).to(self.device)
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
        """One step; returns its loss: the cross entropy with the shares of the votes, of logits that leave out how often each is drawn."""
        phase = self.phases[self.phase]
        draw = np.random.default_rng([self.seed, self.phase, self.step])
        rows = draw.choice(len(faces), BATCH, p=chances)
        for group in self.optimizer.param_groups:
            group["lr"] = self.highest_rate * rate(self.phases, self.phase, self.step)
        self.network.train()
        pictures, votes = mixed(augment(faces.images[rows], phase.size, draw), torch.from_numpy(faces.votes[rows]), draw)
        with autocast(self.device):
            scores = self.network(pictures.to(self.device))
        drawn = torch.from_numpy(chances @ faces.votes).float().log()
        loss = F.cross_entropy(scores.float() + drawn.to(self.device), votes.to(self.device))
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.average.update_parameters(self.network)
        self.step += 1
        return loss.item()

    def equal(self, faces):
        """Logits [N,7] that assume all emotions as likely, by the average of the weights."""
        network = self.average.module.eval()
        return logits(lambda pictures: network(pictures.to(self.device)).cpu(), faces.images, self.phases[self.phase].size).numpy()

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
                found = under_priors(training.equal(valid), valid, faces.votes.mean(0), PRIOR)
                usual, equal = found["FER+'s"]["Microsoft's rule"], found["equal"]["macro recall"]
                stage.say(f"{where}, valid {usual:.1f}, macro recall {equal:.3f}")
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
        return Training(GROWING, options.seed, device=options.device)
    some = np.random.default_rng(options.seed).choice(len(faces), STATISTICS, replace=False)
    begin = partial(from_bundle, folded=encoder_of(options.bundle), pictures=plain(faces.images[some], GOING_ON[0].size))
    return Training(GOING_ON, options.seed, RATE_GOING_ON, begin, options.device)


def with_prior(network, prior):
    """`network`, whose logits assume that all emotions are as likely, with logits that assume the shares `prior`."""
    with torch.no_grad():
        network.fc.bias += torch.tensor(prior).log()
    return network


def run(options):
    """`options`: work, data (folders), seed, threads, bundle (a folder or None), device."""
    stage = Stage(options.work, "frames")
    if stage.done:
        return
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)  # weights that decay towards 0 would slow the arithmetic down
    valid = read_faces(options.data, "valid")
    faces = read_faces(options.data, "train")
    network = train(stage, training_of(options, faces), faces, valid).cpu().eval()
    usual = faces.votes.mean(0)
    report = under_priors(logits(network, valid.images, SIZE).numpy(), valid, usual, PRIOR)
    report["distorted"] = robustness(network, valid, SIZE, np.log(usual))
    (stage.folder / "valid.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    stage.say(f"valid: {json.dumps(report)}")
    weights = {name: weight.contiguous() for name, weight in in_colour(with_prior(network, PRIOR)).state_dict().items()}
    save_file(weights, stage.folder / "resnet50.safetensors")
    stage.finish()
