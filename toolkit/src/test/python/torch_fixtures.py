"""Values, gradients and second derivatives of the core operations, from PyTorch in float64.

    python torch_fixtures.py ../resources/lemma/tensor/torch-fixtures.json
"""

import sys

import numpy as np
import torch
import torch.nn.functional as F

from cases import away, case, distinct, inner, normal, positive, write

# one argument
for op in ["neg", "exp", "expm1", "sin", "cos", "atan", "sinh", "cosh", "tanh", "erf", "sigmoid", "square"]:
    case(op, getattr(torch, op), normal(2, 3))
for op in ["sqrt", "rsqrt", "log", "log1p"]:
    case(op, getattr(torch, op), positive(2, 3))
for op in ["asin", "acos", "tan"]:
    case(op, getattr(torch, op), inner(2, 3))
for op in ["abs", "sign", "floor", "ceil", "round", "reciprocal", "relu"]:
    case(op, getattr(torch, op), away(2, 3))
case("softplus", lambda x: F.softplus(x, threshold=1e9), 3 * normal(2, 3))
case("gelu", F.gelu, 2 * normal(2, 3))
case("geluTanh", lambda x: F.gelu(x, approximate="tanh"), 2 * normal(2, 3))
case("silu", F.silu, 2 * normal(2, 3))

# two arguments
for op in ["add", "sub", "mul", "maximum", "minimum", "atan2"]:
    case(op, getattr(torch, op), normal(2, 3), normal(2, 3))
    case(op + "_broadcast", getattr(torch, op), normal(2, 1, 3), normal(4, 1))
case("div", torch.div, normal(2, 3), away(2, 3))
case("div_broadcast", torch.div, normal(2, 1, 3), away(4, 1))
case("pow", torch.pow, positive(2, 3), normal(2, 3))
case("pow_broadcast", torch.pow, positive(2, 1, 3), normal(4, 1))
case("mod", torch.remainder, away(2, 3), torch.tensor([[0.7, -0.7, 1.3], [0.7, -1.3, 2.3]], dtype=torch.float64), second=False)
case("mul_self", lambda x: x * x, normal(3))

# a tensor and a number
case("addNumber", lambda x: x + 1.5, normal(2, 3))
case("subNumber", lambda x: x - 1.5, normal(2, 3))
case("rsubNumber", lambda x: 1.5 - x, normal(2, 3))
case("mulNumber", lambda x: x * -1.5, normal(2, 3))
case("divNumber", lambda x: x / 1.5, normal(2, 3))
case("rdivNumber", lambda x: 1.5 / x, away(2, 3))
case("powNumber", lambda x: x ** 2.5, positive(2, 3))
case("powTwo", lambda x: x ** 2, normal(2, 3))
case("powThree", lambda x: x ** 3, normal(2, 3))
case("powMinusTwo", lambda x: x ** -2, away(2, 3))
case("powZero", lambda x: x ** 0, normal(2, 3))
case("powOne", lambda x: x ** 1, normal(2, 3))
case("rpowNumber", lambda x: 1.5 ** x, normal(2, 3))
case("modNumber", lambda x: torch.remainder(x, 0.7), away(2, 3))
case("maximumNumber", lambda x: torch.clamp(x, min=0.2), normal(2, 3))
case("minimumNumber", lambda x: torch.clamp(x, max=0.2), normal(2, 3))
case("clamp", lambda x: torch.clamp(x, -0.5, 0.5), normal(3, 4))
case("clampAtBounds", lambda x: torch.clamp(x, -0.5, 0.5), torch.tensor([-0.5, 0.5, 0.0, 1.0], dtype=torch.float64), smooth=False)

# choice
mask = torch.tensor([[True, False, True], [False, False, True]])
case("where", lambda c, a, b: torch.where(c, a, b), mask, normal(2, 3), normal(2, 3))
case("where_broadcast", lambda c, a, b: torch.where(c, a, b), mask, normal(4, 1, 3), normal(1))
case("maskedFill", lambda x, c: x.masked_fill(c, -1.5), normal(2, 3), mask)

