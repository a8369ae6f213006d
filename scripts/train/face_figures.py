"""How well a frame encoder reads faces: `python -m scripts.train.face_figures FILE --data DIR [--split test]`."""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from torchvision.models import resnet50

from ..export.bundle import EMOTIONS
from ..export.checkpoints import fill, read_weights
from ..export.module import fold_batch_norms
from .contract import PRIOR
from .faces import COLOUR_DEVIATION, COLOUR_MEAN, CONTEMPT, DISTORTIONS, GREY_DEVIATION, GREY_MEAN, plain, read_faces

# neutral happy sad angry fear disgust surprise as negative (0), neutral (1), positive (2).
SENTIMENT = np.array([1, 2, 0, 0, 0, 0, 1, 0])
BATCH = 32


@torch.no_grad()
def logits(network, images, size):
    """float32 [N,7] of uint8 [N,48,48], for a network that takes grey pictures."""
    return torch.cat([network(plain(images[i : i + BATCH], size)) for i in range(0, len(images), BATCH)])


def accuracy(guess, faces):
    """Microsoft's rule, percent: of the faces on which most raters agree. Contempt, which no guess can be, is an error."""
    return 100 * float((guess == faces.top)[faces.majority].mean())


def figures(guess, faces):
    """Figures in percent, recalls as shares. `guess`: int [N]."""
    seven = faces.top != CONTEMPT
    right = guess == faces.top
    found = {
        "rows": {"majority": int(faces.majority.sum()), "all": len(faces)},
        "Microsoft's rule": accuracy(guess, faces),
        "Microsoft's rule without contempt": 100 * float(right[faces.majority & seven].mean()),
        "all rows": 100 * float(right.mean()),
        "7 emotions": 100 * float(right[seven].mean()),
        "3 classes": 100 * float((SENTIMENT[guess] == SENTIMENT[faces.top]).mean()),
    }
    found["recall"] = {name: float(right[faces.top == k].mean()) for k, name in enumerate(EMOTIONS)}
    return found


def under_priors(equal, faces, usual, shipped):
    """Figures of three readings of a network's logits `equal` [N,7], which assume all emotions as likely: with the shares `usual` of
    FER+ (accuracy), as they are (recall of each emotion and their mean), and with those that are `shipped`."""
    equal, seven = np.asarray(equal), faces.top != CONTEMPT
    recalls = figures(equal.argmax(1), faces)["recall"]
    return {
        "FER+'s": {name: value for name, value in figures((equal + np.log(usual)).argmax(1), faces).items() if name != "recall"},
        "equal": {"macro recall": float(np.mean([recalls[EMOTIONS[k]] for k in np.unique(faces.top[seven])])), "recall": recalls},
        "shipped": figures((equal + np.log(shipped)).argmax(1), faces),
    }


class OfGrey(torch.nn.Module):
    """A network for ImageNet-normalised RGB as one for grey pictures [N,1,H,W]."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, grey):
        rgb = (grey * GREY_DEVIATION + GREY_MEAN - COLOUR_MEAN.view(1, 3, 1, 1)) / COLOUR_DEVIATION.view(1, 3, 1, 1)
        return self.network(rgb.contiguous(memory_format=torch.channels_last))


def read_network(path):
    network = fill(resnet50(num_classes=len(EMOTIONS)), read_weights(path), path).eval()
    fold_batch_norms(network)
    return OfGrey(network.to(memory_format=torch.channels_last))


def robustness(network, faces, size, add=0):
    """Name of each distortion to Microsoft's rule, percent, on pictures distorted so, by logits for FER+'s shares."""
    found = {}
    for name, variants in DISTORTIONS.items():
        guesses = [(logits(network, np.stack([change(image) for image in faces.images]), size).numpy() + add).argmax(1) for change in variants]
        found[name] = float(np.mean([accuracy(guess, faces) for guess in guesses]))
    return found


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("weights", type=Path)
    options.add_argument("--data", type=Path, default=Path("../shared/data"))
    options.add_argument("--split", default="valid", choices=["valid", "test"])
    options.add_argument("--size", type=int, required=True, help="of the network's input, pixels")
    options.add_argument("--prior", type=float, nargs=len(EMOTIONS), default=PRIOR, help="the shares of the emotions that the weights assume")
    options = options.parse_args()
    network, faces = read_network(options.weights), read_faces(options.data, options.split)
    usual, assumed = read_faces(options.data, "train").votes.mean(0), np.array(options.prior)
    equal = logits(network, faces.images, options.size).numpy() - np.log(assumed)
    found = under_priors(equal, faces, usual, assumed)
    print(json.dumps({**found, "distorted": robustness(network, faces, options.size, np.log(usual / assumed))}, indent=1))


if __name__ == "__main__":
    main()
