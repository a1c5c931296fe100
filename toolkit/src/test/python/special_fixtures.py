"""Values, gradients and second derivatives of special functions, from PyTorch in float64.

    python special_fixtures.py ../resources/lemma/tensor/special-fixtures.json
"""

import sys

import torch

from cases import case, inner, normal, positive, write

S = torch.special
f64 = torch.float64


def vector(*numbers):
    return torch.tensor(numbers, dtype=f64)


case("lgamma", torch.lgamma, positive(2, 3))
case("lgammaNegative", torch.lgamma, vector(-0.4, -1.3, -2.6))
case("digamma", torch.digamma, positive(2, 3))
case("polygamma", lambda x: torch.polygamma(1, x), positive(2, 3))
case("polygamma3", lambda x: torch.polygamma(3, x), positive(2, 3))
case("multigammaln", lambda x: S.multigammaln(x, 3), 1.2 + positive(2, 3))
case("gamma", lambda x: torch.exp(torch.lgamma(x)), positive(2, 3))
case("betaln", lambda a, b: torch.lgamma(a) + torch.lgamma(b) - torch.lgamma(a + b), positive(2, 1), positive(3), second=False)
case("beta", lambda a, b: torch.exp(torch.lgamma(a) + torch.lgamma(b) - torch.lgamma(a + b)), positive(2, 1), positive(3), second=False)
case("erfc", torch.erfc, normal(2, 3))
case("erfcx", S.erfcx, normal(2, 3))
case("erfinv", torch.erfinv, inner(2, 3))
case("ndtr", S.ndtr, normal(2, 3))
case("logNdtr", S.log_ndtr, 2 * normal(2, 3))
case("ndtri", S.ndtri, 0.5 + 0.5 * inner(2, 3))
case("i0", S.i0, normal(2, 3))
case("i0e", S.i0e, normal(2, 3))
case("i1", S.i1, normal(2, 3))
case("i1e", S.i1e, normal(2, 3))
case("xlogy", torch.xlogy, normal(2, 3), positive(3))
case("xlog1py", S.xlog1py, normal(2, 3), positive(3))
case("logit", torch.logit, 0.5 + 0.4 * inner(2, 3))
case("logitEps", lambda p: torch.logit(p, 0.2), vector(0.1, 0.3, 0.6, 0.95), smooth=False)
case("entr", S.entr, positive(2, 3))
case("sinc", S.sinc, normal(2, 3))

inf, nan = float("inf"), float("nan")
odd = vector(nan, inf, -inf, 0.0, -0.0, 1.0, -1.0, 2.0, -0.5)
case("edge_xlogy", torch.xlogy, vector(0.0, 0.0, 0.0, 1.0, 2.0), vector(0.0, nan, inf, 0.0, -1.0), second=False, smooth=False)
case("edge_i1", S.i1, vector(0.0, 1e-20), second=False, smooth=False)
with torch.no_grad():
    for name, f in {"lgamma": torch.lgamma, "digamma": torch.digamma, "erfc": torch.erfc, "erfcx": S.erfcx, "erfinv": torch.erfinv, "ndtr": S.ndtr, "logNdtr": S.log_ndtr,
                    "ndtri": S.ndtri, "i0": S.i0, "i0e": S.i0e, "i1": S.i1, "i1e": S.i1e, "entr": S.entr, "sinc": S.sinc, "logit": torch.logit}.items():
        x = odd[:1] if name == "i0" or name == "i1" else odd
        case("value_" + name, f, x)
    case("value_besselJ0", S.bessel_j0, vector(nan, 0.0, -0.0, 1.0, -1.0))
    case("value_besselJ1", S.bessel_j1, vector(nan, 0.0, -0.0, 1.0, -1.0))
    case("value_zeta", S.zeta, vector(2.0, 3.5, 1.0, 0.5, 4.0, 2.0), vector(1.0, 0.3, 2.0, 1.0, nan, -1.0))
    a, x = vector(0.5, 2.0, 40.0, 0.0, 1.0, -1.0, inf, 2.0), vector(0.3, 0.0, 35.0, 1.0, inf, 1.0, 3.0, nan)
    case("value_gammainc", S.gammainc, a, x)
    case("value_gammaincc", S.gammaincc, a, x)
case("gammainc", lambda x: S.gammainc(vector(0.5, 2.0, 7.0), x), positive(2, 3))
case("gammaincc", lambda x: S.gammaincc(vector(0.5, 2.0, 7.0), x), positive(2, 3))

write(sys.argv[1])
