"""The TorchScript module of a bundle, built from a transformers BertModel, a torchvision ResNet and a fusion."""

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from .int8 import Int8Rows, replace


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


class BundleModule(nn.Module):
    """The methods of interface.md. `text` and `visual` may be turned to bfloat16; the rest stays float32."""

    def __init__(self, words, text, visual, fusion, stored):
        super().__init__()
        self.words, self.text, self.visual, self.fusion = words, text, visual, fusion
        self.stored = nn.ModuleList(stored)
        # What torchvision's weights expect: ImageNet's mean and deviation, here for 0..255.
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1) * 255)
        self.register_buffer("deviation", torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1) * 255)

    @torch.jit.export
    def prepare(self):
        for layer in self.stored:
            layer.prepare()

    @torch.jit.export
    def encode_text(self, ids, mask):
        return self.text(self.words(ids), mask)

    @torch.jit.export
    def encode_frames(self, pixels):
        pictures = pixels.permute(0, 3, 1, 2).to(torch.float32)
        return self.visual((pictures - self.mean) / self.deviation)

    @torch.jit.export
    def fuse(self, text, has_text, faces, weight):
        return self.fusion(text, has_text, faces, weight)


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


@torch.no_grad()
def build(bert, resnet, fusion):
    """The scripted module. Takes `bert` and `resnet` apart: they are of no use afterwards."""
    bert, resnet, fusion = bert.float().eval(), resnet.float().eval(), fusion.float().eval()
    bert.set_attn_implementation("eager")
    layers = Layers(bert)
    words = Int8Rows(bert.embeddings.word_embeddings)
    bert.embeddings.word_embeddings = None
    # Conversion to bfloat16 would ruin these whole numbers; they are given as arguments instead.
    del bert.embeddings.position_ids, bert.embeddings.token_type_ids
    remove_dropout(layers)
    resnet.fc = nn.Identity()
    fold_batch_norms(resnet)

    stored = []
    replace(layers, stored)
    replace(resnet, stored)
    kept = [layer.small for layer in stored]
    for layer in stored:
        layer.prepare()
    width = bert.config.hidden_size
    length = min(12, bert.config.max_position_embeddings)
    example = (torch.zeros(2, length, width), torch.arange(length)[None], torch.zeros(1, length, dtype=torch.long), torch.zeros(2, 1, 1, length))
    layers = torch.jit.trace(layers, example, check_trace=False)
    resnet = torch.jit.trace(resnet, torch.zeros(2, 3, 96, 96), check_trace=False)
    for layer, small in zip(stored, kept):
        layer.small, layer.weight = small, torch.empty(0)

    for parameter in [*layers.parameters(), *resnet.parameters(), *fusion.parameters()]:
        parameter.requires_grad_(False)
    module = BundleModule(words, TextEncoder(layers), FrameEncoder(resnet), fusion, stored).eval()
    return torch.jit.script(module)
