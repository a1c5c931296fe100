"""Critical points and layer recursions by SciPy's adaptive quadrature and root finder.

Writes src/test/resources/lemma/ntk/recursions.json; run in toolkit/ with numpy and scipy installed.
"""
import json
import pathlib
import platform

import numpy as np
import scipy
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import expit, ndtr


def mean(f, k):
    s = np.sqrt(k)
    return quad(lambda z: f(s * z) * np.exp(-z * z / 2), -12, 12, epsabs=1e-13, epsrel=1e-13, limit=500)[0] / np.sqrt(2 * np.pi)


def density(z):
    return np.exp(-z * z / 2) / np.sqrt(2 * np.pi)


functions = {
    "gelu": (lambda z: z * ndtr(z), lambda z: ndtr(z) + z * density(z)),
    "silu": (lambda z: z * expit(z), lambda z: expit(z) * (1 + z * (1 - expit(z)))),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
}


def critical(name, least, most):
    f, d = functions[name]
    gap = lambda k: mean(lambda z: f(z) ** 2 * (z * z - k), k) / (2 * k * k) - mean(lambda z: d(z) ** 2, k)
    k = brentq(gap, least, most, xtol=1e-13)
    w = 1 / mean(lambda z: d(z) ** 2, k)
    return {"biasVariance": k - w * mean(lambda z: f(z) ** 2, k), "weightVariance": w, "kernel": k}


def recursion(name, bias, weight, k, depth):
    f, d = functions[name]
    rows, v = [], 0.0
    for _ in range(depth):
        s2, s4 = mean(lambda z: f(z) ** 2, k), mean(lambda z: f(z) ** 4, k)
        parallel = weight / (2 * k * k) * mean(lambda z: f(z) ** 2 * (z * z - k), k)
        rows.append([k, v, parallel, weight * mean(lambda z: d(z) ** 2, k)])
        v, k = parallel ** 2 * v + weight ** 2 * (s4 - s2 ** 2), bias + weight * s2
    return rows


cases = {
    "critical": {"gelu": critical("gelu", 1, 10), "silu": critical("silu", 5, 30)},
    "layers": {"tanh": recursion("tanh", 0.0, 1.0, 1.0, 8), "gelu": recursion("gelu", 0.1, 1.8, 0.7, 8)},
}
out = pathlib.Path("src/test/resources/lemma/ntk/recursions.json")
out.write_text(json.dumps({"versions": {"scipy": scipy.__version__, "numpy": np.__version__, "python": platform.python_version()}, "cases": cases}))
print(cases["critical"])
