"""Special functions over wide ranges, computed with 60 digits by mpmath; SciPy's values are compared to find slips of this script.

    python special_values.py ../resources/lemma/tensor/special-values.json
"""

import json
import platform
import sys

import mpmath
import numpy as np
import scipy
from scipy import special

mpmath.mp.dps = 60
rng = np.random.default_rng(7)
out = {}


def spread(low, high, n):
    """n numbers between two powers of ten."""
    return [float(v) for v in 10 ** rng.uniform(low, high, n)]


def between(low, high, n):
    return [float(v) for v in rng.uniform(low, high, n)]


def record(name, exact, points, check):
    rows = []
    for p in points:
        args = p if isinstance(p, tuple) else (p,)
        value = float(mpmath.re(exact(*[mpmath.mpf(a) for a in args])))
        theirs = float(check(*args))
        if abs(value - theirs) > 1e-10 * max(abs(value), 1e-300) and abs(value) > 1e-290:
            print(name, args, value, "SciPy", theirs)
        rows.append([repr(a) for a in args] + [repr(value)])
    out[name] = rows


def upper(a, x):
    return mpmath.re(mpmath.gammainc(a, x, mpmath.inf, regularized=True))


def lower(a, x):
    """By the series where that is exact sooner."""
    if x > a + 1:
        return 1 - upper(a, x)
    term, total, n = mpmath.mpf(1), mpmath.mpf(1), 0
    while term > mpmath.mpf(10) ** -50 * total:
        n += 1
        term *= x / (a + n)
        total += term
    return mpmath.exp(a * mpmath.log(x) - x - mpmath.loggamma(a + 1)) * total


def upper_or_rest(a, x):
    return 1 - lower(a, x) if x <= a + 1 else upper(a, x)


def ibeta(a, b, x):
    return mpmath.betainc(a, b, 0, x, regularized=True)


def log_ncdf(x):
    if x > 0:
        return mpmath.log1p(-mpmath.erfc(x / mpmath.sqrt(2)) / 2)
    return mpmath.log(mpmath.erfc(-x / mpmath.sqrt(2)) / 2)


def inverse_erf(y):
    if abs(y) < mpmath.mpf("0.999"):
        return mpmath.erfinv(y)
    return mpmath.sign(y) * inverse_erfc(1 - abs(y))


def inverse_erfc(q):
    start = mpmath.mpf(float(special.erfcinv(float(q)))) if q > 1e-300 else mpmath.sqrt(-mpmath.log(q)) * mpmath.mpf("0.985")
    return mpmath.findroot(lambda x: mpmath.log(mpmath.erfc(x)) - mpmath.log(q), start)


def inverse_ncdf(p):
    if p > mpmath.mpf("0.5"):
        return -inverse_ncdf(1 - p)
    return -mpmath.sqrt(2) * (mpmath.erfinv(1 - 2 * p) if p > mpmath.mpf("1e-3") else inverse_erfc(2 * p))


