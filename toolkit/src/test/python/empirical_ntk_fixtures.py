"""Empirical tangent kernels by PyTorch's functional Jacobians, float64.

Writes src/test/resources/lemma/ntk/empirical.json; run in toolkit/ with torch installed.
"""
import json
import pathlib
import platform

import torch
from torch import nn
from torch.func import functional_call, jacrev

torch.manual_seed(20260102)
torch.set_default_dtype(torch.float64)
cases = {}


def record(name, net, *shape):
    """All pairs of 4 and 3 examples and of outputs."""
    x1, x2 = torch.randn(4, *shape), torch.randn(3, *shape)
    params = {k: p.detach() for k, p in net.named_parameters()}

    def jacobian(x):
        parts = jacrev(lambda p: functional_call(net, p, (x,)))(params)
        return torch.cat([j.flatten(2) for j in parts.values()], 2)

    ntk = torch.einsum("nkp,mlp->nmkl", jacobian(x1), jacobian(x2))
    f1, f2 = net(x1).detach(), net(x2).detach()
    cases[name] = {"x1": x1.tolist(), "x2": x2.tolist(), "params": {k: p.tolist() for k, p in params.items()}, "ntk": ntk.tolist(),
                   "nngp": torch.einsum("nk,ml->nmkl", f1, f2).tolist()}


record("mlp", nn.Sequential(nn.Linear(5, 8), nn.GELU(), nn.Linear(8, 7), nn.Tanh(), nn.Linear(7, 3)), 5)
record("cnn", nn.Sequential(nn.Conv2d(2, 4, 3), nn.ReLU(), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(16, 3)), 2, 6, 6)
record("tokens", nn.Sequential(nn.LayerNorm(6), nn.Linear(6, 5), nn.SiLU(), nn.Flatten(), nn.Linear(15, 2)), 3, 6)
out = pathlib.Path("src/test/resources/lemma/ntk/empirical.json")
out.write_text(json.dumps({"versions": {"torch": torch.__version__, "python": platform.python_version()}, "cases": cases}))
print(out, out.stat().st_size)
