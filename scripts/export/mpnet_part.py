"""The text part of a bundle from a transformers MPNetModel: hidden vectors of small heads on the means over tokens of some of its
layers. Weights lie in 4 bits (int4.py), for there are many; calibration texts tell which errors matter.
"""

import copy
import math

import torch
from torch import nn
from torch.nn import functional as F

from . import int4
from .module import TextPart, script
from .problem import Problem

FIRST_POSITION = 2  # MPNet counts positions behind those of padding
LINEAR = ("qkv", "out", "inner", "outer")


class Layer(nn.Module):
    """One layer of an MPNetModel; its three matrices of queries, keys and values are one."""

    def __init__(self, layer):
        super().__init__()
        attention = layer.attention.attn
        self.heads, self.width = attention.num_attention_heads, attention.attention_head_size
        parts = (attention.q, attention.k, attention.v)
        self.qkv = linear(torch.cat([part.weight for part in parts]), torch.cat([part.bias for part in parts]))
        self.out, self.inner, self.outer = attention.o, layer.intermediate.dense, layer.output.dense
        self.after_attention, self.after_all = layer.attention.LayerNorm, layer.output.LayerNorm

    def forward(self, state, bias):
        """state [B,T,D]; bias [B,heads,T,T], added to what queries and keys make."""
        parts = self.qkv(state).view(state.size(0), state.size(1), 3, self.heads, self.width).permute(2, 0, 3, 1, 4)
        shares = torch.softmax(torch.matmul(parts[0] / math.sqrt(self.width), parts[1].transpose(2, 3)) + bias, 3)
        seen = torch.matmul(shares, parts[2]).transpose(1, 2).reshape(state.size(0), state.size(1), -1)
        state = self.after_attention(state + self.out(seen))
        return self.after_all(state + self.outer(F.gelu(self.inner(state))))


class Hidden(nn.Module):
    """Means of layers side by side [B,L*D] to what the hidden layer of heads makes of them [B,Dt]. Mean and deviation lie in a tuple,
    because buffers would be turned to bfloat16 with the part."""

    def __init__(self, mean, deviation, layer):
        super().__init__()
        self.mean_and_deviation = (mean, deviation)
        self.layer = layer

    def forward(self, means):
        mean, deviation = self.mean_and_deviation
        means = ((means - mean) / deviation).to(self.layer.bias.dtype)
        return F.gelu(self.layer(means).to(torch.float32))


class Encoder(nn.Module):
    """Word vectors and mask to vectors of texts. Texts of up to `length` tokens."""

    def __init__(self, network, layers, hidden, length):
        super().__init__()
        config = network.config
        if config.hidden_act != "gelu" or length + FIRST_POSITION > config.max_position_embeddings:
            raise Problem(f"an MPNet of {config.hidden_act} and {config.max_position_embeddings} positions; expected gelu and {length + FIRST_POSITION}")
        self.register_buffer("positions", network.embeddings.position_embeddings.weight[FIRST_POSITION : FIRST_POSITION + length].detach().clone())
        distance = torch.arange(1 - length, length)
        buckets = network.encoder.relative_position_bucket(distance, config.relative_attention_num_buckets)
        self.register_buffer("by_distance", network.encoder.relative_attention_bias.weight[buckets].detach().clone())  # [2 length - 1, heads]
        self.length = length
        self.after_embedding = network.embeddings.LayerNorm
        self.layers = nn.ModuleList(Layer(layer) for layer in network.encoder.layer[: max(layers)])
        self.reads = [number + 1 in layers for number in range(max(layers))]
        self.hidden = hidden

    def start(self, words):
        return self.after_embedding(words.to(self.positions.dtype) + self.positions[: words.size(1)])

    def bias(self, mask):
        """[B,heads,T,T]."""
        place = torch.arange(mask.size(1))
        by_distance = self.by_distance[place.unsqueeze(0) - place.unsqueeze(1) + (self.length - 1)].permute(2, 0, 1)
        hidden_by = ((1 - mask).to(torch.float32) * -1e30).unsqueeze(1).unsqueeze(1)
        return by_distance.unsqueeze(0) + hidden_by.to(by_distance.dtype)

    def means(self, words, mask):
        """[B,L*D], the first of the layers first."""
        state, bias = self.start(words), self.bias(mask)
        share = (mask.to(torch.float32) / mask.sum(1, keepdim=True).clamp_min(1)).unsqueeze(1)
        found = []
        for number, layer in enumerate(self.layers):
            state = layer(state, bias)
            if self.reads[number]:
                found.append(torch.matmul(share, state.to(torch.float32)).squeeze(1))
        return torch.cat(found, 1)

    def forward(self, words, mask):
        return self.hidden(self.means(words, mask))