# reductions
x = normal(2, 3, 4)
case("sum", lambda x: x.sum(), x)
case("sum1", lambda x: x.sum(1), x)
case("sum02", lambda x: x.sum((0, 2)), x)
case("sumKeep1", lambda x: x.sum(1, keepdim=True), x)
case("mean", lambda x: x.mean(), x)
case("mean12", lambda x: x.mean((1, 2)), x)
case("prod", lambda x: x.prod(), normal(2, 3))
case("prod1", lambda x: x.prod(1), normal(2, 5))
case("prodOneZero", lambda x: x.prod(1), torch.tensor([[1.5, 0.0, -2.0], [1.0, 2.0, 3.0]], dtype=torch.float64))
case("prodTwoZeros", lambda x: x.prod(1), torch.tensor([[1.5, 0.0, 0.0], [0.0, 2.0, 3.0]], dtype=torch.float64))
case("max", lambda x: torch.amax(x, (0, 1)), distinct(3, 4))
case("max1", lambda x: torch.amax(x, 1), distinct(3, 4))
case("min1", lambda x: torch.amin(x, 1), distinct(3, 4))
ties = torch.tensor([[1.0, 3.0, 3.0, 3.0], [2.0, 2.0, 2.0, 2.0], [0.0, 1.0, 4.0, 4.0]], dtype=torch.float64)
case("maxTies", lambda x: torch.amax(x, 1), ties, smooth=False)
case("minTies", lambda x: torch.amin(x, 1), ties, smooth=False)
case("maximumTies", torch.maximum, ties, torch.full((1, 4), 3.0, dtype=torch.float64), smooth=False)
case("minimumTies", torch.minimum, ties, torch.full((1, 4), 3.0, dtype=torch.float64), smooth=False)
case("var0", lambda x: x.var(1, correction=0), x)
case("var1", lambda x: x.var((0, 2), correction=1), x)
case("std1", lambda x: x.std(2, correction=1), x)
case("norm", lambda x: x.square().sum((1, 2)).sqrt(), x)
case("logsumexp", lambda x: x.logsumexp(1), x)
case("cumsum0", lambda x: x.cumsum(0), x)
case("cumsum2", lambda x: x.cumsum(2), x)
case("softmax", lambda x: x.softmax(-1), 2 * x)
case("softmax1", lambda x: x.softmax(1), 2 * x)
case("logSoftmax", lambda x: x.log_softmax(-1), 2 * x)
case("logSoftmax0", lambda x: x.log_softmax(0), 2 * x)

# matrices
case("matmul", torch.matmul, normal(3, 4), normal(4, 2))
case("matmulBatch", torch.matmul, normal(2, 3, 4), normal(2, 4, 2))
case("matmulBroadcast", torch.matmul, normal(2, 1, 2, 3), normal(3, 3, 2))
case("matmulBatchMatrix", torch.matmul, normal(2, 3, 4), normal(4, 2))
case("matmulMatrixBatch", torch.matmul, normal(3, 4), normal(2, 4, 2))
case("matmulVectorMatrix", torch.matmul, normal(3), normal(3, 2))
case("matmulMatrixVector", torch.matmul, normal(2, 3), normal(3))
case("matmulVectors", torch.matmul, normal(4), normal(4))
case("matmulTransposed", lambda a, b: a.T @ b.T, normal(4, 3), normal(2, 4))
case("tril", lambda x: x.tril(0), normal(2, 3, 3))
case("triu1", lambda x: x.triu(1), normal(3, 4))

