"""Faces of FER+ (Barsoum et al. 2016, "Training deep networks for facial expression recognition with crowd-sourced label
distribution"): reading them, and the ways in which pictures of faces differ in films."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.nn import functional as F

SIDE = 48  # of FER's pictures, pixels
# FER2013's own classes by ours. Its class counts, in training alone, as one vote beside FER+'s ten: alone it is too often wrong
# (of 4,079 pictures of "fear" FER+'s raters call 514 so), but it says where fear and disgust may be.
FER2013 = ["neutral", "happy", "sad", "angry", "fear", "disgust", "surprise"]
# Columns of FER+'s votes in the order of model.json's emotions: neutral happy sad angry fear disgust surprise.
VOTES = [0, 1, 3, 4, 6, 5, 2]
CONTEMPT, EIGHT = 7, 8  # contempt follows the seven emotions; unknown and no face follow the eight
# Grey's mean is the luma of ImageNet's mean colour; see frame_network.in_colour for why.
LUMA = torch.tensor([0.299, 0.587, 0.114])
COLOUR_MEAN, COLOUR_DEVIATION = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
GREY_MEAN, GREY_DEVIATION = float(LUMA @ COLOUR_MEAN), 0.226


@dataclass
class Faces:
    """images: uint8 [N,48,48], grey. votes: float32 [N,7], shares of the votes for model.json's emotions. top: int64 [N],
    the emotion with most votes, 7 for contempt, -1 if it is none or not one. majority: bool [N], whether more than half of
    the votes agree on it (Microsoft's rule, the `majority` mode of their code)."""

    images: np.ndarray
    votes: np.ndarray
    top: np.ndarray
    majority: np.ndarray

    def __len__(self):
        return len(self.images)

    def rows(self, keep):
        return Faces(self.images[keep], self.votes[keep], self.top[keep], self.majority[keep])


def read_faces(data, split):
    """The faces of `split` (train, valid or test). An emotion that one rater alone saw counts as not seen, as in FER+'s own
    code. Of train: all whose top vote is an emotion; else those with one top emotion, without twins of earlier splits."""
    table = np.load(Path(data) / "faces" / "ferplus.npz")
    votes = table["votes"].astype(np.float32)
    votes[votes <= 1] = 0
    emotions = votes[:, VOTES]
    names = list(table["vote_names"])
    place = {names[vote]: i for i, vote in enumerate([*VOTES, CONTEMPT])}
    top = np.array([place.get(name, -1) for name in table["ferplus_majority"]])
    faces = Faces(table["images"], emotions / np.maximum(emotions.sum(1, keepdims=True), 1), top, votes.max(1) > 0.5 * votes.sum(1))
    if split == "train":
        given = np.array([FER2013.index(name) for name in table["fer2013_label"]])
        every = emotions + np.eye(len(VOTES), dtype=np.float32)[given]
        faces = Faces(faces.images, every / every.sum(1, keepdims=True), faces.top, faces.majority)
        return faces.rows((table["split"] == split) & (votes.argmax(1) < EIGHT) & (emotions.sum(1) > 0))
    twin = table["dup_in_train_or_valid" if split == "test" else "dup_in_train"] == 1
    return faces.rows((table["split"] == split) & (top >= 0) & ~twin)


def jpeg(image, quality):
    return cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(quality)])[1], cv2.IMREAD_GRAYSCALE)


def small(image, side):
    """As a face of `side` pixels looks when scaled up again."""
    return cv2.resize(cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA), image.shape[::-1], interpolation=cv2.INTER_LINEAR)


def moved(image, length, angle):
    """As a face looks that moves by `length` pixels while the shutter is open, in the direction of `angle` (radians)."""
    kernel = np.zeros((length, length), np.float32)
    middle, half = (length - 1) / 2, np.array([np.cos(angle), np.sin(angle)]) * (length - 1) / 2
    begin, end = (tuple(int(round(middle + sign * part)) for part in half) for sign in (-1, 1))
    cv2.line(kernel, begin, end, 1.0)
    return cv2.filter2D(image, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE)


def dark(image, share, noise, draw):
    """With `share` of the light, and the noise of a sensor that amplifies it: grey levels of deviation `noise`."""
    return np.clip(image * share + draw.normal(0, noise, image.shape), 0, 255).astype(np.uint8)


def recrop(image, scale=1.0, right=0.0, down=0.0):
    """What a crop `scale` times as wide shows, its middle moved by shares of the picture's side; border pixels fill it up."""
    side = image.shape[0]
    offset = (1 - scale) * (side - 1) / 2
    matrix = np.float32([[scale, 0, offset + right * side], [0, scale, offset + down * side]])
    return cv2.warpAffine(image, matrix, (side, side), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)


