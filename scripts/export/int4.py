"""Layers whose weights lie in the file in 4 bits, two a byte, with a scale for every GROUP of a row, and that prepare() expands to float32."""

import torch
from torch import nn
from torch.nn import functional as F

GROUP = 128  # columns; where a row does not divide into such groups, it is one
LEVELS = 8  # whole numbers from -LEVELS to LEVELS - 1
SEARCHED = torch.linspace(0.7, 1.1, 17)  # scales that are tried, as shares of the one with which the largest weight fits
SMALLEST = 1e-5  # of the largest weight of a group, so that float16 holds its scale
DAMPING = 0.01  # of the mean square of an input, beside each input's own: what a few texts say of inputs is not exact


def group_of(columns):
    return GROUP if columns % GROUP == 0 else columns


def _levels(weight, scale):
    return (weight / scale).round().clamp(-LEVELS, LEVELS - 1)


def steps(weight, count=None):
    """[rows, 1]: the scale of each row of `weight` with the least squared error, in float16 as it is kept. It has the sign with which
    the largest weight becomes -LEVELS, the level that has no opposite. `count` [columns]: how much an error of each column counts."""
    count = torch.ones(weight.shape[1]) if count is None else count

    def error(scale):
        return (count * (_levels(weight, scale) * scale - weight).square()).sum(1, keepdim=True)

    largest = weight.gather(1, weight.abs().argmax(1, keepdim=True))
    whole = -torch.where(largest.abs() < SMALLEST, torch.full_like(largest, SMALLEST), largest) / LEVELS
    best = whole.half().float()
    least = error(best)
    for share in SEARCHED:
        levels = _levels(weight, whole * share)
        fitted = (count * weight * levels).sum(1, keepdim=True) / (count * levels * levels).sum(1, keepdim=True)
        found = error(fitted := fitted.half().float())
        better = found < least  # never where all weights are 0: there it is no number
        best, least = torch.where(better, fitted, best), torch.where(better, found, least)
    return best


def rounded(weight, inputs=None):
    """(levels [rows, columns], scale [rows, groups]), float32, of which levels * scale is near `weight`.

    `inputs` [columns, columns]: the mean of x x^T over the inputs x of the layer. With it the error of each column, from the strongest
    input to the weakest, is made good by the columns that are still to be rounded (GPTQ, Frantar et al. 2023), so that what the layer
    gives changes least.
    """
    weight = weight.detach().float()
    columns, group = weight.shape[1], group_of(weight.shape[1])
    count = None if inputs is None else inputs.diagonal().float() + 1e-12
    parts = [slice(start, start + group) for start in range(0, columns, group)]
    scale = torch.cat([steps(weight[:, part], None if count is None else count[part]) for part in parts], 1)
    by_column = scale.repeat_interleave(group, 1)
    if inputs is None:
        return _levels(weight, by_column), scale
    order = count.argsort(descending=True)
    inputs = inputs[order][:, order].double()
    inputs = inputs + torch.eye(columns) * (DAMPING * inputs.diagonal().mean() + 1e-12)
    upper = torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(inputs)), upper=True).float()
    left, by_column, levels = weight[:, order], by_column[:, order], torch.empty_like(weight)
    for start in range(0, columns, GROUP):  # a part at a time, only for speed
        end = min(start + GROUP, columns)
        part, errors = left[:, start:end], torch.empty(len(left), end - start)
        for i in range(end - start):
            at = slice(start + i, start + i + 1)
            levels[:, order[at]] = level = _levels(left[:, at], by_column[:, at])
            errors[:, i : i + 1] = error = (left[:, at] - level * by_column[:, at]) / upper[at, at]
            part[:, i + 1 :] -= error * upper[at, start + i + 1 : end]
        left[:, end:] -= errors @ upper[start:end, end:]
    return levels, scale


def packed(levels):
    """uint8 [rows, columns / 2]: a byte holds a level of the first half of the columns in its lower bits, one of the second in its upper."""
    first, second = (levels + LEVELS).to(torch.uint8).chunk(2, 1)
    return first | (second << 4)


@torch.jit.script
def expanded(small, scale):
    """float32 [rows, columns] of packed levels and float16 scale [rows, groups]."""
    levels = torch.cat([small & 15, small >> 4], 1).to(torch.float32).sub_(8)
    rows, columns, groups = levels.size(0), levels.size(1), scale.size(1)
    return levels.view(rows, groups, columns // groups).mul_(scale.to(torch.float32).unsqueeze(2)).view(rows, columns)


class Int4Linear(nn.Module):
    """`levels` and `scale` as rounded() gives them."""

    def __init__(self, levels, scale, bias):
        super().__init__()
        self.register_buffer("small", packed(levels))
        self.register_buffer("scale", scale.half())
        self.register_buffer("weight", torch.empty(0))
        self.register_buffer("bias", bias.detach().float())

    @torch.jit.export
    def prepare(self):
        self.weight = expanded(self.small, self.scale)
        self.small = torch.empty([0], dtype=torch.uint8)

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)


class Int4Rows(nn.Module):
    """An embedding table that stays in 4 bits for good: the rows of a text are few, the table is large. In a tuple, because buffers
    would be turned to bfloat16 with the part.
    """

    def __init__(self, levels, scale):
        super().__init__()
        self.small_and_scale = (packed(levels), scale.half())

    def forward(self, ids):
        small, scale = self.small_and_scale
        rows = ids.flatten()
        return expanded(small[rows], scale[rows]).view(ids.size(0), ids.size(1), -1)
