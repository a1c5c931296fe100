"""HSIC by NumPy, the divergence of a Gaussian code and a gradient-sign step by PyTorch, for lemma.probe and lemma.loss.

    python bottleneck_fixtures.py ../resources/lemma/probe/bottleneck.json
"""
import json
import sys

import numpy as np
import torch
from torch.distributions import Independent, Normal, kl_divergence

rng = np.random.default_rng(21)
n = 40
x = rng.standard_normal((n, 3))
y = np.tanh(x[:, :2]) + 0.3 * rng.standard_normal((n, 2))


def gram(a, sigma):
    return np.exp(-((a[:, None] - a[None]) ** 2).sum(-1) / (2 * sigma ** 2))


H = np.eye(n) - 1 / n
hsic = np.trace(gram(x, 0.9) @ H @ gram(y, 0.7) @ H) / (n - 1) ** 2

mean, log_variance = torch.tensor(x), torch.tensor(rng.standard_normal((n, 3)))
code = Independent(Normal(mean, (log_variance / 2).exp()), 1)
prior = Independent(Normal(torch.zeros_like(mean), torch.ones_like(mean)), 1)

weight, target = torch.tensor(rng.standard_normal(3)), torch.tensor(y[:, 0])
moved = torch.tensor(x, requires_grad=True)
loss = ((torch.sin(moved @ weight) - target) ** 2).mean()
gradient, = torch.autograd.grad(loss, moved)
out = {
    "versions": {"numpy": np.__version__, "torch": torch.__version__},
    "x": x.tolist(), "y": y.tolist(), "hsic": hsic, "logVariance": log_variance.tolist(), "kl": kl_divergence(code, prior).mean().item(),
    "weight": weight.tolist(), "attacked": (moved + 0.1 * gradient.sign()).tolist(),
}
with open(sys.argv[1], "w") as f:
    json.dump(out, f)
    f.write("\n")
print(out["versions"])
