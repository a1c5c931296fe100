"""Attention over images in PyTorch, float64: inputs, parameters, outputs, gradients, and operations as its flop counter counts them.

Writes src/test/resources/lemma/nn/image-attention.safetensors; run in toolkit/ with torch and safetensors installed.
"""
import platform

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode

torch.manual_seed(20261122)
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
out = {}


class ChannelBranch(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.q, self.v, self.z, self.norm = nn.Conv2d(c, 1, 1), nn.Conv2d(c, c // 2, 1), nn.Linear(c // 2, c), nn.LayerNorm(c)

    def forward(self, x):
        q = self.q(x).flatten(1).softmax(1)
        z = torch.bmm(self.v(x).flatten(2), q.unsqueeze(2)).squeeze(2)
        return self.norm(self.z(z)).sigmoid()[:, :, None, None] * x


class SpatialBranch(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.q, self.v = nn.Conv2d(c, c // 2, 1), nn.Conv2d(c, c // 2, 1)

    def forward(self, x):
        q = F.adaptive_avg_pool2d(self.q(x), 1).flatten(1).softmax(1)
        return torch.bmm(q.unsqueeze(1), self.v(x).flatten(2)).sigmoid().reshape(len(x), 1, *x.shape[2:]) * x


class Polarized(nn.Module):
    def __init__(self, c, parallel):
        super().__init__()
        self.channel, self.spatial, self.parallel = ChannelBranch(c), SpatialBranch(c), parallel

    def forward(self, x):
        z = self.channel(x)
        return z + self.spatial(x) if self.parallel else self.spatial(z)


class SqueezeExcite(nn.Module):
    def __init__(self, c, r):
        super().__init__()
        self.fc = nn.Sequential(nn.Linear(c, c // r), nn.ReLU(), nn.Linear(c // r, c))

    def forward(self, x):
        return x * self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1)).sigmoid()[:, :, None, None]


class Cbam(nn.Module):
    def __init__(self, c, r, k):
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(c, c // r), nn.ReLU(), nn.Linear(c // r, c))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        both = [self.mlp(pool(x, 1).flatten(1)) for pool in (F.adaptive_avg_pool2d, F.adaptive_max_pool2d)]
        x = x * (both[0] + both[1]).sigmoid()[:, :, None, None]
        return x * self.conv(torch.stack([x.mean(1), x.amax(1)], 1)).sigmoid()


class NonLocal(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.theta, self.phi, self.g, self.w = (nn.Conv2d(*s, 1) for s in [(c, c // 2)] * 3 + [(c // 2, c)])

    def forward(self, x):
        q, k, v = (f(x).flatten(2).transpose(1, 2) for f in (self.theta, self.phi, self.g))
        y = torch.bmm(torch.bmm(q, k.transpose(1, 2)).softmax(-1), v)
        return x + self.w(y.transpose(1, 2).reshape(len(x), -1, *x.shape[2:]))


def record(name, module, c):
    for p in module.parameters():
        nn.init.normal_(p, 0.1, 0.7)
    x = torch.randn(2, c, 3, 4).requires_grad_()
    y = module(x)
    u = torch.randn_like(y)
    (y * u).sum().backward()
    out[f"{name}/x"], out[f"{name}/y"], out[f"{name}/u"], out[f"{name}/dx"] = x.detach(), y.detach(), u, x.grad
    for key, p in module.named_parameters():
        out[f"{name}/params/{key}"], out[f"{name}/grads/{key}"] = p.detach(), p.grad
    counts = []
    for h, w in ((3, 4), (8, 8), (16, 32)):
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            module(torch.randn(1, c, h, w))
        counts.append(counter.get_total_flops())
    out[f"{name}/flops"] = torch.tensor(counts, dtype=torch.float64)


def by_formula(parallel):
    """A polarized block whose weights and input are sines, so that its output can be compared without a file."""
    module, k = Polarized(4, parallel), 0
    for p in module.parameters():
        p.data = torch.sin(torch.arange(k, k + p.numel(), dtype=torch.float64)).reshape(p.shape)
        k += p.numel()
    return module(torch.sin(0.5 * torch.arange(16.0)).reshape(1, 4, 2, 2)).flatten()


record("polarized_parallel", Polarized(6, True), 6)
record("polarized_sequential", Polarized(6, False), 6)
record("squeeze_excite", SqueezeExcite(6, 2), 6)
record("cbam", Cbam(6, 2, 3), 6)
record("non_local", NonLocal(6), 6)

save_file({k: v.contiguous() for k, v in out.items()}, "src/test/resources/lemma/nn/image-attention.safetensors",
          {"torch": torch.__version__, "python": platform.python_version()})
print(len(out), "tensors")
for parallel in (True, False):
    print([f"{v:.7f}" for v in by_formula(parallel).tolist()], [n for n, _ in Polarized(4, parallel).named_parameters()])
