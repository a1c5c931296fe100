"""Predictions of infinitely wide networks by neural-tangents, and likelihoods by SciPy, float64.

Writes src/test/resources/lemma/ntk/predict.json; run in toolkit/ with jax, neural-tangents and scipy installed.
"""
import json
import pathlib
import platform

import jax
jax.config.update("jax_enable_x64", True)
import numpy as np
import scipy
import neural_tangents as nt
from neural_tangents import stax
from scipy.stats import multivariate_normal

rng = np.random.default_rng(20260103)
x, z, y = rng.normal(size=(7, 4)), rng.normal(size=(3, 4)), rng.normal(size=(7, 1))
f0, g0 = rng.normal(size=(7, 1)), rng.normal(size=(3, 1))
net = stax.serial(stax.Dense(64, 1.5, 0.1), stax.Erf(), stax.Dense(64, 1.5, 0.1), stax.Erf(), stax.Dense(1, 1.5, 0.1))
both = ("nngp", "ntk")
train, cross, test = net[2](x, None, both), net[2](z, x, both), net[2](z, None, both)
rate = 0.7
case = {"x": x, "z": z, "y": y, "f0": f0, "g0": g0, "rate": rate, "ntk": train.ntk, "ntkTestTrain": cross.ntk, "ntkTest": test.ntk,
        "nngp": train.nngp, "nngpTestTrain": cross.nngp, "nngpTest": test.nngp}
flow = nt.predict.gradient_descent_mse(train.ntk, y, rate, diag_reg=0.0)
ensemble = nt.predict.gradient_descent_mse_ensemble(net[2], x, y, rate, diag_reg=0.0)
times = []
for t in (0.3, 4.0, 60.0, 3000.0, None):
    ft, gt = flow(t, f0, g0, cross.ntk)
    e = ensemble(t=t, x_test=z, get=both, compute_cov=True)
    times.append({"t": t, "train": ft, "test": gt, "nngpMean": e.nngp.mean, "nngpCovariance": e.nngp.covariance,
                  "ntkMean": e.ntk.mean, "ntkCovariance": e.ntk.covariance})
noise = 0.05
likelihood = multivariate_normal(np.zeros(7), np.asarray(train.nngp) + noise * np.eye(7)).logpdf(y[:, 0])


def plain(v):
    if isinstance(v, dict):
        return {k: plain(u) for k, u in v.items()}
    if isinstance(v, list):
        return [plain(u) for u in v]
    return v if v is None or isinstance(v, float) else np.asarray(v).tolist()


out = pathlib.Path("src/test/resources/lemma/ntk/predict.json")
out.write_text(json.dumps({
    "versions": {"neural-tangents": nt.__version__, "jax": jax.__version__, "scipy": scipy.__version__, "python": platform.python_version()},
    "cases": {"data": plain(case), "times": plain(times), "noise": noise, "likelihood": float(likelihood)}}))
print(out, out.stat().st_size)
