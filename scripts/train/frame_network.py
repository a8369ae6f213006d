"""The frame encoder's network: torchvision's ResNet50 over grey pictures, smaller forms of it, and how they grow into it."""

import torch
from torch import nn
from torch.nn import functional as F
from torchvision.models import resnet50
from torchvision.models.resnet import Bottleneck, ResNet

from .faces import COLOUR_DEVIATION, GREY_DEVIATION, LUMA, VOTES
from .run import native_bf16


class Conv1x1(nn.Conv2d):
    """nn.Conv2d with a kernel of one pixel, as a matrix product: its backward pass is a third faster than oneDNN's in float32, and a
    third slower in bfloat16."""

    def forward(self, x):
        x = x[:, :, :: self.stride[0], :: self.stride[1]].permute(0, 2, 3, 1)
        return F.linear(x, self.weight.flatten(1), self.bias).permute(0, 3, 1, 2)


def build(blocks, width):
    """A ResNet of bottlenecks for grey pictures [N,1,H,W] with the names of torchvision's resnet50, which it equals with
    `blocks` (3, 4, 6, 3) and `width` (channels of the stem) 64, but for the stem's colour. Out: logits [N,7]."""
    network = ResNet(Bottleneck, [1, 1, 1, 1], num_classes=len(VOTES))
    network.conv1 = nn.Conv2d(1, width, kernel_size=7, stride=2, padding=3, bias=False)
    network.bn1 = nn.BatchNorm2d(width)
    network.inplanes = width
    for i, count in enumerate(blocks):
        setattr(network, f"layer{i + 1}", network._make_layer(Bottleneck, width << i, count, stride=1 if i == 0 else 2))
    network.fc = nn.Linear(width * 32, len(VOTES))
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            if module.kernel_size == (1, 1) and not native_bf16():
                module.__class__ = Conv1x1
    return network.to(memory_format=torch.channels_last)


@torch.no_grad()
def grow(small, large):
    """`large`, made by build() with more blocks or channels, computes from here what `small` does (after Chen et al. 2016,
    Net2Net): the old outputs take nothing from new channels, and a new block adds nothing, its last gain being 0."""
    before = small.state_dict()
    for name, weight in large.state_dict().items():
        if name not in before:
            if name.endswith("bn3.weight"):
                weight.zero_()
            continue
        old = before[name]
        if weight.dim() > 1:
            weight[: old.shape[0], old.shape[1] :] = 0
        weight[tuple(slice(n) for n in old.shape)] = old
    return large


def statistics_into(norm, bias):
    """A hook before `norm`: it normalises as the first batch is spread, and then gives that batch plus `bias` [C]."""

    def hook(_, inputs):
        norm.running_var, norm.running_mean = torch.var_mean(inputs[0], (0, 2, 3), correction=0)
        norm.weight.copy_((norm.running_var + norm.eps).sqrt())
        norm.bias.copy_(norm.running_mean + bias)

    return norm.register_forward_pre_hook(hook)


@torch.no_grad()
def from_bundle(network, folded, pictures):
    """`network`, made by build() in full size, computes what the ResNet50 of a bundle does, but for the last layer, which is
    new. A bundle's batch norms are folded into its convolutions: here they come back, with the statistics of `pictures`
    [N,1,H,W]. `folded`: the bundle's weights and biases by torchvision's names."""
    state = network.state_dict()
    for name, weight in folded.items():
        if name == "conv1.weight":
            weight = (weight * (GREY_DEVIATION / COLOUR_DEVIATION).view(1, 3, 1, 1)).sum(1, keepdim=True)
        if name.endswith("weight"):
            state[name].copy_(weight)
    hooks = []
    for name, norm in network.named_modules():
        if isinstance(norm, nn.BatchNorm2d):
            before = name[:-1] + "0" if ".downsample." in name else name.replace("bn", "conv")
            hooks.append(statistics_into(norm, folded[before + ".bias"]))
    network.eval()(pictures)
    for hook in hooks:
        hook.remove()
    return network


@torch.no_grad()
def in_colour(network):
    """torchvision's resnet50 (7 classes) that gives for ImageNet-normalised RGB what `network`, of full size, gives for its
    luma. Exact up to the border: GREY_MEAN is the luma of ImageNet's mean, so that padding is the same grey in both."""
    colour = resnet50(num_classes=len(VOTES))
    weights = dict(network.state_dict())
    weights["conv1.weight"] = weights["conv1.weight"] * (LUMA * COLOUR_DEVIATION / GREY_DEVIATION).view(1, 3, 1, 1)
    colour.load_state_dict(weights)
    return colour