# views
case("reshape", lambda x: x.reshape(4, 6), x)
case("permute", lambda x: x.permute(2, 0, 1), x)
case("transposeReshape", lambda x: x.transpose(0, 2).reshape(-1), x)
case("expand", lambda x: x.expand(2, 3, 4), normal(3, 1))
case("squeezeUnsqueeze", lambda x: x.squeeze(1).unsqueeze(0), normal(3, 1, 2))
case("slice", lambda x: x[1, 0:3:2, 1:], x)
case("narrow", lambda x: x.narrow(2, 1, 2), x)
case("flip", lambda x: x.flip(1), x)
case("concat", lambda a, b: torch.cat([a, b], 1), normal(2, 3), normal(2, 2))
case("stack", lambda a, b: torch.stack([a, b], 1), normal(2, 3), normal(2, 3))

# indexing
case("indexSelect", lambda x, i: x.index_select(1, i), x, torch.tensor([2, 0, 2, 2]))
case("gather", lambda x, i: x.gather(1, i), normal(3, 4), torch.tensor([[3, 0, 3], [1, 1, 1], [0, 2, 3]]))
case("gather0", lambda x, i: x.gather(0, i), normal(3, 2), torch.tensor([[2, 2], [0, 1], [2, 0], [1, 1]]))
case("scatterAdd", lambda x, i: torch.zeros(3, 4, dtype=torch.float64).scatter_add(1, i, x), normal(3, 3), torch.tensor([[3, 0, 3], [1, 1, 1], [0, 2, 3]]))
case("sort", lambda x: x.sort(1).values, distinct(3, 4))
case("sortDescending0", lambda x: x.sort(0, descending=True).values, distinct(3, 4))
case("embedding", lambda i, t: F.embedding(i, t), torch.tensor([[2, 0, 2], [1, 4, 2]]), normal(5, 3))

# layers
case("linear", F.linear, normal(4, 3), normal(2, 3), normal(2))
case("linearNoBias", F.linear, normal(4, 3), normal(2, 3))
case("linear3", F.linear, normal(2, 2, 3), normal(2, 3), normal(2))
case("layerNorm", lambda x, w, b: F.layer_norm(x, (4,), w, b, 1e-5), x, normal(4), normal(4))
case("layerNormPlain", lambda x: F.layer_norm(x, (4,), None, None, 1e-3), x)
case("layerNormWeight", lambda x, w: F.layer_norm(x, (4,), w, None, 1e-5), x, normal(4))
case("crossEntropy", lambda x, t: F.cross_entropy(x, t, reduction="none"), 2 * normal(4, 3), torch.tensor([2, 0, 1, 2]))
case("attention", lambda q, k, v: (q @ k.transpose(-1, -2) / 2 + torch.full((3, 3), -torch.inf, dtype=torch.float64).triu(1)).softmax(-1) @ v,
     normal(2, 3, 4), normal(2, 3, 4), normal(2, 3, 4))

# convolution and pooling
case("conv2d", lambda x, k, b: F.conv2d(x, k, b), normal(2, 2, 4, 5), normal(3, 2, 3, 2), normal(3))
case("conv2dPadded", lambda x, k: F.conv2d(x, k, padding=(1, 2)), normal(1, 2, 4, 3), normal(2, 2, 3, 3))
case("conv2dStrided", lambda x, k, b: F.conv2d(x, k, b, stride=(2, 3), padding=1), normal(2, 2, 5, 6), normal(2, 2, 3, 2), normal(2))
case("conv2dDilated", lambda x, k: F.conv2d(x, k, dilation=(2, 1), padding=(2, 0)), normal(1, 2, 5, 4), normal(2, 2, 2, 3))
case("conv2dGroups", lambda x, k, b: F.conv2d(x, k, b, groups=2, padding=1, stride=2), normal(2, 4, 3, 4), normal(4, 2, 2, 2), normal(4))
case("conv2dDepthwise", lambda x, k: F.conv2d(x, k, groups=3), normal(2, 3, 3, 3), normal(3, 1, 2, 2))
case("conv2dPointwise", lambda x, k: F.conv2d(x, k), normal(2, 3, 2, 2), normal(2, 3, 1, 1))
case("maxPool2d", lambda x: F.max_pool2d(x, 2), distinct(2, 2, 4, 4))
case("maxPool2dOverlap", lambda x: F.max_pool2d(x, (3, 2), (2, 1), (1, 1)), distinct(1, 2, 5, 4))
case("avgPool2d", lambda x: F.avg_pool2d(x, 2), normal(2, 2, 4, 4))
case("avgPool2dOverlap", lambda x: F.avg_pool2d(x, (3, 2), (2, 1), (1, 1)), normal(1, 2, 5, 4))

