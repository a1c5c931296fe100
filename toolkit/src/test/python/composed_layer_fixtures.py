"""Layers made of others and small ones, by their formulas in PyTorch, float64: values, first and second derivatives.

Writes src/test/resources/lemma/nn/composed-layers.safetensors; run in toolkit/ with torch, numpy and safetensors installed.
"""
import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

from language_parts import Attention, buckets, relative, slopes
from layer_cases import record, save

torch.manual_seed(20261124)
torch.set_default_dtype(torch.float64)


def drawn(shape, normal=False):
    """What the stream of seed 1 gives first: uniform numbers of 24 bits, or normal ones from two of 53 bits; Philox 4x32 with ten rounds (Salmon et al., 2011)."""
    numbers = []
    for i in range(math.prod(shape)):
        block = philox(i // 2 if normal else i // 4)
        if normal:
            u, v = ((block[k] | block[k + 1] << 32) >> 11 for k in (0, 2))
            turn = 2 * math.pi * v * 2.0 ** -53
            numbers.append(math.sqrt(-2 * math.log((u + 1) * 2.0 ** -53)) * (math.sin(turn) if i % 2 else math.cos(turn)))
        else:
            numbers.append((block[i % 4] >> 8) * 2.0 ** -24)
    return torch.from_numpy(np.array(numbers).reshape(shape))


def philox(index, key=1):
    word = 0xFFFFFFFF
    c, k = [index & word, index >> 32, 0, 0], [key & word, key >> 32]
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [b >> 32 ^ c[1] ^ k[0], b & word, a >> 32 ^ c[3] ^ k[1], a & word]
        k = [(k[0] + 0x9E3779B9) & word, (k[1] + 0xBB67AE85) & word]
    return c


class Formula(nn.Module):
    """Parameters with names, and what is made of them and x."""

    def __init__(self, f, **params):
        super().__init__()
        self.f = f
        for name, value in params.items():
            setattr(self, name, value if isinstance(value, nn.Module) else nn.Parameter(value))

    def forward(self, x):
        return self.f(self, x)


def function(f):
    return Formula(lambda _, x: f(x))


# small layers

record("flatten", function(lambda x: x.reshape(len(x), -1)), torch.randn(2, 3, 4))
record("last_step", function(lambda x: x[:, -1]), torch.randn(2, 3, 4))
record("glu", nn.GLU(), torch.randn(3, 6))
record("glu_axis", nn.GLU(1), torch.randn(3, 4, 5))
record("prelu", nn.PReLU(), torch.randn(3, 4))
record("prelu_channels", nn.PReLU(4, init=0.3), torch.randn(3, 4, 2))
record("bilinear", nn.Bilinear(3, 2, 4), torch.randn(5, 5), lambda m, x: m(x[:, :3], x[:, 3:]))
bags = torch.randint(0, 7, (4, 3))
for mode, f in (("mean", lambda v: v.mean(1)), ("sum", lambda v: v.sum(1)), ("max", lambda v: v.amax(1))):
    record("bag_" + mode, Formula(lambda m, x: f(m.weight[x]), weight=torch.randn(7, 3)), bags)
record("residual", nn.Sequential(nn.Linear(4, 4), nn.Tanh()), torch.randn(3, 4), lambda m, x: x + m(x))
record("sequential", nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2)), torch.randn(4, 3))
record("over_rows", nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5)), torch.randn(2, 3, 4), lambda m, x: m(x.reshape(6, 4)).reshape(2, 3, 5))
tied = nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4))
tied[2].weight = tied[0].weight
record("tied", tied, torch.randn(3, 4))
record("checkpointed", nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2)), torch.randn(4, 3), lambda m, x: checkpoint(m, x, use_reentrant=False))

norms = lambda: nn.ModuleDict({"clean": nn.BatchNorm1d(4), "adversarial": nn.BatchNorm1d(4)})
for branch in "clean", "adversarial":
    both = norms()
    for p in both.parameters():
        nn.init.normal_(p)
    record("dual_" + branch, both, torch.randn(6, 4), lambda m, x: m[branch](x))

g = nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 1))
nn.init.constant_(g[2].bias, 0.4)
record("temperature", g, torch.randn(6, 7), lambda m, x: x[:, 3:] / (1 + m(x[:, :3])).clamp(0.1, 10))


# numbers drawn by a stream

def dropped(p, of):
    return function(lambda x: x * (drawn(of(x)) >= p) / (1 - p))


def alpha_dropout(x, p=0.3):
    """Klambauer et al. (2017), section 3: a and b keep mean 0 and variance 1."""
    low, q = -1.6732632423543772 * 1.0507009873554805, 1 - p
    a = (q + low ** 2 * q * (1 - q)) ** -0.5
    return a * torch.where(drawn(x.shape) >= p, x, torch.full_like(x, low)) - a * (1 - q) * low


record("dropout", dropped(0.3, lambda x: x.shape), torch.randn(4, 5))
record("dropout1d", dropped(0.4, lambda x: (*x.shape[:2], 1)), torch.randn(3, 4, 5))
record("dropout2d", dropped(0.4, lambda x: (*x.shape[:2], 1, 1)), torch.randn(3, 4, 2, 3))
record("alpha_dropout", function(alpha_dropout), torch.randn(4, 5))
record("noise", function(lambda x: x + 0.5 * drawn(x.shape, normal=True)), torch.randn(4, 5))


# positions

