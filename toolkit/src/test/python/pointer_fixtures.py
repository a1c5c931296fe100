"""Pointer networks and attention of content in PyTorch, float64, with first and second derivatives; hulls and triangulations of SciPy; shortest tours
by trying all.

Writes src/test/resources/lemma/nn/pointer.safetensors; run in toolkit/ with torch, scipy and safetensors installed.
"""
from itertools import permutations

import numpy as np
import torch
from safetensors.torch import save_file
from scipy.spatial import ConvexHull, Delaunay
from torch import nn

torch.manual_seed(20261123)
torch.set_default_dtype(torch.float64)
out = {}


class Attention(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.w1, self.w2, self.v = (nn.Parameter(torch.randn(*s) / 2) for s in ((dim, dim), (dim, dim), (dim,)))

    def forward(self, places, queries):
        rows = [[torch.tanh(e @ self.w1.T + q @ self.w2.T) @ self.v for e in places.unbind(1)] for q in queries.unbind(1)]
        return torch.stack([torch.stack(row, -1) for row in rows], 1)


class Reader(nn.Module):
    def __init__(self, dims, hidden):
        super().__init__()
        self.encoder, self.decoder = nn.LSTM(dims, hidden, batch_first=True), nn.LSTM(dims, hidden, batch_first=True)
        self.end, self.start = nn.Parameter(torch.randn(hidden)), nn.Parameter(torch.randn(dims))

    def states(self, x, chosen):
        batch = len(x)
        e, last = self.encoder(x)
        places = torch.cat([self.end.expand(batch, 1, -1), e], 1)
        picked = torch.stack([x[b, chosen[b] - 1] for b in range(batch)])
        d, _ = self.decoder(torch.cat([self.start.expand(batch, 1, -1), picked], 1), last)
        return places, d


class Pointer(Reader):
    def __init__(self, dims, hidden):
        super().__init__(dims, hidden)
        self.pointer = Attention(hidden)

    def forward(self, x, chosen):
        return self.pointer(*self.states(x, chosen))


class Content(Reader):
    def __init__(self, dims, hidden, most):
        super().__init__(dims, hidden)
        self.attention, self.out = Attention(hidden), nn.Linear(2 * hidden, 1 + most)

    def forward(self, x, chosen):
        places, d = self.states(x, chosen)
        a = torch.softmax(self.attention(places, d), -1) @ places
        return self.out(torch.cat([d, a], -1))


def record(name, module, x, *more):
    x = x.clone().requires_grad_()
    y = module(x, *more)
    u = torch.randn_like(y)
    params = dict(module.named_parameters())
    dx, *grads = torch.autograd.grad((y * u).sum(), [x, *params.values()], create_graph=True)
    second = torch.autograd.grad(dx.square().sum(), [x, *params.values()], allow_unused=True)
    out[f"{name}/x"], out[f"{name}/y"], out[f"{name}/u"], out[f"{name}/dx"], out[f"{name}/second/x"] = x.detach(), y.detach(), u, dx.detach(), second[0]
    for (key, p), g, s in zip(params.items(), grads, second[1:]):
        out[f"{name}/params/{key}"], out[f"{name}/grads/{key}"] = p.detach(), g.detach()
        out[f"{name}/second/{key}"] = torch.zeros_like(p) if s is None else s


queries = torch.randn(2, 3, 5)
out["attention/queries"] = queries
record("attention", Attention(5), torch.randn(2, 4, 5), queries)
chosen = torch.tensor([[2, 4, 1], [3, 1, 2]])
out["chosen"] = chosen
record("pointer", Pointer(2, 5), torch.rand(2, 4, 2), chosen)
record("content", Content(2, 5, 6), torch.rand(2, 4, 2), chosen)

rng = np.random.default_rng(5)
sizes = [3, 4, 5, 8, 13, 40, 200]
for i, n in enumerate(sizes):
    p = rng.random((n, 2))
    hull = ConvexHull(p).vertices
    hull = np.roll(hull, -int(np.argmin(hull)))
    triangles = []
    for t in Delaunay(p).simplices:
        (ax, ay), (bx, by), (cx, cy) = p[t]
        t = t if (bx - ax) * (cy - ay) - (by - ay) * (cx - ax) > 0 else t[::-1]
        triangles.append(tuple(np.roll(t, -int(np.argmin(t)))))
    out[f"plane{i}/points"], out[f"plane{i}/hull"] = torch.from_numpy(p), torch.from_numpy(hull.astype(np.int64))
    out[f"plane{i}/area"] = torch.tensor([ConvexHull(p).volume])
    out[f"plane{i}/triangles"] = torch.tensor(sorted(map(lambda t: tuple(map(int, t)), triangles)))
for n in range(3, 9):
    p = rng.random((n, 2))
    length = lambda t: sum(np.linalg.norm(p[a] - p[b]) for a, b in zip(t, t[1:] + t[:1]))
    best = min(((0,) + rest for rest in permutations(range(1, n)) if n < 3 or rest[0] < rest[-1]), key=length)
    out[f"tour{n}/points"], out[f"tour{n}/best"], out[f"tour{n}/length"] = torch.from_numpy(p), torch.tensor(best), torch.tensor([length(best)])
save_file({k: v.contiguous() for k, v in out.items()}, "src/test/resources/lemma/nn/pointer.safetensors")