# whole functions
case("mlp", lambda x, w, b, u: torch.tanh(F.linear(x, w, b)).matmul(u).softmax(-1).log().mean(), normal(3, 4), normal(5, 4), normal(5), normal(5, 2))
case("reused", lambda x: (x * x.sin()).sum(0, keepdim=True) * x.exp() + x.mean(), normal(2, 3))

# NaN, infinities, zeros
inf, nan = float("inf"), float("nan")
odd = torch.tensor([nan, inf, -inf, 0.0, -0.0, 1.0, -1.0], dtype=torch.float64)
for op in ["relu", "exp", "log", "sqrt", "floor", "ceil", "round", "square", "reciprocal", "sigmoid", "tanh", "erf", "log1p", "expm1", "neg", "sin", "atan"]:
    case("edge_" + op, getattr(torch, op), odd, second=False, smooth=False)
case("edge_abs", torch.abs, odd[1:], second=False, smooth=False)
case("edge_softplus", F.softplus, torch.tensor([nan, -inf, 800.0, -800.0], dtype=torch.float64), second=False, smooth=False)
case("edge_silu", F.silu, torch.tensor([nan, inf, 800.0, -800.0], dtype=torch.float64), second=False, smooth=False)
case("edge_gelu", F.gelu, torch.tensor([nan, inf, 800.0, -800.0], dtype=torch.float64), second=False, smooth=False)
pairs = torch.tensor([nan, inf, -inf, 0.0, 1.0], dtype=torch.float64)
for op in ["maximum", "minimum", "add", "mul", "atan2"]:
    case("edge_" + op, lambda a, b, op=op: getattr(torch, op)(a, b), pairs.reshape(5, 1).clone(), pairs.clone(), second=False, smooth=False)
case("edge_powZeroBase", torch.pow, torch.tensor([0.0, 0.0, 0.0, 2.0], dtype=torch.float64), torch.tensor([0.0, 1.0, 2.0, 0.0], dtype=torch.float64), second=False, smooth=False)
rows = torch.tensor([[1.0, nan, 2.0], [inf, 1.0, -inf], [-inf, -inf, -inf], [1.0, 2.0, -inf]], dtype=torch.float64)
case("edge_max1", lambda x: torch.amax(x, 1), rows[1:], second=False, smooth=False)
case("edge_min1", lambda x: torch.amin(x, 1), rows[1:], second=False, smooth=False)
case("edge_softmax", lambda x: x.softmax(1), rows, second=False, smooth=False)
case("edge_logSoftmax", lambda x: x.log_softmax(1), rows, second=False, smooth=False)
case("edge_logsumexp", lambda x: x.logsumexp(1), rows, second=False, smooth=False)
case("edge_clamp", lambda x: torch.clamp(x, -0.5, 0.5), odd, second=False, smooth=False)

with torch.no_grad():
    case("value_max1", lambda x: torch.amax(x, 1), rows)
    case("value_min1", lambda x: torch.amin(x, 1), rows)
    case("value_argmax", lambda x: torch.argmax(x, 1), rows)
    case("value_argmin", lambda x: torch.argmin(x, 1), rows)
    case("value_argsort", lambda x: torch.argsort(x, dim=1, stable=True), torch.tensor([[2.0, nan, 1.0, 2.0], [inf, 1.0, -inf, 1.0]], dtype=torch.float64))
    case("value_argsortDescending", lambda x: torch.argsort(x, dim=1, descending=True, stable=True), torch.tensor([[2.0, nan, 1.0, 2.0], [inf, 1.0, -inf, 1.0]], dtype=torch.float64))
    case("value_mod", torch.remainder, torch.tensor([7.0, -7.0, 7.0, -7.0, 0.5, 6.0], dtype=torch.float64), torch.tensor([3.0, 3.0, -3.0, -3.0, 0.2, 3.0], dtype=torch.float64))

