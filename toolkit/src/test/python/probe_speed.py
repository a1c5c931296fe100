"""The peer's side of lemma.probe.ProbeSpeed: writes features, then the value and the CPU seconds of each metric by NumPy, SciPy and scikit-learn.
Set OPENBLAS_NUM_THREADS=1.

    python probe_speed.py FOLDER [ROUNDS]

FOLDER receives the features as .npy and peer.tsv with the columns metric, peer, value, seconds.
"""
import pathlib
import sys
import time

import numpy as np
import scipy.linalg as sl
from scipy.cluster.hierarchy import linkage
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree, procrustes
from scipy.spatial.distance import pdist
from scipy.special import digamma, gammaln, logsumexp
from scipy.stats import spearmanr
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import NearestNeighbors

folder = pathlib.Path(sys.argv[1])
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
rng = np.random.default_rng(0)
lines = ["metric\tpeer\tvalue\tseconds"]


def save(name, a):
    np.save(folder / f"{name}.npy", a)
    return a


def report(metric, peer, f, more=1):
    best = 1e9
    for _ in range(max(1, round(rounds * more))):
        start = time.process_time()
        value = f()
        best = min(best, time.process_time() - start)
    lines.append(f"{metric}\t{peer}\t{float(value)!r}\t{best!r}")


def shannon(p):
    p = p[p > 0]
    return -(p * np.log(p)).sum()


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def normalised(x):
    return unit(x - x.mean(0))


def cka_linear(x, y):
    x, y = x - x.mean(0), y - y.mean(0)
    return np.linalg.norm(y.T @ x) ** 2 / np.linalg.norm(x.T @ x) / np.linalg.norm(y.T @ y)


def hsic1(k, l):
    n = len(k)
    k, l = k.copy(), l.copy()
    np.fill_diagonal(k, 0)
    np.fill_diagonal(l, 0)
    return ((k * l).sum() + k.sum() * l.sum() / (n - 1) / (n - 2) - 2 / (n - 2) * k.sum(0) @ l.sum(0)) / n / (n - 3)


def cka_debiased(x, y):
    k, l = x @ x.T, y @ y.T
    return hsic1(k, l) / np.sqrt(hsic1(k, k) * hsic1(l, l))


def rbf(x, sigma):
    s = (x ** 2).sum(1)
    return np.exp(-(s[:, None] + s - 2 * x @ x.T) / (2 * sigma ** 2))


def centred(k):
    return k - k.mean(0) - k.mean(1)[:, None] + k.mean()


def cka_rbf(x, y):
    k, l = centred(rbf(x, 8)), centred(rbf(y, 4))
    return (k * l).sum() / np.linalg.norm(k) / np.linalg.norm(l)


def cca(x, y):
    q = [np.linalg.qr(a - a.mean(0))[0] for a in (x, y)]
    return np.linalg.svd(q[0].T @ q[1], compute_uv=False).mean()


def mutual_knn(x, y, k):
    near = [NearestNeighbors(n_neighbors=k + 1).fit(a).kneighbors(a, return_distance=False)[:, 1:] for a in (x, y)]
    return np.mean([len(set(a) & set(b)) / k for a, b in zip(*near)])


def one_to_one(x, y):
    c = np.corrcoef(x.T, y.T)[:x.shape[1], x.shape[1]:]
    i, j = linear_sum_assignment(c, maximize=True)
    return c[i, j].mean()


def participation(x):
    c = np.cov(x.T, bias=True)
    return np.trace(c) ** 2 / (c ** 2).sum()


def effective_rank(x):
    s = np.linalg.svd(x, compute_uv=False)
    return np.exp(shannon(s / s.sum()))


def mnn(x):
    z = normalised(x)
    return np.sort(np.sqrt((z ** 2).sum(0)))[::-1][:min(z.shape)].sum() / len(z)


def entropy(x):
    z = normalised(x)
    return shannon(np.linalg.eigvalsh(z.T @ z / len(z)))


def vendi_dual(x):
    z = unit(x)
    return np.exp(shannon(sl.eigvalsh(z.T @ z / len(z))))


def diffusion(x, sigma):
    g = rbf(x, sigma)
    d = 1 / np.sqrt(g.sum(1))
    p = np.abs(np.linalg.eigvalsh(g * d * d[:, None]))
    return shannon(p / p.sum()) / np.log(2)


def distances(x, k):
    return NearestNeighbors(n_neighbors=k + 1).fit(x).kneighbors(x)[0][:, 1:]


