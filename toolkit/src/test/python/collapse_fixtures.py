"""Values for the neural collapse blocks of lemma.probe: metrics by NumPy, minima of the features models and the flow by SciPy.

    python collapse_fixtures.py ../resources/lemma/probe/collapse.json
"""
import json
import sys

import numpy as np
import scipy
import scipy.optimize as so
from scipy.integrate import solve_ivp
from scipy.special import logsumexp

rng = np.random.default_rng(3)
out = {"versions": {"numpy": np.__version__, "scipy": scipy.__version__}}


def put(name, value):
    out[name] = np.asarray(value).tolist()


# ---- metrics ----
K, d = 4, 6
labels = rng.permutation(np.repeat(np.arange(K), [9, 12, 7, 15]))
x = 2 * rng.standard_normal((K, d))[labels] + 0.7 * rng.standard_normal((len(labels), d)) + 3
w = rng.standard_normal((K, d))
logits = x @ w.T
mu = np.stack([x[labels == c].mean(0) for c in range(K)])
m = mu - x.mean(0)
within = (x - mu[labels]).T @ (x - mu[labels]) / len(x)
between = m.T @ m / K
s2 = np.array([((x[labels == c] - mu[c]) ** 2).sum(1).mean() for c in range(K)])
pairs = [(i, j) for i in range(K) for j in range(i + 1, K)]
unit = m / np.linalg.norm(m, axis=1, keepdims=True)
cosines = np.array([unit[i] @ unit[j] for i, j in pairs])
distances = np.array([np.linalg.norm(unit[i] - unit[j]) for i, j in pairs])
duality = (unit * w / np.linalg.norm(w, axis=1, keepdims=True)).sum(1)
put("x", x), put("labels", labels), put("w", w), put("logits", logits)
put("within", within), put("between", between), put("variances", s2)
put("nc1", np.trace(within @ np.linalg.pinv(between, rcond=1e-10)) / K)
put("nc1Traces", np.trace(within) / np.trace(between))
put("cdnv", [(s2[i] + s2[j]) / 2 / ((mu[i] - mu[j]) ** 2).sum() for i, j in pairs])
norms = np.linalg.norm(m, axis=1)
put("nc2Norms", norms.std() / norms.mean())
put("nc2Angles", cosines.std())
put("nc2Simplex", np.abs(cosines + 1 / (K - 1)).mean())
put("gnc2", np.log(1 / distances).std())
put("nc3", duality.mean())
put("unc3", duality.std() / abs(duality.mean()))
put("nc3Distance", np.linalg.norm(w / np.linalg.norm(w) - m / np.linalg.norm(m)) ** 2)
nearest = np.argmin(((x[:, None] - mu) ** 2).sum(2), 1)
put("nc4", (nearest == logits.argmax(1)).mean())

# ---- deep linear free features: the smallest of several L-BFGS ends ----


def deep(sizes, decay, feature, starts=60):
    n, k, layers = sum(sizes), len(sizes), len(decay)
    y = np.eye(k)[np.repeat(np.arange(k), sizes)].T
    shapes = [(k, k)] * layers + [(k, n)]
    cuts = np.cumsum([a * b for a, b in shapes])[:-1]

    def f(v):
        ws = [p.reshape(s) for p, s in zip(np.split(v, cuts), shapes)]
        acts = [ws[-1]]
        for a in ws[:-1]:
            acts.append(a @ acts[-1])
        r = acts[-1] - y
        value = (r ** 2).sum() / 2 / n + sum(l / 2 * (a ** 2).sum() for l, a in zip([*decay, feature], ws))
        g, grads = r / n, [None] * (layers + 1)
        for j in range(layers - 1, -1, -1):
            grads[j] = g @ acts[j].T + decay[j] * ws[j]
            g = ws[j].T @ g
        grads[-1] = g + feature * ws[-1]
        return value, np.concatenate([a.ravel() for a in grads])
    ends = []
    for i in range(starts):
        start = np.concatenate([(1 + i % 3 / 2) * rng.standard_normal(a * b) for a, b in shapes])
        ends.append(so.minimize(f, start, jac=True, method="L-BFGS-B", options=dict(maxiter=50_000, maxfun=100_000, ftol=1e-16, gtol=1e-12, maxcor=30)))
    best = min(ends, key=lambda r: r.fun)
    ws = [p.reshape(s) for p, s in zip(np.split(best.x, cuts), shapes)]
    z = ws[-1]
    for a in ws[:-1]:
        z = a @ z
    return best.fun, np.linalg.svd(z, compute_uv=False)


out["deep"] = []
for sizes in ([10, 6, 3, 1], [5, 5, 5, 5]):
    for decay, feature in (([0.02], 0.01), ([0.02, 0.03], 0.01), ([0.01, 0.02, 0.015], 0.01)):
        value, z = deep(sizes, decay, feature)
        out["deep"].append(dict(sizes=sizes, decay=decay, feature=feature, minimum=value, z=z.tolist()))

