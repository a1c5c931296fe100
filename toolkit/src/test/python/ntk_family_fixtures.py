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

out = pathlib.Path("src/test/resources/lemma/ntk/family.json")
out.write_text(json.dumps({"versions": {"neural-tangents": "0.6.6", "jax": jax.__version__, "numpy": np.__version__, "python": platform.python_version()}, "cases": cases}))
print(out, out.stat().st_size)
