"""Twenty steps of PyTorch's optimisers, every point on the way, and the rates of its schedules; float64.

LAMB and Lion, which PyTorch lacks, follow the formulae of their papers here. Writes src/test/resources/lemma/nn/optimisers.safetensors;
run in toolkit/ with torch and safetensors installed.
"""
import math
import platform

import torch
from safetensors.torch import save_file
from torch import nn
from torch.optim import lr_scheduler as S

torch.set_default_dtype(torch.float64)
O = torch.optim
out = {}
torch.manual_seed(7)
P0, Q0, W = torch.randn(3, 2), torch.randn(2), torch.rand(3, 2) + 0.5
out["p0"], out["q0"], out["w"] = P0, Q0, W


def loss(p, q):
    return (W * p**4).sum() / 4 + (p * q).sum() + (q**2).sum()


def optimise(name, make, average=None):
    p, q = P0.clone().requires_grad_(), Q0.clone().requires_grad_()
    optimiser = make(p, q)
    holder = nn.ParameterList([p, q])
    mean = average(holder) if average else None
    ps, qs = [], []
    for _ in range(20):
        optimiser.zero_grad()
        loss(p, q).backward()
        optimiser.step()
        if mean:
            mean.update_parameters(holder)
        ps.append(p.detach().clone())
        qs.append(q.detach().clone())
    out[f"{name}/p"], out[f"{name}/q"] = torch.stack(ps), torch.stack(qs)
    if mean:
        averaged = list(mean.module.parameters())
        out[f"{name}/mean_p"], out[f"{name}/mean_q"] = averaged[0].detach().clone(), averaged[1].detach().clone()


optimise("sgd_dampening", lambda p, q: O.SGD([p, q], 0.02, momentum=0.9, dampening=0.3, weight_decay=0.1))
optimise("sgd_nesterov", lambda p, q: O.SGD([p, q], 0.02, momentum=0.9, nesterov=True, weight_decay=0.1))
optimise("rmsprop", lambda p, q: O.RMSprop([p, q], 0.01))
optimise("rmsprop_momentum", lambda p, q: O.RMSprop([p, q], 0.01, alpha=0.9, momentum=0.8, weight_decay=0.1))
optimise("rmsprop_centred", lambda p, q: O.RMSprop([p, q], 0.01, centered=True, momentum=0.5))
optimise("adagrad", lambda p, q: O.Adagrad([p, q], 0.05))
optimise("adagrad_options", lambda p, q: O.Adagrad([p, q], 0.05, lr_decay=0.1, weight_decay=0.1, initial_accumulator_value=0.2))
optimise("adadelta", lambda p, q: O.Adadelta([p, q], 1.0, weight_decay=0.1))
optimise("nadam", lambda p, q: O.NAdam([p, q], 0.02, weight_decay=0.1))
optimise("radam", lambda p, q: O.RAdam([p, q], 0.02, weight_decay=0.1))
optimise("amsgrad", lambda p, q: O.Adam([p, q], 0.05, betas=(0.8, 0.9), amsgrad=True))
optimise("amsgrad_decoupled", lambda p, q: O.AdamW([p, q], 0.05, amsgrad=True))
optimise("groups", lambda p, q: O.AdamW([{"params": [p], "lr": 0.02, "weight_decay": 0.1}, {"params": [q], "weight_decay": 0.0}], 0.05))
ema = torch.optim.swa_utils.get_ema_multi_avg_fn(0.9)
optimise("ema", lambda p, q: O.SGD([p, q], 0.05), lambda m: torch.optim.swa_utils.AveragedModel(m, multi_avg_fn=ema))
optimise("swa", lambda p, q: O.SGD([p, q], 0.05), lambda m: torch.optim.swa_utils.AveragedModel(m))


