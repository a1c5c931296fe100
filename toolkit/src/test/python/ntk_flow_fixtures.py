"""Training on the cross-entropy with a constant kernel, and Taylor expansions, by neural-tangents, float64.

Writes src/test/resources/lemma/ntk/flow.json; run in toolkit/ with jax and neural-tangents installed.
"""
import json
import pathlib
import platform

import jax
jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp
import numpy as np
import neural_tangents as nt
import scipy.integrate

rng = np.random.default_rng(20260124)
n, m, classes = 7, 3, 4
a = rng.normal(size=(n + m, 6))
kernel = np.tanh(a @ a.T / 6) + a @ a.T / 3 + np.eye(n + m)
labels = rng.integers(0, classes, n)
targets = np.eye(classes)[labels]
f0, g0 = rng.normal(size=(n, classes)), rng.normal(size=(m, classes))
loss = lambda f, y: -jnp.mean(jnp.sum(jax.nn.log_softmax(f) * y, -1))
train, cross = kernel[:n, :n], kernel[n:, :n]
times = []
slope = jax.jit(jax.grad(lambda f: loss(f, targets)))
for t in (0.5, 5.0, 60.0):
    run = scipy.integrate.solve_ivp(lambda _, f: (-0.7 * kernel[:, :n] @ slope(f.reshape(-1, classes)[:n])).ravel(), (0, t), np.concatenate([f0, g0]).ravel(), method="DOP853", rtol=1e-12, atol=1e-12)
    end = run.y[:, -1].reshape(-1, classes)
    times.append({"t": t, "train": end[:n].tolist(), "test": end[n:].tolist()})

w1, w2, x = rng.normal(size=(5, 3)), rng.normal(size=(2, 5)), rng.normal(size=(4, 3))
d1, d2 = rng.normal(size=(5, 3)) * 0.3, rng.normal(size=(2, 5)) * 0.3
f = lambda p, x: jnp.tanh(x @ p[0].T) @ p[1].T
taylor = [np.asarray(nt.taylor_expand(f, (w1, w2), d)((w1 + d1, w2 + d2), x)).tolist() for d in (1, 2, 3)]
out = pathlib.Path("src/test/resources/lemma/ntk/flow.json")
plain = lambda v: np.asarray(v).tolist()
out.write_text(json.dumps({"versions": {"neural-tangents": "0.6.6", "jax": jax.__version__, "scipy": scipy.__version__, "python": platform.python_version()},
    "cases": {"flow": {"kernel": plain(train), "cross": plain(cross), "labels": plain(labels.astype(float)), "rate": 0.7, "f0": plain(f0), "g0": plain(g0), "times": times},
              "taylor": {"w1": plain(w1), "w2": plain(w2), "d1": plain(d1), "d2": plain(d2), "x": plain(x), "orders": taylor}}}))
print(out, out.stat().st_size)
