"""Writes the fixtures of lemma.optim, lemma.stats and lemma.scaling: the same problems solved by SciPy and statsmodels.

    python scaling_fixtures.py                                   # writes ../resources/lemma/scaling/fixtures.json
    python scaling_fixtures.py --chinchilla svg_extracted_data.csv --bootstraps 200   # prints the fit of the published points, writes nothing
"""
import argparse
import itertools
import json
import pathlib
import platform
import time

import numpy as np
import scipy
import scipy.optimize as so
import scipy.stats as st
from scipy.special import huber

GRID = list(itertools.product(range(0, 26, 5), range(0, 26, 5), np.arange(-1, 1.01, .5), np.arange(0, 2.01, .5), np.arange(0, 2.01, .5)))


def chinchilla(log_n, log_d, log_l, weights=None, delta=1e-3):
    """Objective and gradient in (a, b, e, alpha, beta): sum of Huber losses of log-sum-exp(a - alpha log N, b - beta log D, e) - log L."""
    def f(t):
        z = np.stack([t[0] - t[3] * log_n, t[1] - t[4] * log_d, np.full_like(log_n, t[2])])
        top = z.max(0)
        p = np.exp(z - top)
        total = p.sum(0)
        r = top + np.log(total) - log_l
        p /= total
        psi = np.clip(r, -delta, delta)
        h = huber(delta, r)
        if weights is not None:
            psi, h = psi * weights, h * weights
        return h.sum(), np.array([(psi * p[0]).sum(), (psi * p[1]).sum(), (psi * p[2]).sum(),
                                  -(psi * p[0] * log_n).sum(), -(psi * p[1] * log_d).sum()])
    return f


def descend(f, start):
    r = so.minimize(f, start, jac=True, method="L-BFGS-B", options=dict(maxiter=5000, maxfun=20000, ftol=1e-15, gtol=1e-12, maxcor=20))
    return r.x, r.fun


def polish(f, x):
    """Newton-like finish, until restarts no longer move the point."""
    for _ in range(20):
        r = so.minimize(f, x, jac=True, method="BFGS", options=dict(gtol=1e-13, maxiter=5000))
        s = so.minimize(f, r.x, jac=True, method="L-BFGS-B", options=dict(ftol=0, gtol=1e-14, maxcor=30, maxiter=5000))
        best = min((r, s), key=lambda q: q.fun)
        if np.max(np.abs(best.x - x)) < 1e-10:
            break
        x = best.x
    return best.x, best.fun


def best_of(f, starts):
    ends = [descend(f, np.array(s, float)) for s in starts]
    return polish(f, min(ends, key=lambda e: e[1])[0])


def named(x):
    return dict(zip(["A", "B", "E", "alpha", "beta"], [*np.exp(x[:3]), *x[3:]]))


def published_points(path, bootstraps):
    import csv
    rows = list(csv.DictReader(open(path)))
    n = np.array([float(r["Model Size"]) for r in rows])
    c = np.array([float(r["Training FLOP"]) for r in rows])
    loss = np.array([float(r["loss"]) for r in rows])
    keep = np.argsort(loss)[:-5]
    keep.sort()
    n, c, loss = n[keep], c[keep], loss[keep]
    data = np.log(n), np.log(c / (6 * n)), np.log(loss)
    f = chinchilla(*data)
    t = time.time()
    x, value = best_of(f, GRID)
    print(f"scipy {scipy.__version__}, {len(loss)} points, {len(GRID)} starts: {time.time() - t:.1f} s, objective {value:.12g}")
    print({k: float(v) for k, v in named(x).items()})
    rng = np.random.default_rng(0)
    t = time.time()
    ends = []
    for _ in range(bootstraps):
        w = np.bincount(rng.integers(0, len(loss), len(loss)), minlength=len(loss)).astype(float)
        ends.append(list(named(descend(chinchilla(*data, weights=w), x)[0]).values()))
    print(f"{bootstraps} bootstrap fits from the optimum: {time.time() - t:.1f} s")
    print("percentile 95%:", dict(zip(named(x), np.percentile(ends, [2.5, 97.5], axis=0).T.tolist())))


def synthetic_chinchilla():
    rng = np.random.default_rng(1)
    n, d = [v.ravel() for v in np.meshgrid(np.logspace(7, 10, 8), np.logspace(8.5, 11, 7))]
    clean = 1.7 + 420 / n ** .34 + 1900 / d ** .36
    loss = clean * np.exp(.004 * rng.standard_normal(n.size))
    loss[5] *= 1.06
    x, value = best_of(chinchilla(np.log(n), np.log(d), np.log(loss)), GRID[::9])
    return dict(N=n.tolist(), D=d.tolist(), loss=loss.tolist(), objective=value, **named(x))


