"""Complex tensors, from PyTorch in complex128.

    python complex_fixtures.py ../resources/lemma/tensor/complex-fixtures.json

Complex inputs and results stand as pairs of real and imaginary part along a last axis; so gradients are pairs too, in PyTorch's convention.
"""

import sys

import torch

from cases import away, case, normal, positive, write

c = torch.view_as_complex
r = torch.view_as_real


def one(name, f, *inputs, **options):
    case(name, lambda *x: r(f(*[c(v) for v in x])), *inputs, **options)


def off_axis(*shape):
    """Numbers away from zero and from the negative real axis."""
    return torch.stack([positive(*shape), normal(*shape)], -1)


case("complex", lambda a, b: r(torch.complex(a, b)), normal(2, 3), normal(2, 3))
case("polar", lambda a, b: r(torch.polar(a, b)), positive(2, 3), normal(2, 3))
case("real", lambda x: c(x).real, normal(2, 3, 2))
case("imag", lambda x: c(x).imag, normal(2, 3, 2))
case("angle", lambda x: c(x).angle(), off_axis(2, 3))
case("absComplex", lambda x: c(x).abs(), away(2, 3, 2))
one("conj", lambda z: z.conj().resolve_conj(), normal(2, 3, 2))
one("negComplex", lambda z: -z, normal(2, 3, 2))
one("expComplex", torch.exp, normal(2, 3, 2))
one("logComplex", torch.log, off_axis(2, 3))
one("sqrtComplex", torch.sqrt, off_axis(2, 3))
one("sqrtComplexLeft", lambda z: torch.sqrt(-z), off_axis(2, 3))
one("reciprocalComplex", torch.reciprocal, off_axis(2, 3))
one("squareComplex", torch.square, normal(2, 3, 2))
one("powComplex", lambda z: z ** 3, normal(2, 3, 2))
one("powComplexMinusTwo", lambda z: z ** -2, off_axis(2, 3))
one("addComplex", torch.add, normal(2, 3, 2), normal(3, 2))
one("subComplex", torch.sub, normal(2, 3, 2), normal(3, 2))
one("mulComplex", torch.mul, normal(2, 1, 3, 2), normal(4, 1, 2))
one("divComplex", torch.div, normal(2, 3, 2), off_axis(3))
case("mulComplexReal", lambda a, b: r(c(a) * b), normal(2, 3, 2), normal(2, 3))
one("mulComplexNumber", lambda z: z * 2.5, normal(2, 3, 2))
one("rdivComplexNumber", lambda z: 1.5 / z, off_axis(2, 3))
one("matmulComplex", torch.matmul, normal(2, 3, 2), normal(3, 4, 2))
one("matmulComplexBatch", torch.matmul, normal(2, 1, 2, 3, 2), normal(3, 3, 2, 2))
one("matmulComplexVector", torch.matmul, normal(2, 3, 2), normal(3, 2))
one("mH", lambda z: z.mH.resolve_conj(), normal(2, 3, 2))
one("sumComplex", lambda z: z.sum(1), normal(2, 3, 2))
one("meanComplex", lambda z: z.mean(), normal(2, 3, 2))
one("prodComplex", lambda z: z.prod(1), normal(2, 3, 2))
one("cumsumComplex", lambda z: z.cumsum(1), normal(2, 3, 2))
one("cumprodComplex", lambda z: z.cumprod(1), off_axis(2, 3))
mask = torch.tensor([[True, False, True], [False, False, True]])
case("whereComplex", lambda m, a, b: r(torch.where(m, c(a), c(b))), mask, normal(2, 3, 2), normal(2, 3, 2))
one("catComplex", lambda a, b: torch.cat([a, b], 1), normal(2, 3, 2), normal(2, 2, 2))
one("getComplex", lambda z: z[:, 1:].t(), normal(2, 3, 2))
case("indexSelectComplex", lambda z, i: r(c(z).index_select(1, i)), normal(2, 3, 2), torch.tensor([2, 0, 2]))
case("gatherComplex", lambda z, i: r(c(z).gather(1, i)), normal(2, 3, 2), torch.tensor([[2, 0], [1, 1]]))
one("flipComplex", lambda z: z.flip(0), normal(2, 3, 2))
nan, inf = float("nan"), float("inf")
case("edge_absComplex", lambda x: c(x).abs(), torch.tensor([[0.0, 0.0], [inf, nan], [1e30, 1e30], [-3.0, 4.0]], dtype=torch.float64), smooth=False, second=False)
case("edge_sqrtComplex", lambda x: r(c(x.detach()).sqrt()), torch.tensor([[0.0, 0.0], [-4.0, 0.0], [-4.0, -0.0], [4.0, -0.0]], dtype=torch.float64))
case("edge_powComplexZero", lambda x: r(c(x.detach()) ** 0), torch.tensor([[0.0, 0.0], [2.0, 1.0]], dtype=torch.float64))

write(sys.argv[1])
