"""SciPy's side of ScalingBench: the parametric Chinchilla law on the points of a file (parameters, tokens, loss; tab-separated).

Answers each line "starts" or "bootstrap" with wall seconds, seconds of processor time, the objective or the standard error of alpha.
"""
import itertools
import sys
import time

import numpy as np
from scipy.optimize import minimize

GRID = list(itertools.product(range(0, 26, 5), range(0, 26, 5), np.arange(-1, 1.01, .5), np.arange(0, 2.01, .5), np.arange(0, 2.01, .5)))
DELTA = 1e-3
TIGHT = dict(maxiter=5000, maxfun=20000, ftol=1e-15, gtol=1e-12, maxcor=20)
log_n, log_d, log_l = np.log(np.loadtxt(sys.argv[1])).T


def objective(t, w):
    """Sum of Huber losses of log-sum-exp(a - alpha log N, b - beta log D, e) - log L, and its gradient."""
    z = np.stack([t[0] - t[3] * log_n, t[1] - t[4] * log_d, np.full_like(log_n, t[2])])
    top = z.max(0)
    p = np.exp(z - top)
    total = p.sum(0)
    r = top + np.log(total) - log_l
    p /= total
    size = np.abs(r)
    value = w @ np.where(size <= DELTA, .5 * r * r, DELTA * (size - .5 * DELTA))
    p *= w * np.clip(r, -DELTA, DELTA)
    return value, np.array([p[0].sum(), p[1].sum(), p[2].sum(), -p[0] @ log_n, -p[1] @ log_d])


def descend(start, w, **options):
    return minimize(objective, start, args=(w,), jac=True, method="L-BFGS-B", options=options or TIGHT)


def starts(**options):
    once = np.ones_like(log_n)
    return min((descend(s, once, **options) for s in GRID), key=lambda r: r.fun)


def bootstrap(resamples):
    best, rng, n = starts(ftol=1e-9).x, np.random.default_rng(0), len(log_n)
    best = descend(best, np.ones(n)).x
    wall, cpu = time.perf_counter(), time.process_time()
    alphas = [descend(best, np.bincount(rng.integers(n, size=n), minlength=n)).x[3] for _ in range(resamples)]
    return time.perf_counter() - wall, time.process_time() - cpu, np.std(alphas, ddof=1)


def timed(**options):
    wall, cpu = time.perf_counter(), time.process_time()
    value = starts(**options).fun
    return time.perf_counter() - wall, time.process_time() - cpu, value


for line in sys.stdin:
    case = line.strip()
    print(*{"starts": timed, "starts-loose": lambda: timed(ftol=2.220446049250313e-09), "bootstrap": lambda: bootstrap(4000)}[case](), flush=True)
