"""Values for lemma.probe by NumPy, SciPy, scikit-learn and the papers' own code.

    python probe_fixtures.py ../resources/lemma/probe/fixtures.json [--vendi DIR]

--vendi: a checkout of vertaix/Vendi-Score, whose vendi_score/vendi.py is then asked for the Vendi scores; without it eigvalsh of SciPy is.
"""
import argparse
import importlib.util
import json
import pathlib
import warnings

import numpy as np
import scipy
import scipy.linalg as sl
import scipy.spatial
import scipy.stats as st
import sklearn
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist, pdist, squareform
from sklearn.cluster import SpectralClustering
from sklearn.linear_model import Lasso
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.neighbors import NearestNeighbors

parser = argparse.ArgumentParser()
parser.add_argument("out")
parser.add_argument("--vendi")
args = parser.parse_args()
rng = np.random.default_rng(7)
out = {"versions": {"numpy": np.__version__, "scipy": scipy.__version__, "sklearn": sklearn.__version__}}


def put(name, value):
    out[name] = np.asarray(value).tolist()


n = 60
latent = rng.standard_normal((n, 4))
x = latent @ rng.standard_normal((4, 8)) + 0.3 * rng.standard_normal((n, 8)) + 1.5
y = np.tanh(latent @ rng.standard_normal((4, 5))) + 0.2 * rng.standard_normal((n, 5)) - 0.7
wide = latent[:20] @ rng.standard_normal((4, 33)) + 0.2 * rng.standard_normal((20, 33))
labels = np.arange(n) % 3
clustered = x + 4.0 * labels[:, None]
for name, a in dict(x=x, y=y, wide=wide, clustered=clustered).items():
    put(name, a)
put("labels", labels)

# ---- similarities of two representations ----
H = np.eye(n) - 1 / n


def hsic(K, L):
    return np.trace(K @ H @ L @ H)


def hsic1(K, L):
    K, L, m = K - np.diag(np.diag(K)), L - np.diag(np.diag(L)), len(K)
    one = np.ones(m)
    return (np.trace(K @ L) + K.sum() * L.sum() / (m - 1) / (m - 2) - 2 / (m - 2) * one @ K @ L @ one) / (m * (m - 3))


def cka(K, L, h):
    return h(K, L) / np.sqrt(h(K, K) * h(L, L))


def width(a):
    return np.median(pdist(a))


K, L = x @ x.T, y @ y.T
put("ckaLinear", cka(K, L, hsic))
put("ckaLinearDebiased", cka(K, L, hsic1))
Kr, Lr = (rbf_kernel(a, gamma=1 / (2 * (0.5 * width(a)) ** 2)) for a in (x, y))
put("ckaRbf", cka(Kr, Lr, hsic))
put("ckaRbfDebiased", cka(Kr, Lr, hsic1))
wy = y[:20]
Hs = np.eye(20) - 1 / 20
put("ckaWide", cka(wide @ wide.T, wy @ wy.T, lambda A, B: np.trace(A @ Hs @ B @ Hs)))
put("ckaWideDebiased", cka(wide @ wide.T, wy @ wy.T, hsic1))
parts = [slice(i, i + 15) for i in range(0, n, 15)]
mean1 = lambda a, b: np.mean([hsic1(a[s] @ a[s].T, b[s] @ b[s].T) for s in parts])
put("ckaMinibatch", mean1(x, y) / np.sqrt(mean1(x, x) * mean1(y, y)))

xc, yc = x - x.mean(0), y - y.mean(0)
put("cca", np.cos(sl.subspace_angles(xc, yc))[::-1])
ux, sx, vx = np.linalg.svd(xc, full_matrices=False)
uy, sy, vy = np.linalg.svd(yc, full_matrices=False)
left, rho, _ = np.linalg.svd(ux.T @ uy, full_matrices=False)
alpha = np.abs((ux @ left).T @ xc).sum(1)
put("pwcca", (alpha * rho).sum() / alpha.sum())
keep = lambda s: np.searchsorted(np.cumsum(s ** 2) / (s ** 2).sum(), 0.99) + 1
put("svcca", np.cos(sl.subspace_angles(ux[:, :keep(sx)], uy[:, :keep(sy)])).mean())
padded = np.hstack([y, np.zeros((n, 3))])
put("disparity", scipy.spatial.procrustes(x, padded)[2])
nuclear = np.linalg.norm(xc.T @ yc, "nuc") / np.linalg.norm(xc) / np.linalg.norm(yc)
put("procrustes", 2 - 2 * nuclear)
for metric in ["euclidean", "sqeuclidean", "cosine", "correlation"]:
    put("rsa_" + metric, [st.spearmanr(pdist(x, metric), pdist(y, metric)).statistic, st.pearsonr(pdist(x, metric), pdist(y, metric)).statistic])
    put("pdist_" + metric, pdist(x, metric)[:100])


def knn(a, k, metric="euclidean"):
    return NearestNeighbors(n_neighbors=k, metric=metric).fit(a).kneighbors(return_distance=False)


for metric in ["euclidean", "cosine"]:
    put("mutualKnn_" + metric, np.mean([len(set(i) & set(j)) / 7 for i, j in zip(knn(x, 7, metric), knn(y, 7, metric))]))

