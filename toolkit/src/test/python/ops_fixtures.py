"""Values, gradients and second derivatives of rearranging, selecting, running and composed operations, from PyTorch in float64.

    python ops_fixtures.py ../resources/lemma/tensor/ops-fixtures.json
"""

import sys

import torch

from cases import away, case, distinct, inner, normal, positive, write

f64 = torch.float64


def vector(*numbers):
    return torch.tensor(numbers, dtype=f64)


# Einstein sums
def einsum(name, equation, *operands):
    case(name, lambda *x: torch.einsum(equation, *x), *operands)


einsum("einsum", "ij,jk->ik", normal(2, 3), normal(3, 4))
einsum("einsumBatch", "bij,bkj->bik", normal(2, 3, 4), normal(2, 2, 4))
einsum("einsumImplicit", "kj,ji", normal(2, 3), normal(3, 4))
einsum("einsumEllipsis", "...ij,...jk->...ik", normal(2, 1, 2, 3), normal(3, 3, 2))
einsum("einsumEllipsisImplicit", "a...,b...", normal(2, 3), normal(4, 2, 1))
einsum("einsumEllipsisSummed", "i...->i", normal(2, 3, 2))
einsum("einsumDiagonal", "ii->i", normal(3, 3))
einsum("einsumTrace", "bii->b", normal(2, 3, 3))
einsum("einsumTranspose", "ijk->kij", normal(2, 3, 4))
einsum("einsumSum", "ijk->j", normal(2, 3, 4))
einsum("einsumOuter", "i,j->ij", normal(2), normal(3))
einsum("einsumDot", "i,i->", normal(4), normal(4))
einsum("einsumHadamard", "ij,ij->ij", normal(2, 3), normal(2, 3))
einsum("einsumStretched", "ij,jk->ik", normal(2, 1), normal(3, 4))
einsum("einsumThree", "ab,bcd,de->ace", normal(2, 3), normal(3, 2, 4), normal(4, 2))
einsum("einsumBilinear", "bn,anm,bm->ba", normal(2, 3), normal(4, 3, 2), normal(2, 2))
einsum("einsumAttention", "bqhd,bkhd->bhqk", normal(2, 3, 2, 4), normal(2, 2, 2, 4))
einsum("einsumRepeated", "iij,jk->ki", normal(3, 3, 2), normal(2, 4))
einsum("einsumScalar", ",ij->ij", normal(), normal(2, 3))

# order and repetition
x = normal(2, 3, 4)
case("flipTwo", lambda x: x.flip(0, 2), x)
case("roll", lambda x: x.roll(3, 2), x)
case("rollMany", lambda x: x.roll((-1, 5), (0, 1)), x)
case("rot90", lambda x: x.rot90(1, (0, 2)), x)
case("rot90Two", lambda x: x.rot90(2, (1, 2)), x)
case("rot90Three", lambda x: x.rot90(-1, (2, 1)), x)
case("movedim", lambda x: x.movedim(0, 2), x)
case("repeat", lambda x: x.repeat(2, 1, 3), normal(2, 3))
case("repeatNone", lambda x: x.repeat(2, 0), normal(2, 3))
case("tile", lambda x: x.tile(2), normal(2, 3))
case("tileMore", lambda x: x.tile(2, 1, 2), normal(2, 3))
case("repeatInterleave", lambda x: x.repeat_interleave(3, 1), normal(2, 3))
case("repeatInterleaveCounts", lambda x, n: x.repeat_interleave(n, 1), normal(2, 3), torch.tensor([2, 0, 3]))
case("split", lambda x: x.split(3, 2)[1] * x.split(2, 1)[0].sum(), x)
case("splitLengths", lambda x: x.split([1, 3], 2)[1], x)
case("chunk", lambda x: torch.cat(x.chunk(3, 2), 1), x)
case("unbind", lambda x: x.unbind(1)[2] * x.unbind(1)[0], x)
case("meshgrid", lambda a, b, c: torch.stack(torch.meshgrid(a, b, c, indexing="ij")), normal(2), normal(3), normal(2))
case("diff", lambda x: x.diff(dim=1), x)
case("diffTwice", lambda x: x.diff(2, 2), x)

# diagonals and products
case("diagonal", lambda x: x.diagonal(), normal(3, 4))
case("diagonalAbove", lambda x: x.diagonal(1, 0, 2), x)
case("diagonalBelow", lambda x: x.diagonal(-2, 2, 1), x)
case("diagonalOutside", lambda x: x.diagonal(7), normal(3, 4))
case("diag", lambda x: x.diag(0), normal(3))
case("diagOfMatrix", lambda x: x.diag(-1), normal(3, 2))
case("diagEmbed", lambda x: torch.diag_embed(x, -2), normal(2, 3))
case("trace", torch.trace, normal(3, 4))
case("outer", torch.outer, normal(2), normal(3))
case("kron", torch.kron, normal(2, 3), normal(3, 2))
case("kronRanks", torch.kron, normal(3), normal(2, 1, 2))

