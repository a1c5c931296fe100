"""Multi-variate parallel attention by its formula in PyTorch, float64, score by score: outputs, gradients and second derivatives.

Writes src/test/resources/lemma/nn/multivariate-attention.safetensors; run in toolkit/ with torch and safetensors installed.
"""
import math
import platform

import torch
from safetensors.torch import save_file

torch.manual_seed(20261123)
torch.set_default_dtype(torch.float64)
out = {}


def wave(dim, at):
    return torch.tensor([f(at / 10000 ** (2 * i / dim)) for i in range(dim // 2) for f in (math.sin, math.cos)])


def attention(p, x, heads, kv_heads, window, times, places):
    batch, time, channels, dim = x.shape
    width = dim // heads
    group = heads // kv_heads
    rows = []
    for b in range(batch):
        for t in range(time):
            for c in range(channels):
                parts = []
                for h in range(heads):
                    g = slice(h // group * width, (h // group + 1) * width)
                    q = p["q.weight"][h * width:(h + 1) * width] @ x[b, t, c]
                    scores, values = [], []
                    for s in range(t + 1):
                        for e in range(channels):
                            score = 0
                            if "k.weight" in p and abs(times[t] - times[s]) <= window:
                                score = score + (q + p["content_bias"][g]) @ (p["k.weight"][g] @ x[b, s, e])
                            if "time.weight" in p:
                                score = score + (q + p["time_bias"][g]) @ (p["time.weight"][g] @ wave(dim, times[t] - times[s]))
                            if "channel.weight" in p:
                                score = score + (q + p["channel_bias"][g]) @ (p["channel.weight"][g] @ wave(dim, abs(places[c] - places[e])))
                            scores.append(score / math.sqrt(width))
                            values.append(p["v.weight"][g] @ x[b, s, e])
                    parts.append(torch.stack(scores).softmax(0) @ torch.stack(values))
                rows.append(p["out.weight"] @ torch.cat(parts))
    return torch.stack(rows).reshape(x.shape)


def record(name, x, heads, kv_heads, window, times=None, places=None, without=()):
    dim, kv = x.shape[-1], kv_heads * x.shape[-1] // heads
    shapes = {"q.weight": (dim, dim), "v.weight": (kv, dim), "out.weight": (dim, dim), "k.weight": (kv, dim), "content_bias": (kv,),
              "time.weight": (kv, dim), "time_bias": (kv,), "channel.weight": (kv, dim), "channel_bias": (kv,)}
    p = {k: (0.7 * torch.randn(s)).requires_grad_() for k, s in shapes.items() if k.split(".")[0].removesuffix("_bias") not in without}
    x.requires_grad_()
    times = range(x.shape[1]) if times is None else times
    places = range(x.shape[2]) if places is None else places
    y = attention(p, x, heads, kv_heads, window, times, places)
    u, r = torch.randn_like(y), torch.randn_like(x)
    first = torch.autograd.grad((y * u).sum(), [x, *p.values()], create_graph=True)
    second = torch.autograd.grad((first[0] * r).sum(), [x, *p.values()], allow_unused=True)
    out.update({f"{name}/x": x, f"{name}/y": y, f"{name}/u": u, f"{name}/r": r, f"{name}/dx": first[0], f"{name}/ddx": second[0]})
    for k, g, s in zip(p, first[1:], second[1:]):
        out[f"{name}/params/{k}"], out[f"{name}/grads/{k}"] = p[k], g
        out[f"{name}/second/{k}"] = torch.zeros_like(p[k]) if s is None else s


record("whole", torch.randn(2, 4, 3, 8), 2, 2, 10)
record("window", torch.randn(2, 4, 3, 8), 2, 2, 1)
record("grouped", torch.randn(1, 3, 2, 8), 4, 2, 1)
record("placed", torch.randn(1, 4, 3, 8), 2, 1, 3, times=[5, 6, 9, 9 + 4], places=[7, 2, 3])
record("no_time", torch.randn(1, 3, 3, 4), 1, 1, 1, without=("time",))
record("no_channel", torch.randn(1, 3, 3, 4), 1, 1, 1, without=("channel",))
record("no_content", torch.randn(1, 3, 3, 4), 1, 1, 1, without=("k", "content"))
record("one_token", torch.randn(2, 1, 1, 4), 2, 2, 0)

save_file({k: v.detach().clone().contiguous() for k, v in out.items()}, "src/test/resources/lemma/nn/multivariate-attention.safetensors",
          {"torch": torch.__version__, "python": platform.python_version()})
print(len(out), "tensors")