# What the figures of robustness are measured on: name to the variants (image to image) whose mean it is.
DISTORTIONS = {
    "clean": [lambda image: image],
    "shifted 20 %": [lambda image, x=x, y=y: recrop(image, 1, x, y) for x, y in ((0.2, 0), (-0.2, 0), (0, 0.2), (0, -0.2))],
    "scaled 20 %": [lambda image, scale=scale: recrop(image, scale) for scale in (0.8, 1.2)],
    "JPEG q20": [lambda image: jpeg(image, 20)],
    "blurred": [lambda image: cv2.GaussianBlur(image, (0, 0), 1.0)],
    "half as bright": [lambda image: image // 2],
    "24 px": [lambda image: small(image, 24)],
}


def degrade(image, draw):
    """uint8 [48,48] to the same after JPEG, blur, few pixels, motion or little light, in 6 of 10 cases."""
    kind = draw.random()
    if kind < 0.15:
        return jpeg(image, draw.integers(8, 60))
    if kind < 0.25:
        return cv2.GaussianBlur(image, (0, 0), draw.uniform(0.4, 1.4))
    if kind < 0.4:
        return small(image, int(draw.integers(16, 40)))
    if kind < 0.5:
        return moved(image, int(draw.integers(3, 8)), draw.uniform(0, np.pi))
    return dark(image, draw.uniform(0.2, 0.7), draw.uniform(0, 8), draw) if kind < 0.6 else image


def erase(pictures, draw):
    """A rectangle of one grey over a part of every fourth picture (Zhong et al. 2017), in place."""
    side = pictures.shape[2]
    for picture in pictures[torch.from_numpy(draw.random(len(pictures)) < 0.25)]:
        height, width = draw.integers(side // 8, side * 2 // 5, 2)
        top, left = draw.integers(0, side - height), draw.integers(0, side - width)
        picture[0, top : top + height, left : left + width] = draw.random()


def augment(images, size, draw):
    """uint8 [N,48,48] to the network's input, float32 [N,1,size,size]: a crop as a detector might have cut it, of a face
    lit and compressed in some way. `draw`: a numpy Generator."""
    count = len(images)
    images = np.stack([degrade(image, draw) for image in images])

    def spread(deviation, most):
        return torch.from_numpy(np.clip(draw.normal(0, deviation, count), -most, most)).float()

    scale, angle = spread(0.13, 0.3).exp(), spread(0.14, 0.35)
    flip = torch.from_numpy(draw.choice([-1.0, 1.0], count)).float()
    cosine, sine = scale * angle.cos(), scale * angle.sin()
    line = (torch.arange(size) + 0.5) * 2 / size - 1
    across, down = line.view(1, 1, -1) * flip.view(-1, 1, 1), line.view(1, -1, 1)
    cosine, sine, right, below = (each.view(-1, 1, 1) for each in (cosine, sine, 2 * spread(0.09, 0.25), 2 * spread(0.09, 0.25)))
    grid = torch.stack([cosine * across - sine * down + right, sine * across + cosine * down + below], 3)
    pictures = F.grid_sample(torch.from_numpy(images)[:, None].float() / 255, grid, padding_mode="border", align_corners=False)

    def factor(low, high):
        return torch.from_numpy(draw.uniform(low, high, count)).float().exp().view(-1, 1, 1, 1)

    middle = pictures.mean((1, 2, 3), keepdim=True)
    pictures = (((pictures - middle) * factor(-0.5, 0.3) + middle) * factor(-0.7, 0.25)).clamp(0, 1)
    erase(pictures, draw)
    return (pictures - GREY_MEAN) / GREY_DEVIATION


def plain(images, size):
    """uint8 [N,48,48] to the network's input, float32 [N,1,size,size], as the program scales its crops up."""
    large = np.stack([cv2.resize(image, (size, size), interpolation=cv2.INTER_LINEAR) for image in images])
    return (torch.from_numpy(large)[:, None].float() / 255 - GREY_MEAN) / GREY_DEVIATION


def mixed(pictures, votes, draw, strength=0.2):
    """Each picture with a share of another one, and its votes likewise (Zhang et al. 2018, mixup)."""
    share = torch.from_numpy(draw.beta(strength, strength, len(pictures))).float()
    share = torch.maximum(share, 1 - share)
    other = torch.from_numpy(draw.permutation(len(pictures)))
    own = share.view(-1, 1, 1, 1)
    return own * pictures + (1 - own) * pictures[other], share[:, None] * votes + (1 - share[:, None]) * votes[other]


def balanced(votes, power=0.6):
    """How likely each face is to be drawn, float64 [N]: faces of rare emotions more often, by the `power` of the rarity."""
    weight = (votes @ votes.mean(0) ** -power).astype(np.float64)
    return weight / weight.sum()