# ---- units ----
C = np.corrcoef(x.T, y.T)[:8, 8:]
rows, columns = linear_sum_assignment(-C)
put("correlation", C)
put("matched", C[rows, columns].sum())
put("matching", [dict(zip(rows, columns)).get(i, -1) for i in range(8)])
cost = rng.standard_normal((25, 40))
put("cost", cost)
put("costTotal", cost[linear_sum_assignment(cost)].sum())
put("costTotalTall", cost.T[linear_sum_assignment(cost.T)].sum())
standard = (x - x.mean(0)) / x.std(0)
for a in [0.01, 0.1, 0.4]:
    fit = Lasso(alpha=a, tol=1e-14, max_iter=1_000_000).fit(standard, y[:, 0])
    put(f"lasso_{a}", [*fit.coef_, fit.intercept_, fit.score(standard, y[:, 0])])
truth = np.repeat([0, 1, 2], 12)
affinity = np.where(truth[:, None] == truth, 0.8, 0.05) + 0.1 * rng.random((36, 36))
affinity = (affinity + affinity.T) / 2
put("affinity", affinity)
put("clusters", SpectralClustering(3, affinity="precomputed", assign_labels="kmeans", random_state=0).fit_predict(affinity))

# ---- spectra ----


def shannon(p):
    p = p[p > 0]
    return -(p * np.log(p)).sum()


s = np.linalg.svd(x, compute_uv=False)
put("effectiveRank", np.exp(st.entropy(s / s.sum())))
put("stableRank", np.linalg.norm(x) ** 2 / np.linalg.norm(x, 2) ** 2)
l = np.linalg.eigvalsh(np.cov(x.T))
put("participationRatio", l.sum() ** 2 / (l ** 2).sum())
put("covariance", np.linalg.eigvalsh(np.cov(x.T, bias=True))[::-1])
for name, a in dict(x=x, wide=wide).items():
    z = a - a.mean(0)
    z /= np.linalg.norm(z, axis=1, keepdims=True)
    e = np.linalg.eigvalsh(z.T @ z / len(z)).clip(0)
    put("matrixEntropy_" + name, shannon(e / e.sum()))
    put("matrixNuclearNorm_" + name, np.sort(np.sqrt((z ** 2).sum(0)))[::-1][:min(z.shape)].sum() / len(z))
    put("nuclearNorm_" + name, np.linalg.norm(z, "nuc") / len(z))

if args.vendi:
    spec = importlib.util.spec_from_file_location("vendi", pathlib.Path(args.vendi) / "vendi_score" / "vendi.py")
    vendi = importlib.util.module_from_spec(spec)
    warnings.simplefilter("ignore")
    spec.loader.exec_module(vendi)
    score = lambda K, q=1, p=None: vendi.score_K(K, q="inf" if q == np.inf else q, p=p)
    out["versions"]["vendi"] = "vertaix/Vendi-Score"
else:
    def score(K, q=1, p=None):
        w = sl.eigvalsh(K / len(K) if p is None else K * np.sqrt(np.outer(p, p)))
        w = w[w > 0]
        return np.exp(shannon(w) if q == 1 else -np.log(w.max()) if q == np.inf else np.log((w ** q).sum()) / (1 - q))
rbf = rbf_kernel(x, gamma=1 / (2 * 2.5 ** 2))
p = rng.random(n)
p /= p.sum()
put("p", p)
put("vendi_rbf", [score(rbf, q) for q in (0.5, 1, 2, np.inf)])
put("vendi_weighted", score(rbf, 1, p))
unit = x / np.linalg.norm(x, axis=1, keepdims=True)
put("vendi_cosine", [score(unit @ unit.T, 1), score(unit @ unit.T, 2)])
put("internalDiversity", 1 - rbf.mean())


def dse(a, sigma, t=1):
    G = np.exp(-cdist(a, a) ** 2 / (2 * sigma ** 2))
    w = np.linalg.eigvals(G / G.sum(1, keepdims=True)).real  # of the random walk itself
    q = np.abs(w) ** t / (np.abs(w) ** t).sum()
    return shannon(q) / np.log(2)


for sigma, t in [(1, 1), (2, 1), (2, 3), (10, 1)]:
    put(f"dse_{sigma}_{t}", dse(x, sigma, t))
put("dse_classes", [dse(clustered[labels == c], 2) for c in range(3)])

# ---- intrinsic dimension ----
angle = rng.uniform(0, 2 * np.pi, (400, 2))
torus = np.hstack([np.cos(angle), np.sin(angle), 0.1 * np.cos(angle)])
put("torus", torus)
r = NearestNeighbors(n_neighbors=12).fit(torus).kneighbors()[0]
mu = np.sort(r[:, 1] / r[:, 0])
F = np.arange(1, 401) / 400
m = 360
put("twoNN", np.linalg.lstsq(np.log(mu[:m])[:, None], -np.log(1 - F[:m]), rcond=None)[0][0])
put("mle", 1 / np.mean([np.log(row[-1] / row[:-1]).mean() for row in r]))

with open(args.out, "w") as f:
    json.dump(out, f)
    f.write("\n")
print(out["versions"])
