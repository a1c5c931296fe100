"""The series activation of VanillaNet in PyTorch, float64: input, parameters, output and gradients.

Writes src/test/resources/lemma/nn/vanillanet.safetensors; run in toolkit/ with torch and safetensors installed.
"""
import platform

import torch
from safetensors.torch import save_file
from torch.nn import functional as F

torch.manual_seed(20261123)
torch.set_default_dtype(torch.float64)
out = {}
for name, c, reach, size in (("series", 3, 1, (4, 5)), ("series_wide", 2, 3, (3, 2)), ("series_point", 2, 0, (2, 2))):
    x = torch.randn(2, c, *size, requires_grad=True)
    params = {"weight": torch.randn(c, 1, 2 * reach + 1, 2 * reach + 1), "offset": torch.randn(c), "bias": torch.randn(c)}
    for p in params.values():
        p.requires_grad_()
    y = F.conv2d(F.relu(x + params["offset"][:, None, None]), params["weight"], params["bias"], padding=reach, groups=c)
    u = torch.randn_like(y)
    (y * u).sum().backward()
    out |= {f"{name}/x": x.detach(), f"{name}/y": y.detach(), f"{name}/u": u, f"{name}/dx": x.grad}
    for key, p in params.items():
        out[f"{name}/params/{key}"], out[f"{name}/grads/{key}"] = p.detach(), p.grad

save_file({k: v.contiguous() for k, v in out.items()}, "src/test/resources/lemma/nn/vanillanet.safetensors",
          {"torch": torch.__version__, "python": platform.python_version()})
print(len(out), "tensors")
