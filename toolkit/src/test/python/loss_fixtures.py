"""Values, gradients and Hessian-vector products of losses in PyTorch, float64.

Writes src/test/resources/lemma/nn/losses.safetensors; run in toolkit/ with torch and safetensors installed. Where PyTorch has no
such loss, it is written out from its definition, by a way that differs from the library's: sums of exponentials, probabilities.
"""
import math
import platform

import torch
from safetensors.torch import save_file
from torch.nn import functional as F

torch.manual_seed(20260103)
torch.set_default_dtype(torch.float64)
out = {}


def loss(name, f, prediction, *rest):
    """hvp is with the vector of ones."""
    x = prediction.clone().requires_grad_()
    value = f(x, *rest)
    grad = torch.autograd.grad(value, x, create_graph=True)[0]
    hvp = torch.autograd.grad(grad.sum(), x, allow_unused=True)[0] if grad.requires_grad else None
    out[f"{name}/prediction"] = prediction
    for i, r in enumerate(rest):
        out[f"{name}/target{i}"] = r.clone()
    out[f"{name}/value"], out[f"{name}/grad"] = value.detach(), grad.detach()
    out[f"{name}/hvp"] = torch.zeros_like(x) if hvp is None else hvp.detach()


logits, labels = 2 * torch.randn(6, 5), torch.randint(0, 5, (6,))
weights = torch.rand(5) + 0.2
holes = labels.clone()
holes[::3] = -100
huge = torch.tensor([[1e4, -1e4, 0.0], [-1e4, 1e4, 0.0], [1e4, 1e4, -1e4]])
huge_labels = torch.tensor([0, 0, 1])


def p_of(h, y):
    return F.softmax(h, -1).gather(1, y[:, None])[:, 0]


def comp_sum(tau):
    def f(h, y):
        own = h.gather(1, y[:, None])
        u = (torch.exp(h - own) * (1 - F.one_hot(y, h.shape[1]))).sum(1)
        return (torch.log(1 + u) if tau == 1 else ((1 + u) ** (1 - tau) - 1) / (1 - tau)).mean()
    return f


def differences(h, y, margin):
    return h - h.gather(1, y[:, None]) + margin * (1 - F.one_hot(y, h.shape[1]))


def ldr(lam, margin):
    return lambda h, y: (lam * torch.log(torch.exp(differences(h, y, margin) / lam).mean(1))).mean()


loss("crossEntropySmooth", lambda h, y: F.cross_entropy(h, y, label_smoothing=0.1), logits, labels)
loss("crossEntropyWeights", lambda h, y: F.cross_entropy(h, y, weight=weights), logits, labels)
loss("crossEntropyAll", lambda h, y: F.cross_entropy(h, y, weight=weights, label_smoothing=0.2, ignore_index=-100), logits, holes)
out["weights"] = weights
loss("crossEntropyHuge", F.cross_entropy, huge, huge_labels)
for tau in [0, 0.5, 1, 1.7, 2]:
    loss(f"compSum{tau}", comp_sum(tau), logits, labels)
loss("generalized", lambda h, y: ((1 - p_of(h, y) ** 0.7) / 0.7).mean(), logits, labels)
loss("mae", lambda h, y: (1 - p_of(h, y)).mean(), logits, labels)
loss("maeHuge", lambda h, y: (1 - p_of(h, y)).mean(), huge, huge_labels)
loss("focal", lambda h, y: (-((1 - p_of(h, y)) ** 2) * torch.log(p_of(h, y))).mean(), logits, labels)
loss("crammerSinger", lambda h, y: differences(h, y, 1).amax(1).mean(), logits, labels)
loss("westonWatkins", lambda h, y: (differences(h, y, 1).relu().sum(1)).mean(), logits, labels)
assert torch.isclose(out["westonWatkins/value"], 5 * F.multi_margin_loss(logits, labels), rtol=1e-14)
loss("symmetric", lambda h, y: 0.1 * F.cross_entropy(h, y) + 4 * (1 - p_of(h, y)).mean(), logits, labels)
loss("ldr", ldr(0.7, 0), logits, labels)
loss("ldrMargin", ldr(2.0, 0.5), logits, labels)
loss("nll", F.nll_loss, torch.log_softmax(logits, 1), labels)
loss("binaryCrossEntropy", F.binary_cross_entropy, torch.rand(3, 4) * 0.9 + 0.05, torch.rand(3, 4))
loss("smoothL1", lambda p, t: F.smooth_l1_loss(p, t, beta=0.7), 2 * torch.randn(3, 4), torch.randn(3, 4))
loss("logCosh", lambda p, t: torch.log(torch.cosh(p - t)).mean(), 2 * torch.randn(3, 4), torch.randn(3, 4))
loss("quantile", lambda p, t: torch.where(t >= p, 0.3 * (t - p), -0.7 * (t - p)).mean(), torch.randn(3, 4), torch.randn(3, 4))
target = F.softmax(torch.randn(4, 5), 1)
target[0, 2] = 0
loss("klDivergence", lambda p, t: F.kl_div(p, t, reduction="batchmean"), torch.log_softmax(torch.randn(4, 5), 1), target)
loss("poissonNll", F.poisson_nll_loss, torch.randn(3, 4), torch.randint(0, 5, (3, 4)).double())
loss("gaussianNll", lambda p, t, v: F.gaussian_nll_loss(p, t, v), torch.randn(3, 4), torch.randn(3, 4), torch.rand(3, 4) + 0.1)
sides = torch.tensor([1.0, -1.0, -1.0, 1.0])
loss("cosineEmbedding", lambda a, b, t: F.cosine_embedding_loss(a, b, t, margin=0.1), torch.randn(4, 3), torch.randn(4, 3), sides)
loss("tripletMargin", lambda a, p, n: F.triplet_margin_loss(a, p, n), torch.randn(4, 3), torch.randn(4, 3), torch.randn(4, 3))
loss("dice", lambda p, t: (1 - (2 * (p * t).sum((1, 2)) + 1) / (p.sum((1, 2)) + t.sum((1, 2)) + 1)).mean(), torch.rand(3, 4, 2), (torch.rand(3, 4, 2) > 0.5).double())