def linear(weight, bias):
    made = nn.Linear(weight.shape[1], weight.shape[0])
    made.weight.data, made.bias.data = weight.detach().clone(), bias.detach().clone()
    return made


def hidden_of(heads, layers):
    """The Hidden of several heads of one width, side by side, each with `mean`, `deviation` and `hidden` (scripts/train/teacher.py);
    `layers` are those of their means, in their order. All stand on the mean and deviation of the first of them."""
    width = len(heads[0].mean) // len(layers)
    order = torch.cat([torch.arange(width) + width * place for place in sorted(range(len(layers)), key=lambda place: layers[place])])
    mean, deviation = heads[0].mean, heads[0].deviation
    weight = torch.cat([one.hidden.weight * (deviation / one.deviation) for one in heads])
    bias = torch.cat([one.hidden.bias + one.hidden.weight @ ((mean - one.mean) / one.deviation) for one in heads])
    return Hidden(mean[order].clone(), deviation[order].clone(), linear(weight[:, order], bias))


class Inputs:
    """The mean of x x^T over what a layer is given."""

    def __init__(self, layer):
        self.sum, self.count = torch.zeros(layer.in_features, layer.in_features), 0
        self.hook = layer.register_forward_pre_hook(self._add)

    def _add(self, _, given):
        rows = given[0].flatten(0, -2).float()
        self.sum.addmm_(rows.T, rows)
        self.count += len(rows)

    def mean(self):
        self.hook.remove()
        return self.sum / self.count


def shrink(module, names, run):
    """Rounds the layers `names` of `module` by the inputs that they have while `run()` calls it: they give from now on what they will
    when they are read back. Name to Int4Linear."""
    inputs = {name: Inputs(getattr(module, name)) for name in names}
    run()
    stored = {}
    for name, seen in inputs.items():
        layer = getattr(module, name)
        stored[name] = int4.Int4Linear(*int4.rounded(layer.weight, seen.mean()), layer.bias)
        layer.weight.data = int4.expanded(stored[name].small, stored[name].scale)
    return stored


def by_length(texts):
    """int64 [B,T] of lists of ids, in batches without padding."""
    lengths = {}
    for ids in texts:
        lengths.setdefault(len(ids), []).append(ids)
    return [torch.tensor(lengths[length]) for length in sorted(lengths)]


@torch.no_grad()
def text_part(network, layers, heads, length, texts, told=lambda done, of: None):
    """The scripted part. `network`: a transformers MPNetModel; `layers` (counted from 1) and `heads` as in hidden_of(); `length`: of the
    longest text, tokens; `texts`: some lists of ids with <s> and </s>, by which weights are rounded. `told` hears of each layer."""
    network = copy.deepcopy(network).float().eval()
    table = int4.rounded(network.embeddings.word_embeddings.weight)
    words = int4.Int4Rows(*table)
    encoder = Encoder(network, layers, hidden_of(heads, layers), length).eval()
    batches = by_length([ids[:length] for ids in texts])
    masks = [torch.ones_like(ids) for ids in batches]
    states, biases = [encoder.start(words(ids)) for ids in batches], [encoder.bias(mask) for mask in masks]
    ready, means = [], []
    for number, layer in enumerate(encoder.layers):
        inputs = list(zip(states, biases))
        ready.append((layer, shrink(layer, LINEAR, lambda layer=layer, inputs=inputs: [layer(*one) for one in inputs])))
        states = [layer(*one) for one in inputs]
        if encoder.reads[number]:
            means.append(torch.cat([state.mean(1) for state in states]))
        told(number + 1, len(encoder.layers))
    ready.append((encoder.hidden, shrink(encoder.hidden, ("layer",), lambda: encoder.hidden(torch.cat(means, 1)))))
    stored = []
    for module, layers_of_it in ready:
        for name, layer in layers_of_it.items():
            stored.append(torch.jit.script(layer))
            setattr(module, name, stored[-1])
    return script(TextPart(words, encoder, stored))