positive = spread(-300, -2, 8) + between(0.01, 3, 20) + [1.0, 2.0, 1 + 1e-9, 2 - 1e-7, 0.5, 1.5, 2.5] + spread(0.4, 2.2, 12)
record("GAMMALN", lambda x: mpmath.loggamma(x).real, positive + spread(2, 300, 10) + between(-0.5, 0, 6) + [-10.3, -0.7, -30.1, -171.3], special.gammaln)
record("GAMMA", mpmath.gamma, spread(-300, -2, 6) + between(0.01, 25, 20) + between(25, 171, 10) + between(-25, 0, 12) + [5.0, 1.0, 171.5, -3.0000001], special.gamma)
record("DIGAMMA", mpmath.digamma, positive + spread(2, 300, 5) + [1.4616321449683622, 1.46, 1.4616, 1.47] + [-0.2, -0.8, -3.3, -10.7], special.digamma)
record("POLYGAMMA", lambda n, x: mpmath.psi(int(n), x), [(float(n), x) for n in (1, 2, 3, 7, 15) for x in spread(-5, 3, 4) + between(0.3, 12, 4)], lambda n, x: special.polygamma(int(n), x))
record("ZETA", mpmath.zeta, [(s, q) for s in [1.0001, 1.5, 2.0, 3.7, 12.0, 60.0] for q in [1.0, 0.03, 0.5, 2.3, 11.0, 170.0]], special.zeta)
pairs = list(zip(spread(-8, 4, 25), spread(-8, 4, 25))) + list(zip(between(0.1, 15, 10), between(0.1, 15, 10))) + [(1e-5, 1e8), (5.0, 1e10), (300.0, 1e6)]
record("BETALN", lambda a, b: mpmath.log(mpmath.beta(a, b)), pairs, special.betaln)
record("BETA", mpmath.beta, list(zip(spread(-8, 1, 25), spread(-8, 1, 25))) + list(zip(between(1, 90, 10), between(1, 90, 10))), special.beta)
gammas = [(a, a * f) for a in spread(-3, 4, 25) for f in between(0.2, 2.5, 3)] + [(a, a + z * a**0.5) for a in [3.0, 30.0, 190.0, 210.0, 1000.0, 1e4, 1e5] for z in [-6.0, -2.0, -0.1, 0.0, 0.7, 5.0] if a + z * a**0.5 > 0]
gammas += [(0.01, 1e-30), (0.3, 1e-5), (5.0, 1e-3), (50.0, 1.0), (12.0, 1e-4), (300.0, 150.0), (0.5, 30.0), (2.0, 100.0), (1e-10, 0.3), (1e-6, 0.9), (0.2, 0.7), (1e-3, 5.0)]
record("GAMMAINC", lower, gammas, special.gammainc)
record("GAMMAINCC", upper_or_rest, gammas, special.gammaincc)
betas = [(a, b, x) for a, b in list(zip(spread(-1.3, 2, 16), spread(-1.3, 2, 16))) for x in between(0.02, 0.98, 3)]
betas += [(3.0, 400.0, 0.01), (50.0, 70.0, 0.4), (200.0, 300.0, 0.41), (900.0, 1100.0, 0.45), (0.5, 0.5, 1e-12), (20.0, 2.0, 1e-3), (2.0, 20.0, 1e-9), (1.0, 1.0, 0.3), (1500.0, 30.0, 0.98)]
record("BETAINC", ibeta, betas, special.betainc)
record("ERFC", mpmath.erfc, between(-6, 0.5, 10) + between(0.5, 26, 30) + [1e-20, 0.5, 0.49999], special.erfc)
record("ERFCX", lambda x: mpmath.exp(x * x) * mpmath.erfc(x), between(-26, 0, 12) + between(0, 10, 25) + spread(1, 10, 10) + [0.0], special.erfcx)
record("ERFINV", inverse_erf, between(-0.999, 0.999, 30) + spread(-300, -2, 6) + [1 - v for v in spread(-15, -1, 10)], special.erfinv)
record("NDTR", mpmath.ncdf, between(-37, 9, 40), special.ndtr)
record("LOG_NDTR", log_ncdf, between(-40, 8, 30) + [-1e3, -1e5, -1e10, 20.0, 35.0], special.log_ndtr)
record("NDTRI", inverse_ncdf, between(0.0005, 0.9995, 30) + spread(-300, -2, 12) + [1 - v for v in spread(-14, -2, 6)], special.ndtri)
wide = between(0, 12, 20) + between(12, 60, 15) + spread(-10, -1, 4) + [25.0, 24.999, 25.001] + between(-60, 0, 6)
record("I0", lambda x: mpmath.besseli(0, x), wide + [700.0, 712.0], special.i0)
record("I1", lambda x: mpmath.besseli(1, x), wide + [700.0, 712.0], special.i1)
record("I0E", lambda x: mpmath.besseli(0, x) * mpmath.exp(-abs(x)), wide + spread(2, 12, 8), special.i0e)
record("I1E", lambda x: mpmath.besseli(1, x) * mpmath.exp(-abs(x)), wide + spread(2, 12, 8), special.i1e)
record("J0", lambda x: mpmath.besselj(0, x), wide + spread(2, 6, 8), special.j0)
record("J1", lambda x: mpmath.besselj(1, x), wide + spread(2, 6, 8), special.j1)

with open(sys.argv[1], "w") as f:
    versions = {"mpmath": mpmath.__version__, "scipy": scipy.__version__, "python": platform.python_version()}
    f.write("{" + json.dumps(versions)[1:-1] + ',\n"functions": {\n')
    f.write(",\n".join(json.dumps(k) + ": " + json.dumps(v, separators=(",", ":")) for k, v in out.items()))
    f.write("\n}}\n")
print({k: len(v) for k, v in out.items()})
