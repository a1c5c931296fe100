"""Entropies of maps of Gaussian input by SciPy's adaptive quadrature, and changes of them by central differences of those.

Writes src/test/resources/lemma/nn/activation-entropy.json; run in toolkit/ with scipy installed.
"""
import json

import numpy as np
import scipy
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import norm

SLOPES = {
    "phi": norm.pdf,
    "sigmoid": lambda x: expit(x) * expit(-x),
    "sigmoid1.702": lambda x: 1.702 * expit(1.702 * x) * expit(-1.702 * x),
    "sigmoid2": lambda x: 2 * expit(2 * x) * expit(-2 * x),
    "sigmoid4": lambda x: 4 * expit(4 * x) * expit(-4 * x),
    "atan": lambda x: 1 / (np.pi * (1 + x * x)),
    "softsign": lambda x: 0.5 / (1 + abs(x)) ** 2,
    "twice": lambda x: 2.0,
}
bump = lambda x: (1 - x * x) * np.exp(-x * x / 2)  # the slope of x exp(-x^2 / 2)


def entropy(slope, low=-8.0, mass=1.0):
    f = lambda x: norm.pdf(x) / mass * -np.log(norm.pdf(x) / mass / slope(x))
    return quad(f, low, 0, epsabs=1e-13, limit=200)[0] + quad(f, 0, 8, epsabs=1e-13, limit=200)[0]


def change(slope, **where):
    t = 1e-5
    return (entropy(lambda x: slope(x) + t * bump(x), **where) - entropy(lambda x: slope(x) - t * bump(x), **where)) / (2 * t)


values = {name: {"entropy": entropy(s)} for name, s in SLOPES.items()}
for name in ("sigmoid", "sigmoid2", "atan", "twice"):
    values[name]["change"] = change(SLOPES[name])
positive = {"entropy": entropy(lambda x: 1.0, low=0.0, mass=0.5), "change": change(lambda x: 1.0, low=0.0, mass=0.5)}
json.dump({"scipy": scipy.__version__, "values": values, "positive": positive}, open("src/test/resources/lemma/nn/activation-entropy.json", "w"), indent=1)
print(json.dumps(values, indent=1), positive)
