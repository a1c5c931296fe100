"""Linear algebra, from PyTorch in float64.

    python linalg_fixtures.py ../resources/lemma/tensor/linalg-fixtures.json

Constants are added to the inputs so that matrices are regular and their values apart wherever the tests move the inputs to.
"""

import sys

import torch

from cases import case, normal, write

L = torch.linalg


def diagonal(m, n, start, step):
    d = torch.zeros(m, n, dtype=torch.float64)
    for i in range(min(m, n)):
        d[i, i] = start + step * i
    return d


def symmetric(x):
    n = x.shape[-1]
    return x + x.mT + diagonal(n, n, -3.0, 3.0)


def positive(x):
    n = x.shape[-1]
    return x @ x.mT + diagonal(n, n, 2.0, 0.5)


def regular(x):
    n = x.shape[-1]
    return x + diagonal(n, n, 3.0, 0.5)


def apart(x):
    m, n = x.shape[-2:]
    return x + diagonal(m, n, 8.0, -2.5)


def triangle(x):
    n = x.shape[-1]
    return 0.3 * x + diagonal(n, n, 1.5, 0.25)


def signs(v):
    size = v.detach().abs()
    first = (size >= size.amax(-2, keepdim=True) * (1 - 2e-8)).to(torch.int8).argmax(-2, keepdim=True)
    return torch.where(v.detach().gather(-2, first) < 0, -1.0, 1.0).to(torch.float64)


def eigh(x):
    w, v = L.eigh(symmetric(x))
    return w, v * signs(v)


def svd(x, full=False):
    u, s, vh = L.svd(apart(x), full_matrices=full)
    f = signs(u[..., :, : s.shape[-1]])
    if full:
        return u, s, vh
    return u * f, s, vh * f.mT


small = lambda *shape: 0.4 * normal(*shape)

