package lemma.tensor;

import static lemma.tensor.Raw.real;

/** {@link FloatCells} in double precision without vector instructions, for FLOAT64 and where there are no vectors; n numbers a gate. */
final class PlainCells {
    private PlainCells() {}

    static void lstmMemory(DType t, long gates, long c, long next, long n) {
        for (long j = 0; j < n; j++) real(t, next, j, real(t, gates, n + j) * real(t, c, j) + real(t, gates, j) * real(t, gates, 2 * n + j));
    }

    static void mul(DType t, long a, long b, long y, long n) {
        for (long j = 0; j < n; j++) real(t, y, j, real(t, a, j) * real(t, b, j));
    }

    static void add(DType t, long a, long b, long y, long n) {
        for (long j = 0; j < n; j++) real(t, y, j, real(t, a, j) + real(t, b, j));
    }

    static void mulAdd(DType t, long x, long a, long b, long y, long n) {
        for (long j = 0; j < n; j++) real(t, y, j, real(t, x, j) + real(t, a, j) * real(t, b, j));
    }

    static void gruState(DType t, long z, long candidate, long h, long y, long n) {
        for (long j = 0; j < n; j++) real(t, y, j, real(t, candidate, j) + real(t, z, j) * (real(t, h, j) - real(t, candidate, j)));
    }

    static void lstmBackward(DType t, long g, long gc, long dh, long dc, long gates, long c, long tanh, long d, long n) {
        for (long j = 0; j < n; j++) {
            double i = real(t, gates, j);
            double f = real(t, gates, n + j);
            double z = real(t, gates, 2 * n + j);
            double o = real(t, gates, 3 * n + j);
            double a = real(t, tanh, j);
            double h = real(t, g, j) + real(t, dh, j);
            double e = real(t, gc, j) + real(t, dc, j) + h * o * (1 - a * a);
            real(t, d, j, e * z * i * (1 - i));
            real(t, d, n + j, e * real(t, c, j) * f * (1 - f));
            real(t, d, 2 * n + j, e * i * (1 - z * z));
            real(t, d, 3 * n + j, h * a * o * (1 - o));
            real(t, dc, j, e * f);
            real(t, dh, j, 0);
        }
    }

    static void gruBackward(DType t, long g, long dh, long saved, long h, long dx, long du, long n) {
        for (long j = 0; j < n; j++) {
            double e = real(t, g, j) + real(t, dh, j);
            double r = real(t, saved, j);
            double z = real(t, saved, n + j);
            double c = real(t, saved, 2 * n + j);
            double update = e * (real(t, h, j) - c) * z * (1 - z);
            double candidate = e * (1 - z) * (1 - c * c);
            double reset = candidate * real(t, saved, 3 * n + j) * r * (1 - r);
            real(t, dx, j, reset);
            real(t, dx, n + j, update);
            real(t, dx, 2 * n + j, candidate);
            real(t, du, j, reset);
            real(t, du, n + j, update);
            real(t, du, 2 * n + j, candidate * r);
            real(t, dh, j, e * z);
        }
    }

    static void tanhBackward(DType t, long g, long dh, long y, long d, long n) {
        for (long j = 0; j < n; j++) {
            double h = real(t, y, j);
            real(t, d, j, (real(t, g, j) + real(t, dh, j)) * (1 - h * h));
            real(t, dh, j, 0);
        }
    }

    static void reluBackward(DType t, long g, long dh, long y, long d, long n) {
        for (long j = 0; j < n; j++) {
            real(t, d, j, real(t, y, j) <= 0 ? 0 : real(t, g, j) + real(t, dh, j));
            real(t, dh, j, 0);
        }
    }
}
