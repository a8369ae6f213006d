"""The TorchScript modules of a speech bundle, of a transformers WhisperModel: encoder and decoder.

Their methods are those of the contract (docs/bundles-and-own-data.md). Constants that must stay float32 where a part is turned to
bfloat16 lie in tuples.
"""

from typing import List, Tuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .int8 import Int8Linear, quantize
from .module import script

RATE, SAMPLES = 16000, 480000
WINDOW, HOP = 400, 160
# Queries of the encoder's attention at a time.
BLOCK = 500
# The cache of a decoder grows by so many tokens at a time.
GROWTH = 64


def mel_filters(mels):
    """float32 [mels, 201]: Slaney's filters over 0 to 8000 Hz, each of area 1."""
    from transformers.audio_utils import mel_filter_bank

    filters = mel_filter_bank(WINDOW // 2 + 1, mels, 0.0, RATE / 2, RATE, norm="slaney", mel_scale="slaney")
    return torch.from_numpy(np.ascontiguousarray(filters.T)).float()


class LogMel(nn.Module):
    """float [B,480000] to float [B,mels,3000]."""

    def __init__(self, mels):
        super().__init__()
        self.window_and_filters = (torch.hann_window(WINDOW), mel_filters(mels).t().contiguous())

    def forward(self, samples):
        window, filters = self.window_and_filters
        padded = F.pad(samples.unsqueeze(1), [200, 200], mode="reflect").squeeze(1)
        frames = padded.unfold(1, 400, 160)[:, :-1] * window
        spectrum = torch.view_as_real(torch.fft.rfft(frames))
        power = spectrum.square().sum(-1)
        mel = torch.matmul(power, filters).clamp_min(1e-10).log10()
        loudest = mel.amax([1, 2], keepdim=True)
        return ((torch.maximum(mel, loudest - 8.0) + 4.0) / 4.0).transpose(1, 2)


class Int8Conv1d(nn.Module):
    def __init__(self, conv):
        super().__init__()
        small, scale = quantize(conv.weight)
        self.register_buffer("small", small)
        self.register_buffer("scale", scale)
        self.register_buffer("weight", torch.empty(0))
        self.register_buffer("bias", conv.bias.detach().float())
        self.stride, self.padding = conv.stride[0], conv.padding[0]

    @torch.jit.export
    def prepare(self):
        self.weight = self.small.to(torch.float32).mul_(self.scale.view(-1, 1, 1))
        self.small = torch.empty([0], dtype=torch.int8)

    def forward(self, x):
        return F.conv1d(x, self.weight, self.bias, self.stride, self.padding)


class Int8Step(Int8Linear):
    """For one token of one text a matrix times a vector takes a third of the time in float32; in bfloat16 twice the time."""

    def forward(self, x):
        if x.numel() == x.size(-1) and x.dtype == torch.float32:
            return torch.addmv(self.bias, self.weight, x.reshape(-1)).view(1, 1, -1)
        return F.linear(x, self.weight, self.bias)


class Norm(nn.Module):
    def __init__(self, norm):
        super().__init__()
        self.weight, self.bias, self.epsilon = norm.weight, norm.bias, norm.eps

    def forward(self, x):
        return F.layer_norm(x, [x.size(-1)], self.weight, self.bias, self.epsilon)


def joined(*linears):
    """One linear that gives the outputs of `linears` side by side."""
    first = linears[0]
    whole = nn.Linear(first.in_features, sum(linear.out_features for linear in linears))
    whole.weight = nn.Parameter(torch.cat([linear.weight for linear in linears]))
    whole.bias = nn.Parameter(torch.cat([torch.zeros(linear.out_features) if linear.bias is None else linear.bias for linear in linears]))
    return whole


class EncoderLayer(nn.Module):
    def __init__(self, layer):
        super().__init__()
        own = layer.self_attn
        self.heads, self.scale, self.block = own.num_heads, own.head_dim**-0.5, BLOCK
        self.attention_norm, self.inner_norm = Norm(layer.self_attn_layer_norm), Norm(layer.final_layer_norm)
        self.qkv, self.out = Int8Linear(joined(own.q_proj, own.k_proj, own.v_proj)), Int8Linear(own.out_proj)
        self.fc1, self.fc2 = Int8Linear(layer.fc1), Int8Linear(layer.fc2)

    @torch.jit.export
    def prepare(self):
        self.qkv.prepare()
        self.out.prepare()
        self.fc1.prepare()
        self.fc2.prepare()

    def forward(self, x):
        rows, length, width = x.size(0), x.size(1), x.size(2)
        qkv = self.qkv(self.attention_norm(x)).view(rows, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        mixed = torch.empty([rows, length, self.heads, width // self.heads], dtype=x.dtype)
        # Weights of one head and a third of the queries stay in the cache of a core: less than half the time of all at once.
        for row in range(rows):
            for head in range(self.heads):
                queries, keys, values = qkv[0, row, head] * self.scale, qkv[1, row, head].t(), qkv[2, row, head]
                for at in range(0, length, self.block):
                    weights = torch.softmax(torch.mm(queries[at : at + self.block], keys), -1)
                    mixed[row, at : at + self.block, head] = torch.mm(weights, values)
        x = x + self.out(mixed.view(rows, length, width))
        return x + self.fc2(F.gelu(self.fc1(self.inner_norm(x))))


class EncoderPart(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.mel = LogMel(encoder.num_mel_bins)
        self.conv1, self.conv2 = Int8Conv1d(encoder.conv1), Int8Conv1d(encoder.conv2)
        self.register_buffer("positions", encoder.embed_positions.weight.detach().half())
        self.layers = nn.ModuleList(EncoderLayer(layer) for layer in encoder.layers)
        self.norm = Norm(encoder.layer_norm)

    @torch.jit.export
    def prepare(self):
        self.conv1.prepare()
        self.conv2.prepare()
        self.positions = self.positions.to(torch.float32)
        for layer in self.layers:
            layer.prepare()

    @torch.jit.export
    def encode(self, samples):
        x = self.mel(samples).to(self.conv1.weight.dtype)
        x = F.gelu(self.conv2(F.gelu(self.conv1(x)))).transpose(1, 2) + self.positions
        for layer in self.layers:
            x = layer(x)
        return self.norm(x).to(torch.float32)


class DecoderLayer(nn.Module):
    """`align`: the heads of its cross-attention that tell when a word is said."""

    align: List[int]

    def __init__(self, layer, align):
        super().__init__()
        own, cross = layer.self_attn, layer.encoder_attn
        self.heads, self.scale, self.align = own.num_heads, own.head_dim**-0.5, align
        self.attention_norm, self.cross_norm, self.inner_norm = (
            Norm(layer.self_attn_layer_norm), Norm(layer.encoder_attn_layer_norm), Norm(layer.final_layer_norm))  # fmt: skip
        self.qkv, self.out = Int8Step(joined(own.q_proj, own.k_proj, own.v_proj)), Int8Step(own.out_proj)
        self.cross_q, self.cross_out = Int8Step(cross.q_proj), Int8Step(cross.out_proj)
        self.cross_kv = Int8Linear(joined(cross.k_proj, cross.v_proj))
        self.fc1, self.fc2 = Int8Step(layer.fc1), Int8Step(layer.fc2)

    @torch.jit.export
    def prepare(self):
        self.qkv.prepare()
        self.out.prepare()
        self.cross_q.prepare()
        self.cross_kv.prepare()
        self.cross_out.prepare()
        self.fc1.prepare()
        self.fc2.prepare()

    @torch.jit.export
    def start(self, states):
        """Keys and values [2,W,heads,S,d] of states [W,S,D]."""
        rows, length, width = states.size(0), states.size(1), states.size(2)
        return self.cross_kv(states).view(rows, length, 2, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)

    def forward(self, x, past, cross, position: int) -> Tuple[Tensor, Tensor]:
        """x [B,T,D]; past [2,B,heads,C,d], into which keys and values are written; cross [2,W,heads,S,d]. Gives x and the sum of
        the weights of the heads in `align` [B,T,S], or no weights.
        """
        rows, length, width = x.size(0), x.size(1), x.size(2)
        windows, depth = cross.size(1), width // self.heads
        qkv = self.qkv(self.attention_norm(x)).view(rows, length, 3, self.heads, depth).permute(2, 0, 3, 1, 4)
        past.narrow(3, position, length).copy_(qkv[1:])
        known = past.narrow(3, 0, position + length)
        scores = torch.matmul(qkv[0] * self.scale, known[0].transpose(2, 3))
        if length > 1:
            later = torch.arange(position + length).unsqueeze(0) > torch.arange(position, position + length).unsqueeze(1)
            scores = scores.masked_fill(later, -1e30)
        x = x + self.out(torch.matmul(torch.softmax(scores, -1), known[1]).transpose(1, 2).reshape(rows, length, width))

        # The rows of a window look at the same states: they are put in one multiplication.
        q = (self.cross_q(self.cross_norm(x)) * self.scale).view(windows, rows // windows * length, self.heads, depth).transpose(1, 2)
        weights = torch.softmax(torch.matmul(q, cross[0].transpose(2, 3)), -1)
        x = x + self.cross_out(torch.matmul(weights, cross[1]).transpose(1, 2).reshape(rows, length, width))
        x = x + self.fc2(F.gelu(self.fc1(self.inner_norm(x))))
        total = torch.empty(0)
        for head in self.align:
            one = weights[:, head].to(torch.float32)
            total = one if total.numel() == 0 else total + one
        return x, total if total.numel() == 0 else total.reshape(rows, length, -1)


class DecoderPart(nn.Module):
    """`align`: (layer, head) of each alignment head."""

    def __init__(self, decoder, align):
        super().__init__()
        small, scale = quantize(decoder.embed_tokens.weight)
        self.register_buffer("small", small)
        self.register_buffer("scale", scale)
        self.register_buffer("words", torch.empty(0))
        self.register_buffer("positions", decoder.embed_positions.weight.detach().half())
        self.layers = nn.ModuleList(DecoderLayer(layer, [head for at, head in align if at == i]) for i, layer in enumerate(decoder.layers))
        self.norm = Norm(decoder.layer_norm)
        self.heads, self.growth, self.aligned = decoder.layers[0].self_attn.num_heads, GROWTH, len(align)

    @torch.jit.export
    def prepare(self):
        self.words = self.small.to(torch.float32).mul_(self.scale.unsqueeze(1))
        self.small = torch.empty([0], dtype=torch.int8)
        self.positions = self.positions.to(torch.float32)
        for layer in self.layers:
            layer.prepare()

    @torch.jit.export
    def start(self, states):
        """Keys and values of the states [W,S,D] for step: [layers,2,W,heads,S,d]."""
        cross: List[Tensor] = []
        states = states.to(self.words.dtype)
        for layer in self.layers:
            cross.append(layer.start(states))
        return torch.stack(cross)

    @torch.jit.export
    def step(self, tokens, position: int, cache, cross) -> Tuple[Tensor, Tensor, Tensor]:
        """tokens int64 [B,T], the first at `position`, B a multiple of W, the rows of a window side by side; cache as the last step
        gave it, at first torch.empty(0). Gives logits of the last token [B,V], the cache [layers,2,B,heads,C,d], C at
        least position + T, and the mean of the alignment heads' weights [B,T,S].

        The cache is written to in place: what lies at `position` and after it is replaced, so that a text can be taken up again at an
        earlier token.
        """
        rows, length = tokens.size(0), tokens.size(1)
        room = 0 if cache.numel() == 0 else cache.size(4)
        if room < position + length:
            more = (position + length - room + self.growth - 1) // self.growth * self.growth
            depth = self.words.size(1) // self.heads
            empty = torch.zeros([len(self.layers), 2, rows, self.heads, more, depth], dtype=self.words.dtype)
            cache = empty if room == 0 else torch.cat([cache, empty], 4)
        x = F.embedding(tokens, self.words) + self.positions[position : position + length]
        total = torch.zeros([rows, length, cross.size(4)])
        for i, layer in enumerate(self.layers):
            x, weights = layer(x, cache[i], cross[i], position)
            if weights.numel() > 0:
                total = total + weights
        x = self.norm(x[:, -1])
        if rows == 1 and x.dtype == torch.float32:
            logits = torch.mv(self.words, x.squeeze(0)).unsqueeze(0)
        else:
            logits = F.linear(x, self.words).to(torch.float32)
        return logits, cache, total / self.aligned

    @torch.jit.export
    def select(self, cache, rows):
        """The rows int64 [N] of a cache, of step or of start, in this order, some twice or not at all."""
        return cache.index_select(2, rows)


def build_speech(whisper, align):
    """Name to scripted part of a speech bundle."""
    with torch.no_grad():
        return {"encoder": script(EncoderPart(whisper.encoder)), "decoder": script(DecoderPart(whisper.decoder, align))}
