"""Cases of a fixture file: what PyTorch computes in float64, for the tests of the tensor operations.

A case holds inputs x, output y, gradient dx of sum(w * y), and second = d/dx sum(v * dx), with
w[i] = ((7 i) mod 11 - 5) / 4 and v[i] = ((5 i) mod 13 - 6) / 4 over flat indices. Arrays are base64 of
little-endian float64, int64 or uint8 (bool) elements. Cases named edge_* hold NaN, infinities and ties.
A case is named as the method it tests, with its variant behind it: sum, sum02, sumKeep1.
"""

import base64
import json
import platform

import numpy as np
import torch

torch.set_num_threads(1)
rng = np.random.default_rng(20)
cases = []


def normal(*shape):
    return torch.tensor(rng.standard_normal(shape))


def away(*shape):
    """Numbers at least 0.1 from zero and from the half-integers."""
    x = rng.uniform(0.1, 0.4, shape) + rng.integers(0, 3, shape) * 0.5
    return torch.tensor(x * rng.choice([-1.0, 1.0], shape))


def positive(*shape):
    return torch.tensor(rng.uniform(0.3, 2.0, shape))


def inner(*shape):
    return torch.tensor(rng.uniform(-0.8, 0.8, shape))


def distinct(*shape):
    n = int(np.prod(shape))
    return torch.tensor(rng.permutation(n).reshape(shape) * 0.37 - n * 0.1)


def encode(t):
    a = t.detach().numpy(force=True)
    kind = {"float64": "<f8", "int64": "<i8", "bool": "u1"}[str(a.dtype)]
    data = base64.b64encode(np.ascontiguousarray(a).astype(kind).tobytes()).decode()
    return {"shape": list(a.shape), "dtype": str(a.dtype), "data": data}


def weights(t, a, m, b):
    i = torch.arange(t.numel(), dtype=torch.int64)
    return (((a * i) % m - b).to(torch.float64) / 4).reshape(t.shape)


def case(name, f, *inputs, second=True, smooth=True):
    """smooth: finite differences apply at these inputs."""
    leaves = [x.clone().requires_grad_() if x.dtype == torch.float64 else x for x in inputs]
    floats = [x for x in leaves if x.dtype == torch.float64]
    y = f(*leaves)
    record = {"name": name, "smooth": smooth, "inputs": [encode(x) for x in inputs], "output": encode(y)}
    if y.requires_grad:
        grads = torch.autograd.grad((y * weights(y, 7, 11, 5)).sum(), floats, create_graph=True, allow_unused=True)
        grads = [torch.zeros_like(x) if g is None else g for g, x in zip(grads, floats)]
        record["grads"] = [encode(g) for g in grads]
        if second:
            total = sum((g * weights(g, 5, 13, 6)).sum() for g in grads)
            twice = torch.autograd.grad(total, floats, allow_unused=True) if total.requires_grad else [None] * len(floats)
            record["second"] = [encode(torch.zeros_like(x) if g is None else g) for g, x in zip(twice, floats)]
    cases.append(record)


def write(path):
    """Writes the cases made so far, with the versions that made them."""
    versions = {"torch": torch.__version__, "python": platform.python_version(), "numpy": np.__version__}
    with open(path, "w") as out:
        out.write("{" + json.dumps(versions)[1:-1] + ',\n"cases": [\n')
        out.write(",\n".join(json.dumps(c, separators=(",", ":")) for c in cases))
        out.write("\n]}\n")
    print(len(cases), "cases", versions)
