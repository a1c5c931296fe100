"""Parts of language models in PyTorch, float64: position biases, grouped-query attention, gated and routed feed-forward parts.

Writes src/test/resources/lemma/nn/language.safetensors; run in toolkit/ with torch and safetensors installed.
"""
import math

import torch
from torch import nn
from torch.nn import functional as F

from layer_cases import out, record, save

torch.manual_seed(20261122)
torch.set_default_dtype(torch.float64)


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


class Attention(nn.Module):
    """Attention by scaled_dot_product_attention; heads of keys and values are fewer, and a bias is its additive mask."""

    def __init__(self, dim, heads, kv_heads, causal=False, alibi=False, buckets=None):
        super().__init__()
        self.dim, self.heads, self.kv_heads, self.causal, self.alibi, self.buckets = dim, heads, kv_heads, causal, alibi, buckets
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
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=self.mask(q.shape[2], k.shape[2]), enable_gqa=True)
        return self.out_proj(y.transpose(1, 2).flatten(2))


class SwiGlu(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.w1, self.w2, self.w3 = nn.Linear(dim, hidden, bias=False), nn.Linear(hidden, dim, bias=False), nn.Linear(dim, hidden, bias=False)

    def forward(self, x):
        return self.w2(F.silu(self.w1(x)) * self.w3(x))


class Mixture(nn.Module):
    """Every expert sees every vector, and gates are zero where it was not chosen."""

    def __init__(self, expert, dim, experts, top_k):
        super().__init__()
        self.router = nn.Linear(dim, experts, bias=False)
        nn.init.normal_(self.router.weight)
        self.experts = nn.ModuleList(expert() for _ in range(experts))
        self.top_k = top_k

    def gates(self, logits):
        p = logits.softmax(-1)
        chosen = torch.zeros_like(p).scatter(-1, p.topk(self.top_k, -1).indices, 1.0)
        return chosen, p, p * chosen if self.top_k == 1 else p * chosen / (p * chosen).sum(-1, keepdim=True)

    def forward(self, x):
        gates = self.gates(self.router(x))[2]
        return sum(gates[..., e:e + 1] * expert(x) for e, expert in enumerate(self.experts))

    def losses(self, x):
        """n sum f P, and the squared coefficient of variation of the sums of gates."""
        chosen, p, gates = (t.flatten(0, -2) for t in self.gates(self.router(x)))
        importance = gates.sum(0)
        return (chosen.mean(0) / self.top_k * p.mean(0)).sum() * p.shape[1], importance.var(correction=0) / importance.mean() ** 2


x = torch.randn(2, 5, 12)
record("gqa", Attention(12, 6, 2), x)
record("gqa_causal", Attention(12, 6, 3, causal=True), x)
record("mqa", Attention(12, 4, 1), x)
memory = torch.randn(2, 4, 12)
record("gqa_cross", Attention(12, 4, 2), x, lambda m, x: m(x, memory), memory=memory)
record("alibi", Attention(12, 6, 6, alibi=True), x)
record("alibi_causal", Attention(12, 4, 2, causal=True, alibi=True), x)
record("relative_bias", Attention(12, 3, 3, buckets=(8, 4)), x)
record("relative_bias_causal", Attention(12, 6, 2, causal=True, buckets=(4, 4)), x)
record("swiglu", SwiGlu(12, 7), x)
for name, mixture in (("switch", Mixture(lambda: SwiGlu(12, 7), 12, 4, 1)),
                      ("mixture", Mixture(lambda: nn.Sequential(nn.Linear(12, 9), nn.GELU(), nn.Linear(9, 12)), 12, 5, 2))):
    record(name, mixture, x)
    logits = torch.randn(3, 7, 5).requires_grad_()
    mixture.router = nn.Identity()
    for kind, loss in zip(("balance", "importance"), mixture.losses(logits)):
        out[f"{name}_{kind}"], out[f"{name}_{kind}_slope"] = loss, torch.autograd.grad(loss, logits, retain_graph=True)[0]
    out[f"{name}_logits"] = logits

for heads in (1, 2, 3, 8, 12):
    out[f"slopes{heads}"] = torch.tensor(slopes(heads))
distances = torch.arange(-300, 301)
for name, args in (("both", (True, 32, 128)), ("causal", (False, 32, 128)), ("few", (True, 8, 20))):
    out[f"buckets_{name}"] = buckets(distances, *args)

save("language")