def two_nn(x):
    r = distances(x, 2)
    mu = np.sort(np.log(r[:, 1] / r[:, 0]))
    n = len(mu)
    keep = int(n * 0.9)
    f = -np.log(1 - np.arange(1, keep + 1) / n)
    return mu[:keep] @ f / (mu[:keep] @ mu[:keep])


def mle(x, k):
    r = distances(x, k)
    return len(x) / (np.log(r[:, -1:] / r[:, :-1]).sum() / (k - 1))


def knn_entropy(x, k):
    n, d = x.shape
    return digamma(n) - digamma(k) + d / 2 * np.log(np.pi) - gammaln(d / 2 + 1) + d * np.log(distances(x, k)[:, -1]).mean()


def ksg(x, y, k):
    r = np.nextafter(cKDTree(np.hstack([x, y])).query(np.hstack([x, y]), k + 1, p=np.inf)[0][:, -1], 0)
    count = [cKDTree(a).query_ball_point(a, r, p=np.inf, return_length=True) for a in (x, y)]
    return digamma(k) + digamma(len(x)) - (digamma(count[0]) + digamma(count[1])).mean()


def binned(x, bins):
    cells = np.clip(np.floor((x - x.min()) * bins / (x.max() - x.min())), 0, bins - 1)
    p = np.unique(cells, axis=0, return_counts=True)[1] / len(x)
    return shannon(p) / np.log(2)


def gaussian(x):
    return 0.5 * np.linalg.slogdet(2 * np.pi * np.e * np.cov(x.T, bias=True))[1]


def cauchy_schwarz(x, y, sigma):
    s, t = (x ** 2).sum(1), (y ** 2).sum(1)
    between = np.exp(-(s[:, None] + t - 2 * x @ y.T) / (2 * sigma ** 2))
    return np.log(rbf(x, sigma).mean()) + np.log(rbf(y, sigma).mean()) - 2 * np.log(between.mean())


def v_information(x, z):
    return -0.5 * np.log(1 - Ridge(alpha=1e-3).fit(x, z).score(x, z))


def nc1(x, y):
    means = np.stack([x[y == c].mean(0) for c in range(y.max() + 1)])
    m, w = means - x.mean(0), x - means[y]
    return np.trace(w.T @ w / len(x) @ np.linalg.pinv(m.T @ m / len(m))) / len(m)


def h_score(x, y):
    means = np.stack([x[y == c].mean(0) for c in range(y.max() + 1)])[y]
    return np.trace(np.linalg.pinv(np.cov(x.T, bias=True), rcond=1e-15) @ np.cov(means.T, bias=True))


def leep(theta, y):
    joint = theta.T @ np.eye(y.max() + 1)[y]
    return np.log((theta @ (joint / joint.sum(1, keepdims=True)))[np.arange(len(y)), y]).mean()


def logistic(x, y):
    m = LogisticRegression(C=1 / (len(x) * 1e-2), tol=1e-12, max_iter=10000).fit(x, y)
    return -np.log(m.predict_proba(x)[np.arange(len(y)), y]).mean()


def pwcca(x, y):
    x, y = x - x.mean(0), y - y.mean(0)
    (qx, _), (qy, _) = np.linalg.qr(x), np.linalg.qr(y)
    h, rho, _ = np.linalg.svd(qx.T @ qy, full_matrices=False)
    carried = np.abs((qx @ h).T @ x).sum(1)
    return carried @ rho / carried.sum()


def stable_rank(x):
    s = np.linalg.svd(x, compute_uv=False)
    return (s ** 2).sum() / s[0] ** 2


def components(x, variance):
    s = np.linalg.svd(x - x.mean(0), compute_uv=False) ** 2
    return np.searchsorted(np.cumsum(s) / s.sum(), variance) + 1


def counts(a, b):
    table = np.zeros((a.max() + 1, b.max() + 1))
    np.add.at(table, (a, b), 1)
    return table / len(a)


def discrete(joint):
    return (shannon(joint.sum(0)) + shannon(joint.sum(1)) - shannon(joint)) / np.log(2)


def nce(z, y):
    joint = counts(z, y)
    return shannon(joint.sum(1)) - shannon(joint)


def donsker_varadhan(f):
    n = len(f)
    return np.trace(f) / n - np.log(np.exp(f)[~np.eye(n, dtype=bool)].mean())


def info_nce(f):
    return (np.diag(f) - logsumexp(f, 1)).mean() + np.log(len(f))


