"""Cases of layers in PyTorch, float64, for LayersBesidePyTorch: outputs, gradients and second derivatives."""
import platform

import torch
from safetensors.torch import save_file
from torch.nn.attention import SDPBackend, sdpa_kernel

out = {}


def record(name, module, x, forward=None, **more):
    """s = sum(y u); gradients of s, and of the sum of (ds/dx) r; of integers x those of the parameters, and of the sum of (ds/dp) p."""
    smooth = x.is_floating_point()
    x = x.clone().requires_grad_(smooth)
    params = dict(module.named_parameters())
    leaves = {"dx": x, **params} if smooth else params
    with sdpa_kernel(SDPBackend.MATH):
        y = module(x) if forward is None else forward(module, x)
        u = torch.randn_like(y)
        r = [torch.randn_like(x)] if smooth else [p.detach() for p in params.values()]
        grads = derivatives((y * u).sum(), leaves)
        second = derivatives(sum((g * t).sum() for g, t in zip(grads.values(), r)), leaves)
    out[f"{name}/x"], out[f"{name}/y"], out[f"{name}/u"] = x, y, u
    if smooth:
        out[f"{name}/r"], out[f"{name}/dx"], out[f"{name}/ddx"] = r[0], grads["dx"], second["dx"]
    for k, p in params.items():
        out[f"{name}/params/{k}"], out[f"{name}/grads/{k}"], out[f"{name}/second/{k}"] = p, grads[k], second[k]
    for k, v in more.items():
        out[f"{name}/{k}"] = v


def derivatives(s, leaves):
    """Of a number by each of the leaves; zeros by those it does not depend on."""
    if not s.requires_grad:
        return {k: torch.zeros_like(t) for k, t in leaves.items()}
    found = torch.autograd.grad(s, list(leaves.values()), create_graph=True, allow_unused=True)
    return {k: torch.zeros_like(t) if g is None else g for (k, t), g in zip(leaves.items(), found)}


def save(theme):
    """Writes src/test/resources/lemma/nn/<theme>.safetensors; run in toolkit/."""
    save_file({k: v.detach().clone().contiguous() for k, v in out.items()}, f"src/test/resources/lemma/nn/{theme}.safetensors",
              {"torch": torch.__version__, "python": platform.python_version()})
    print(len(out), "tensors")
