"""Kernels of the papers on infinite width by neural-tangents, float64.

Writes src/test/resources/lemma/ntk/family.json; run in toolkit/ with jax and neural-tangents installed.
"""
import json
import pathlib
import platform

import jax
jax.config.update("jax_enable_x64", True)
import numpy as np
from neural_tangents import stax

rng = np.random.default_rng(20260121)
cases = {}


def sphere(n, d):
    """Unit vectors with positive components, times the root of d, so that neural-tangents' x . x' / d is the cosine."""
    x = np.abs(rng.normal(size=(n, d)))
    return x / np.sqrt((x ** 2).sum(1, keepdims=True)) * np.sqrt(d)


def record(name, net, x):
    k = net[2](x, None, ("nngp", "ntk"))
    cases[name] = {"x": x.tolist(), "nngp": np.asarray(k.nngp).tolist(), "ntk": np.asarray(k.ntk).tolist()}


for degrees in ((2, 2, 2), (3, 1, 2), (1, 3)):
    layers = [l for k in degrees for l in (stax.Dense(8), stax.Hermite(k))]
    record("hermite" + "".join(map(str, degrees)), stax.serial(*layers, stax.Dense(1)), sphere(4, 3))


def hierarchical(levels):
    """A convolutional network of patches of size 1, then of pairs that do not overlap, on sequences of 2^levels points of the circle; channels first."""
    angle = rng.uniform(0, 2 * np.pi, (4, 2 ** levels))
    x = np.stack([np.cos(angle), np.sin(angle)], 1)
    w = 2 ** 0.5
    layers = [stax.Conv(8, (1,), (1,), "VALID", w, None), stax.Relu()]
    for _ in range(levels):
        layers += [stax.Conv(8, (2,), (2,), "VALID", w, None), stax.Relu()]
    k = stax.serial(*layers, stax.Flatten(), stax.Dense(1, w, None))[2](np.moveaxis(x, 1, -1), None, ("nngp", "ntk"))
    cases[f"hierarchical{levels}"] = {"x": x.tolist(), "nngp": np.asarray(k.nngp).tolist(), "ntk": np.asarray(k.ntk).tolist()}


for levels in (0, 1, 2):
    hierarchical(levels)

out = pathlib.Path("src/test/resources/lemma/ntk/family.json")
out.write_text(json.dumps({"versions": {"neural-tangents": "0.6.6", "jax": jax.__version__, "numpy": np.__version__, "python": platform.python_version()}, "cases": cases}))
print(out, out.stat().st_size)
