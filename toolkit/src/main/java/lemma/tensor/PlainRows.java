package lemma.tensor;

import static lemma.tensor.Raw.real;

/** The fused row kernels in double precision: {@link DoubleRows} for FLOAT64, a plain loop where there are no vectors. */
final class PlainRows {
    private PlainRows() {}

    private static boolean isVectors(DType t) {
        return t == DType.FLOAT64 && Vectors.AVAILABLE;
    }

    static double max(DType t, long x, long n) {
        return PlainReduce.row(Reduction.MAX, t, x, n);
    }

    static double expSum(DType t, long x, double max, long n) {
        double sum = 0;
        for (long i = 0; i < n; i++) sum += StrictMath.exp(real(t, x, i) - max);
        return sum;
    }

    static void softmax(DType t, long x, long y, long n) {
        if (isVectors(t)) {
            DoubleRows.softmax(x, y, n);
            return;
        }
        double max = max(t, x, n);
        double sum = expSum(t, x, max, n);
        for (long i = 0; i < n; i++) real(t, y, i, StrictMath.exp(real(t, x, i) - max) / sum);
    }

    static double logSumExp(DType t, long x, long n) {
        if (isVectors(t)) return DoubleRows.logSumExp(x, n);
        double max = max(t, x, n);
        return max == Double.NEGATIVE_INFINITY ? max : max + StrictMath.log(expSum(t, x, max, n));
    }

    static void logSoftmax(DType t, long x, long y, long n) {
        if (isVectors(t)) {
            DoubleRows.logSoftmax(x, y, n);
            return;
        }
        double max = max(t, x, n);
        double log = StrictMath.log(expSum(t, x, max, n));
        for (long i = 0; i < n; i++) real(t, y, i, real(t, x, i) - max - log);
    }

    static void softmaxBackward(DType t, long g, long y, long dx, long n) {
        if (isVectors(t)) {
            DoubleRows.softmaxBackward(g, y, dx, n);
            return;
        }
        double s = 0;
        for (long i = 0; i < n; i++) s += real(t, g, i) * real(t, y, i);
        for (long i = 0; i < n; i++) real(t, dx, i, real(t, y, i) * (real(t, g, i) - s));
    }

    static void logSoftmaxBackward(DType t, long g, long y, long dx, long n) {
        if (isVectors(t)) {
            DoubleRows.logSoftmaxBackward(g, y, dx, n);
            return;
        }
        double s = PlainReduce.row(Reduction.SUM, t, g, n);
        for (long i = 0; i < n; i++) real(t, dx, i, real(t, g, i) - StrictMath.exp(real(t, y, i)) * s);
    }

    static void scaledExp(DType t, long x, long y, double shift, double g, long n) {
        if (isVectors(t)) {
            DoubleRows.scaledExp(x, y, shift, g, n);
            return;
        }
        for (long i = 0; i < n; i++) real(t, y, i, g * StrictMath.exp(real(t, x, i) - shift));
    }

    static double squaredDeviations(DType t, long x, double mean, long n) {
        if (isVectors(t)) return DoubleRows.squaredDeviations(x, mean, n);
        double sum = 0;
        for (long i = 0; i < n; i++) {
            double d = real(t, x, i) - mean;
            sum += d * d;
        }
        return sum;
    }

    /** {@code y = (x - mean) rstd w + b}; w and b may be 0 for none. */
    static void normalise(DType t, long x, long y, double mean, double rstd, long w, long b, long n) {
        if (isVectors(t)) {
            if (w == 0) DoubleRows.normalise(x, y, mean, rstd, n);
            else DoubleRows.normalise(x, y, mean, rstd, w, b, n);
            return;
        }
        for (long i = 0; i < n; i++) {
            double v = (real(t, x, i) - mean) * rstd;
            real(t, y, i, w == 0 ? v : v * real(t, w, i) + real(t, b, i));
        }
    }

    static void layerNormBackward(DType t, long g, long x, long dx, double mean, double rstd, long n) {
        if (isVectors(t)) {
            DoubleRows.layerNormBackward(g, x, dx, mean, rstd, n);
            return;
        }
        double sum = 0;
        double dot = 0;
        for (long i = 0; i < n; i++) {
            sum += real(t, g, i);
            dot += real(t, g, i) * (real(t, x, i) - mean) * rstd;
        }
        for (long i = 0; i < n; i++) real(t, dx, i, rstd * (real(t, g, i) - sum / n - (real(t, x, i) - mean) * rstd * dot / n));
    }

    static void layerNormParameters(DType t, long g, long x, long w, double mean, double rstd, long gw, long dw, long db, long n) {
        if (isVectors(t)) {
            DoubleRows.layerNormParameters(g, x, w, mean, rstd, gw, dw, db, n);
            return;
        }
        for (long i = 0; i < n; i++) {
            double v = real(t, g, i);
            real(t, gw, i, v * real(t, w, i));
            real(t, dw, i, real(t, dw, i) + v * (real(t, x, i) - mean) * rstd);
            real(t, db, i, real(t, db, i) + v);
        }
    }

    static void adam(DType t, long p, long g, long m, long v, long p1, long m1, long v1, long n, Backend.AdamStep s) {
        if (isVectors(t)) {
            DoubleRows.adam(p, g, m, v, p1, m1, v1, n, s);
            return;
        }
        for (long i = 0; i < n; i++) {
            double d = real(t, g, i);
            double mean = s.b1() * real(t, m, i) + (1 - s.b1()) * d;
            double square = s.b2() * real(t, v, i) + (1 - s.b2()) * d * d;
            real(t, m1, i, mean);
            real(t, v1, i, square);
            real(t, p1, i, real(t, p, i) * (1 - s.lr() * s.weightDecay()) - s.lr() * (mean / s.c1()) / (Math.sqrt(square / s.c2()) + s.eps()));
        }
    }
}
