"""Analytic kernels by neural-tangents, float64.

Writes src/test/resources/lemma/ntk/kernels.json; run in toolkit/ with jax and neural-tangents installed.
Examples are written channels first, as Lemma has them; neural-tangents has channels last.
"""
import json
import pathlib
import platform

import jax
jax.config.update("jax_enable_x64", True)
import numpy as np
import neural_tangents as nt
from neural_tangents import stax

rng = np.random.default_rng(20260101)
cases = {}


def serial(*layers):
    return stax.serial(*layers)


def plain(k):
    """Of an output with positions those between equal positions."""
    k = np.asarray(k)
    return (np.einsum("abhhww->abhw", k) if k.ndim == 6 else k).tolist()


def record(name, net, shape):
    """Kernels between 3 and 2 examples, and of 3 examples with themselves."""
    x1, x2 = rng.normal(size=(3, *shape)), rng.normal(size=(2, *shape))
    last = lambda x: np.moveaxis(x, 1, -1)
    cross = net[2](last(x1), last(x2), ("nngp", "ntk"))
    same = net[2](last(x1), None, ("nngp", "ntk"))
    cases[name] = {"x1": x1.tolist(), "x2": x2.tolist(), "nngp": plain(cross.nngp), "ntk": plain(cross.ntk)}
    if np.isfinite(same.ntk).all():
        cases[name] |= {"sameNngp": plain(same.nngp), "sameNtk": plain(same.ntk)}


def mlp(activation, depth=3, w=1.3, b=0.2, **kw):
    layers = []
    for _ in range(depth):
        layers += [stax.Dense(64, w, b, **kw), activation]
    return serial(*layers, stax.Dense(1, w, b, **kw))


record("dense10Relu", mlp(stax.Relu(), 10, 1.4142135623730951, 0.1), (7,))
record("relu", mlp(stax.Relu()), (5,))
record("leakyRelu", mlp(stax.LeakyRelu(0.1)), (5,))
record("abs", mlp(stax.Abs()), (5,))
record("abRelu", mlp(stax.ABRelu(-0.3, 0.8)), (5,))
record("erf", mlp(stax.Erf()), (5,))
record("gelu", mlp(stax.Gelu()), (5,))
record("sin", mlp(stax.Sin()), (5,))
record("cos", mlp(stax.Cos()), (5,))
# its rectified monomials are NaN between an example and itself, so one hidden layer, and different examples only
for degree in range(3):
    record(f"rectified{degree}", serial(stax.Dense(8, 1.1, 0.3), stax.RectifiedMonomial(degree), stax.Dense(1, 1.2, 0.1)), (5,))
record("standard", mlp(stax.Relu(), parameterization="standard"), (5,))
record("noBias", serial(stax.Dense(64, 1.2, None), stax.Relu(), stax.Dense(1, 1.1, None)), (5,))
record("layerNorm", serial(stax.Dense(8, 1.3, 0.2), stax.LayerNorm(), stax.Relu(), stax.Dense(8, 1.3, 0.2), stax.LayerNorm(), stax.Erf(), stax.Dense(1)), (5,))
record("residual", serial(
    stax.Dense(8, 1.3, 0.2), stax.FanOut(2), stax.parallel(stax.Identity(), serial(stax.Relu(), stax.Dense(8, 1.1, 0.1))), stax.FanInSum(),
    stax.FanOut(2), stax.parallel(stax.Identity(), serial(stax.Relu(), stax.Dense(8, 0.7, 0.3))), stax.FanInSum(), stax.Relu(), stax.Dense(1, 1.0, 0.1)), (5,))
record("concat", serial(
    stax.Dense(8, 1.3, 0.2), stax.FanOut(2), stax.parallel(serial(stax.Relu(), stax.Dense(6, 1.1, 0.1)), serial(stax.Erf(), stax.Dense(2, 0.9, 0.4))),
    stax.FanInConcat(-1), stax.Dense(8, 1.2, 0.3), stax.Relu(), stax.Dense(1, 1.0, 0.1)), (5,))


def conv(channels, size, strides=1, padding="VALID", w=1.2, b=0.15, axes=2, **kw):
    return stax.Conv(channels, (size,) * axes, (strides,) * axes, padding, w, b, **kw)


for padding in ("VALID", "SAME", "CIRCULAR"):
    tag = padding.lower()
    record(f"conv1d_{tag}", serial(conv(8, 3, 1, padding, axes=1), stax.Relu(), conv(8, 3, 2, padding, axes=1), stax.Relu(), stax.Flatten(), stax.Dense(1, 1.1, 0.2)), (2, 9))
    record(f"conv2d_{tag}", serial(conv(8, 3, 1, padding), stax.Relu(), conv(8, 2, 2, padding), stax.Erf(), stax.Flatten(), stax.Dense(1, 1.1, 0.2)), (2, 6, 5))
    record(f"pooled2d_{tag}", serial(conv(8, 3, 1, padding), stax.Relu(), conv(8, 3, 1, padding), stax.Relu(), stax.GlobalAvgPool(), stax.Dense(1, 1.1, 0.2)), (2, 6, 6))
