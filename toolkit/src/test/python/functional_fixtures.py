"""Values, gradients and second derivatives of activation functions, distances and bags, from PyTorch in float64.

    python functional_fixtures.py ../resources/lemma/tensor/functional-fixtures.json
"""

import sys

import torch
import torch.nn.functional as F

from cases import away, case, distinct, normal, write

f64 = torch.float64


def vector(*numbers):
    return torch.tensor(numbers, dtype=f64)


points = vector(-4.0, -2.2, -0.7, -0.3, 0.2, 0.8, 2.1, 3.4, 7.0)
activations = {
    "hardtanh": F.hardtanh,
    "relu6": F.relu6,
    "leakyRelu": lambda x: F.leaky_relu(x, 0.1),
    "elu": lambda x: F.elu(x, 0.7),
    "selu": F.selu,
    "celu": lambda x: F.celu(x, 2.0),
    "softplusBeta": lambda x: F.softplus(x, 2.0, 5.0),
    "mish": F.mish,
    "hardswish": F.hardswish,
    "hardsigmoid": lambda x: F.relu6(x + 3) / 6,  # PyTorch's own multiplies by 1/6 in single precision
    "softsign": F.softsign,
    "logSigmoid": F.logsigmoid,
    "tanhshrink": F.tanhshrink,
    "softshrink": lambda x: F.softshrink(x, 0.5),
    "hardshrink": lambda x: F.hardshrink(x, 0.5),
    "threshold": lambda x: F.threshold(x, 0.5, -1.5),
}
for name, f in activations.items():
    case(name, f, points)
case("prelu", F.prelu, away(2, 3, 2), vector(0.25, -0.5, 1.5))
case("preluOne", F.prelu, away(2, 3), vector(0.25))
case("glu", F.glu, normal(2, 3, 4))
case("glu0", lambda x: F.glu(x, 0), normal(4, 3))

case("normalize", F.normalize, normal(2, 3))
case("normalize0", lambda x: F.normalize(x, 1.0, 0), away(2, 3))
case("cosineSimilarity", lambda a, b: F.cosine_similarity(a, b, 1), normal(2, 3, 2), normal(3, 2))
case("pairwiseDistance", F.pairwise_distance, normal(4, 3), normal(4, 3))
case("pairwiseDistance1", lambda a, b: F.pairwise_distance(a, b, 1.0), distinct(4, 3), distinct(4, 3) + 0.1)
case("cdist", lambda a, b: torch.cdist(a, b), normal(2, 3, 4), normal(2, 2, 4), second=False)
case("cdistProducts", lambda a, b: torch.linalg.vector_norm(a.unsqueeze(-2) - b.unsqueeze(-3), dim=-1), normal(3, 4), normal(2, 4))
case("cdist1", lambda a, b: torch.cdist(a, b, 1.0), normal(3, 4), normal(2, 4), second=False)
case("bilinear", F.bilinear, normal(2, 4, 3), normal(2, 4, 2), normal(5, 3, 2), normal(5))
bags = torch.tensor([[2, 0, 2], [1, 4, 3]])
for mode in ("sum", "mean", "max"):
    case("embeddingBag" + mode.capitalize(), lambda i, t, mode=mode: F.embedding_bag(i, t, mode=mode), bags, distinct(5, 3), second=False)
    case("embeddingBagOffsets" + mode.capitalize(), lambda i, o, t, mode=mode: F.embedding_bag(i, t, o, mode=mode),
         torch.tensor([2, 0, 2, 1, 4]), torch.tensor([0, 2, 2, 3]), distinct(5, 3), second=False)

inf, nan = float("inf"), float("nan")
odd = vector(nan, inf, -inf, 0.0, 800.0, -800.0)
for name in ("relu6", "leakyRelu", "elu", "selu", "celu", "hardsigmoid", "logSigmoid", "hardshrink", "threshold", "softplusBeta"):
    case("edge_" + name, activations[name], odd, second=False, smooth=False)
case("edge_hardtanh", F.hardtanh, vector(nan, inf, -1.0, 1.0, 0.5), second=False, smooth=False)
case("edge_normalize", F.normalize, torch.tensor([[0.0, 0.0], [3.0, 4.0]], dtype=f64), second=False, smooth=False)
case("edge_cosineSimilarity", lambda a, b: F.cosine_similarity(a, b, 1), torch.tensor([[0.0, 0.0], [3.0, 4.0]], dtype=f64), torch.tensor([[1.0, 2.0], [3.0, 4.0]], dtype=f64), second=False, smooth=False)
with torch.no_grad():
    case("value_mish", F.mish, vector(nan, inf, 0.0, 800.0, -800.0))
    case("value_hardswish", F.hardswish, vector(nan, inf, -inf, -3.0, 3.0, 0.0))
    case("value_softsign", F.softsign, vector(nan, 0.0, 1e30, -1e30))
    case("value_softshrink", lambda x: F.softshrink(x, 0.5), vector(inf, -inf, 0.5, -0.5, 0.0))
    case("value_causalMask", lambda x: torch.nn.Transformer.generate_square_subsequent_mask(4).double() + x, vector(0.0))

write(sys.argv[1])