# running
case("cumprod", lambda x: x.cumprod(1), x)
case("cumprodOneZero", lambda x: x.cumprod(1), torch.tensor([[1.5, 0.0, -2.0, 3.0], [1.0, 2.0, 3.0, 0.0]], dtype=f64))
case("cumprodTwoZeros", lambda x: x.cumprod(0), torch.tensor([[1.5, 0.0], [0.0, 2.0], [0.0, 1.0]], dtype=f64))
case("cummax", lambda x: x.cummax(1).values, distinct(3, 5))
case("cummin", lambda x: x.cummin(0).values, distinct(3, 5))
case("logcumsumexp", lambda x: x.logcumsumexp(1), x)
case("logcumsumexpWide", lambda x: x.logcumsumexp(0), vector(-30.0, 3.0, 12.0, -2.0, 13.5))

# order statistics and norms
case("median", lambda x: x.median(1).values, distinct(3, 5))
case("medianEven", lambda x: x.median(0).values, distinct(4, 3))
case("medianAll", lambda x: x.median(), distinct(3, 4))
case("quantile", lambda x: x.quantile(0.3, 1), distinct(3, 5))
case("quantiles", lambda x: x.quantile(vector(0.0, 0.5, 0.9, 1.0), 0), distinct(4, 3))
case("vectorNorm1", lambda x: torch.linalg.vector_norm(x, 1, 1), away(3, 4))
case("vectorNorm2", lambda x: torch.linalg.vector_norm(x, 2, (0, 2)), x)
case("vectorNorm3", lambda x: torch.linalg.vector_norm(x, 3, 1), away(3, 4))
case("vectorNormHalf", lambda x: torch.linalg.vector_norm(x, 1.5, 0), away(3, 4))
case("vectorNormInf", lambda x: torch.linalg.vector_norm(x, float("inf"), 1), distinct(3, 4))
case("vectorNormMinusInf", lambda x: torch.linalg.vector_norm(x, -float("inf"), 1), distinct(3, 4))
case("vectorNormZero", lambda x: torch.linalg.vector_norm(x, 2, 1), torch.tensor([[0.0, 0.0], [3.0, 4.0]], dtype=f64), second=False, smooth=False)

# element-wise
case("lerp", lambda a, b: torch.lerp(a, b, 0.3), normal(2, 3), normal(3))
case("lerpFar", lambda a, b: torch.lerp(a, b, 0.8), normal(2, 3), normal(3))
case("lerpTensor", torch.lerp, normal(2, 3), normal(2, 3), torch.tensor([[0.2], [0.9]], dtype=f64))
case("hypot", torch.hypot, normal(2, 1, 3), normal(4, 1))
case("logaddexp", torch.logaddexp, 3 * normal(2, 1, 3), 3 * normal(4, 1))
case("fmod", torch.fmod, away(2, 3), torch.tensor([[0.7, -0.7, 1.3], [0.7, -1.3, 2.3]], dtype=f64), second=False)
case("trunc", torch.trunc, away(2, 3))
case("floorDivide", lambda a, b: torch.div(a, b, rounding_mode="floor"), away(2, 3), torch.tensor([[0.7, -0.7, 1.3], [0.7, -1.3, 2.3]], dtype=f64), second=False)

# selecting
case("getTensor", lambda x, i: x[i], x, torch.tensor([1, 0, -1, 1]))
case("getPair", lambda x, i, j: x[i, j], x, torch.tensor([[1], [0]]), torch.tensor([[2, 0, -3]]))
case("getMask", lambda x, m: x[m], x, torch.tensor([[True, False, True], [False, True, False]]))
case("getMaskAndIndex", lambda x, m, i: x[m, i], x, torch.tensor([True, True]), torch.tensor([2, 0]))
case("maskedSelect", lambda x, m: x.masked_select(m), normal(2, 3), torch.tensor([True, False, True]))
case("indexPut", lambda x, i, j, v: x.index_put((i, j), v), x, torch.tensor([1, 0, -1]), torch.tensor([2, 0, -2]), normal(3, 4))
case("indexPutAccumulate", lambda x, i, v: x.index_put((i,), v, accumulate=True), normal(3, 2), torch.tensor([1, 1, -1]), normal(2))
case("indexPutMask", lambda x, m, v: x.index_put((m,), v), normal(2, 3), torch.tensor([[True, False, True], [False, True, False]]), normal(3))
case("indexAdd", lambda x, i, s: x.index_add(1, i, s), normal(2, 3), torch.tensor([2, 0, 2, 2]), normal(2, 4))
case("scatter", lambda x, i, s: x.scatter(1, i, s), normal(3, 4), torch.tensor([[3, 0], [1, 2], [0, 3]]), normal(3, 2))
case("scatter0", lambda x, i, s: x.scatter(0, i, s), normal(3, 2), torch.tensor([[2, 0]]), normal(1, 2))
case("scatterNumber", lambda x, i: x.scatter(1, i, 2.5), normal(3, 4), torch.tensor([[3, 0, 3], [1, 1, 1], [0, 2, 3]]))

