"""Refined schedules, LARS, gradient noise and concurrent adversarial steps by NumPy, SciPy and PyTorch; float64.

Writes src/test/resources/lemma/nn/training-dynamics.safetensors; run in toolkit/ with torch, scipy and safetensors installed.
"""
import platform

import numpy as np
import scipy
import torch
from safetensors.torch import save_file
from scipy.ndimage import median_filter
from torch import nn
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
out = {}

# running medians: nearest before the start, reflected after the end
rng = np.random.default_rng(1)
norms = 1 + 4 * np.exp(-np.arange(60) / 8) + 0.3 * rng.random(60)
for width in (1, 7, 31):
    left, right = (median_filter(norms, size=width, mode=mode) for mode in ("nearest", "reflect"))
    out[f"median/{width}"] = torch.tensor(np.concatenate([left[:30], right[30:]]))
out["median/values"] = torch.tensor(norms)


def refined(w):
    eta = np.array([w[t] * w[t + 1:].sum() for t in range(len(w))])
    return torch.tensor(eta / eta.max())


smooth = np.concatenate([median_filter(norms, size=7, mode="nearest")[:30], median_filter(norms, size=7, mode="reflect")[30:]])
out["refined/l2"], out["refined/l1"] = refined(smooth**-2.0), refined(smooth**-1.0)

# LARS: PyTorch's SGD on gradients that are scaled and decayed before, with a rate of 0.5 that the scale carries
torch.manual_seed(7)
P0, Q0, W = torch.randn(3, 2), torch.randn(2), torch.rand(3, 2) + 0.5
p, q = P0.clone().requires_grad_(), Q0.clone().requires_grad_()
sgd = torch.optim.SGD([p, q], 0.5, momentum=0.9)
ps, qs = [], []
for _ in range(20):
    sgd.zero_grad()
    ((W * p**4).sum() / 4 + (p * q).sum() + (q**2).sum()).backward()
    for x in (p, q):
        ratio = 0.02 * x.data.norm() / (x.grad.norm() + 0.1 * x.data.norm())
        x.grad = ratio * (x.grad + 0.1 * x.data)
    sgd.step()
    ps.append(p.detach().clone())
    qs.append(q.detach().clone())
out["lars/p0"], out["lars/q0"], out["lars/w"], out["lars/p"], out["lars/q"] = P0, Q0, W, torch.stack(ps), torch.stack(qs)

# gradient noise of a small net: one backward pass an example
torch.manual_seed(3)
net = nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3))
x, y = torch.randn(12, 4), torch.randint(0, 3, (12,))
rows = []
for i in range(12):
    net.zero_grad()
    F.cross_entropy(net(x[i:i + 1]), y[i:i + 1]).backward()
    rows.append(torch.cat([t.grad.flatten() for t in net.parameters()]))
rows = torch.stack(rows).numpy()
trace = np.cov(rows.T, ddof=1).trace()
out["noise/x"], out["noise/y"] = x, y
out["noise/trace"] = torch.tensor([trace, (rows.mean(0) ** 2).sum() - trace / 12])
for name, t in net.state_dict().items():
    out[f"noise/net/{name}"] = t.detach().clone()


# concurrent adversarial learning: the whole batch, two sets of batch norms, SGD with momentum
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(6, 8), nn.Linear(8, 3)
        self.norms = nn.ModuleDict({"clean": nn.BatchNorm1d(8), "adversarial": nn.BatchNorm1d(8)})

    def forward(self, x, branch):
        return self.last(torch.relu(self.norms[branch](self.first(x))))


NAMES = {"first.weight": "0.weight", "first.bias": "0.bias", "last.weight": "3.weight", "last.bias": "3.bias"}
for branch in ("clean", "adversarial"):
    for part in ("weight", "bias", "running_mean", "running_var"):
        NAMES[f"norms.{branch}.{part}"] = f"1.{branch}.{part}"


def direction(net, x, y):
    z = x.clone().requires_grad_()
    loss = F.cross_entropy(net(z, "adversarial"), y)
    return torch.autograd.grad(loss, z)[0].sign()


torch.manual_seed(5)
start = Net()
x, y = torch.randn(20, 6), torch.randint(0, 3, (20,))
out["conadv/x"], out["conadv/y"] = x, y
for ours, theirs in NAMES.items():
    out[f"conadv/start/{theirs}"] = start.state_dict()[ours].clone()
for staleness in (0, 2):
    net, past, cosines = Net(), [], []
    net.load_state_dict(start.state_dict())
    sgd = torch.optim.SGD(net.parameters(), 0.3, momentum=0.9)
    for t in range(6):
        past.append({k: v.clone() for k, v in net.state_dict().items()})
        stale = Net()
        stale.load_state_dict(past[max(0, t - staleness)])
        now = Net()
        now.load_state_dict(past[t])
        old, new = direction(stale, x, y), direction(now, x, y)
        cosines.append(F.cosine_similarity(old.flatten(), new.flatten(), dim=0))
        sgd.zero_grad()
        loss = F.cross_entropy(net(x, "clean"), y) + 0.7 * F.cross_entropy(net(x + 0.2 * old, "adversarial"), y)
        loss.backward()
        sgd.step()
    for ours, theirs in NAMES.items():
        out[f"conadv/{staleness}/{theirs}"] = net.state_dict()[ours].clone()
    out[f"conadv/{staleness}/cosines"] = torch.stack(cosines)

save_file({k: v.contiguous() for k, v in out.items()}, "src/test/resources/lemma/nn/training-dynamics.safetensors",
          {"torch": torch.__version__, "scipy": scipy.__version__, "numpy": np.__version__, "python": platform.python_version()})
print(len(out), "tensors", out["conadv/2/cosines"])