def waves(positions, dim):
    """Vaswani et al. (2017), section 3.5, number by number."""
    return torch.tensor([[f(m / 10000 ** (2 * i / dim)) for i in range(dim // 2) for f in (math.sin, math.cos)] for m in range(positions)])


def both_waves(x):
    _, times, channels, dim = x.shape
    of_time, of_channel = waves(times, dim // 2), waves(channels, dim // 2)
    return x + torch.stack([torch.stack([torch.cat([t, c]) for c in of_channel]) for t in of_time])


record("learned_positions", Formula(lambda m, x: x + m.weight[:x.shape[1]], weight=torch.randn(5, 6)), torch.randn(2, 3, 6))
record("sinusoidal", function(lambda x: x + waves(*x.shape[1:])), torch.randn(2, 5, 6))
record("time_channel", Formula(lambda m, x: x + m.time.weight[:3, None] + m.channel.weight[:2], time=nn.Embedding(4, 6), channel=nn.Embedding(3, 6)), torch.randn(2, 3, 2, 6))
record("time_channel_waves", function(both_waves), torch.randn(2, 3, 5, 8))
record("alibi", function(lambda x: x - torch.tensor(slopes(6))[:, None, None] * relative(4, 5).abs()), torch.randn(2, 6, 4, 5))
for name, both_ways in (("relative", True), ("relative_causal", False)):
    record(name, Formula(lambda m, x: x + m.weight[buckets(relative(4, 9), both_ways, 8, 6)].permute(2, 0, 1), weight=torch.randn(8, 3)), torch.randn(2, 3, 4, 9))


# recurrent layers

class LayerNormLstm(nn.Module):
    """Ba, Kiros, Hinton (2016), eq. 20 to 22, with PyTorch's order of the gates, from a state of zeros."""

    def __init__(self, size, hidden):
        super().__init__()
        self.hidden = hidden
        self.weight_ih, self.weight_hh = nn.Parameter(torch.randn(4 * hidden, size)), nn.Parameter(torch.randn(4 * hidden, hidden))
        self.layernorm_i, self.layernorm_h, self.layernorm_c = nn.LayerNorm(4 * hidden), nn.LayerNorm(4 * hidden), nn.LayerNorm(hidden)
        for norm in self.layernorm_i, self.layernorm_h, self.layernorm_c:
            nn.init.normal_(norm.weight)
            nn.init.normal_(norm.bias)

    def forward(self, x):
        h = c = torch.zeros(len(x), self.hidden)
        ys = []
        for t in range(x.shape[1]):
            i, f, g, o = (self.layernorm_i(x[:, t] @ self.weight_ih.T) + self.layernorm_h(h @ self.weight_hh.T)).chunk(4, 1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * self.layernorm_c(c).tanh()
            ys.append(h)
        return torch.stack(ys, 1)


record("norm_lstm", LayerNormLstm(3, 4), torch.randn(2, 5, 3))
record("norm_lstm_one", LayerNormLstm(2, 3), torch.randn(1, 1, 2))
record("rnn", nn.RNN(3, 4, batch_first=True), torch.randn(2, 5, 3), lambda m, x: m(x)[0])
record("rnn_relu", nn.RNN(3, 4, nonlinearity="relu", num_layers=2, bidirectional=True, batch_first=True), torch.randn(2, 4, 3), lambda m, x: m(x)[0])


# transformers

class OneQuery(nn.Module):
    """Feng et al. (2024), section 3.3: the softmax over each prefix for a query that is learnt, prefix by prefix."""

    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.in_proj_weight, self.in_proj_bias = nn.Parameter(0.5 * torch.randn(3 * dim, dim)), nn.Parameter(0.3 * torch.randn(3 * dim))
        self.out_proj, self.query = nn.Linear(dim, dim), nn.Parameter(torch.randn(dim))

    def forward(self, x):
        dim = x.shape[2]
        (wq, wk, wv), (bq, bk, bv) = self.in_proj_weight.split(dim), self.in_proj_bias.split(dim)
        q, k, v = (z.unflatten(-1, (self.heads, -1)) for z in (wq @ self.query + bq, x @ wk.T + bk, x @ wv.T + bv))
        scores = (k * q).sum(-1) / math.sqrt(dim // self.heads)
        ys = [(scores[:, :t + 1].softmax(1).unsqueeze(-1) * v[:, :t + 1]).sum(1) for t in range(x.shape[1])]
        return self.out_proj(torch.stack(ys, 1).flatten(2))


class Block(nn.Module):
    """Two branches with norms; combine(x, f, norm) says how."""

    def __init__(self, dim, hidden, attention, activation, norm, combine):
        super().__init__()
        self.self_attn, self.norm1, self.norm2 = attention, norm(), norm()
        self.linear1, self.linear2 = nn.Linear(dim, hidden), nn.Linear(hidden, dim)
        self.activation, self.combine = activation, combine

    def forward(self, x):
        h = self.combine(x, self.self_attn, self.norm1)
        return self.combine(h, lambda z: self.linear2(self.activation(self.linear1(z))), self.norm2)


def aaren_block(dim, heads, hidden):
    return Block(dim, hidden, OneQuery(dim, heads), F.gelu, lambda: nn.LayerNorm(dim), lambda x, f, norm: x + f(norm(x)))


record("aaren_block", aaren_block(6, 2, 8), torch.randn(2, 5, 6))
record("aaren_block_of_one", aaren_block(4, 1, 16), torch.randn(3, 1, 4))

PLACES = {
    "pre": lambda layer, layers: lambda x, f, norm: x + f(norm(x)),
    "scaled": lambda layer, layers: lambda x, f, norm: x + f(norm(x) / math.sqrt(layer)),
    "post": lambda layer, layers: lambda x, f, norm: norm(x + f(x)),
    "deep": lambda layer, layers: lambda x, f, norm: norm((2 * layers) ** 0.25 * x + f(x))}


class Deep(nn.Module):
    def __init__(self, place, norm, dim=6, heads=2, hidden=8, layers=3):
        super().__init__()
        self.layers = nn.ModuleList(Block(dim, hidden, Attention(dim, heads, heads, causal=True), F.relu, norm, PLACES[place](l + 1, layers)) for l in range(layers))
        self.norm = norm() if place in ("pre", "scaled") else nn.Identity()

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return self.norm(x)


for place in PLACES:
    record("depth_" + place, Deep(place, lambda: nn.LayerNorm(6)), torch.randn(2, 4, 6))
record("depth_rms", Deep("scaled", lambda: nn.RMSNorm(6, eps=1e-5)), torch.randn(2, 4, 6))


class Translator(nn.Module):
    """Sources of four words, of which 0 fills up, then the target."""

    def __init__(self, source, target, dim=8, heads=2):
        super().__init__()
        self.source, self.target, self.out = nn.Embedding(source, dim), nn.Embedding(target, dim), nn.Linear(dim, target)
        options = {"dropout": 0.0, "activation": "gelu", "batch_first": True, "norm_first": True}
        self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(dim, heads, 4 * dim, **options), 2, nn.LayerNorm(dim), enable_nested_tensor=False)
        self.decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(dim, heads, 4 * dim, **options), 1, nn.LayerNorm(dim))
        for p in self.parameters():
            nn.init.normal_(p, std=0.4)

    def forward(self, x):
        source, target = x[:, :4], x[:, 4:]
        read = lambda words, table: table(words) + waves(words.shape[1], 8)
        memory = self.encoder(read(source, self.source), src_key_padding_mask=source == 0)
        later = torch.ones(target.shape[1], target.shape[1], dtype=torch.bool).triu(1)
        return self.out(self.decoder(read(target, self.target), memory, tgt_mask=later, memory_key_padding_mask=source == 0))


record("translator", Translator(7, 6), torch.tensor([[3, 5, 1, 0, 0, 2, 5], [6, 0, 0, 0, 0, 4, 1]]))


class Room(nn.Module):
    """Fedus et al. (2022), eq. 1 to 3, vector by vector: experts with room for a factor times their even share, first choices before second ones."""

    def __init__(self, dim, hidden, experts, top_k, factor):
        super().__init__()
        self.router = nn.Linear(dim, experts, bias=False)
        self.experts = nn.ModuleList(nn.Sequential(nn.Linear(dim, hidden), nn.GELU(), nn.Linear(hidden, dim)) for _ in range(experts))
        self.top_k, self.factor = top_k, factor

    def forward(self, x):
        rows = x.flatten(0, -2)
        p = self.router(rows).softmax(-1)
        gates, chosen = p.topk(self.top_k, -1)
        if self.top_k > 1:
            gates = gates / gates.sum(-1, keepdim=True)
        room = [math.ceil(self.factor * self.top_k * len(rows) / len(self.experts))] * len(self.experts)
        sums = [torch.zeros_like(row) for row in rows]
        for choice in range(self.top_k):
            for i, row in enumerate(rows):
                e = chosen[i, choice]
                if room[e] > 0:
                    room[e] -= 1
                    sums[i] = sums[i] + gates[i, choice] * self.experts[e](row)
        return torch.stack(sums).reshape(x.shape)


record("room_switch", Room(4, 6, 3, 1, 1.0), torch.randn(2, 5, 4))
record("room_two", Room(4, 6, 5, 2, 0.6), torch.randn(2, 7, 4))
record("room_one_expert", Room(4, 6, 1, 1, 0.5), torch.randn(6, 4))

attention = nn.MultiheadAttention(6, 2, batch_first=True)
nn.init.normal_(attention.in_proj_bias)
nn.init.normal_(attention.out_proj.bias)
hidden = torch.tensor([[0, 1, 0, 1], [1, 1, 1, 1], [0, 0, 0, 0], [1, 1, 1, 0]], dtype=torch.bool)
record("hidden_rows", attention, torch.randn(2, 4, 6), lambda m, x: m(x, x, x, attn_mask=hidden, need_weights=False)[0], mask=hidden)


# norms and activations with a state

class RunningPower(torch.autograd.Function):
    """Shen et al. (2020), algorithm 2: a division by psi whose gradient is (g - nu x / psi) / psi."""

    @staticmethod
    def forward(ctx, x, psi, nu):
        ctx.save_for_backward(x, psi, nu)
        return x / psi

    @staticmethod
    def backward(ctx, g):
        x, psi, nu = ctx.saved_tensors
        return (g - nu * x / psi) / psi, None, None


def power_norm(m, x):
    rows = x.reshape(-1, x.shape[-1])
    square = rows.detach().square().mean(0)
    psi = ((square if m.first else m.psi2) + 1e-5).sqrt()
    return (m.weight * RunningPower.apply(rows, psi, m.nu) + m.bias).reshape(x.shape)


def power_norm_v(m, x):
    rows = x.reshape(-1, x.shape[-1])
    return (m.weight * rows / (rows.square().mean(0) + 1e-5).sqrt() + m.bias).reshape(x.shape)


psi2, nu = torch.rand(3) + 0.5, torch.randn(3)
for name, first in (("power_norm", False), ("power_norm_first", True)):
    m = Formula(power_norm, weight=torch.randn(3), bias=torch.randn(3))
    m.first, m.psi2, m.nu = first, psi2, nu
    record(name, m, torch.randn(2, 4, 3), **{"state/running_psi2": psi2, "state/nu": nu, "state/steps": torch.tensor([0.0 if first else 1.0])})
record("power_norm_v", Formula(power_norm_v, weight=torch.randn(3), bias=torch.randn(3)), torch.randn(2, 4, 3))


def tracked(x, warmup=2):
    """Four batches: x itself, then the running variance and the sum of relative distances after the warm-up."""
    running, total = None, torch.zeros(1)
    for t, batch in enumerate(x.detach()):
        v = batch.reshape(-1, 3).var(0, correction=0)
        running = v if running is None else running
        if t >= warmup:
            total = total + (v - running).norm() / running.norm()
        running = 0.9 * running + 0.1 * v
    return torch.cat([x.flatten(), running, total])


record("batch_tracker", function(tracked), torch.randn(4, 2, 5, 3) * torch.tensor([1.0, 2, 3, 4]).reshape(4, 1, 1, 1))
record("gradient_tracker", function(lambda x: x), torch.randn(3, 4))


def faded(activation, step, steps):
    """Chen et al. (2023), eq. 1."""
    share = min(1, step / steps)
    return function(lambda x: (1 - share) * activation(x) + share * x)


for name, activation, step in (("fading", torch.tanh, 1), ("fading_relu", F.relu, 3), ("faded", F.relu, 9)):
    record(name, faded(activation, step, 4), torch.randn(3, 5), **{"state/step": torch.tensor(float(step))})


def series(channels, reach):
    """Chen et al. (2023), eq. 6, as a depthwise convolution."""
    return Formula(lambda m, x: F.conv2d(F.relu(x + m.offset[:, None, None]), m.weight, padding=reach, groups=channels),
                   weight=0.4 * torch.randn(channels, 1, 2 * reach + 1, 2 * reach + 1), offset=0.3 * torch.randn(channels))


def deep_vanilla_net(channels, classes, widths, reach, step, steps):
    """Section 3: patches of 2, stages of a 1 x 1 convolution each, every one followed by a fading activation and another."""
    def pair(first, out):
        return [first, nn.BatchNorm2d(first.out_channels), faded(F.relu, step, steps), nn.Conv2d(first.out_channels, out, 1), nn.BatchNorm2d(out)]

    def activation(width):
        return [series(width, reach), nn.BatchNorm2d(width)]

    layers = pair(nn.Conv2d(channels, widths[0], 2, stride=2), widths[0]) + activation(widths[0])
    for before, width in zip(widths, widths[1:]):
        layers += pair(nn.Conv2d(before, before, 1), width) + [nn.MaxPool2d(2)] + activation(width)
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(widths[-1], classes), nn.BatchNorm1d(classes), faded(F.relu, step, steps), nn.Linear(classes, classes)]
    return nn.Sequential(*layers)


net = deep_vanilla_net(2, 3, (4, 5, 6), 1, 2, 4)
fading = [i for i, layer in enumerate(net) if isinstance(layer, Formula) and not list(layer.parameters())]
record("vanilla_net", net, torch.randn(7, 2, 8, 8), **{f"state/{i}.step": torch.tensor(2.0) for i in fading})

save("composed-layers")
