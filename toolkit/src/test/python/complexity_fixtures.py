"""Nonnegative factors and what a ridge regression decodes, by scikit-learn, for lemma.probe.

    python complexity_fixtures.py ../resources/lemma/probe/complexity.json
"""
import json
import sys
import warnings

import numpy as np
import sklearn
import torch
from sklearn.decomposition import NMF
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings("ignore")
rng = np.random.default_rng(11)
x = np.abs(rng.standard_normal((30, 3))) @ np.abs(rng.standard_normal((3, 7))) + 0.05 * np.abs(rng.standard_normal((30, 7)))
w, h = np.abs(rng.standard_normal((30, 4))), np.abs(rng.standard_normal((4, 7)))
fit = NMF(4, init="custom", solver="mu", tol=0, max_iter=60)
codes = fit.fit_transform(x, W=w.copy(), H=h.copy())

n, fitted = 90, 60
source = rng.standard_normal((n, 3))
layers = [3 * source + 1, np.maximum(source @ rng.standard_normal((3, 6)), 0), np.maximum(source @ rng.standard_normal((3, 12)) + 0.3, 0)]
z = source[:, 0] * source[:, 1] + 0.2 * source[:, 2]
decoded = []
for layer in layers:
    a = StandardScaler().fit(layer[:fitted]).transform(layer)
    decoded.append(Ridge(alpha=2.0).fit(a[:fitted], z[:fitted]).score(a[fitted:], z[fitted:]))

torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(5, 6), torch.nn.Tanh(), torch.nn.Linear(6, 1)).double()
point = torch.randn(8, 5, dtype=torch.float64, requires_grad=True)
gradient, = torch.autograd.grad(net(point).sum(), point)
out = {
    "versions": {"numpy": np.__version__, "sklearn": sklearn.__version__, "torch": torch.__version__},
    "x": x.tolist(), "w": w.tolist(), "h": h.tolist(), "codes": codes.tolist(), "dictionary": fit.components_.tolist(),
    "layers": [{"a": layer.tolist()} for layer in layers], "z": z.tolist(), "decoded": decoded,
    "point": point.tolist(), "w1": net[0].weight.tolist(), "b1": net[0].bias.tolist(), "w2": net[2].weight[0].tolist(), "importance": (gradient * point).abs().mean(0).tolist(),
}
with open(sys.argv[1], "w") as f:
    json.dump(out, f)
    f.write("\n")
print(out["versions"], decoded)
