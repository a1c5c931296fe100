"""Fourier transforms, from PyTorch in float64 and complex128.

    python fft_fixtures.py ../resources/lemma/tensor/fft-fixtures.json

Complex inputs and results stand as pairs of real and imaginary part along a last axis.
"""

import sys

import torch

from cases import case, normal, write

c = torch.view_as_complex
r = lambda z: torch.view_as_real(z.resolve_conj())
F = torch.fft

case("fft", lambda x: r(F.fft(c(x))), normal(2, 6, 2))
case("fftReal", lambda x: r(F.fft(x)), normal(2, 5))
case("fftPrime", lambda x: r(F.fft(c(x))), normal(2, 7, 2))
case("fftAxis", lambda x: r(F.fft(c(x), dim=0, norm="ortho")), normal(4, 2, 2))
case("fftLonger", lambda x: r(F.fft(c(x), n=8, norm="forward")), normal(2, 5, 2))
case("fftShorter", lambda x: r(F.fft(c(x), n=3)), normal(2, 5, 2))
case("fftOfOne", lambda x: r(F.fft(c(x))), normal(3, 1, 2))
case("ifft", lambda x: r(F.ifft(c(x))), normal(2, 6, 2))
case("ifftOrtho", lambda x: r(F.ifft(c(x), norm="ortho", dim=1)), normal(2, 5, 2, 2))
case("ifftForward", lambda x: r(F.ifft(c(x), norm="forward")), normal(2, 4, 2))
case("rfft", lambda x: r(F.rfft(x)), normal(2, 8))
case("rfftOdd", lambda x: r(F.rfft(x)), normal(2, 5))
case("rfftAxis", lambda x: r(F.rfft(x, dim=0, norm="ortho")), normal(6, 2))
case("rfftLonger", lambda x: r(F.rfft(x, n=10)), normal(2, 7))
case("rfftOfOne", lambda x: r(F.rfft(x)), normal(3, 1))
case("rfftOfTwo", lambda x: r(F.rfft(x)), normal(3, 2))
case("irfft", lambda x: F.irfft(c(x)), normal(2, 5, 2))
case("irfftOdd", lambda x: F.irfft(c(x), n=7), normal(2, 4, 2))
case("irfftAxis", lambda x: F.irfft(c(x), n=6, dim=0, norm="forward"), normal(4, 2, 2))
case("irfftShorter", lambda x: F.irfft(c(x), n=4, norm="ortho"), normal(2, 5, 2))
case("irfftOfTwo", lambda x: F.irfft(c(x)), normal(2, 2, 2))
case("fft2", lambda x: r(F.fft2(c(x))), normal(3, 4, 2))
case("ifft2", lambda x: r(F.ifft2(c(x))), normal(3, 4, 2))
case("rfft2", lambda x: r(F.rfft2(x)), normal(2, 3, 4))
case("irfft2", lambda x: F.irfft2(c(x), s=(3, 4)), normal(3, 3, 2))
case("fftshift", lambda x: F.fftshift(x), normal(3, 4))
case("fftshiftAxis", lambda x: F.fftshift(x, dim=1), normal(3, 5))
case("ifftshift", lambda x: F.ifftshift(x), normal(3, 5))
case("edge_fftfreq", lambda x: F.fftfreq(7, 0.5, dtype=torch.float64), normal(1))
case("edge_rfftfreq", lambda x: F.rfftfreq(8, 0.5, dtype=torch.float64), normal(1))


def causal(u, k):
    n, m = u.shape[-1], min(k.shape[-1], u.shape[-1])
    return torch.stack([sum(k[..., s] * u[..., t - s] for s in range(min(t + 1, m))) for t in range(n)], -1)


case("causalConvolve", causal, normal(2, 3, 9), normal(3, 9))
case("causalConvolveShort", causal, normal(2, 7), normal(2, 3))

write(sys.argv[1])
