"""PyTorch's side of lemma.nn.LayerSpeed: forward and backward with one thread, CPU time, least of many rounds.

    python layer_speed.py [SECONDS_A_LAYER [PART_OF_NAME]]
"""
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

from language_parts import SwiGlu

torch.set_num_threads(1)
torch.manual_seed(1)
seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3
part = sys.argv[2] if len(sys.argv) > 2 else ""


class Attention(nn.Module):
    """By the fused scaled_dot_product_attention."""

    def __init__(self, dim, heads, kv_heads, rotary=False):
        super().__init__()
        self.heads, self.kv_heads, self.rotary, self.e = heads, kv_heads, rotary, dim // heads
        self.maps, self.out = nn.Linear(dim, dim + 2 * kv_heads * self.e), nn.Linear(dim, dim)
        angles = torch.outer(torch.arange(128.0), 10000.0 ** (-torch.arange(0.0, self.e, 2) / self.e))
        self.cos, self.sin = angles.cos(), angles.sin()

    def turned(self, x):
        a, b = x[..., 0::2], x[..., 1::2]
        return torch.stack([a * self.cos - b * self.sin, a * self.sin + b * self.cos], -1).flatten(-2)

    def forward(self, x):
        q, k, v = self.maps(x).unflatten(-1, (-1, self.e)).transpose(1, 2).split([self.heads, self.kv_heads, self.kv_heads], 1)
        if self.rotary:
            q, k = self.turned(q), self.turned(k)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=self.heads != self.kv_heads)
        return self.out(y.transpose(1, 2).flatten(2))


class SelfAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.MultiheadAttention(128, 4, batch_first=True)

    def forward(self, x):
        return self.f(x, x, x, need_weights=False)[0]


class SwiGluBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.norm1, self.norm2 = Attention(128, 4, 4, rotary=True), SwiGlu(128, 344), nn.RMSNorm(128), nn.RMSNorm(128)

    def forward(self, x):
        h = x + self.a(self.norm1(x))
        return h + self.b(self.norm2(h))


class Mixture(nn.Module):
    def __init__(self):
        super().__init__()
        self.router = nn.Linear(128, 8, bias=False)
        self.experts = nn.ModuleList(nn.Sequential(nn.Linear(128, 512), nn.GELU(), nn.Linear(512, 128)) for _ in range(8))

    def forward(self, x):
        rows = x.flatten(0, -2)
        gates, chosen = self.router(rows).softmax(-1).topk(2, -1)
        gates = gates / gates.sum(-1, keepdim=True)
        y = torch.zeros_like(rows)
        for e, expert in enumerate(self.experts):
            row, choice = torch.where(chosen == e)
            y = y.index_add(0, row, expert(rows[row]) * gates[row, choice, None])
        return y.reshape(x.shape)


class Aaren(nn.Module):
    """All prefixes by cumulative sums."""

    def __init__(self):
        super().__init__()
        self.query, self.q, self.kv, self.out = nn.Parameter(torch.randn(128)), nn.Linear(128, 128), nn.Linear(128, 256), nn.Linear(128, 128)

    def forward(self, x):
        k, v = self.kv(x).unflatten(-1, (2, 4, 32)).unbind(2)
        s = (k * self.q(self.query).reshape(4, 32)).sum(-1, keepdim=True) / math.sqrt(32)
        w = (s - s.amax(1, keepdim=True)).exp()
        return self.out(((w * v).cumsum(1) / w.cumsum(1)).flatten(2))


class LayerNormLstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.ih, self.hh = nn.Linear(128, 512, bias=False), nn.Linear(128, 512, bias=False)
        self.ni, self.nh, self.nc = nn.LayerNorm(512), nn.LayerNorm(512), nn.LayerNorm(128)

    def forward(self, x):
        h = c = torch.zeros(len(x), 128)
        ys = []
        for step in self.ni(self.ih(x)).unbind(1):
            i, f, g, o = (step + self.nh(self.hh(h))).chunk(4, 1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * self.nc(c).tanh()
            ys.append(h)
        return torch.stack(ys, 1)


class Splines(nn.Module):
    """Cubic splines of even knots in closed form, and silu."""

    def __init__(self):
        super().__init__()
        self.base, self.w, self.bias = (nn.Parameter(torch.randn(*s)) for s in ((64, 64), (64, 512), (64,)))
        self.middles = (-2.5 + torch.arange(8) - 1) * 6 ** (-1 / 3)

    def forward(self, x):
        unit = 6 ** (-1 / 3)
        inside = 2 * unit - (x.unsqueeze(-1) * (unit * 2.5) - self.middles).abs()
        a, b = inside.relu(), (inside - unit).relu()
        return F.linear(F.silu(x), self.base, self.bias) + F.linear((a.square() * a - b.square() * b * 4).flatten(-2), self.w)


class Polarized(nn.Module):
    def __init__(self, c=64):
        super().__init__()
        self.q1, self.v1, self.z, self.norm = nn.Conv2d(c, 1, 1), nn.Conv2d(c, c // 2, 1), nn.Linear(c // 2, c), nn.LayerNorm(c)
        self.q2, self.v2 = nn.Conv2d(c, c // 2, 1), nn.Conv2d(c, c // 2, 1)

    def forward(self, x):
        z = torch.bmm(self.v1(x).flatten(2), self.q1(x).flatten(1).softmax(1).unsqueeze(2)).squeeze(2)
        channels = self.norm(self.z(z)).sigmoid()[:, :, None, None] * x
        q = self.q2(x).mean((2, 3)).softmax(1)
        return channels + torch.bmm(q.unsqueeze(1), self.v2(x).flatten(2)).sigmoid().reshape(len(x), 1, *x.shape[2:]) * x


class SqueezeExcite(nn.Module):
    def __init__(self, c=64, r=16):
        super().__init__()
        self.f = nn.Sequential(nn.Linear(c, c // r), nn.ReLU(), nn.Linear(c // r, c))

    def forward(self, x):
        return x * self.f(x.mean((2, 3))).sigmoid()[:, :, None, None]


class Cbam(nn.Module):
    def __init__(self, c=64, r=16, k=7):
        super().__init__()
        self.f = nn.Sequential(nn.Linear(c, c // r), nn.ReLU(), nn.Linear(c // r, c))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        x = x * (self.f(x.mean((2, 3))) + self.f(x.amax((2, 3)))).sigmoid()[:, :, None, None]
        return x * self.conv(torch.stack([x.mean(1), x.amax(1)], 1)).sigmoid()


class Fading(nn.Module):
    def forward(self, x):
        y = F.relu(x)
        return y + (x - y) * 0.1


class Series(nn.Module):
    def __init__(self, c=64, n=3):
        super().__init__()
        self.n, self.a, self.b = n, nn.Parameter(0.02 * torch.randn(c, 1, 2 * n + 1, 2 * n + 1)), nn.Parameter(torch.zeros(c))

    def forward(self, x):
        return F.conv2d(F.relu(x + self.b[:, None, None]), self.a, padding=self.n, groups=x.shape[1])


tokens, images = torch.randn(16, 128, 128), torch.randn(16, 64, 16, 16)
works = {
    "attention": (SelfAttention(), tokens),
    "grouped queries": (Attention(128, 8, 2), tokens),
    "block": (nn.TransformerEncoderLayer(128, 4, 512, dropout=0.0, activation="gelu", batch_first=True, norm_first=True), tokens),
    "swiglu block": (SwiGluBlock(), tokens),
    "mixture of experts": (Mixture(), tokens),
    "aaren": (Aaren(), tokens),
    "lstm with layer norm": (LayerNormLstm(), torch.randn(32, 64, 128)),
    "spline layer": (Splines(), torch.rand(256, 64) * 2 - 1),
    "polarized attention": (Polarized(), images),
    "squeeze and excite": (SqueezeExcite(), images),
    "cbam": (Cbam(), images),
    "vanilla block": (nn.Sequential(nn.Conv2d(64, 64, 1), nn.BatchNorm2d(64), Fading(), nn.Conv2d(64, 64, 1), nn.BatchNorm2d(64), nn.MaxPool2d(2), Series(), nn.BatchNorm2d(64)), images)}
for name, (layer, x) in works.items():
    if part not in name:
        continue
    x.requires_grad_()
    leaves, best, begin = [x, *layer.parameters()], math.inf, time.thread_time()
    while time.thread_time() - begin < seconds:
        start = time.thread_time()
        torch.autograd.grad(layer(x).square().sum(), leaves)
        best = min(best, time.thread_time() - start)
    print(f"{name:24s} {best * 1e3:8.3f} ms", flush=True)