class Lamb(O.Optimizer):
    """You et al. (2020), algorithm 2."""

    def step(self):
        for group in self.param_groups:
            for x in group["params"]:
                s = self.state[x]
                if not s:
                    s["t"], s["m"], s["v"] = 0, torch.zeros_like(x), torch.zeros_like(x)
                s["t"] += 1
                s["m"] = 0.9 * s["m"] + 0.1 * x.grad
                s["v"] = 0.999 * s["v"] + 0.001 * x.grad**2
                r = (s["m"] / (1 - 0.9 ** s["t"])) / ((s["v"] / (1 - 0.999 ** s["t"])).sqrt() + 1e-6)
                u = r + 0.05 * x.data
                x.data -= group["lr"] * x.data.norm() / u.norm() * u


class Lion(O.Optimizer):
    """Chen et al. (2023), program 1."""

    def step(self):
        for group in self.param_groups:
            for x in group["params"]:
                s = self.state[x]
                if not s:
                    s["m"] = torch.zeros_like(x)
                u = torch.sign(0.9 * s["m"] + 0.1 * x.grad)
                x.data -= group["lr"] * (u + 0.1 * x.data)
                s["m"] = 0.99 * s["m"] + 0.01 * x.grad


optimise("lamb", lambda p, q: Lamb([p, q], {"lr": 0.02}))
optimise("lion", lambda p, q: Lion([p, q], {"lr": 0.02}))


def rates(name, make, lr=0.1, steps=60):
    o = O.SGD([torch.zeros(1, requires_grad=True)], lr)
    schedule, trace = make(o), []
    for _ in range(steps):
        trace.append(o.param_groups[0]["lr"])
        o.step()
        schedule.step()
    out[f"rates/{name}"] = torch.tensor(trace)


rates("exponential", lambda o: S.ExponentialLR(o, 0.95))
rates("step", lambda o: S.StepLR(o, 7, 0.5))
rates("polynomial", lambda o: S.PolynomialLR(o, 40, 2.0))
rates("linear", lambda o: S.LinearLR(o, 1.0, 0.1, 30))
rates("cosineRestarts", lambda o: S.CosineAnnealingWarmRestarts(o, 8, 2, 0.01))
rates("cosineRestartsEqual", lambda o: S.CosineAnnealingWarmRestarts(o, 8, 1, 0.01))
o = O.SGD([torch.zeros(1, requires_grad=True)], 0.1)
plateau = S.ReduceLROnPlateau(o, factor=0.5, patience=2, threshold=0.01, cooldown=1, min_lr=0.01)
measures = [1 / (1 + min(i, 9)) + 0.05 * math.sin(3 * i) for i in range(40)]
trace = []
for m in measures:
    plateau.step(m)
    trace.append(o.param_groups[0]["lr"])
out["plateau/measures"], out["plateau/rates"] = torch.tensor(measures), torch.tensor(trace)

# logistic regression with a penalty, to its minimum
torch.manual_seed(8)
x, y = torch.randn(40, 3), torch.randint(0, 2, (40,)).double()
w, b = torch.zeros(3, requires_grad=True), torch.zeros(1, requires_grad=True)
lbfgs = O.LBFGS([w, b], max_iter=500, history_size=10, line_search_fn="strong_wolfe", tolerance_grad=1e-12, tolerance_change=0)


def closure():
    lbfgs.zero_grad()
    value = nn.functional.binary_cross_entropy_with_logits(x @ w + b, y) + 0.01 * (w**2).sum()
    value.backward()
    return value


lbfgs.step(closure)


def objective(z):
    return nn.functional.binary_cross_entropy_with_logits(x @ z[:3] + z[3], y) + 0.01 * (z[:3] ** 2).sum()


z = torch.cat([w, b]).detach()
for _ in range(3):  # Newton's steps to the last digits
    z = z - torch.linalg.solve(torch.func.hessian(objective)(z), torch.func.grad(objective)(z))
with torch.no_grad():
    w.copy_(z[:3])
    b.copy_(z[3:])
out["lbfgs/x"], out["lbfgs/y"], out["lbfgs/w"], out["lbfgs/b"], out["lbfgs/value"] = x, y, w.detach(), b.detach(), closure().detach()

save_file({k: v.contiguous() for k, v in out.items()}, "src/test/resources/lemma/nn/optimisers.safetensors",
          {"torch": torch.__version__, "python": platform.python_version()})
print(len(out), "tensors")
