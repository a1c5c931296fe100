"""Normalised layers beside PyTorch in float64: an LSTM with layer norm as a loop of PyTorch's modules, its gradients and those of its gradients.

Writes src/test/resources/lemma/nn/normalisation.safetensors; run in toolkit/ with torch and safetensors installed.
"""
import platform

import torch
from safetensors.torch import save_file
from torch.nn import functional as F

torch.manual_seed(20260301)
torch.set_default_dtype(torch.float64)
out = {}


def layer_norm_lstm(x, h, c, p):
    """Ba, Kiros, Hinton (2016), eq. 20 to 22, with PyTorch's order of the gates."""
    def norm(a, name):
        return F.layer_norm(a, a.shape[-1:], p[f"{name}.weight"], p[f"{name}.bias"], 1e-5)
    outputs = []
    for t in range(x.shape[1]):
        sums = norm(x[:, t] @ p["weight_ih"].T, "layernorm_i") + norm(h @ p["weight_hh"].T, "layernorm_h")
        i, f, g, o = sums.chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * norm(c, "layernorm_c").tanh()
        outputs.append(h)
    return torch.stack(outputs, 1), h, c


def record(name, size, hidden, batch, time):
    p = {"weight_ih": torch.randn(4 * hidden, size), "weight_hh": torch.randn(4 * hidden, hidden)}
    for norm, d in ("layernorm_i", 4 * hidden), ("layernorm_h", 4 * hidden), ("layernorm_c", hidden):
        p[f"{norm}.weight"], p[f"{norm}.bias"] = torch.randn(d), torch.randn(d)
    x, h, c = torch.randn(batch, time, size), torch.randn(batch, hidden), torch.randn(batch, hidden)
    leaves = {"x": x, "h": h, "c": c, **{f"params/{k}": v for k, v in p.items()}}
    for t in leaves.values():
        t.requires_grad_()
    y, last_h, last_c = layer_norm_lstm(x, h, c, p)
    zero = layer_norm_lstm(x, torch.zeros_like(h), torch.zeros_like(c), p)[0]
    u, v = torch.randn_like(y), torch.randn_like(last_c)
    grads = torch.autograd.grad((y * u).sum() + (last_c * v).sum(), list(leaves.values()), create_graph=True)
    twice = torch.autograd.grad((grads[0] * x).sum(), list(p.values()))
    for key, t in {**leaves, "u": u, "v": v, "y": y, "zero": zero, "last_h": last_h, "last_c": last_c}.items():
        out[f"{name}/{key}"] = t.detach()
    for key, g in zip(leaves, grads):
        out[f"{name}/grads/{key}"] = g.detach()
    for key, g in zip(p, twice):
        out[f"{name}/twice/{key}"] = g.detach()


record("lstm", 3, 4, 3, 5)
record("lstm_one", 2, 3, 1, 1)
record("lstm_wide", 5, 37, 6, 3)

save_file({k: v.contiguous().clone() for k, v in out.items()}, "src/test/resources/lemma/nn/normalisation.safetensors",
          {"torch": torch.__version__, "python": platform.python_version()})
print(len(out), "tensors")