def power_laws():
    rng = np.random.default_rng(2)
    m = np.repeat(1000. * 2 ** np.arange(8), 3)
    pure = 4 * m ** -.31 * np.exp(.03 * rng.standard_normal(m.size))
    offset = (5 * m ** -.4 + .12) * np.exp(.01 * rng.standard_normal(m.size))
    one, _ = so.curve_fit(lambda u, la, b: la + b * u, np.log(m), np.log(pure), p0=[0, 0], xtol=1e-15, ftol=1e-15)
    log_law = lambda u, la, b, lg: np.logaddexp(la + b * u, lg)
    three, _ = so.curve_fit(log_law, np.log(m), np.log(offset), p0=[1.6, -.4, -2], xtol=1e-15, ftol=1e-15, gtol=1e-15, maxfev=20000)
    r2 = lambda y, f: 1 - ((y - f) ** 2).sum() / ((y - y.mean()) ** 2).sum()
    return dict(m=m.tolist(), pure=pure.tolist(), offset=offset.tolist(),
                pureFit=dict(alpha=np.exp(one[0]), beta=one[1], r2=r2(np.log(pure), one[0] + one[1] * np.log(m))),
                offsetFit=dict(alpha=np.exp(three[0]), beta=three[1], gamma=np.exp(three[2]), r2=r2(np.log(offset), log_law(np.log(m), *three))))


def shared_slope():
    import statsmodels.api as sm
    rng = np.random.default_rng(3)
    m = 500. * 2 ** np.arange(7)
    x = np.log(m)
    groups = [np.exp(.5 - .30 * x + .02 * rng.standard_normal(7)), np.exp(.9 - .31 * x + .02 * rng.standard_normal(7)),
              np.exp(.7 - .36 * x + .02 * rng.standard_normal(7))]

    def test(chosen):
        k = len(chosen)
        y = np.concatenate([np.log(g) for g in chosen])
        who = np.repeat(np.arange(k), 7)
        dummies = (who[:, None] == np.arange(k)).astype(float)
        xs = np.tile(x, k)
        separate = sm.OLS(y, np.hstack([dummies, dummies * xs[:, None]])).fit()
        common = sm.OLS(y, np.hstack([dummies, xs[:, None]])).fit()
        f, p, df = separate.compare_f_test(common)
        return dict(F=f, p=p, df1=df, df2=separate.df_resid, slope=common.params[-1], slopes=separate.params[k:].tolist())
    return dict(m=m.tolist(), groups=[g.tolist() for g in groups], firstTwo=test(groups[:2]), all=test(groups))


def bootstrap_intervals():
    rng = np.random.default_rng(4)
    data = rng.gamma(2., 1., 25)
    first = st.bootstrap((data,), np.var, n_resamples=999, method="percentile", rng=rng, vectorized=True)
    out = dict(data=data.tolist(), replicates=first.bootstrap_distribution.tolist(), standardError=first.standard_error)
    for method in ["percentile", "BCa"]:
        again = st.bootstrap((data,), np.var, n_resamples=0, bootstrap_result=first, method=method, confidence_level=.9, vectorized=True)
        out[method] = list(again.confidence_interval)
    return out


def paired_t():
    rng = np.random.default_rng(6)
    a = rng.standard_normal(12)
    b = a + .2 + .4 * rng.standard_normal(12)
    r = st.ttest_rel(a, b)
    return dict(a=a.tolist(), b=b.tolist(), t=r.statistic, p=r.pvalue, df=int(r.df), interval=list(r.confidence_interval(.95)))


def product():
    import statsmodels.api as sm
    rng = np.random.default_rng(8)
    n, d = np.repeat([1e6, 4e6, 16e6, 64e6], 3), np.tile([1e8, 4e8, 16e8], 4)
    y = 1.8 * n ** -.7 * d ** .3 * np.exp(.1 * rng.standard_normal(12))
    r = sm.OLS(np.log(y), sm.add_constant(np.stack([np.log(n), np.log(d)], 1))).fit()
    return dict(N=n.tolist(), D=d.tolist(), y=y.tolist(), coefficients=r.params.tolist(), standardErrors=r.bse.tolist(), interval=r.conf_int(.05).tolist(), r2=r.rsquared)


