"""The k best elements along an axis, from PyTorch in float64.

    python selection_fixtures.py ../resources/lemma/tensor/selection-fixtures.json
"""

import sys

import torch

from cases import case, normal, write

nan, inf = float("nan"), float("inf")

case("topk", lambda x: x.topk(3, -1)[0], normal(4, 7))
case("topkSmallest", lambda x: x.topk(2, 1, largest=False)[0], normal(3, 5, 2))
case("topkFirstAxis", lambda x: x.topk(2, 0)[0], normal(4, 3))
case("topkView", lambda x: x.mT.topk(3, -1)[0], normal(5, 2))
case("topkOfAll", lambda x: x.topk(5, -1)[0], normal(2, 5))
case("topkIndices", lambda x: x.detach().topk(4, -1)[1], normal(3, 9))
case("topkLong", lambda x: x.topk(7, -1)[0], normal(2, 70))
case("edge_topk", lambda x: x.detach().topk(4, -1)[0], torch.tensor([1.0, nan, -inf, 3.0, inf, 3.0], dtype=torch.float64))
case("edge_topkSmallest", lambda x: x.detach().topk(6, -1, largest=False)[0], torch.tensor([1.0, nan, -inf, 3.0, inf, 3.0], dtype=torch.float64))
case("edge_topkNone", lambda x: x.detach().topk(0, -1)[0], normal(2, 3))
case("edge_topkEmpty", lambda x: x.detach().topk(2, -1)[0], normal(0, 3))

write(sys.argv[1])