def info_nce(q, k):
    return F.cross_entropy(F.normalize(q) @ F.normalize(k).T / 0.2, torch.arange(len(q)))


loss("infoNce", info_nce, torch.randn(5, 3), torch.randn(5, 3))
loss("infoNceSymmetric", lambda q, k: (info_nce(q, k) + info_nce(k, q)) / 2, torch.randn(5, 3), torch.randn(5, 3))

# logits of 1e4, by forms that are stable there
def log_p(h, y):
    return F.log_softmax(h, -1).gather(1, y[:, None])[:, 0]


loss("smoothHuge", lambda h, y: F.cross_entropy(h, y, label_smoothing=0.1), huge, huge_labels)
loss("focalHuge", lambda h, y: (-((-torch.expm1(log_p(h, y))) ** 2) * log_p(h, y)).mean(), huge, huge_labels)
loss("generalizedHuge", lambda h, y: (-torch.expm1(0.7 * log_p(h, y)) / 0.7).mean(), huge, huge_labels)
loss("symmetricHuge", lambda h, y: 0.1 * F.cross_entropy(h, y) - 4 * torch.expm1(log_p(h, y)).mean(), huge, huge_labels)
loss("ldrHuge", lambda h, y: (2 * (torch.logsumexp(differences(h, y, 0.5) / 2, 1) - math.log(3))).mean(), huge, huge_labels)
loss("westonWatkinsHuge", lambda h, y: (differences(h, y, 1).relu().sum(1)).mean(), huge + torch.tensor([0.0, 1.0, 5.0]), huge_labels)
loss("crammerSingerHuge", lambda h, y: differences(h, y, 1).amax(1).mean(), huge + torch.tensor([0.0, 1.0, 5.0]), huge_labels)
loss("bceHuge", F.binary_cross_entropy_with_logits, huge, (huge > 5e3).double() * 0.5)
loss("marginRanking", lambda a, b, t: F.margin_ranking_loss(a, b, t, margin=0.3), torch.randn(8), torch.randn(8), torch.randn(8).sign())


def log_softplus(h):
    return torch.where(h < -30, h, torch.log(F.softplus(h.clamp(min=-30))))


def normalised(h, y):
    s = F.softplus(h)
    return ldr(0.1, 0)(s / s.mean(1, keepdim=True), y)


def normalised_huge(h, y):
    return (0.1 * (torch.logsumexp(differences(3 * F.softmax(log_softplus(h), 1), y, 0) / 0.1, 1) - math.log(3))).mean()


def penalised(h, y):
    return F.cross_entropy(h, y) - 0.3 * torch.distributions.Categorical(logits=h).entropy().mean()


low = torch.tensor([[-1e4, -1e4 + 1, -1e4 - 0.5], [-25.0, -24.0, -19.0], [1e4, -1e4, 5e3]])
loss("ldrNormalised", normalised, logits, labels)
loss("ldrNormalisedHuge", normalised_huge, low, huge_labels)
loss("confidencePenalty", penalised, logits, labels)
loss("confidencePenaltyHuge", penalised, huge, huge_labels)
loss("focalRoot", lambda h, y: (-((1 - p_of(h, y)) ** 0.5) * torch.log(p_of(h, y))).mean(), logits, labels)
loss("focalRootHuge", lambda h, y: (-(-torch.expm1(log_p(h, y))).clamp(min=1e-30) ** 0.5 * log_p(h, y)).mean(), huge, huge_labels)
loss("klDivergenceHuge", lambda p, t: F.kl_div(F.log_softmax(p, -1), t, reduction="batchmean"), huge, F.softmax(low / 1e3, -1))
loss("logCoshHuge", lambda p, t: ((p - t).abs() + F.softplus(-2 * (p - t).abs()) - math.log(2)).mean(), huge, low)

out = {k: v.contiguous().clone() for k, v in out.items()}
meta = {"torch": torch.__version__, "python": platform.python_version()}
save_file(out, "src/test/resources/lemma/nn/losses.safetensors", metadata=meta)
print(len(out), "tensors", meta)
