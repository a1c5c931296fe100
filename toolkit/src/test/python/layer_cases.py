"""Cases of layers in PyTorch, float64, for LayersBesidePyTorch: outputs, gradients and second derivatives."""
import platform

import torch
from safetensors.torch import save_file
from torch.nn.attention import SDPBackend, sdpa_kernel

out = {}


def record(name, module, x, forward=None, **more):
    """s = sum(y u); gradients of s, and of the sum of (ds/dx) r."""
    x = x.clone().requires_grad_()
    with sdpa_kernel(SDPBackend.MATH):
        y = module(x) if forward is None else forward(module, x)
        u, r = torch.randn_like(y), torch.randn_like(x)
        names, params = zip(*module.named_parameters())
        grads = torch.autograd.grad((y * u).sum(), [x, *params], create_graph=True)
        second = torch.autograd.grad((grads[0] * r).sum(), [x, *params], allow_unused=True)
        second = [torch.zeros_like(p) if s is None else s for p, s in zip([x, *params], second)]
    out[f"{name}/x"], out[f"{name}/y"], out[f"{name}/u"], out[f"{name}/r"], out[f"{name}/dx"], out[f"{name}/ddx"] = x, y, u, r, grads[0], second[0]
    for k, p, g, s in zip(names, params, grads[1:], second[1:]):
        out[f"{name}/params/{k}"], out[f"{name}/grads/{k}"], out[f"{name}/second/{k}"] = p, g, s
    for k, v in more.items():
        out[f"{name}/{k}"] = v


def save(theme):
    """Writes src/test/resources/lemma/nn/<theme>.safetensors; run in toolkit/."""
    save_file({k: v.detach().clone().contiguous() for k, v in out.items()}, f"src/test/resources/lemma/nn/{theme}.safetensors",
              {"torch": torch.__version__, "python": platform.python_version()})
    print(len(out), "tensors")