def bottleneck(joint, beta):
    px = joint.sum(1)
    given = joint / px[:, None]
    heads = np.where(given > 0, given * np.log(given), 0).sum(1)[:, None]
    code = np.eye(len(px))
    for _ in range(20000):
        pt = px @ code
        decoder = (px[:, None] * code).T @ given / np.maximum(pt, 1e-300)[:, None]
        new = pt * np.exp(-beta * (heads - given @ np.log(np.maximum(decoder, 1e-300)).T))
        new /= new.sum(1, keepdims=True)
        moved = np.abs(new - code).max()
        code = new
        if moved < 1e-12:
            break
    return discrete((px[:, None] * code).T @ given)


def cauchy_schwarz_information(x, t, s):
    k, q = rbf(x, s), rbf(t, s)
    return np.log((k * q).mean()) + np.log(k.mean() * q.mean()) - 2 * np.log((k.mean(0) * q.mean(0)).mean())


def principal_information(x, y):
    codes = []
    for a in (x, y):
        z = a - a.mean(0)
        z = z @ np.linalg.svd(z, full_matrices=False)[2][:2].T
        codes.append(z / z.std(0))
    return ksg(*codes, 3)


def scaled(x):
    c = x - x.mean(0)
    return c / np.sqrt((c ** 2).mean())


def by_class(f, x, y):
    return sum((y == c).mean() * f(x[y == c]) for c in range(y.max() + 1))


def coding_rate(z):
    return 0.5 * np.linalg.slogdet(np.eye(z.shape[1]) + z.T @ z / len(z) / 1e-2)[1]


def trans_rate(x, y):
    z = x - x.mean(0)
    return coding_rate(z) - by_class(coding_rate, z, y)


def log_me(x, y):
    n, d = x.shape
    u, s, _ = np.linalg.svd(x, full_matrices=False)
    squares = s ** 2
    total = 0
    for c in range(y.max() + 1):
        target = (y == c) * 1.0
        along = (u.T @ target) ** 2
        alpha = beta = 1
        for _ in range(11):
            t = alpha / beta
            gamma = (squares / (squares + t)).sum()
            weights = (squares * along / (t + squares) ** 2).sum()
            residual = target.sum() - along.sum() + (along / (1 + squares / t) ** 2).sum()
            alpha, beta = gamma / (weights + 1e-5), (n - gamma) / (residual + 1e-5)
            if abs(alpha / beta - t) / t <= 1e-3:
                break
        total += 0.5 * (d * np.log(alpha) + n * np.log(beta) - beta * residual - alpha * weights - n * np.log(2 * np.pi) - np.log(alpha + beta * squares).sum()) / n
    return total / (y.max() + 1)


def cdnv(x, y):
    means = np.stack([x[y == c].mean(0) for c in range(y.max() + 1)])
    variances = [((x[y == c] - means[c]) ** 2).sum(1).mean() for c in range(len(means))]
    return np.mean([(variances[a] + variances[b]) / (2 * ((means[a] - means[b]) ** 2).sum()) for a in range(len(means)) for b in range(len(means)) if a != b])


x = save("x", rng.standard_normal((5000, 64)))
y = save("y", np.tanh(x @ rng.standard_normal((64, 32))))
wide = save("wide", rng.standard_normal((5000, 512)))
states = save("states", rng.standard_normal((2048, 1024)))
u = save("u", rng.standard_normal((1000, 4)) @ rng.standard_normal((4, 24)) + 0.3 * rng.standard_normal((1000, 24)))
v = save("v", np.tanh(u[:, :4] @ rng.standard_normal((4, 12))) + 0.2 * rng.standard_normal((1000, 12)))
flat = save("flat", rng.standard_normal((1000, 3)))
near = save("near", flat[:, :1] + 0.5 * rng.standard_normal((1000, 1)))
classes = save("classes", np.argmax(u[:, :5] + rng.standard_normal((1000, 5)), 1))
e = np.exp(u[:, :6])
theta = save("theta", e / e.sum(1, keepdims=True))
old = save("old", np.argmax(theta, 1))
scores = save("scores", u[:500, :4] @ v[:500, :4].T)
joint = save("joint", rng.dirichlet(np.full(8, 0.5), 16) / 16)

