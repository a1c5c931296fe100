"""Parts of language models in PyTorch, float64: position biases, grouped-query attention, gated and routed feed-forward parts.

Writes src/test/resources/lemma/nn/language.safetensors; run in toolkit/ with torch and safetensors installed.
"""
import torch
from torch import nn

from language_parts import Attention, SwiGlu, buckets, slopes
from layer_cases import out, record, save

torch.manual_seed(20261122)
torch.set_default_dtype(torch.float64)


class Mixture(nn.Module):
    """Every expert sees every vector, and gates are zero where it was not chosen."""

    def __init__(self, expert, dim, experts, top_k):
        super().__init__()
        self.router = nn.Linear(dim, experts, bias=False)
        nn.init.normal_(self.router.weight)
        self.experts = nn.ModuleList(expert() for _ in range(experts))
        self.top_k = top_k

    def gates(self, logits):
        p = logits.softmax(-1)
        chosen = torch.zeros_like(p).scatter(-1, p.topk(self.top_k, -1).indices, 1.0)
        return chosen, p, p * chosen if self.top_k == 1 else p * chosen / (p * chosen).sum(-1, keepdim=True)

    def forward(self, x):
        gates = self.gates(self.router(x))[2]
        return sum(gates[..., e:e + 1] * expert(x) for e, expert in enumerate(self.experts))

    def losses(self, x):
        """n sum f P, and the squared coefficient of variation of the sums of gates."""
        chosen, p, gates = (t.flatten(0, -2) for t in self.gates(self.router(x)))
        importance = gates.sum(0)
        return (chosen.mean(0) / self.top_k * p.mean(0)).sum() * p.shape[1], importance.var(correction=0) / importance.mean() ** 2


x = torch.randn(2, 5, 12)
record("gqa", Attention(12, 6, 2), x)
record("gqa_causal", Attention(12, 6, 3, causal=True), x)
record("mqa", Attention(12, 4, 1), x)
memory = torch.randn(2, 4, 12)
record("gqa_cross", Attention(12, 4, 2), x, lambda m, x: m(x, memory), memory=memory)
record("alibi", Attention(12, 6, 6, alibi=True), x)
record("alibi_causal", Attention(12, 4, 2, causal=True, alibi=True), x)
record("relative_bias", Attention(12, 3, 3, buckets=(8, 4)), x)
record("relative_bias_causal", Attention(12, 6, 2, causal=True, buckets=(4, 4)), x)
record("swiglu", SwiGlu(12, 7), x)
for name, mixture in (("switch", Mixture(lambda: SwiGlu(12, 7), 12, 4, 1)),
                      ("mixture", Mixture(lambda: nn.Sequential(nn.Linear(12, 9), nn.GELU(), nn.Linear(9, 12)), 12, 5, 2))):
    record(name, mixture, x)
    logits = torch.randn(3, 7, 5).requires_grad_()
    mixture.router = nn.Identity()
    for kind, loss in zip(("balance", "importance"), mixture.losses(logits)):
        out[f"{name}_{kind}"], out[f"{name}_{kind}_slope"] = loss, torch.autograd.grad(loss, logits, retain_graph=True)[0]
    out[f"{name}_logits"] = logits

for heads in (1, 2, 3, 8, 12):
    out[f"slopes{heads}"] = torch.tensor(slopes(heads))
distances = torch.arange(-300, 301)
for name, args in (("both", (True, 32, 128)), ("causal", (False, 32, 128)), ("few", (True, 8, 20))):
    out[f"buckets_{name}"] = buckets(distances, *args)

save("language")
