"""Parts of language models in PyTorch."""
import math

import torch
from torch import nn
from torch.nn import functional as F


def relative(queries, keys):
    return torch.arange(keys)[None, :] - (torch.arange(queries) + keys - queries)[:, None]


def slopes(heads):
    """The recursion of the authors: a geometric sequence for a power of two, else that of the power below and every other one of the power above."""
    if math.log2(heads).is_integer():
        start = 2.0 ** (-(2.0 ** -(math.log2(heads) - 3)))
        return [start * start ** i for i in range(heads)]
    below = 2 ** math.floor(math.log2(heads))
    return slopes(below) + slopes(2 * below)[0::2][:heads - below]


def buckets(distance, bidirectional, count, farthest):
    """T5's buckets by whole tensors, with float64 logarithms."""
    first = torch.zeros_like(distance)
    if bidirectional:
        count //= 2
        first = (distance > 0).long() * count
        distance = distance.abs()
    else:
        distance = -torch.minimum(distance, torch.zeros_like(distance))
    exact = count // 2
    far = exact + (torch.log(distance.clamp(min=1).double() / exact) / math.log(farthest / exact) * (count - exact)).long()
    return first + torch.where(distance < exact, distance, far.clamp(max=count - 1))


def turned(x):
    """Rotary positions as a product of complex numbers."""
    time, e = x.shape[-2:]
    turn = torch.polar(torch.ones(time, e // 2), torch.outer(torch.arange(float(time)), 10000.0 ** (-torch.arange(0.0, e, 2) / e)))
    return torch.view_as_real(torch.view_as_complex(x.unflatten(-1, (-1, 2)).contiguous()) * turn).flatten(-2)


class Attention(nn.Module):
    """Attention by scaled_dot_product_attention; heads of keys and values are fewer, and a bias is its additive mask."""

    def __init__(self, dim, heads, kv_heads, causal=False, alibi=False, buckets=None, rotary=False):
        super().__init__()
        self.dim, self.heads, self.kv_heads, self.causal, self.alibi, self.buckets, self.rotary = dim, heads, kv_heads, causal, alibi, buckets, rotary
        rows = dim + 2 * dim // heads * kv_heads
        self.in_proj_weight, self.in_proj_bias = nn.Parameter(0.5 * torch.randn(rows, dim)), nn.Parameter(0.3 * torch.randn(rows))
        self.out_proj = nn.Linear(dim, dim)
        if buckets:
            self.position_bias = nn.Embedding(buckets[0], heads)

    def mask(self, queries, keys):
        distance = relative(queries, keys)
        mask = torch.zeros(self.heads, queries, keys)
        if self.alibi:
            mask = mask - torch.tensor(slopes(self.heads))[:, None, None] * distance.abs()
        if self.buckets:
            mask = mask + self.position_bias(buckets(distance, not self.causal, *self.buckets)).permute(2, 0, 1)
        return mask.masked_fill(distance > 0, -math.inf) if self.causal else mask

    def forward(self, x, memory=None):
        e, kv = self.dim // self.heads, self.dim // self.heads * self.kv_heads
        w, b = self.in_proj_weight.split([self.dim, kv, kv]), self.in_proj_bias.split([self.dim, kv, kv])
        other = x if memory is None else memory
        q, k, v = (F.linear(z, wi, bi).unflatten(-1, (-1, e)).transpose(1, 2) for z, wi, bi in zip((x, other, other), w, b))
        if self.rotary:
            q, k = turned(q), turned(k)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=self.mask(q.shape[2], k.shape[2]), enable_gqa=True)
        return self.out_proj(y.transpose(1, 2).flatten(2))


class SwiGlu(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.w1, self.w2, self.w3 = nn.Linear(dim, hidden, bias=False), nn.Linear(hidden, dim, bias=False), nn.Linear(dim, hidden, bias=False)

    def forward(self, x):
        return self.w2(F.silu(self.w1(x)) * self.w3(x))
