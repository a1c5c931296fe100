"""Prints the tables of SpecialMath, computed to 60 digits or as fractions; run with mpmath installed.

CHEBYSHEV: (1 + 2x) exp(x^2) erfc(x) on [0, infinity) in Chebyshev polynomials of t = (x - 3.75) / (x + 3.75).
TEMME: row k holds the Taylor coefficients in eta of c_k of DLMF 8.12.8, by the recurrence 8.12.10.
"""

from fractions import Fraction

import mpmath

mpmath.mp.dps = 60


def chebyshev(degree=60, keep=1e-18):
    def f(t):
        if t == 1:
            return 2 / mpmath.sqrt(mpmath.pi)
        x = mpmath.mpf("3.75") * (1 + t) / (1 - t)
        if x > 100:  # asymptotic series of exp(x^2) erfc(x)
            s = mpmath.mpf(1)
            term = mpmath.mpf(1)
            for k in range(1, 40):
                term *= -mpmath.mpf(2 * k - 1) / (2 * x * x)
                s += term
            return (1 + 2 * x) * s / (x * mpmath.sqrt(mpmath.pi))
        return (1 + 2 * x) * mpmath.exp(x * x) * mpmath.erfc(x)

    n = 2 * degree
    points = [mpmath.cos(mpmath.pi * (j + mpmath.mpf(1) / 2) / n) for j in range(n)]
    values = [f(p) for p in points]
    c = []
    for k in range(degree):
        c.append(2 * sum(v * mpmath.cos(mpmath.pi * k * (j + mpmath.mpf(1) / 2) / n) for j, v in enumerate(values)) / n)
    c[0] /= 2
    while abs(c[-1]) < keep:
        c.pop()
    return c


def temme(rows=6, columns=16):
    n = columns + 2 * rows + 6
    # mu(eta) = lambda - 1 solves mu mu' = eta (1 + mu): coefficients a[1] eta + a[2] eta^2 + ...
    a = [Fraction(0), Fraction(1)]
    for m in range(2, n + 2):
        known = sum(a[i] * a[m - i + 1] * (m - i + 1) for i in range(2, m) if m - i + 1 >= 1)
        # the coefficient of eta^m in mu mu' is (m + 1) a[m] + known, in eta (1 + mu) it is a[m - 1]
        a.append((a[m - 1] - known) / (m + 1))
    b = a[1:]  # mu / eta
    inverse = [Fraction(1)]  # eta / mu
    for m in range(1, n):
        inverse.append(-sum(b[i] * inverse[m - i] for i in range(1, m + 1)))
    # g_k of gamma(z) = e^-z z^z sqrt(2 pi / z) sum g_k z^-k: the exponential of log(...) = sum of l_k z^-k
    log = [Fraction(0)] * (rows + 1)
    for k in range(1, rows + 1, 2):
        bernoulli = mpmath.bernfrac(k + 1)
        log[k] = Fraction(int(bernoulli[0]), int(bernoulli[1])) / (k * (k + 1))
    g = [Fraction(1)]
    for m in range(1, rows + 1):
        g.append(sum(Fraction(j) * log[j] * g[m - j] for j in range(1, m + 1)) / m)
    # c_0 = 1 / mu - 1 / eta
    c = inverse[1:]
    table = [c]
    for k in range(1, rows):
        slope = [Fraction(i) * c[i] for i in range(1, len(c))]  # of eta^(i - 1)
        total = [Fraction(0)] * (len(slope) + 1)  # total[i] belongs to eta^(i - 1)
        for i, v in enumerate(slope):
            total[i] += v
        for i in range(len(total)):
            total[i] += (-1) ** k * g[k] * inverse[i]
        assert total[0] == 0, (k, total[0])
        c = total[1:]
        table.append(c)
    return [[mpmath.mpf(v.numerator) / v.denominator for v in row[:columns]] for row in table]


def show(numbers):
    return ", ".join(repr(float(v)) for v in numbers)


if __name__ == "__main__":
    print("CHEBYSHEV\n" + show(chebyshev()))
    print("TEMME")
    for row in temme():
        print("{" + show(row) + "},")
