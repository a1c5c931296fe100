"""Layers, losses and optimisers in PyTorch, float64: inputs, parameters, outputs and gradients.

Writes src/test/resources/lemma/nn/layers.safetensors; run in toolkit/ with torch and safetensors installed.
"""
import platform

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

torch.manual_seed(20260101)
torch.set_default_dtype(torch.float64)
out = {}


def record(name, module, x, forward=None):
    """One layer: gradients of sum(y * u) for a fixed u."""
    x = x.clone()
    if x.is_floating_point():
        x.requires_grad_()
    y = module(x) if forward is None else forward(module, x)
    u = torch.randn_like(y)
    (y * u).sum().backward()
    out[f"{name}/x"], out[f"{name}/y"], out[f"{name}/u"] = x.detach(), y.detach(), u
    if x.is_floating_point():
        out[f"{name}/dx"] = x.grad
    for key, p in module.named_parameters():
        out[f"{name}/params/{key}"], out[f"{name}/grads/{key}"] = p.detach(), p.grad


record("linear", nn.Linear(5, 3), torch.randn(2, 4, 5))
record("embedding", nn.Embedding(7, 3), torch.randint(0, 7, (2, 5)))
record("layernorm", nn.LayerNorm(6), torch.randn(3, 2, 6))
record("conv2d", nn.Conv2d(4, 6, 3, stride=2, padding=2, dilation=2, groups=2), torch.randn(2, 4, 9, 9))
record("maxpool2d", nn.MaxPool2d(3, 2, 1), torch.randn(2, 3, 7, 7))
record("avgpool2d", nn.AvgPool2d(2), torch.randn(2, 3, 6, 6))
record("lstm", nn.LSTM(3, 4, batch_first=True), torch.randn(2, 5, 3), lambda m, x: m(x)[0])
record("gru", nn.GRU(3, 4, batch_first=True), torch.randn(2, 5, 3), lambda m, x: m(x)[0])
record("attention", nn.MultiheadAttention(6, 2, batch_first=True), torch.randn(2, 4, 6), lambda m, x: m(x, x, x, need_weights=False)[0])
mask = torch.triu(torch.full((4, 4), float("-inf")), diagonal=1)
record("causal", nn.MultiheadAttention(6, 2, batch_first=True), torch.randn(2, 4, 6), lambda m, x: m(x, x, x, need_weights=False, attn_mask=mask)[0])
record("block", nn.TransformerEncoderLayer(6, 2, 10, dropout=0.0, activation="gelu", batch_first=True, norm_first=True), torch.randn(2, 4, 6),
       lambda m, x: m(x, src_mask=mask))
batchnorm = nn.BatchNorm2d(3)
record("batchnorm", batchnorm, torch.randn(4, 3, 5, 5))
out["batchnorm/running_mean"], out["batchnorm/running_var"] = batchnorm.running_mean.clone(), batchnorm.running_var.clone()
x = torch.randn(2, 3, 5, 5)
batchnorm.eval()
out["batchnorm/eval/x"], out["batchnorm/eval/y"] = x, batchnorm(x).detach()


def loss(name, f, prediction, target):
    p = prediction.clone().requires_grad_()
    value = f(p, target)
    value.backward()
    out[f"{name}/prediction"], out[f"{name}/target"] = prediction, target
    out[f"{name}/value"], out[f"{name}/grad"] = value.detach(), p.grad


loss("crossEntropy", F.cross_entropy, 3 * torch.randn(5, 4), torch.randint(0, 4, (5,)))
loss("mse", F.mse_loss, torch.randn(3, 4), torch.randn(3, 4))
loss("l1", F.l1_loss, torch.randn(3, 4), torch.randn(3, 4))
loss("huber", lambda p, t: F.huber_loss(p, t, delta=0.7), 2 * torch.randn(3, 4), torch.randn(3, 4))
loss("bce", F.binary_cross_entropy_with_logits, 4 * torch.randn(3, 4), torch.rand(3, 4))


def optimise(name, make, clip=None, schedule=None):
    """Twenty steps on the quartic sum(w * p^4) / 4 + sum(p * q) from a fixed start."""
    torch.manual_seed(7)
    p, q = torch.randn(3, 2).requires_grad_(), torch.randn(2).requires_grad_()
    w = torch.rand(3, 2) + 0.5
    out[f"{name}/p0"], out[f"{name}/q0"], out[f"{name}/w"] = p.detach().clone(), q.detach().clone(), w
    optimiser = make([p, q])
    steps = schedule(optimiser) if schedule else None
    for _ in range(20):
        optimiser.zero_grad()
        ((w * p**4).sum() / 4 + (p * q).sum() + (q**2).sum()).backward()
        if clip:
            nn.utils.clip_grad_norm_([p, q], clip)
        optimiser.step()
        if steps:
            steps.step()
    out[f"{name}/p"], out[f"{name}/q"] = p.detach(), q.detach()


O = torch.optim
optimise("sgd", lambda ps: O.SGD(ps, 0.02))
optimise("momentum", lambda ps: O.SGD(ps, 0.02, momentum=0.9, weight_decay=0.1))
optimise("nesterov", lambda ps: O.SGD(ps, 0.02, momentum=0.9, nesterov=True))
optimise("adam", lambda ps: O.Adam(ps, 0.05))
optimise("adamw", lambda ps: O.AdamW(ps, 0.05, betas=(0.8, 0.95), weight_decay=0.1))
optimise("clip", lambda ps: O.SGD(ps, 0.05), clip=0.5)
optimise("cosine", lambda ps: O.SGD(ps, 0.05), schedule=lambda o: O.lr_scheduler.CosineAnnealingLR(o, 20, 0.001))
optimise("multistep", lambda ps: O.Adam(ps, 0.05), schedule=lambda o: O.lr_scheduler.MultiStepLR(o, [5, 12], 0.3))
rates = O.SGD([torch.zeros(1, requires_grad=True)], 0.1)
cycle = O.lr_scheduler.OneCycleLR(rates, 0.1, total_steps=50, cycle_momentum=False)
trace = []
for _ in range(50):
    trace.append(rates.param_groups[0]["lr"])
    rates.step()
    if len(trace) < 50:
        cycle.step()
out["onecycle/rates"] = torch.tensor(trace)

save_file({k: v.contiguous() for k, v in out.items()}, "src/test/resources/lemma/nn/layers.safetensors",
          {"torch": torch.__version__, "python": platform.python_version()})
print(len(out), "tensors")

halves = torch.tensor([0.0, -0.0, 1.0, -2.5, 65504.0, 6e-8, float("inf"), float("nan"), 0.1])
save_file({"f16": halves.half(), "bf16": halves.bfloat16(), "f32": halves.float(), "u8": torch.tensor([0, 255], dtype=torch.uint8),
           "i32": torch.tensor([[-1], [2]], dtype=torch.int32), "bool": torch.tensor([True, False]), "scalar": torch.tensor(3.5),
           "empty": torch.zeros(0, 3)}, "src/test/resources/lemma/nn/types.safetensors", {"made by": "safetensors for Python"})
