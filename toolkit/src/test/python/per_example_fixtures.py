"""Gradients of each example's loss by torch.func.vmap of torch.func.grad, float64.

Writes src/test/resources/lemma/nn/per-example.safetensors; run in toolkit/ with torch and safetensors installed.
"""
import platform

import torch
from safetensors.torch import save_file
from torch import nn
from torch.func import functional_call, grad, vmap
from torch.nn import functional as F

torch.manual_seed(20260102)
torch.set_default_dtype(torch.float64)
out = {}


def record(name, module, x, forward=None):
    """The loss of one example is the mean of y^2 u, u the same for all; example by example on a batch of one."""
    params = {k: p.detach() for k, p in module.named_parameters()}

    def run(p, one):
        if forward is None:
            return functional_call(module, p, (one,))
        return forward(lambda *args, **kw: functional_call(module, p, args, kw), one)

    u = torch.randn(run(params, x[:1]).shape)
    loss = lambda p, one: (run(p, one.unsqueeze(0)).square() * u).mean()
    g = vmap(grad(loss), in_dims=(None, 0))(params, x)
    out[f"{name}/x"], out[f"{name}/u"] = x, u
    for k in params:
        out[f"{name}/params/{k}"], out[f"{name}/grads/{k}"] = params[k], g[k]


record("linear", nn.Linear(5, 3), torch.randn(4, 5))
record("sequence", nn.Linear(5, 3), torch.randn(4, 6, 5))
record("mlp", nn.Sequential(nn.Linear(5, 7), nn.Tanh(), nn.Linear(7, 3)), torch.randn(4, 5))
record("conv2d", nn.Conv2d(2, 3, 3), torch.randn(4, 2, 6, 5))
record("conv2d_grouped", nn.Conv2d(4, 6, 3, stride=2, padding=2, dilation=2, groups=2), torch.randn(3, 4, 9, 9))
record("cnn", nn.Sequential(nn.Conv2d(1, 3, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(3, 4, 3), nn.Flatten(), nn.Linear(16, 2)), torch.randn(5, 1, 8, 8))
record("layernorm", nn.LayerNorm(6), torch.randn(4, 6))
record("layernorm_sequence", nn.LayerNorm(6), torch.randn(4, 3, 6))
record("embedding", nn.Embedding(7, 3), torch.randint(0, 7, (4, 5)))
record("attention", nn.MultiheadAttention(6, 2, batch_first=True), torch.randn(3, 4, 6), lambda m, x: m(x, x, x, need_weights=False)[0])
mask = torch.triu(torch.full((4, 4), float("-inf")), diagonal=1)
record("block", nn.TransformerEncoderLayer(6, 2, 10, dropout=0.0, activation="gelu", batch_first=True, norm_first=True), torch.randn(3, 4, 6),
       lambda m, x: m(x, src_mask=mask))

# the loss of a classifier
net = nn.Sequential(nn.Linear(5, 7), nn.ReLU(), nn.Linear(7, 3))
params = {k: p.detach() for k, p in net.named_parameters()}
x, labels = torch.randn(6, 5), torch.randint(0, 3, (6,))
loss = lambda p, one, label: F.cross_entropy(functional_call(net, p, (one.unsqueeze(0),)), label.unsqueeze(0))
g = vmap(grad(loss), in_dims=(None, 0, 0))(params, x, labels)
out["classifier/x"], out["classifier/labels"] = x, labels
for k in params:
    out[f"classifier/params/{k}"], out[f"classifier/grads/{k}"] = params[k], g[k]

save_file({k: v.contiguous() for k, v in out.items()}, "src/test/resources/lemma/nn/per-example.safetensors",
          {"torch": torch.__version__, "python": platform.python_version()})
print(len(out), "tensors")
