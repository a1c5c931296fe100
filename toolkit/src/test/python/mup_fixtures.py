"""Training a perceptron in the maximal-update parametrisation by microsoft/mup, float64.

    python mup_fixtures.py CHECKOUT ../resources/lemma/ntk/mup.json

CHECKOUT is a checkout of microsoft/mup. The base width is 1, so that every factor is a power of the width; sums over examples of squares are the loss.
"""
import json
import sys
from pathlib import Path

import torch
from torch import nn

sys.path.insert(0, sys.argv[1])
from mup import MuAdam, MuReadout, MuSGD, set_base_shapes  # noqa: E402

torch.set_default_dtype(torch.float64)
D, N, K, STEPS = 6, 12, 2, 12


def mlp(n):
    return nn.Sequential(nn.Linear(D, n), nn.Tanh(), nn.Linear(n, n), nn.Tanh(), MuReadout(n, K))


torch.manual_seed(1)
x, y = torch.randn(8, D), torch.randn(8, K)
model = mlp(N)
set_base_shapes(model, mlp(1), delta=mlp(2))
start = {name: torch.randn(p.shape) / (p.shape[-1] ** 0.5 if p.ndim == 2 and name != "4.weight" else 1) for name, p in model.named_parameters()}
out = {"x": x.tolist(), "y": y.tolist(), "params": {name: p.tolist() for name, p in start.items()}}
rules = {
    "sgd": lambda p: MuSGD(p, lr=0.01),
    "momentum": lambda p: MuSGD(p, lr=0.005, momentum=0.9),
    "adam": lambda p: MuAdam(p, lr=0.02, eps=0.0),
}
for rule, make in rules.items():
    with torch.no_grad():
        for name, p in model.named_parameters():
            p.copy_(start[name])
    optimiser = make(model.parameters())
    outputs = []
    for _ in range(STEPS):
        f = model(x)
        outputs.append(f.tolist())
        optimiser.zero_grad()
        (f - y).square().sum().div(2).backward()
        optimiser.step()
    out[rule] = outputs
text = {"versions": {"torch": torch.__version__, "mup": "microsoft/mup"}, "cases": out}
Path(sys.argv[2]).write_text(json.dumps(text) + "\n")