case("eigh", lambda x: eigh(x)[0], small(2, 3, 3))
case("eighVectors", lambda x: eigh(x)[1], small(2, 3, 3))
case("eighOneMatrix", lambda x: eigh(x)[1], small(4, 4))
case("eighOfOne", lambda x: eigh(x)[1], small(2, 1, 1))
case("eigvalsh", lambda x: L.eigvalsh(symmetric(x)), small(4, 4))
case("svd", lambda x: svd(x)[1], small(2, 3, 3))
case("svdLeft", lambda x: svd(x)[0], small(2, 3, 3))
case("svdRight", lambda x: svd(x)[2], small(2, 3, 3))
case("svdTallLeft", lambda x: svd(x)[0], small(4, 3))
case("svdTallRight", lambda x: svd(x)[2], small(4, 3))
case("svdWideLeft", lambda x: svd(x)[0], small(2, 2, 3))
case("svdWideRight", lambda x: svd(x)[2], small(2, 2, 3))
case("svdFull", lambda x: svd(x, True)[1], small(4, 3))
case("svdvals", lambda x: L.svdvals(apart(x)), small(3, 4))
case("cholesky", lambda x: L.cholesky(positive(x)), small(2, 3, 3))
case("choleskyOneMatrix", lambda x: L.cholesky(positive(x)), small(4, 4))
case("qr", lambda x: L.qr(apart(x))[0], small(2, 3, 3))
case("qrRight", lambda x: L.qr(apart(x))[1], small(2, 3, 3))
case("qrTall", lambda x: L.qr(apart(x))[0], small(4, 3))
case("qrTallRight", lambda x: L.qr(apart(x))[1], small(4, 3))
case("qrWide", lambda x: L.qr(apart(x))[0], small(3, 4))
case("qrWideRight", lambda x: L.qr(apart(x))[1], small(3, 4))
case("solve", lambda a, b: L.solve(regular(a), b), small(2, 3, 3), normal(2, 3, 2))
case("solveVector", lambda a, b: L.solve(regular(a), b), small(3, 3), normal(3))
case("solveVectors", lambda a, b: L.solve(regular(a), b), small(2, 3, 3), normal(2, 3))
case("solveBroadcast", lambda a, b: L.solve(regular(a), b), small(2, 1, 3, 3), normal(4, 3, 2))
case("solveTriangular", lambda a, b: L.solve_triangular(triangle(a), b, upper=False), small(2, 3, 3), normal(2, 3, 2))
case("solveTriangularUpper", lambda a, b: L.solve_triangular(triangle(a), b, upper=True), small(3, 3), normal(3, 2))
case("solveTriangularRight", lambda a, b: L.solve_triangular(triangle(a), b, upper=True, left=False), small(3, 3), normal(2, 3))
case("solveTriangularUnit", lambda a, b: L.solve_triangular(triangle(a), b, upper=False, unitriangular=True), small(3, 3), normal(2, 3, 2))
case("inv", lambda x: L.inv(regular(x)), small(2, 3, 3))
case("det", lambda x: L.det(regular(x)), small(2, 3, 3))
case("detOneMatrix", lambda x: L.det(x + torch.eye(4)), small(4, 4))
case("slogdet", lambda x: L.slogdet(-regular(x))[1], small(2, 3, 3))
case("slogdetSign", lambda x: L.slogdet(-regular(x))[0], small(2, 3, 3))
case("logdet", lambda x: torch.logdet(regular(x)), small(2, 3, 3))
case("lstsq", lambda a, b: L.lstsq(apart(a), b).solution, small(2, 4, 3), normal(2, 4, 2))
case("lstsqWide", lambda a, b: L.lstsq(apart(a), b).solution, small(3, 4), normal(3, 2))
case("pinv", lambda x: L.pinv(apart(x)), small(2, 4, 3))
case("pinvWide", lambda x: L.pinv(apart(x)), small(2, 3))
case("matrixExp", L.matrix_exp, small(2, 3, 3))
case("matrixExpLarge", lambda x: L.matrix_exp(x * 6) / 50, small(2, 2, 2))
case("matrixNorm", L.matrix_norm, small(2, 3, 4))
case("matrixNormNuc", lambda x: L.matrix_norm(apart(x), "nuc"), small(2, 3, 3))
case("matrixNormOne", lambda x: L.matrix_norm(x, 1), small(2, 3, 4))
case("matrixNormInf", lambda x: L.matrix_norm(x, float("inf")), small(2, 3, 4))
case("matrixNormMinusInf", lambda x: L.matrix_norm(x, -float("inf")), small(2, 3, 4))
case("matrixNormTwo", lambda x: L.matrix_norm(apart(x), 2), small(2, 3, 3))
case("matrixNormMinusTwo", lambda x: L.matrix_norm(apart(x), -2), small(2, 3, 3))
case("cond", lambda x: L.cond(apart(x)), small(2, 3, 3))
# the same written out: torch 2.13 cannot differentiate cond(x, 1)
case("condOne", lambda x: L.matrix_norm(regular(x), 1) * L.matrix_norm(L.inv(regular(x)), 1), small(2, 3, 3))

# values where gradients meet their limits
singular = torch.tensor([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [1.0, 0.5, -1.0]], dtype=torch.float64)
case("edge_slogdet", lambda x: L.slogdet(x.detach())[1], singular)
case("edge_logdet", lambda x: torch.logdet(x.detach()), -torch.eye(3, dtype=torch.float64))
case("edge_matrixNorm", L.matrix_norm, torch.zeros(2, 2, dtype=torch.float64), second=False, smooth=False)
case("edge_matrixRank", lambda x: L.matrix_rank(x.detach()), torch.stack([singular, torch.eye(3, dtype=torch.float64), torch.zeros(3, 3, dtype=torch.float64)]))
case("edge_detEmpty", lambda x: L.det(x.detach()), normal(2, 0, 0))
case("edge_invEmpty", lambda x: L.inv(x.detach()), normal(2, 0, 0))
case("edge_solveEmpty", lambda a, b: L.solve(a.detach(), b.detach()), normal(0, 3, 3), normal(0, 3, 2))
case("edge_svdvalsEmpty", lambda x: L.svdvals(x.detach()), normal(3, 0))
case("edge_qrEmpty", lambda x: L.qr(x.detach(), mode="complete")[0], normal(3, 0))

write(sys.argv[1])
