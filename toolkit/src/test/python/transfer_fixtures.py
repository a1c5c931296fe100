"""Values for the transferability scores, the weighted tau and the linear probe of lemma.probe.

    python transfer_fixtures.py ../resources/lemma/probe/transfer.json --logme DIR --tmi DIR

The directories are checkouts of thuml/LogME, whose LogME.py, LEEP.py and NCE.py are asked (numba may be absent), and of snudatalab/TMI.
"""
import argparse
import importlib.util
import json
import pathlib
import sys
import types

import numpy as np
import scipy
import scipy.stats as st
import sklearn
from sklearn.linear_model import LogisticRegression

parser = argparse.ArgumentParser()
parser.add_argument("out")
parser.add_argument("--logme", required=True)
parser.add_argument("--tmi", required=True)
args = parser.parse_args()
if importlib.util.find_spec("numba") is None:
    sys.modules["numba"] = types.SimpleNamespace(njit=lambda f: f)


def load(name, folder=args.logme):
    spec = importlib.util.spec_from_file_location(name, pathlib.Path(folder) / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


rng = np.random.default_rng(9)
out = {"versions": {"numpy": np.__version__, "scipy": scipy.__version__, "sklearn": sklearn.__version__, "logme": "thuml/LogME", "tmi": "snudatalab/TMI"}}


def put(name, value):
    out[name] = np.asarray(value).tolist()


n, d, classes = 150, 12, 3
y = rng.integers(0, classes, n)
f = rng.standard_normal((classes, d))[y] + rng.standard_normal((n, d)) + 0.5
theta = np.exp(f[:, :5])
theta /= theta.sum(1, keepdims=True)
source = theta.argmax(1)
put("f", f), put("y", y), put("theta", theta), put("source", source)
logme = load("LogME")
put("logMe", logme.LogME(regression=False).fit(f, y))
put("logMeWide", logme.LogME(regression=False)._fit_icml(f[:8].astype(float), np.array([0, 1, 2, 0, 1, 2, 0, 1])))
put("leep", load("LEEP").LEEP(theta, y))
put("nce", load("NCE").NCE(source, y))
means = np.stack([f[y == c].mean(0) for c in range(classes)])
put("hScore", np.trace(np.linalg.pinv(np.cov(f.T), rcond=1e-15) @ np.cov(means[y].T)))
tmi = load("trf_measurement", pathlib.Path(args.tmi) / "src")
put("tmi", classes * tmi.TMI(f, y)), put("tmiFar", classes * tmi.TMI(f, y, min_dist=2.5))
centred = f - f.mean(0)
rate = lambda z: np.linalg.slogdet(np.eye(d) + z.T @ z / (len(z) * 1e-4))[1] / 2
put("transRate", rate(centred) - sum((y == c).mean() * rate(centred[y == c]) for c in range(classes)))
a, b = rng.standard_normal(20), rng.standard_normal(20)
b[3] = b[7]
put("a", a), put("b", b), put("weightedTau", st.weightedtau(a, b).statistic)

train = 100
for penalty in (0.01, 0.1):
    fit = LogisticRegression(C=1 / (train * penalty), tol=1e-12, max_iter=100_000).fit(f[:train], y[:train])
    put(f"probeLogits_{penalty}", fit.decision_function(f[train:]) - fit.decision_function(f[train:]).mean(1, keepdims=True))
    put(f"probeAccuracy_{penalty}", fit.score(f[train:], y[train:]))

with open(args.out, "w") as file:
    json.dump(out, file)
    file.write("\n")
print(out["versions"])
