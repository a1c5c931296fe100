"""NumPy's side of lemma.probe.ProbeSpeed: CPU seconds of the process. Set OPENBLAS_NUM_THREADS=1.

    python probe_speed.py [ROUNDS]
"""
import sys
import time

import numpy as np
import scipy.linalg as sl

rng = np.random.default_rng(0)
rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3


def report(name, rounds, f):
    best = 1e9
    for _ in range(rounds):
        start = time.process_time()
        f()
        best = min(best, time.process_time() - start)
    print(f"{name:32s} {best:9.4f} s", flush=True)


def shannon(p):
    p = p[p > 0]
    return -(p * np.log(p)).sum()


def normalised(x):
    z = x - x.mean(0)
    return z / np.linalg.norm(z, axis=1, keepdims=True)


def mnn(x):
    z = normalised(x)
    return np.sort(np.sqrt((z ** 2).sum(0)))[::-1][:min(z.shape)].sum() / len(z)


def entropy(x):
    z = normalised(x)
    return shannon(np.linalg.eigvalsh(z.T @ z / len(z)))


def cka_linear(x, y):
    x, y = x - x.mean(0), y - y.mean(0)
    return np.linalg.norm(y.T @ x) ** 2 / np.linalg.norm(x.T @ x) / np.linalg.norm(y.T @ y)


def rbf(x, sigma):
    s = (x ** 2).sum(1)
    return np.exp(-(s[:, None] + s - 2 * x @ x.T) / (2 * sigma ** 2))


def centred(k):
    return k - k.mean(0) - k.mean(1)[:, None] + k.mean()


def cka_rbf(x, y):
    k, l = centred(rbf(x, 8)), centred(rbf(y, 4))
    return (k * l).sum() / np.linalg.norm(k) / np.linalg.norm(l)


def vendi_dual(x):
    z = x / np.linalg.norm(x, axis=1, keepdims=True)
    return np.exp(shannon(sl.eigvalsh(z.T @ z / len(z))))


states = rng.standard_normal((2048, 1024))
x = rng.standard_normal((5000, 64))
y = np.tanh(x @ rng.standard_normal((64, 32)))
wide = rng.standard_normal((5000, 512))
report("matrix nuclear norm 2048x1024", 5 * rounds, lambda: mnn(states))
report("matrix entropy 2048x1024", rounds, lambda: entropy(states))
report("cka linear 5000x64,32", 5 * rounds, lambda: cka_linear(x, y))
report("cka linear 5000x512", rounds, lambda: cka_linear(wide, wide))
report("cka rbf 5000x64,32", rounds, lambda: cka_rbf(x, y))
report("vendi dual 5000x64", 5 * rounds, lambda: vendi_dual(x))
report("vendi rbf 5000x64", 1, lambda: np.exp(shannon(np.linalg.eigvalsh(rbf(x, 8) / len(x)))))
