"""Layers whose weights lie in the file as int8 with a scale per row (output channel), and that prepare() expands to float32."""

import torch
from torch import nn
from torch.nn import functional as F


def quantize(weight):
    """(int8 of weight's shape, float32 scale [rows]): weight is about int8 * scale, off by at most half a scale."""
    rows = weight.detach().float().flatten(1)
    scale = rows.abs().amax(1).clamp_min(1e-12) / 127
    return (rows / scale[:, None]).round().to(torch.int8).view_as(weight), scale


class Int8Linear(nn.Module):
    """Has a scale per column too: a few inputs of a BERT are far larger than the rest, and their columns need finer steps.

    The root of a column's largest weight halves the error of the layers after the activation; the whole of it, or none,
    is worse (measured on MOSI valid).
    """

    def __init__(self, linear):
        super().__init__()
        columns = linear.weight.detach().float().abs().amax(0).clamp_min(1e-12).sqrt()
        small, scale = quantize(linear.weight / columns)
        self.register_buffer("small", small)
        self.register_buffer("scale", scale)
        self.register_buffer("columns", columns)
        self.register_buffer("weight", torch.empty(0))
        self.register_buffer("bias", linear.bias.detach().float())

    @torch.jit.export
    def prepare(self):
        self.weight = self.small.to(torch.float32).mul_(self.scale.unsqueeze(1)).mul_(self.columns)
        self.small = torch.empty([0], dtype=torch.int8)

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)


class Int8Conv2d(nn.Module):
    def __init__(self, conv):
        super().__init__()
        if conv.groups != 1 or conv.dilation != (1, 1) or conv.padding_mode != "zeros":
            raise ValueError("only plain convolutions")
        small, scale = quantize(conv.weight)
        self.register_buffer("small", small)
        self.register_buffer("scale", scale)
        self.register_buffer("weight", torch.empty(0))
        self.register_buffer("bias", conv.bias.detach().float())
        self.stride = conv.stride[0]
        self.padding = conv.padding[0]

    @torch.jit.export
    def prepare(self):
        weight = self.small.to(torch.float32).mul_(self.scale.view(-1, 1, 1, 1))
        # Pictures come with their channels last, and convolutions run faster that way throughout.
        self.weight = weight.contiguous(memory_format=torch.channels_last)
        self.small = torch.empty([0], dtype=torch.int8)

    def forward(self, x):
        return F.conv2d(x, self.weight, self.bias, self.stride, self.padding)


class Int8Rows(nn.Module):
    """An embedding table that stays int8 for good: the rows of a text are few, the table is large. In a tuple, because buffers
    would be turned to bfloat16 with the part.
    """

    def __init__(self, small, scale):
        super().__init__()
        self.small_and_scale = (small, scale)

    def forward(self, ids):
        small, scale = self.small_and_scale
        return F.embedding(ids, small).to(torch.float32) * scale[ids].unsqueeze(-1)


def replace(network, stored):
    """Swaps every Linear and Conv2d inside `network` for its int8 form and appends these to `stored`."""
    for name, child in network.named_children():
        if isinstance(child, (nn.Linear, nn.Conv2d)):
            layer = torch.jit.script(Int8Linear(child) if isinstance(child, nn.Linear) else Int8Conv2d(child))
            setattr(network, name, layer)
            stored.append(layer)
        else:
            replace(child, stored)
