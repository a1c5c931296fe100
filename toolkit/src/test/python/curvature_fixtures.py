"""Hessian and Gauss-Newton matrix of a small network in PyTorch and their extreme eigenvalues by scipy.sparse.linalg.eigsh; float64.

Writes src/test/resources/lemma/nn/curvature.safetensors; run in toolkit/ with torch, scipy and safetensors installed.
"""
import platform

import numpy as np
import scipy
import torch
from safetensors.torch import save_file
from scipy.sparse.linalg import LinearOperator, eigsh
from torch import nn
from torch.func import functional_call, hessian, jacrev
from torch.nn import functional as F

torch.manual_seed(11)
torch.set_default_dtype(torch.float64)
out = {}
net = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3))
names = [k for k, _ in net.named_parameters()]
params = [p.detach() for p in net.parameters()]
x, y = torch.randn(20, 4), torch.randint(0, 3, (20,))
flat = torch.cat([p.reshape(-1) for p in params])


def unflatten(v):
    parts, at = {}, 0
    for name, p in zip(names, params):
        parts[name] = v[at:at + p.numel()].reshape(p.shape)
        at += p.numel()
    return parts


logits = lambda v: functional_call(net, unflatten(v), (x,))
H = hessian(lambda v: F.cross_entropy(logits(v), y))(flat)
J = jacrev(logits)(flat).reshape(60, -1)
L = hessian(lambda z: F.cross_entropy(z.reshape(20, 3), y))(logits(flat).reshape(-1))
G = J.T @ L @ J
g = jacrev(lambda v: F.cross_entropy(logits(v), y, reduction="none"))(flat)
A = H.numpy()
operator = LinearOperator(A.shape, matvec=lambda v: A @ v)
top, vectors = eigsh(operator, k=4, which="LA", tol=1e-13)
low = eigsh(operator, k=3, which="SA", tol=1e-13, return_eigenvectors=False)
out["x"], out["y"] = x, y
for name, p in zip(names, params):
    out[f"params/{name}"] = p
out["hessian"], out["gauss_newton"], out["fisher"] = H, G, g.T @ g / 20
out["top"], out["vectors"] = torch.tensor(top[::-1].copy()), torch.tensor(vectors.T[::-1].copy())
out["low"] = torch.tensor(np.sort(low))
b = torch.randn(len(flat))
out["b"], out["solution"] = b, torch.linalg.solve(G + 0.1 * torch.eye(len(flat)), b)
save_file({k: v.contiguous() for k, v in out.items()}, "src/test/resources/lemma/nn/curvature.safetensors",
          {"torch": torch.__version__, "scipy": scipy.__version__, "python": platform.python_version()})
print(len(out), "tensors")