# NaN, infinities, ties and counts
inf, nan = float("inf"), float("nan")
odd = vector(nan, inf, -inf, 0.0, -0.0, 1.0, -1.0)
case("edge_nanToNum", lambda x: torch.nan_to_num(x, 0.5, 7.0, -8.0), odd, second=False, smooth=False)
case("edge_trunc", torch.trunc, odd, second=False, smooth=False)
rows = torch.tensor([[1.0, nan, 2.0, nan], [inf, 1.0, -inf, 2.0], [-inf, -inf, -inf, 3.0], [1.0, 1.0, 0.0, 1.0]], dtype=f64)
pairs = vector(nan, inf, -inf, 0.0, -7.0, 7.0, 3.0, -3.0)
with torch.no_grad():
    case("value_nanToNum", torch.nan_to_num, vector(nan, 0.0, 2.0))
    case("value_isFinite", torch.isfinite, odd)
    case("value_isInf", torch.isinf, odd)
    case("value_hypot", torch.hypot, pairs.reshape(8, 1), pairs)
    case("value_logaddexp", torch.logaddexp, pairs.reshape(8, 1), pairs)
    case("value_fmod", torch.fmod, pairs.reshape(8, 1)[3:], pairs[4:])
    case("value_floorDivide", lambda a, b: torch.div(a, b, rounding_mode="floor"), vector(7.0, -7.0, 7.0, -7.0, 6.0, 1.0, -6.0, 3.0, -3.0), vector(3.0, 3.0, -3.0, -3.0, 3.0, 0.1, 2.0, 0.0, 0.0))
    case("value_cummax", lambda x: x.cummax(1).values, rows)
    case("value_cummin", lambda x: x.cummin(1).values, rows)
    case("value_cumprod", lambda x: x.cumprod(1), rows)
    case("value_logcumsumexpWide", lambda x: x.logcumsumexp(0), vector(-900.0, 3.0, 800.0, -2.0, 805.0, inf, 3.0))
    case("value_logcumsumexp", lambda x: x.logcumsumexp(1), rows)
    case("value_median", lambda x: x.median(1).values, rows)
    case("value_quantile", lambda x: x.quantile(0.4, 1), rows)
    case("value_countNonzero", lambda x: x.count_nonzero(1), rows)
    case("value_vectorNorm0", lambda x: torch.linalg.vector_norm(x, 0, 1), rows[1:])
    case("value_vectorNormInf", lambda x: torch.linalg.vector_norm(x, inf, 1), rows)
    case("value_nonzero", torch.nonzero, rows[1:])
    case("value_argmaxAll", torch.argmax, rows[1:])
    case("value_argminAll", torch.argmin, rows)
    case("value_unique", torch.unique, rows[1:])
    case("value_uniqueInverse", lambda x: torch.unique(x, return_inverse=True)[1], rows[1:])
    case("value_uniqueCounts", lambda x: torch.unique(x, return_counts=True)[1], rows[1:])
    edges = vector(-1.0, 0.0, 0.0, 2.0, 5.0)
    case("value_searchSorted", lambda s, v: torch.searchsorted(s, v), edges, torch.tensor([[0.0, -2.0, 5.0], [1.0, inf, nan]], dtype=f64))
    case("value_searchSortedRight", lambda s, v: torch.searchsorted(s, v, right=True), edges, torch.tensor([[0.0, -2.0, 5.0], [1.0, -inf, nan]], dtype=f64))
    case("value_searchSortedRows", lambda s, v: torch.searchsorted(s, v), normal(2, 3, 4).sort(-1).values, normal(2, 3, 5))
    case("value_bucketize", lambda x, b: torch.bucketize(x, b), rows, edges)
    case("value_histc", lambda x: torch.histc(x, 5, -1.0, 2.0), normal(30))
    case("value_histcOwnRange", lambda x: torch.histc(x, 4), normal(30))
    case("value_bincount", lambda w, x: torch.bincount(x, w, 6), normal(5), torch.tensor([1, 4, 1, 0, 4]))
    case("value_trilIndices", lambda x: torch.tril_indices(4, 3, -1) * x.sum().to(torch.int64), vector(1.0))
    case("value_triuIndices", lambda x: torch.triu_indices(3, 4, 1) * x.sum().to(torch.int64), vector(1.0))

write(sys.argv[1])