record("pooled1d", serial(conv(8, 3, axes=1), stax.Relu(), stax.AvgPool((2,), (2,), "VALID"), conv(8, 2, axes=1), stax.Relu(), stax.GlobalAvgPool(), stax.Dense(1, 1.1, 0.2)), (2, 10))
record("avgFlatten", serial(conv(8, 3, 1, "SAME"), stax.Relu(), stax.AvgPool((2, 2), (2, 2), "VALID"), conv(8, 3, 1, "SAME"), stax.Gelu(), stax.Flatten(), stax.Dense(1, 1.1, 0.2)), (2, 6, 4))
record("convStandard", serial(conv(8, 3, 1, "SAME", parameterization="standard"), stax.Relu(), conv(4, 3, 1, "SAME", parameterization="standard"), stax.Relu(), stax.Flatten(), stax.Dense(1, 1.1, 0.2, parameterization="standard")), (2, 4, 4))
record("convPositions", serial(conv(8, 3, 1, "SAME"), stax.Relu(), conv(3, 3, 1, "SAME")), (2, 3, 4))


def myrtle(depth):
    """The Myrtle networks of Shankar et al. (2020) at a side of 8: 3x3 convolutions, three poolings by 2, flatten."""
    w, b = 1.4142135623730951, 0.0
    factor = {5: [1, 1, 1], 10: [2, 2, 2]}[depth]
    layers = [conv(8, 3, 1, "SAME", w, b), stax.Relu()] * factor[0]
    for f in factor:
        layers += [conv(8, 3, 1, "SAME", w, b), stax.Relu()] * f + [stax.AvgPool((2, 2), (2, 2), "VALID")]
    return serial(*layers, stax.Flatten(), stax.Dense(1, w, b))


record("myrtle5", myrtle(5), (3, 8, 8))
record("myrtle10", myrtle(10), (3, 8, 8))

record("sinWave", mlp(stax.Sin(1.2, 0.7, 0.4)), (5,))
record("rbf", serial(stax.Dense(64, 1.0, None), stax.Rbf(0.8), stax.Dense(1, 1.1, 0.2)), (5,))
record("exp", mlp(stax.Exp(0.8, 0.5), 2), (5,))
record("gaussian", mlp(stax.Gaussian(1.3, -0.6)), (5,))

keep = stax.Dropout(0.8)
record("dropout", serial(stax.Dense(8, 1.3, 0.2), stax.Relu(), keep, stax.Dense(8, 1.2, 0.1), stax.Erf(), stax.Dropout(0.6), stax.Dense(1, 1.1, 0.2)), (5,))
record("dropoutFlatten", serial(conv(8, 3, axes=1), stax.Relu(), keep, conv(8, 2, axes=1), stax.Relu(), stax.Flatten(), stax.Dense(1, 1.1, 0.2)), (2, 7))
record("dropoutPooled", serial(conv(8, 3, 1, "SAME"), stax.Relu(), keep, conv(8, 3, 1, "SAME"), stax.Relu(), keep, stax.GlobalAvgPool(), stax.Dense(1, 1.1, 0.2)), (2, 4, 3))


def attention(linear_scaling, mechanism):
    return stax.GlobalSelfAttention(8, 4, 4, 3, linear_scaling, 1.2, 0.9, 1.1, 1.3, 0.2, mechanism)


for mechanism in ("IDENTITY", "SOFTMAX", "RELU", "ABS"):
    record(f"attention{mechanism.title()}", serial(conv(8, 3, axes=1), stax.Relu(), conv(8, 1, axes=1), attention(True, mechanism), stax.Relu(), attention(True, mechanism), stax.Flatten(), stax.Dense(1, 1.1, 0.2)), (2, 7))
record("attentionDotProduct", serial(conv(8, 3, axes=1), stax.Relu(), attention(False, "IDENTITY"), stax.Relu(), attention(False, "IDENTITY"), stax.GlobalAvgPool(), stax.Dense(1, 1.1, 0.2)), (2, 6))
record("attentionImages", serial(conv(8, 2), stax.Relu(), attention(True, "SOFTMAX"), stax.LayerNorm(), stax.Relu(), stax.GlobalAvgPool(), stax.Dense(1, 1.1, 0.2)), (2, 4, 3))

out = pathlib.Path("src/test/resources/lemma/ntk/kernels.json")
out.parent.mkdir(parents=True, exist_ok=True)
out.write_text(json.dumps({"versions": {"neural-tangents": nt.__version__, "jax": jax.__version__, "numpy": np.__version__, "python": platform.python_version()}, "cases": cases}))
print(out, out.stat().st_size)
