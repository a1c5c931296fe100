"""Attention with one query for all positions in PyTorch, float64: outputs, gradients and second derivatives; equivalence tests of statsmodels.

The query is expanded to every position of nn.MultiheadAttention with a causal mask. Writes
src/test/resources/lemma/nn/prefix-attention.safetensors; run in toolkit/ with torch, safetensors and statsmodels installed.
"""
import platform

import torch
from safetensors.torch import save_file
from statsmodels.stats.weightstats import ttost_paired
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel

torch.manual_seed(20261122)
torch.set_default_dtype(torch.float64)
out = {}


class OneQuery(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.attention = nn.MultiheadAttention(dim, heads, batch_first=True)
        nn.init.normal_(self.attention.in_proj_bias, std=0.3)
        nn.init.normal_(self.attention.out_proj.bias, std=0.3)
        self.query = nn.Parameter(torch.randn(dim))

    def forward(self, x):
        time = x.shape[1]
        hidden = torch.ones(time, time, dtype=torch.bool).triu(1)
        return self.attention(self.query.expand_as(x), x, x, attn_mask=hidden, need_weights=False)[0]


def record(name, module, x):
    """s = sum(y u); gradients of s, and of the sum of (ds/dx) r."""
    x.requires_grad_()
    names, params = zip(*module.named_parameters())
    with sdpa_kernel(SDPBackend.MATH):
        y = module(x)
        u, r = torch.randn_like(y), torch.randn_like(x)
        first = torch.autograd.grad((y * u).sum(), [x, *params], create_graph=True)
        second = torch.autograd.grad((first[0] * r).sum(), [x, *params], allow_unused=True)
    out.update({f"{name}/x": x, f"{name}/y": y, f"{name}/u": u, f"{name}/r": r, f"{name}/dx": first[0], f"{name}/ddx": second[0]})
    for key, p, g, s in zip(names, params, first[1:], second[1:]):
        key = key.removeprefix("attention.")
        out[f"{name}/params/{key}"], out[f"{name}/grads/{key}"] = p, g
        out[f"{name}/second/{key}"] = torch.zeros_like(p) if s is None else s


record("aaren", OneQuery(6, 2), torch.randn(2, 5, 6))
record("aaren_of_one", OneQuery(4, 1), torch.randn(3, 1, 4))
record("aaren_long", OneQuery(8, 4), 3 * torch.randn(1, 37, 8))

a, b = torch.randn(12), torch.randn(12)
for name, shift, margin in (("near", 0.1, 1.2), ("far", -0.6, 0.5)):
    difference = a + shift - b * 0.2
    out[f"tost_{name}/difference"] = difference
    out[f"tost_{name}/margin"] = torch.tensor([margin])
    out[f"tost_{name}/p"] = torch.tensor([ttost_paired(difference.numpy(), 0 * difference.numpy(), -margin, margin)[0]])

save_file({k: v.detach().clone().contiguous() for k, v in out.items()}, "src/test/resources/lemma/nn/prefix-attention.safetensors",
          {"torch": torch.__version__, "python": platform.python_version()})
print(len(out), "tensors")
