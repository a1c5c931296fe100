"""PyTorch's side of lemma.nn.KanSpeed: forward and backward with one thread, CPU time, least of many rounds.

    python kan_speed.py [ROUNDS]

Splines both by de Boor's recursion, as usual implementations have them, and by the closed form of even knots.
"""
import math
import sys
import time

import torch
from torch.nn import functional as F

torch.set_num_threads(1)
torch.manual_seed(1)
rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 300
h = 2 / 5
knots = -1 + h * torch.arange(-3, 9)
middles = (-1 / h + torch.arange(8) - 1) * 6 ** (-1 / 3)
centres = torch.linspace(-4, 4, 9)


def recursion(x):
    x = x.unsqueeze(-1)
    b = ((x >= knots[:-1]) & (x < knots[1:])).to(x.dtype)
    for k in range(1, 4):
        b = (x - knots[:-k - 1]) / (knots[k:-1] - knots[:-k - 1]) * b[..., :-1] + (knots[k + 1:] - x) / (knots[k + 1:] - knots[1:-k]) * b[..., 1:]
    return b


def closed(x):
    unit = 6 ** (-1 / 3)
    inside = 2 * unit - (x.unsqueeze(-1) * (unit / h) - middles).abs()
    a, b = inside.relu(), (inside - unit).relu()
    return a.square() * a - b.square() * b * 4


def splines(basis):
    return lambda x, base, w, bias: F.linear(F.silu(x), base, bias) + F.linear(basis(x).flatten(-2), w)


def rbf(x, base, w, bias):
    return F.linear(torch.exp(-(x.unsqueeze(-1) * 4 - centres).square()).flatten(-2), w, bias)


def report(name, f, n, inputs, outputs, size):
    x = (torch.rand(n, inputs) * 2 - 1).requires_grad_()
    base, w, bias = torch.randn(outputs, inputs).requires_grad_(), torch.randn(outputs, inputs * size).requires_grad_(), torch.zeros(outputs).requires_grad_()
    best = math.inf
    for _ in range(rounds):
        start = time.thread_time()
        f(x, base, w, bias).square().sum().backward()
        x.grad = base.grad = w.grad = bias.grad = None
        best = min(best, time.thread_time() - start)
    print(f"{name:32s} {best * 1e3:8.3f} ms", flush=True)


x = torch.linspace(-0.99, 0.99, 100)
assert (recursion(x) - closed(x)).abs().max() < 1e-5
for n, i, o in ((256, 64, 64), (1024, 64, 64), (500, 2, 4)):
    report(f"spline recursion {n}x{i} -> {o}", splines(recursion), n, i, o, 8)
    report(f"spline closed {n}x{i} -> {o}", splines(closed), n, i, o, 8)
report("rbf 256x64 -> 64", rbf, 256, 64, 64, 9)
