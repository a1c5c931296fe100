"""Kolmogorov-Arnold layers, float64: the bases by SciPy, NumPy and PyTorch, layers of their edges one by one, first and second derivatives.

Writes src/test/resources/lemma/nn/kan.safetensors; run in toolkit/ with torch, scipy and safetensors installed.
"""
import numpy as np
import torch
from numpy.polynomial import chebyshev
from safetensors.torch import save_file
from scipy.interpolate import BSpline
from torch.nn import functional as F

torch.manual_seed(20261122)
torch.set_default_dtype(torch.float64)
out = {}

at = np.concatenate([np.linspace(-1.7, 1.7, 69), [-1, 1, 0.2, -0.6]])
out["x"] = torch.from_numpy(at)


def splines(x, grid, order, low, high):
    h = (high - low) / grid
    knots = low + h * np.arange(-order, grid + order + 1)
    each = [BSpline.basis_element(knots[i:i + order + 2], extrapolate=False)(x) for i in range(grid + order)]
    return np.nan_to_num(np.stack(each, -1))


for order in (1, 2, 3, 4):
    out[f"spline{order}"] = torch.from_numpy(splines(at, 5, order, -1, 1))
out["splineRange"] = torch.from_numpy(splines(at, 4, 3, -0.5, 1.5))
out["chebyshev"] = torch.from_numpy(chebyshev.chebvander(np.tanh(at), 8))


def chebyshev_torch(x):
    t = torch.tanh(x)
    return torch.stack([torch.cos(k * torch.acos(t)) for k in range(5)], -1)


def spline_torch(x, grid=5, order=3):
    """De Boor's recursion."""
    h = 2 / grid
    t = -1 + h * torch.arange(-order, grid + order + 1)
    x = x.unsqueeze(-1)
    b = ((x >= t[:-1]) & (x < t[1:])).to(x.dtype)
    for k in range(1, order + 1):
        b = (x - t[:-k - 1]) / (k * h) * b[..., :-1] + (t[k + 1:] - x) / (k * h) * b[..., 1:]
    return torch.cat([b, F.silu(x)], -1)


def rbf_torch(x, count=6):
    c = torch.linspace(-1, 1, count)
    return torch.exp(-((x.unsqueeze(-1) - c) * (count - 1) / 2) ** 2)


def fourier_torch(x, harmonics=3):
    k = torch.arange(harmonics + 1) * torch.pi
    a = x.unsqueeze(-1) * k
    return torch.cat([a.cos(), a[..., 1:].sin()], -1)


def wavelet_torch(x, hat):
    psi = []
    for scale, places in ((1, [0]), (2, [-1, 0, 1]), (4, [-1, -0.5, 0, 0.5, 1])):
        for b in places:
            z = (x - b) * scale
            g = torch.exp(-z * z / 2)
            psi.append(2 / (3 ** 0.5 * torch.pi ** 0.25) * (1 - z * z) * g if hat else -z * g)
    return torch.stack(psi, -1)


bases = {"splines": spline_torch, "chebyshevs": chebyshev_torch, "rbfs": rbf_torch, "fouriers": fourier_torch,
         "hats": lambda x: wavelet_torch(x, True), "slopes": lambda x: wavelet_torch(x, False)}


def layer(values, weight, bias):
    """values (..., in, size), weight (out, size, in): a sum over edges."""
    return torch.einsum("...ib,obi->...o", values, weight) + bias


def record(name, f, x, params):
    """Value, gradients of sum(y u), and of the squared gradient of x beside them."""
    x = x.clone().requires_grad_()
    for p in params.values():
        p.requires_grad_()
    y = f(x)
    u = torch.randn_like(y)
    dx, *grads = torch.autograd.grad((y * u).sum(), [x, *params.values()], create_graph=True)
    second = torch.autograd.grad(dx.square().sum(), [x, *params.values()], allow_unused=True)
    out[f"{name}/x"], out[f"{name}/y"], out[f"{name}/u"], out[f"{name}/dx"] = x.detach(), y.detach(), u, dx.detach()
    out[f"{name}/second/x"] = second[0]
    for (key, p), g, s in zip(params.items(), grads, second[1:]):
        out[f"{name}/params/{key}"], out[f"{name}/grads/{key}"] = p.detach(), g.detach()
        out[f"{name}/second/{key}"] = torch.zeros_like(p) if s is None else s


for name, basis in bases.items():
    size = basis(torch.zeros(1)).shape[-1]
    weight, bias = torch.randn(4, size, 3), torch.randn(4)
    record(name, lambda x: layer(basis(x), weight, bias), 1.4 * torch.rand(2, 5, 3) - 0.7, {"weight": weight, "bias": bias})

x = torch.randn(2, 2, 5, 6) / 2
weight, bias = torch.randn(3, 6, 18), torch.randn(3)


def conv(x):
    """Window by window."""
    padded = F.pad(x, (1, 1, 1, 1))
    rows = []
    for i in range(0, 5, 2):
        rows.append(torch.stack([layer(rbf_torch(padded[:, :, i:i + 3, j:j + 3].reshape(2, 18)), weight, bias) for j in range(0, 6, 2)], -1))
    return torch.stack(rows, -2)


record("conv", conv, x, {"edges.weight": weight, "edges.bias": bias})

parts = {"weight.0": torch.randn(4, 9, 3), "weight.1": torch.randn(4, 5, 3), "weight.2": torch.randn(4, 6, 3), "selection": torch.randn(3, 3), "bias": torch.randn(4)}
scale, temperature = torch.rand(3, 1) + 0.5, torch.tensor(0.7)
out["selectable/state/scale"], out["selectable/state/temperature"] = scale, temperature


def selectable(x):
    s = torch.softmax(parts["selection"] / temperature, 0) * scale
    y = parts["bias"]
    for k, basis in enumerate((spline_torch, chebyshev_torch, rbf_torch)):
        y = y + torch.einsum("...ib,obi,i->...o", basis(x), parts[f"weight.{k}"], s[k])
    return y


record("selectable", selectable, 1.4 * torch.rand(2, 5, 3) - 0.7, parts)

left = {"weight.0": torch.randn(4, 9, 1), "weight.2": torch.randn(4, 6, 2), "bias": torch.randn(4)}


def pruned(x):
    """The first and the last input have radial functions, the second has splines."""
    radial = rbf_torch(torch.stack([x[..., 0], x[..., 2]], -1))
    return torch.einsum("...b,ob->...o", spline_torch(x[..., 1]), left["weight.0"][..., 0]) + layer(radial, left["weight.2"], left["bias"])


record("pruned", pruned, 1.4 * torch.rand(2, 5, 3) - 0.7, left)
save_file({k: v.contiguous() for k, v in out.items()}, "src/test/resources/lemma/nn/kan.safetensors")
