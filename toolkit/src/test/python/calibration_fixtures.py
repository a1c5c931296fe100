"""Calibration errors by torchmetrics, scalings by SciPy and scikit-learn.

    python calibration_fixtures.py ../resources/lemma/loss/calibration.json
"""
import json
import sys

import numpy as np
import scipy
import sklearn
import torch
import torchmetrics
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.calibration import _SigmoidCalibration
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss
from torchmetrics.functional.classification import binary_calibration_error, multiclass_calibration_error

rng = np.random.default_rng(11)
n, classes = 600, 4
labels = rng.integers(0, classes, n)
logits = 3 * rng.standard_normal((n, classes)) + 2.5 * np.eye(classes)[labels]
p = softmax(logits, 1)
t, y = torch.tensor(p), torch.tensor(labels)

out = {"versions": {"torchmetrics": torchmetrics.__version__, "scipy": scipy.__version__, "sklearn": sklearn.__version__, "numpy": np.__version__}}
out["logits"], out["labels"] = logits.ravel().tolist(), labels.tolist()
for norm in ["l1", "max", "l2"]:
    out[norm] = float(multiclass_calibration_error(t, y, classes, n_bins=15, norm=norm))
sizes = lambda i: np.array_split(np.argsort(p[:, i], kind="stable"), 10)
out["classwiseByMass"] = float(np.mean([sum(len(i) / n * abs(p[i, k].mean() - (labels[i] == k).mean()) for i in sizes(k)) for k in range(classes)]))
out["classwise"] = float(np.mean([binary_calibration_error(t[:, k], (y == k).int(), n_bins=10, norm="l1") for k in range(classes)]))

confidence, hits = p.max(1), (p.argmax(1) == labels).astype(float)
parts = np.array_split(np.argsort(confidence, kind="stable"), 12)
out["equalMass"] = float(sum(len(i) / n * abs(confidence[i].mean() - hits[i].mean()) for i in parts))
order = np.argsort(confidence, kind="stable")
out["ks"] = float(np.abs(np.cumsum(confidence[order] - hits[order])).max() / n)


def monotone(f, o):
    best = None
    for bins in range(1, n + 1):
        parts = np.array_split(np.argsort(f, kind="stable"), bins)
        means = [o[i].mean() for i in parts]
        if np.any(np.diff(means) < 0):
            return best
        best = bins, float(sum(len(i) / n * abs(f[i].mean() - o[i].mean()) for i in parts))
    return best


out["monotoneBins"], out["monotone"] = monotone(confidence, hits)
parts = np.clip(np.ceil(confidence * 10).astype(int) - 1, 0, 9)
groups = [np.flatnonzero(parts == k) for k in range(10) if (parts == k).any()]
fk = np.concatenate([np.full(len(i), confidence[i].mean()) for i in groups])
ok = np.concatenate([np.full(len(i), hits[i].mean()) for i in groups])
f_in, o_in = np.concatenate([confidence[i] for i in groups]), np.concatenate([hits[i] for i in groups])
out["brierParts"] = [float(v) for v in [((fk - ok) ** 2).mean(), ((ok - hits.mean()) ** 2).mean(), hits.var(), ((f_in - fk) ** 2).mean(), 2 * ((f_in - fk) * (o_in - ok)).mean()]]
out["brier"] = float(brier_score_loss(hits, confidence))
out["brierClasses"] = float(((p - np.eye(classes)[labels]) ** 2).sum(1).mean())

nll = lambda b: -log_softmax(b * logits, 1)[np.arange(n), labels].mean()
out["temperature"] = float(1 / minimize_scalar(nll, bounds=(0.01, 10), method="bounded", options={"xatol": 1e-12}).x)



def vector_nll(v):
    return -log_softmax(v[:classes] * logits + v[classes:], 1)[np.arange(n), labels].mean()


vector = minimize(vector_nll, np.r_[np.ones(classes), np.zeros(classes)], method="BFGS", options={"gtol": 1e-9}).x
out["vectorA"], out["vectorB"] = vector[:classes].tolist(), (vector[classes:] - vector[classes:].mean()).tolist()
out["vectorLoss"] = float(vector_nll(vector))

sharp, uniform = softmax(logits, 1), np.full((n, classes), 1 / classes)
planted = (0.3 * softmax(logits / 4, 1) + 0.45 * sharp + 0.25 * uniform).cumsum(1)
drawn = (np.random.default_rng(12).random((n, 1)) > planted).sum(1)


def mixture(y, name):
    """Temperature first, weights second, as in the paper's code; the weights by SLSQP with their gradient."""
    own = lambda h: softmax(h, 1)[np.arange(n), y]
    t = 1 / minimize_scalar(lambda b: -np.log(own(b * logits)).mean(), bounds=(0.01, 10), method="bounded", options={"xatol": 1e-12}).x
    parts = np.stack([own(logits / t), own(logits), np.full(n, 1 / classes)], 1)
    loss, slope = lambda w: -np.log(parts @ w).mean(), lambda w: -(parts / (parts @ w)[:, None]).mean(0)
    whole = {"type": "eq", "fun": lambda w: w.sum() - 1, "jac": lambda w: np.ones(3)}
    found = minimize(loss, np.full(3, 1 / 3), method="SLSQP", jac=slope, bounds=[(0, 1)] * 3, constraints=whole, options={"ftol": 1e-16, "maxiter": 1000})
    out[name + "Temperature"], out[name + "Weights"], out[name + "Loss"] = float(t), found.x.tolist(), float(loss(found.x))


out["drawn"] = drawn.tolist()
mixture(labels, "mixtureOfLabels")
mixture(drawn, "mixtureOfDrawn")

scores = logits[:, 0]
events = labels == 0
sigmoid = _SigmoidCalibration().fit(scores, events)
out["plattA"], out["plattB"] = float(sigmoid.a_), float(sigmoid.b_)
coarse = np.round(scores, 1)  # with ties
iso = IsotonicRegression(out_of_bounds="clip").fit(coarse, events.astype(float))
grid = np.linspace(scores.min() - 1, scores.max() + 1, 101)
out["grid"], out["isotonic"] = grid.tolist(), iso.predict(grid).tolist()

with open(sys.argv[1], "w") as f:
    json.dump(out, f)
    f.write("\n")
print(out["versions"])
