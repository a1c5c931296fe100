"""Iterative merging by SciPy's centroid linkage and folded batch normalisation by PyTorch, for lemma.probe and lemma.nn.

    python merging_fixtures.py ../resources/lemma/probe/merging.json
"""
import json
import sys

import numpy as np
import scipy
import torch
from scipy.cluster.hierarchy import cut_tree, linkage
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval, fuse_linear_bn_eval

rng = np.random.default_rng(5)
vectors = np.vstack([rng.standard_normal((6, 4))[rng.integers(0, 6, 30)] + 0.1 * rng.standard_normal((30, 4)), rng.standard_normal((10, 4))])
tree = linkage(vectors, "centroid")
out = {
    "versions": {"numpy": np.__version__, "scipy": scipy.__version__, "torch": torch.__version__},
    "vectors": vectors.tolist(), "heights": tree[:, 2].tolist(),
    "cut_25": cut_tree(tree, 25).ravel().tolist(), "cut_16": cut_tree(tree, 16).ravel().tolist(), "cut_3": cut_tree(tree, 3).ravel().tolist(),
}
torch.manual_seed(0)
torch.set_default_dtype(torch.float64)


def trained(norm):
    with torch.no_grad():
        for t in (norm.weight, norm.bias, norm.running_mean):
            t.copy_(torch.randn_like(t))
        norm.running_var.copy_(torch.rand_like(norm.running_var) + 0.3)
    return norm.eval()


def put(name, layer, norm, fused):
    out[name] = {k: v.detach().flatten().tolist() for k, v in dict(weight=layer.weight, bias=layer.bias, scale=norm.weight, shift=norm.bias, mean=norm.running_mean,
                                                                  variance=norm.running_var, fusedWeight=fused.weight, fusedBias=fused.bias).items() if v is not None}


linear, norm = nn.Linear(3, 5).eval(), trained(nn.BatchNorm1d(5))
put("linear", linear, norm, fuse_linear_bn_eval(linear, norm))
conv, norm = nn.Conv2d(2, 4, 3, bias=False).eval(), trained(nn.BatchNorm2d(4))
put("conv", conv, norm, fuse_conv_bn_eval(conv, norm))
with open(sys.argv[1], "w") as f:
    json.dump(out, f)
    f.write("\n")
print(out["versions"])
