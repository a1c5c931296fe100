"""Small language models and vision transformers in PyTorch, float64, with the operations that PyTorch's FlopCounterMode counts.

Writes src/test/resources/lemma/nn/tiny-models.safetensors; run in toolkit/ with torch and safetensors installed.
"""
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from language_parts import Attention, SwiGlu
from layer_cases import out, record, save

torch.manual_seed(20261123)
torch.set_default_dtype(torch.float64)


class Block(nn.Module):
    def __init__(self, attention, feed_forward, norm):
        super().__init__()
        self.norm1, self.self_attn, self.norm2, self.feed_forward = norm(), attention, norm(), feed_forward

    def forward(self, x):
        h = x + self.self_attn(self.norm1(x))
        return h + self.feed_forward(self.norm2(h))


class LanguageModel(nn.Module):
    def __init__(self, vocabulary, dim, block, norm, positions=None, tied=False, layers=2):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, dim)
        if positions:
            self.positions = nn.Embedding(positions, dim)
        self.layers, self.norm = nn.ModuleList(block() for _ in range(layers)), norm()
        if not tied:
            self.head = nn.Linear(dim, vocabulary, bias=False)

    def forward(self, tokens):
        h = self.embedding(tokens)
        if hasattr(self, "positions"):
            h = h + self.positions.weight[:tokens.shape[1]]
        for layer in self.layers:
            h = layer(h)
        return F.linear(self.norm(h), self.head.weight if hasattr(self, "head") else self.embedding.weight)


class VisionTransformer(nn.Module):
    def __init__(self, size, patch, channels, classes, dim, heads, hidden, activation, class_token):
        super().__init__()
        n = (size // patch) ** 2
        self.patches = nn.Conv2d(channels, dim, patch, stride=patch)
        if class_token:
            self.class_token = nn.Parameter(torch.randn(1, 1, dim))
        self.positions = nn.Embedding(n + class_token, dim)
        norm = lambda: nn.LayerNorm(dim)
        self.layers = nn.ModuleList(Block(Attention(dim, heads, heads), nn.Sequential(nn.Linear(dim, hidden), activation(), nn.Linear(hidden, dim)), norm) for _ in range(2))
        self.norm, self.head = norm(), nn.Linear(dim, classes)

    def forward(self, x):
        h = self.patches(x).flatten(2).transpose(1, 2)
        if hasattr(self, "class_token"):
            h = torch.cat([self.class_token.expand(len(x), -1, -1), h], 1)
        h = h + self.positions.weight
        for layer in self.layers:
            h = layer(h)
        h = self.norm(h)
        return self.head(h[:, 0] if hasattr(self, "class_token") else h.mean(1))


class CRReLU(nn.Module):
    def __init__(self):
        super().__init__()
        self.eps = nn.Parameter(torch.tensor([0.3]))

    def forward(self, x):
        return F.relu(x) + self.eps * x * torch.exp(-x ** 2 / 2)


def count(name, module, x):
    """Operations of one sequence or image: products of a matrix of m by k and one of k by n count as 2 m n k."""
    with FlopCounterMode(display=False) as counter, sdpa_kernel(SDPBackend.MATH):
        module(x[:1])
    out[f"{name}/flops"] = torch.tensor(counter.get_total_flops())
    out[f"{name}/count"] = torch.tensor(sum(p.numel() for p in module.parameters()))


def language_model(name, module, vocabulary):
    tokens = torch.randint(0, vocabulary, (2, 7))
    record(name, module, tokens)
    loss = F.cross_entropy(out[f"{name}/y"][:, :-1].flatten(0, 1), tokens[:, 1:].flatten())
    out[f"{name}/perplexity"] = loss.exp()
    count(name, module, tokens)


def mlp(dim, hidden):
    return nn.Sequential(nn.Linear(dim, hidden), nn.GELU(), nn.Linear(hidden, dim))


norm, rms = lambda: nn.LayerNorm(12), lambda: nn.RMSNorm(12, eps=1e-6)
language_model("learned", LanguageModel(17, 12, lambda: Block(Attention(12, 3, 3, causal=True), mlp(12, 48), norm), norm, positions=9), 17)
language_model("rotary", LanguageModel(17, 12, lambda: Block(Attention(12, 6, 2, causal=True, rotary=True), SwiGlu(12, 10), rms), rms, tied=True, layers=3), 17)
language_model("alibi", LanguageModel(17, 12, lambda: Block(Attention(12, 6, 6, causal=True, alibi=True), mlp(12, 48), norm), norm), 17)
language_model("relative", LanguageModel(17, 12, lambda: Block(Attention(12, 3, 3, causal=True, buckets=(32, 128)), mlp(12, 48), norm), norm), 17)

for name, vit in (("vit_token", VisionTransformer(4, 2, 3, 5, 12, 3, 9, nn.GELU, True)), ("vit_mean", VisionTransformer(6, 2, 1, 4, 8, 2, 16, nn.PReLU, False)),
                  ("vit_crrelu", VisionTransformer(4, 2, 1, 4, 8, 2, 16, CRReLU, True))):
    x = torch.randn(2, vit.patches.in_channels, *(2 * [4 if vit.positions.num_embeddings == 5 else 6]))
    record(name, vit, x)
    count(name, vit, x)
record("patches", nn.Conv2d(2, 5, 3, stride=3), torch.randn(2, 2, 6, 9), lambda m, x: m(x).flatten(2).transpose(1, 2))
record("prenorm", Block(Attention(12, 3, 3), mlp(12, 20), norm), torch.randn(2, 4, 12))
crrelu = CRReLU()
record("crrelu", crrelu, 2 * torch.randn(3, 40))

save("tiny-models")