# ---- features near given ones ----
K, n, d = 3, 5, 7
y = np.repeat(np.arange(K), n)
Y = np.eye(K)[y]
h0 = rng.standard_normal((K, d))[y] + 0.3 * rng.standard_normal((K * n, d))
lw, lh, beta = 0.02, 0.03, 0.2


def perturbed(v):
    w, h = v[:K * d].reshape(K, d), v[K * d:].reshape(K * n, d)
    r = h @ w.T - Y
    value = ((r ** 2).sum() + lh * (h ** 2).sum() + beta * ((h - h0) ** 2).sum()) / (2 * K * n) + lw / (2 * K) * (w ** 2).sum()
    gw = r.T @ h / (K * n) + lw / K * w
    gh = (r @ w + lh * h + beta * (h - h0)) / (K * n)
    return value, np.concatenate([gw.ravel(), gh.ravel()])


ends = [so.minimize(perturbed, np.concatenate([rng.standard_normal(K * d), h0.ravel()]), jac=True, method="L-BFGS-B", options=dict(maxiter=50_000, maxfun=100_000, ftol=1e-16, gtol=1e-12, maxcor=30)) for _ in range(4)]
put("h0", h0), put("y", y), put("perturbedParameters", [lw, lh, beta]), put("perturbedMinimum", min(e.fun for e in ends))


def flow(_, v):
    h = v.reshape(K * n, d)
    w = np.linalg.solve(h.T @ h + n * lw * np.eye(d), h.T @ Y).T
    return -((h @ w.T - Y) @ w + lh * h).ravel()


end = solve_ivp(flow, (0, 4), h0.ravel(), rtol=1e-11, atol=1e-12, method="DOP853").y[:, -1].reshape(K * n, d)
put("flowEnd", end)
means = np.stack([end[y == c].mean(0) for c in range(K)])
put("flowNc1", ((end - means[y]) ** 2).sum() / (K * n) / (((means - end.mean(0)) ** 2).sum() / K))

# ---- the same with a bias, equal classes: all ends of L-BFGS, and the best simplex by a bounded scalar search ----


def simplex(loss, K, n, decay, feature, d=6, starts=24):
    N, y, lam = K * n, np.repeat(np.arange(K), n), [feature, *decay]
    Y = np.eye(K)[y]
    shapes = [(N, d)] + [(d, d)] * (len(decay) - 1) + [(K, d), (K,)]
    sizes = [int(np.prod(s)) for s in shapes]
    cuts = np.cumsum(sizes)[:-1]

    def f(v):
        *ws, b = [p.reshape(s) for p, s in zip(np.split(v, cuts), shapes)]
        acts = [ws[0]]
        for w in ws[1:]:
            acts.append(acts[-1] @ w.T)
        z = acts[-1] + b
        if loss == "CROSS_ENTROPY":
            log_p = z - logsumexp(z, axis=1, keepdims=True)
            value, g = -log_p[np.arange(N), y].mean(), (np.exp(log_p) - Y) / N
        else:
            value, g = ((z - Y) ** 2).sum() / (2 * N), (z - Y) / N
        grads = [g.sum(0)]
        for j in range(len(decay), 0, -1):
            grads.insert(0, g.T @ acts[j - 1] + lam[j] * ws[j])
            g = g @ ws[j]
        grads.insert(0, g + lam[0] * ws[0])
        return value + sum(l / 2 * (w ** 2).sum() for l, w in zip(lam, ws)), np.concatenate([a.ravel() for a in grads])
    ends = [so.minimize(f, np.concatenate([(1 + i % 3 / 2) * rng.standard_normal(s) for s in sizes[:-1]] + [np.zeros(K)]), jac=True, method="L-BFGS-B",
                        options=dict(maxiter=50_000, maxfun=100_000, ftol=1e-16, gtol=1e-12, maxcor=30)) for i in range(starts)]
    cost, power = np.prod(lam) ** (1 / len(lam)), 2 / len(lam)

    def of_gap(a):
        l = np.log1p((K - 1) * np.exp(-a)) if loss == "CROSS_ENTROPY" else (a - 1) ** 2 * (K - 1) / (2 * K)
        return l + (K - 1) / power * cost * (a * np.sqrt(n)) ** power
    gap = so.minimize_scalar(of_gap, bounds=(0.3, 20), method="bounded", options=dict(xatol=1e-12))
    return dict(loss=loss, classes=K, each=n, decay=decay, feature=feature, gap=gap.x, simplex=gap.fun, minimum=min(e.fun for e in ends))


out["simplex"] = [simplex(loss, 4, 5, decay, 0.01) for loss in ("CROSS_ENTROPY", "SQUARED_ERROR") for decay in ([0.02], [0.02, 0.03], [0.01, 0.02, 0.015])]

with open(sys.argv[1], "w") as f:
    json.dump(out, f)
    f.write("\n")
print(out["versions"], [(c["sizes"], c["minimum"], c["z"]) for c in out["deep"]])
