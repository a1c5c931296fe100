"""Values for the information estimators of lemma.probe by NumPy, SciPy and scikit-learn.

    python information_fixtures.py ../resources/lemma/probe/information.json
"""
import json
import sys

import numpy as np
import scipy
import scipy.optimize as so
import scipy.stats as st
import sklearn
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist
from scipy.special import digamma, gammaln
from sklearn.decomposition import PCA
from sklearn.feature_selection._mutual_info import _compute_mi_cc
from sklearn.linear_model import Ridge
from sklearn.metrics import mutual_info_score

rng = np.random.default_rng(5)
out = {"versions": {"numpy": np.__version__, "scipy": scipy.__version__, "sklearn": sklearn.__version__}}


def put(name, value):
    out[name] = np.asarray(value).tolist()


n = 120
x = rng.standard_normal((n, 2))
y = 0.8 * x + 0.5 * rng.standard_normal((n, 2))
labels = (x[:, 0] + 0.3 * rng.standard_normal(n) > 0).astype(int)
put("x", x), put("y", y), put("labels", labels)

# ---- nearest neighbours ----
r = cKDTree(x).query(x, 4)[0][:, 3]
put("klEntropy", digamma(n) - digamma(3) + np.log(np.pi) - gammaln(2) + 2 * np.log(r).mean())
put("ksg1", _compute_mi_cc(x[:, 0], y[:, 0], 3))
joint = np.hstack([x, y])
eps = cKDTree(joint).query(joint, 4, p=np.inf)[0][:, 3]
count = lambda a: np.array([(np.abs(a - a[i]).max(1) < eps[i]).sum() - 1 for i in range(n)])
put("ksg2", digamma(3) + digamma(n) - (digamma(count(x) + 1) + digamma(count(y) + 1)).mean())

# ---- Gaussian ----
a = rng.standard_normal((4, 4))
cov = a @ a.T + np.eye(4)
put("cov", cov)
put("gaussianEntropy", st.multivariate_normal(cov=cov).entropy())
put("gaussianMi", st.multivariate_normal(cov=cov[:2, :2]).entropy() + st.multivariate_normal(cov=cov[2:, 2:]).entropy() - st.multivariate_normal(cov=cov).entropy())
put("gaussianEntropyOf", st.multivariate_normal(cov=np.cov(x.T, bias=True) + 0.1 * np.eye(2)).entropy())

# ---- bins and tables ----
cells = np.clip(np.floor((x + 2) / 4 * 6), 0, 5).astype(int)
codes = np.unique(cells, axis=0, return_inverse=True)[1].ravel()
put("binnedEntropy", st.entropy(np.bincount(codes), base=2))
put("binnedMi", mutual_info_score(codes, labels) / np.log(2))
conditional = rng.dirichlet([1, 2, 3], n)
table = np.stack([conditional[codes == c].sum(0) for c in range(codes.max() + 1)]) / n
put("conditional", conditional)
put("binnedMiSoft", (table * np.log2(table / table.sum(0) / table.sum(1, keepdims=True))).sum())

# ---- Cauchy-Schwarz ----
g = lambda p, q, s: np.exp(-cdist(p, q) ** 2 / 2 / s ** 2)
put("csDivergence", np.log(g(x, x, .7).mean()) + np.log(g(y, y, .7).mean()) - 2 * np.log(g(x, y, .7).mean()))
K, L1, L2, L21 = g(x, x, .9), g(y, y, .6), g(.7 * x, .7 * x, .6), g(.7 * x, y, .6)
term = lambda L: np.log(((K * L).sum(1) / K.sum(1) ** 2).sum())
put("csConditional", term(L1) + term(L2) - 2 * term(L21))
Q = g(y, y, .6)
put("csQmi", np.log((K * Q).mean()) + np.log(K.mean() * Q.mean()) - 2 * np.log(np.einsum("ij,iq->", K, Q) / n ** 3))
m1, m2 = rng.standard_normal((2, 4))
cov2 = np.eye(4) * 2
pdf = lambda ma, sa, mb, sb: st.multivariate_normal(mb, sa + sb).logpdf(ma)
put("m1", m1), put("m2", m2), put("csGaussian", pdf(m1, cov, m1, cov) + pdf(m2, cov2, m2, cov2) - 2 * pdf(m1, cov, m2, cov2))

# ---- information bottleneck: the Lagrangian of a 3 x 3 table minimised directly ----
pxy = rng.dirichlet(np.ones(9) * .6).reshape(3, 3)
px, py = pxy.sum(1), pxy.sum(0)
mi = lambda p: np.nansum(p * np.log2(p / p.sum(0) / p.sum(1, keepdims=True)))


def lagrangian(v, beta, parts=False):
    q = np.exp(v.reshape(3, 3))
    q /= q.sum(1, keepdims=True)
    xt, ty = px[:, None] * q, q.T @ pxy
    return (mi(xt), mi(ty)) if parts else mi(xt) - beta * mi(ty)


put("pxy", pxy)
out["ib"] = []
for beta in (1.5, 4, 12):
    ends = [so.minimize(lagrangian, 2 * rng.standard_normal(9), args=(beta,), method="BFGS", options=dict(gtol=1e-11)) for _ in range(60)]
    best = min(ends, key=lambda e: e.fun)
    c, rel = lagrangian(best.x, beta, True)
    out["ib"].append(dict(beta=beta, complexity=c, relevance=rel, value=best.fun))

# ---- linear V-information ----
features = np.hstack([x, np.tanh(x)])
fit = Ridge(alpha=2.5).fit(features[:80], y[:80, 0])
put("vTrain", fit.score(features[:80], y[:80, 0]))
put("vTest", fit.score(features[80:], y[80:, 0]))

# ---- patterns on an icosahedron: power at degrees 1 and 2, slope 80 ----
golden = (1 + 5 ** .5) / 2
corners = np.array([np.roll((0, a, b * golden), k) for k in range(3) for a in (-1, 1) for b in (-1, 1)]) / np.hypot(1, golden)
cosines = corners @ corners.T
bits = (np.arange(4096)[:, None] >> np.arange(12)) & 1
power = np.round(np.einsum("ni,ij,nj->n", bits, cosines + (3 * cosines ** 2 - 1) / 2, bits), 9)
levels, sizes = np.unique(power, return_counts=True)
cut = np.argmin(abs(sizes.cumsum() - 2048))
probability = 1 / (1 + np.exp(-80 * (power - levels[cut:cut + 2].mean()) / power.std()))
binary = lambda q: st.entropy([q, 1 - q], base=2)
put("patternLevels", len(levels)), put("patternMean", probability.mean())
put("patternInformation", binary(probability.mean()) - np.mean(binary(probability)))

# ---- principal components ----
wide = np.hstack([features, x @ a[:2]])
pca = PCA(3).fit(wide)
put("wide", wide), put("pcaCodes", pca.transform(wide)), put("pcaVariance", pca.explained_variance_), put("pcaExplained", pca.explained_variance_ratio_.sum())
put("pcaInverse", pca.inverse_transform(pca.transform(wide)))

with open(sys.argv[1], "w") as f:
    json.dump(out, f)
    f.write("\n")
print(out["versions"], out["ib"])