def inference():
    """Standard errors, criteria and tests of statsmodels for laws that are lines on log axes, and SciPy's profile of one that is not."""
    import statsmodels.api as sm
    rng = np.random.default_rng(9)
    m = 200. * 2 ** np.arange(12)
    y = 3 * m ** -.4 * np.exp(.05 * rng.standard_normal(12))
    y[4] *= 1.5
    x = sm.add_constant(np.log(m))
    w = 1. + np.arange(12) % 3
    wls = sm.WLS(np.log(y), x, weights=w).fit()
    rlm = sm.RLM(np.log(y), x, M=sm.robust.norms.HuberT(1.345))
    robust = rlm.fit(cov="H1", update_scale=False, tol=1e-13, maxiter=2000)
    p = product()
    full = sm.OLS(np.log(p["y"]), sm.add_constant(np.stack([np.log(p["N"]), np.log(p["D"])], 1))).fit()
    only = sm.OLS(np.log(p["y"]), sm.add_constant(np.log(p["N"]))).fit()
    lr, lr_p, df = full.compare_lr_test(only)
    f, f_p, _ = full.compare_f_test(only)
    return dict(m=m.tolist(), y=y.tolist(), weights=w.tolist(), wls=dict(params=wls.params.tolist(), bse=wls.bse.tolist(), r2=wls.rsquared),
                robust=dict(delta=1.345 * robust.scale, params=robust.params.tolist(), bse=robust.bse.tolist()),
                nested=dict(aic=[only.aic, full.aic], bic=[only.bic, full.bic], llf=[only.llf, full.llf], lr=lr, p=lr_p, df=df, F=f, pF=f_p), profile=profile())


def profile():
    """95 % profile-likelihood intervals of a power law plus constant: RSS(theta) = RSS_min (1 + F / (n - p))."""
    rng = np.random.default_rng(10)
    m = 100. * 2 ** np.arange(12)
    y = (2 * m ** -.45 + .1) * np.exp(.02 * rng.standard_normal(12))
    r = lambda t: np.log(np.exp(t[0]) * m ** t[1] + np.exp(t[2])) - np.log(y)
    fit = so.least_squares(r, [0, -.4, -2], xtol=1e-15, ftol=1e-15, gtol=1e-15)
    limit = 2 * fit.cost * (1 + st.f.ppf(.95, 1, 9) / 9)
    out = dict(m=m.tolist(), y=y.tolist(), params=[np.exp(fit.x[0]), fit.x[1], np.exp(fit.x[2])])

    def rss(j, v):
        keep = [k for k in range(3) if k != j]
        full = lambda u: np.insert(u, j, v)
        return 2 * so.least_squares(lambda u: r(full(u)), fit.x[keep], xtol=1e-15, ftol=1e-15, gtol=1e-15).cost - limit
    for j, name, reach in [(1, "beta", .2), (2, "gamma", 2.)]:
        ends = [so.brentq(lambda v: rss(j, v), fit.x[j] + s * 1e-6, fit.x[j] + s * reach, xtol=1e-13) for s in (-1, 1)]
        out[name] = [float(np.exp(e)) if name == "gamma" else e for e in ends]
    return out


def optimisers():
    """SciPy's minimum of a function with no closed form: log-cosh regression."""
    rng = np.random.default_rng(5)
    a, y = rng.standard_normal((30, 6)), rng.standard_normal(30)
    f = lambda x: (np.log(np.cosh(a @ x - y)).sum() + .5 * .1 * x @ x, a.T @ np.tanh(a @ x - y) + .1 * x)
    r = so.minimize(f, np.zeros(6), jac=True, method="BFGS", options=dict(gtol=1e-12))
    return dict(A=a.tolist(), y=y.tolist(), x=r.x.tolist(), value=r.fun)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chinchilla")
    parser.add_argument("--bootstraps", type=int, default=200)
    args = parser.parse_args()
    if args.chinchilla:
        return published_points(args.chinchilla, args.bootstraps)
    import statsmodels
    out = dict(versions=dict(python=platform.python_version(), numpy=np.__version__, scipy=scipy.__version__, statsmodels=statsmodels.__version__),
               chinchilla=synthetic_chinchilla(), powerLaw=power_laws(), sharedSlope=shared_slope(), bootstrap=bootstrap_intervals(), pairedT=paired_t(), product=product(), inference=inference(), logCosh=optimisers())
    path = pathlib.Path(__file__).parent / "../resources/lemma/scaling/fixtures.json"
    path.write_text(json.dumps(out) + "\n")
    print(path.resolve().stat().st_size, "bytes")


if __name__ == "__main__":
    main()