report("Cka.linear 5000x64,32", "NumPy", lambda: cka_linear(x, y), 100)
report("Cka.linear 5000x512,512", "NumPy", lambda: cka_linear(wide, np.tanh(wide + 1)), 1)
report("Cka.linearDebiased", "NumPy", lambda: cka_debiased(u, v))
report("Cka.kernel (rbf)", "NumPy", lambda: cka_rbf(u, v))
report("Cca mean correlation", "NumPy", lambda: cca(u, v), 5)
report("Cca.pwcca", "NumPy", lambda: pwcca(u, v), 5)
report("Procrustes.disparity", "SciPy", lambda: procrustes(u, np.hstack([v, np.zeros((1000, 12))]))[2], 5)
report("RepresentationalSimilarity.spearman", "SciPy", lambda: spearmanr(pdist(u), pdist(v))[0])
report("MutualKnn k 10", "scikit-learn", lambda: mutual_knn(u, v, 10))
report("UnitMatching one to one", "SciPy", lambda: one_to_one(u, v), 5)
report("Spectrum.effectiveRank", "NumPy", lambda: effective_rank(u), 5)
report("Spectrum.stableRank", "NumPy", lambda: stable_rank(u), 5)
report("Spectrum.participationRatio", "NumPy", lambda: participation(u), 20)
report("MatrixEntropy 2048x1024", "NumPy", lambda: entropy(states))
report("MatrixNuclearNorm 2048x1024", "NumPy", lambda: mnn(states), 10)
report("MatrixNuclearNorm.exact 1000x24", "NumPy", lambda: np.linalg.norm(normalised(u), "nuc") / len(u), 5)
report("VendiScore dual 5000x64", "NumPy", lambda: vendi_dual(x), 100)
report("VendiScore rbf 1000", "NumPy", lambda: np.exp(shannon(np.linalg.eigvalsh(rbf(u, 4) / len(u)))))
report("VendiScore rbf 5000", "NumPy", lambda: np.exp(shannon(np.linalg.eigvalsh(rbf(x, 8) / len(x)))), 1 / rounds)
report("VendiScore rbf 5000 order 2", "NumPy", lambda: len(x) ** 2 / np.linalg.norm(rbf(x, 8)) ** 2)
report("DiffusionSpectralEntropy 1000", "NumPy", lambda: diffusion(u, 2))
report("IntrinsicDimension.twoNN", "scikit-learn", lambda: two_nn(u))
report("IntrinsicDimension.mle k 10", "scikit-learn", lambda: mle(u, 10))
report("NearestNeighbourInformation.entropy", "scikit-learn", lambda: knn_entropy(flat, 3))
report("NearestNeighbourInformation (KSG)", "SciPy", lambda: ksg(flat, near, 3))
report("IntrinsicDimension.pca", "NumPy", lambda: components(u, 0.95), 5)
report("BinnedInformation.entropy", "NumPy", lambda: binned(flat, 8), 5)
report("GaussianInformation.entropyOf", "NumPy", lambda: gaussian(u), 20)
report("DiscreteInformation.mutualInformation", "NumPy", lambda: discrete(counts(old, classes)), 20)
report("InformationBottleneck 16x8 beta 5", "NumPy", lambda: bottleneck(joint, 5))
report("MutualInformationBound MINE 500", "NumPy", lambda: donsker_varadhan(scores), 5)
report("MutualInformationBound InfoNCE 500", "SciPy", lambda: info_nce(scores), 5)
report("CompressedInformation.principal", "SciPy", lambda: principal_information(u, v))
report("CauchySchwarz.mutualInformation", "NumPy", lambda: cauchy_schwarz_information(u, v, 2))
report("CauchySchwarz.divergence", "NumPy", lambda: cauchy_schwarz(u, u[:, ::-1] + 0.1, 2))
report("VInformation.linear", "scikit-learn", lambda: v_information(u, v[:, 0]), 5)
report("NeuralCollapse.nc1", "NumPy", lambda: nc1(u, classes), 5)
report("NeuralCollapse.cdnv", "NumPy", lambda: cdnv(u, classes), 5)
report("Transferability.logMe", "NumPy", lambda: log_me(u, classes), 5)
report("Transferability.tmi", "scikit-learn", lambda: by_class(lambda a: knn_entropy(a, 3), scaled(u), classes))
report("Transferability.tmiGaussian", "NumPy", lambda: by_class(gaussian, scaled(u), classes), 5)
report("Transferability.nce", "NumPy", lambda: nce(old, classes), 20)
report("Transferability.transRate", "NumPy", lambda: trans_rate(u, classes), 5)
report("Transferability.hScore", "NumPy", lambda: h_score(u, classes), 5)
report("Transferability.leep", "NumPy", lambda: leep(theta, classes), 20)
report("LinearProbe loss", "scikit-learn", lambda: logistic(u, classes))
report("IterativeFeatureMerging last distance", "SciPy", lambda: linkage(u[:300], "centroid")[-1, 2])
(folder / "peer.tsv").write_text("\n".join(lines) + "\n")