# comparisons, logic, shapes and constants
with torch.no_grad():
    odd_pairs = torch.tensor([nan, inf, 0.0, -0.0, 1.0, 2.0], dtype=torch.float64)
    for op in ["eq", "ne", "lt", "le", "gt", "ge"]:
        case("value_" + op, getattr(torch, op), odd_pairs.reshape(6, 1).clone(), odd_pairs.clone())
        case("value_" + op + "Number", lambda x, op=op: getattr(torch, op)(x, 1.0), odd_pairs)
    truth = torch.tensor([[True, False, True], [False, False, True]])
    case("value_and", torch.logical_and, truth, truth[:1].clone())
    case("value_or", torch.logical_or, truth, truth[:1].clone())
    case("value_xor", torch.logical_xor, truth, truth[:1].clone())
    case("value_not", torch.logical_not, truth)
    case("value_any", torch.any, truth)
    case("value_any1", lambda x: torch.any(x, 1), truth)
    case("value_all", torch.all, truth)
    case("value_all0", lambda x: torch.all(x, 0), truth)
    case("value_isNaN", torch.isnan, odd_pairs)
    case("value_oneHot", lambda i: F.one_hot(i, 4), torch.tensor([[0, 3], [1, 1]]))
    case("value_arange", lambda x: torch.arange(-1.0, 2.0, 0.7, dtype=torch.float64), normal(1))
    case("value_linspace", lambda x: torch.linspace(-1.0, 2.0, 7, dtype=torch.float64), normal(1))
    case("value_eye", lambda x: torch.eye(3, dtype=torch.float64), normal(1))
    case("value_zeros", lambda x: torch.zeros(2, 0, 3, dtype=torch.float64), normal(1))
    case("value_ones", lambda x: torch.ones(2, 3, dtype=torch.float64), normal(1))
    case("value_onesLike", torch.ones_like, normal(2, 3))
    case("value_zerosLike", torch.zeros_like, normal(2, 3))
    case("value_full", lambda x: torch.full((2, 3), -1.5, dtype=torch.float64), normal(1))
    case("value_to", lambda x: x.to(torch.int64).to(torch.float64), torch.tensor([-1.7, -0.2, 0.2, 1.7, 3e9], dtype=torch.float64))

case("t", lambda x: x.t().reshape(-1), normal(2, 3))
case("unsqueeze", lambda x: x.unsqueeze(1) * x, normal(3, 3))
case("flatten", lambda x: x.flatten(1), normal(2, 3, 2))
case("get", lambda x: x[1, :, 0:4:3] * x[0, :, 1:3], normal(2, 3, 4))
case("meanKeep", lambda x: x.mean((0, 2), keepdim=True) * x, normal(2, 3, 2))
case("maxKeep", lambda x: torch.amax(x, 1, keepdim=True) * x, distinct(2, 3))
case("minKeep", lambda x: torch.amin(x, 1, keepdim=True) * x, distinct(2, 3))
case("sumTo", lambda x: x.sum((0, 2), keepdim=True)[0] ** 2, normal(2, 3, 2))
geometry = {"stride": 2, "padding": 1, "dilation": 1, "groups": 2}
case("conv2dInput", lambda g, k: torch.nn.grad.conv2d_input((2, 4, 5, 6), k, g, **geometry), normal(2, 6, 3, 3), normal(6, 2, 3, 3))
case("conv2dKernel", lambda g, x: torch.nn.grad.conv2d_weight(x, (6, 2, 3, 3), g, **geometry), normal(2, 6, 3, 3), normal(2, 4, 5, 6))

write(sys.argv[1])
