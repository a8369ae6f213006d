"""The TorchScript modules of a bundle, one a part: text from a transformers BertModel, frames from a torchvision ResNet, fusion."""

from typing import Dict

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from .int8 import Int8Rows, quantize, replace


class Layers(nn.Module):
    """BertModel without its bookkeeping: word vectors and a mask to add in, last hidden state out."""

    def __init__(self, bert):
        super().__init__()
        self.embeddings, self.encoder = bert.embeddings, bert.encoder

    def forward(self, words, positions, types, mask):
        embedded = self.embeddings(inputs_embeds=words, position_ids=positions, token_type_ids=types)
        return self.encoder(embedded, mask).last_hidden_state


class TextEncoder(nn.Module):
    """Word vectors to the mean of the last hidden state over the mask; everything between in the layers' dtype."""

    def __init__(self, layers):
        super().__init__()
        self.layers = layers

    def forward(self, words, mask):
        dtype = self.layers.embeddings.LayerNorm.weight.dtype
        positions = torch.arange(words.size(1)).unsqueeze(0)
        types = torch.zeros([1, words.size(1)], dtype=torch.long)
        hidden_by = ((1 - mask).to(torch.float32) * -1e30).unsqueeze(1).unsqueeze(1)
        state = self.layers(words.to(dtype), positions, types, hidden_by.to(dtype)).to(torch.float32)
        share = mask.to(torch.float32) / mask.sum(1, keepdim=True).clamp_min(1)
        return (state * share.unsqueeze(2)).sum(1)


class FrameEncoder(nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, pictures):
        return self.network(pictures.to(self.network.conv1.weight.dtype)).to(torch.float32)


# The parts and their methods are those of a bundle's contract. For bfloat16 the program converts every tensor that is a parameter
# or an attribute of its own; what must stay as it is lies in a tuple.


class TextPart(nn.Module):
    def __init__(self, words, encoder, stored):
        super().__init__()
        self.words, self.encoder, self.stored = words, encoder, nn.ModuleList(stored)

    @torch.jit.export
    def prepare(self):
        for layer in self.stored:
            layer.prepare()

    @torch.jit.export
    def encode(self, ids, mask):
        return self.encoder(self.words(ids), mask)


class FramesPart(nn.Module):
    def __init__(self, encoder, mean, deviation, stored):
        super().__init__()
        self.encoder, self.stored = encoder, nn.ModuleList(stored)
        self.mean_and_deviation = (mean, deviation)

    @torch.jit.export
    def prepare(self):
        for layer in self.stored:
            layer.prepare()

    @torch.jit.export
    def encode(self, pixels):
        mean, deviation = self.mean_and_deviation
        pictures = pixels.permute(0, 3, 1, 2).to(torch.float32)
        return self.encoder((pictures - mean) / deviation)


class FusionPart(nn.Module):
    def __init__(self, fusion):
        super().__init__()
        self.fusion = fusion

    @torch.jit.export
    def fuse(self, evidence: Dict[str, Tensor]) -> Dict[str, Tensor]:
        sentiment, intensity, emotions, share = self.fusion(evidence["text"], evidence["has_text"], evidence["frames"], evidence["frames_weight"])
        return {"sentiment": sentiment, "intensity": intensity, "emotions": emotions, "frames_share": share}


def fold_batch_norms(resnet):
    """Every convolution of a torchvision ResNet takes in the batch norm after it, which becomes nothing."""
    resnet.conv1, resnet.bn1 = fuse_conv_bn_eval(resnet.conv1, resnet.bn1), nn.Identity()
    for layer in (resnet.layer1, resnet.layer2, resnet.layer3, resnet.layer4):
        for block in layer:
            for i in "123":
                conv, norm = getattr(block, "conv" + i), getattr(block, "bn" + i)
                setattr(block, "conv" + i, fuse_conv_bn_eval(conv, norm))
                setattr(block, "bn" + i, nn.Identity())
            if block.downsample is not None:
                block.downsample = nn.Sequential(fuse_conv_bn_eval(*block.downsample))


def remove_dropout(network):
    for name, child in network.named_children():
        if isinstance(child, nn.Dropout):
            setattr(network, name, nn.Identity())
        else:
            remove_dropout(child)


def script(part):
    for parameter in part.parameters():
        parameter.requires_grad_(False)
    return torch.jit.script(part.eval())


def traced(network, example):
    """(`network` traced with its layers stored as int8, these layers)."""
    stored = []
    replace(network, stored)
    kept = [layer.small for layer in stored]
    for layer in stored:
        layer.prepare()
    network = torch.jit.trace(network, example, check_trace=False)
    for layer, small in zip(stored, kept):
        layer.small, layer.weight = small, torch.empty(0)
    return network, stored


@torch.no_grad()
def text_part(bert):
    """The scripted part. Takes `bert` apart: it is of no use afterwards."""
    bert = bert.float().eval()
    bert.set_attn_implementation("eager")
    layers = Layers(bert)
    words = Int8Rows(*quantize(bert.embeddings.word_embeddings.weight))
    bert.embeddings.word_embeddings = None
    # Conversion to bfloat16 would ruin these whole numbers; they are given as arguments instead.
    del bert.embeddings.position_ids, bert.embeddings.token_type_ids
    remove_dropout(layers)
    width, length = bert.config.hidden_size, min(12, bert.config.max_position_embeddings)
    example = (torch.zeros(2, length, width), torch.arange(length)[None], torch.zeros(1, length, dtype=torch.long), torch.zeros(2, 1, 1, length))
    layers, stored = traced(layers, example)
    return script(TextPart(words, TextEncoder(layers), stored))


@torch.no_grad()
def frames_part(resnet):
    """The scripted part. Takes `resnet` apart: it is of no use afterwards."""
    resnet = resnet.float().eval()
    resnet.fc = nn.Identity()
    fold_batch_norms(resnet)
    resnet, stored = traced(resnet, torch.zeros(2, 3, 96, 96))
    # What torchvision's weights expect: ImageNet's mean and deviation, here for 0..255.
    mean = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1) * 255
    deviation = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1) * 255
    return script(FramesPart(FrameEncoder(resnet), mean, deviation, stored))


def fusion_part(fusion):
    return script(FusionPart(fusion.float()))


def build(bert, resnet, fusion):
    """Name to scripted part of a bundle."""
    return {"text": text_part(bert), "frames": frames_part(resnet), "fusion": fusion_part(fusion)}
