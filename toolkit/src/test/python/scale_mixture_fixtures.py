"""Student t processes and Gaussian-process classification by SciPy and scikit-learn, float64.

Writes src/test/resources/lemma/ntk/mixtures.json; run in toolkit/ with numpy, scipy and scikit-learn installed.
"""
import json
import pathlib
import platform

import numpy as np
import scipy
import sklearn
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import invgamma, multivariate_normal, multivariate_t
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.gaussian_process.kernels import RBF

rng = np.random.default_rng(20260122)
n, m, a, b, noise = 6, 3, 1.7, 0.9, 0.3
points = rng.normal(size=(n + m, 2))
kernel = RBF(0.8)(points) * 1.3
y = rng.normal(size=n) * 2
train, cross, test = kernel[:n, :n], kernel[n:, :n], kernel[n:, n:]
noisy = train + noise * np.eye(n)
mean = cross @ np.linalg.solve(noisy, y)
covariance = test - cross @ np.linalg.solve(noisy, cross.T)
targets = rng.normal(size=m)


def over_scales(f):
    """The mean of f(s2) over the posterior of s2, by quadrature over log s2."""
    w = lambda u: np.exp(multivariate_normal(np.zeros(n), np.exp(u) * noisy).logpdf(y) + invgamma(a, scale=b).logpdf(np.exp(u)) + u)
    part = lambda g: quad(lambda u: w(u) * g(np.exp(u)), -8, 10, epsabs=0, epsrel=1e-12, limit=500)[0]
    return part(f) / part(lambda s: 1.0), np.log(part(lambda s: 1.0))


densities = [np.log(over_scales(lambda s, i=i: np.exp(-0.5 * (targets[i] - mean[i]) ** 2 / (s * (covariance[i, i] + noise))) / np.sqrt(2 * np.pi * s * (covariance[i, i] + noise)))[0]) for i in range(m)]
t = {"kernel": train, "cross": cross, "test": test, "y": y, "a": a, "b": b, "noise": noise, "targets": targets,
     "posteriorLogDensities": densities, "logMarginalByQuadrature": over_scales(lambda s: 1.0)[1],
     "logMarginal": multivariate_t(np.zeros(n), b / a * noisy, 2 * a).logpdf(y),
     "meanScale": over_scales(lambda s: s)[0],
     "joint": multivariate_t(targets * 0.1, covariance + noise * np.eye(m), 3.4).logpdf(targets)}

x = rng.normal(size=(30, 2))
labels = np.where(x[:, 0] * x[:, 1] + 0.3 * rng.normal(size=30) > 0, 1, 0)
z = rng.normal(size=(5, 2))
scaled = lambda u, v: 2.5 * RBF(0.9)(u, v)
gpc = GaussianProcessClassifier(2.5 * RBF(0.9), optimizer=None).fit(x, labels).base_estimator_
f = np.zeros(30)
for _ in range(50):  # Newton to rounding; scikit-learn stops at a change of the evidence of 1e-10
    p = expit(f)
    w = p * (1 - p)
    f = np.linalg.solve(np.eye(30) + scaled(x, x) * w, scaled(x, x) @ (w * f + labels - p))
p = expit(f)
k = scaled(z, x)
mu = k @ (labels - p)
var = 2.5 - np.einsum("ij,ij->i", k, np.linalg.solve(scaled(x, x) + np.diag(1 / (p * (1 - p))), k.T).T)
probability = [quad(lambda u, i=i: expit(mu[i] + np.sqrt(var[i]) * u) * np.exp(-u * u / 2) / np.sqrt(2 * np.pi), -12, 12, epsabs=1e-13)[0] for i in range(5)]
c = {"kernel": scaled(x, x), "cross": k, "labels": labels.astype(float), "variance": np.full(5, 2.5), "latentMean": mu, "latentVariance": var,
     "probability": probability, "evidence": gpc.log_marginal_likelihood_value_, "sklearnProbability": gpc.predict_proba(z)[:, 1]}


def plain(v):
    return {k: plain(u) for k, u in v.items()} if isinstance(v, dict) else np.asarray(v).tolist()


out = pathlib.Path("src/test/resources/lemma/ntk/mixtures.json")
out.write_text(json.dumps({"versions": {"scipy": scipy.__version__, "scikit-learn": sklearn.__version__, "python": platform.python_version()},
                           "cases": {"process": plain(t), "classification": plain(c)}}))
print(out, out.stat().st_size, t["logMarginal"] - t["logMarginalByQuadrature"], np.abs(c["sklearnProbability"] - probability).max())
