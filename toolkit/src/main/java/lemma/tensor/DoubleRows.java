package lemma.tensor;

import static lemma.tensor.DoubleMath.STEP;
import static lemma.tensor.DoubleMath.all;
import static lemma.tensor.DoubleMath.at;
import static lemma.tensor.DoubleMath.put;
import static lemma.tensor.DoubleMath.tail;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;

/** The fused row kernels of FLOAT64: those of {@link FloatRows} in double precision, with vectors. */
final class DoubleRows {
    private static final long BLOCK = 4096;

    private DoubleRows() {}

    static void softmax(long x, long y, long n) {
        double sum = expSum(x, y, DoubleReduce.max(x, n), n);
        scale(y, 1 / sum, n);
    }

    /** {@code log sum exp(x)}. */
    static double logSumExp(long x, long n) {
        double max = DoubleReduce.max(x, n);
        if (max == Double.NEGATIVE_INFINITY) return max;
        double sum = 0;
        for (long i = 0; i < n; i += BLOCK) sum += expSumOnly(x + 8 * i, max, 8 * Math.min(BLOCK, n - i));
        return max + StrictMath.log(sum);
    }

    static void logSoftmax(long x, long y, long n) {
        double max = DoubleReduce.max(x, n);
        double sum = 0;
        for (long i = 0; i < n; i += BLOCK) sum += expSumOnly(x + 8 * i, max, 8 * Math.min(BLOCK, n - i));
        subtract(x, y, max, StrictMath.log(sum), 8 * n);
    }

    /** {@code y = exp(x - max)}; returns the sum of y. */
    private static double expSum(long x, long y, double max, long n) {
        double sum = 0;
        for (long i = 0; i < n; i += BLOCK) sum += expSumBlock(x + 8 * i, y + 8 * i, max, 8 * Math.min(BLOCK, n - i));
        return sum;
    }

    // one exponential a method: two pass the compiler's limit on what it puts into one
    private static double expSumBlock(long x, long y, double max, long bytes) {
        long whole = bytes & -STEP;
        DoubleVector m = all(max);
        DoubleVector s = all(0);
        for (long i = 0; i < whole; i += STEP) {
            DoubleVector e = DoubleMath.expNegative(at(x + i).sub(m));
            put(y + i, e);
            s = s.add(e);
        }
        double sum = DoubleMath.sum(s);
        return whole == bytes ? sum : sum + expSumTail(x + whole, y + whole, max, tail(bytes - whole));
    }

    private static double expSumTail(long x, long y, double max, VectorMask<Double> m) {
        DoubleVector e = all(0).blend(DoubleMath.expNegative(at(x, m).sub(max)), m);
        put(y, e, m);
        return DoubleMath.sum(e);
    }

    private static double expSumOnly(long x, double max, long bytes) {
        long whole = bytes & -STEP;
        DoubleVector m = all(max);
        DoubleVector s = all(0);
        for (long i = 0; i < whole; i += STEP) s = s.add(DoubleMath.expNegative(at(x + i).sub(m)));
        double sum = DoubleMath.sum(s);
        return whole == bytes ? sum : sum + expSumOnlyTail(x + whole, max, tail(bytes - whole));
    }

    private static double expSumOnlyTail(long x, double max, VectorMask<Double> m) {
        return DoubleMath.sum(all(0).blend(DoubleMath.expNegative(at(x, m).sub(max)), m));
    }

    private static void scale(long y, double by, long n) {
        long bytes = 8 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, at(y + i).mul(by));
        if (i == bytes) return;
        VectorMask<Double> m = tail(bytes - i);
        put(y + i, at(y + i, m).mul(by), m);
    }

    private static void subtract(long x, long y, double a, double b, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, at(x + i).sub(a).sub(b));
        if (i == bytes) return;
        VectorMask<Double> m = tail(bytes - i);
        put(y + i, at(x + i, m).sub(a).sub(b), m);
    }

    static double dot(long a, long b, long n) {
        double sum = 0;
        for (long i = 0; i < n; i += BLOCK) sum += dotBlock(a + 8 * i, b + 8 * i, 8 * Math.min(BLOCK, n - i));
        return sum;
    }

    private static double dotBlock(long a, long b, long bytes) {
        long i = 0;
        DoubleVector s0 = all(0);
        DoubleVector s1 = s0;
        for (; i + 2 * STEP <= bytes; i += 2 * STEP) {
            s0 = at(a + i).fma(at(b + i), s0);
            s1 = at(a + i + STEP).fma(at(b + i + STEP), s1);
        }
        for (; i < bytes; i += STEP) {
            VectorMask<Double> m = tail(bytes - i);
            s0 = at(a + i, m).fma(at(b + i, m), s0);
        }
        return DoubleMath.sum(s0.add(s1));
    }

    /** {@code y (g - sum(g y))}. */
    static void softmaxBackward(long g, long y, long dx, long n) {
        DoubleVector s = all(dot(g, y, n));
        long bytes = 8 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(dx + i, at(y + i).mul(at(g + i).sub(s)));
        if (i == bytes) return;
        VectorMask<Double> m = tail(bytes - i);
        put(dx + i, at(y + i, m).mul(at(g + i, m).sub(s)), m);
    }

    /** {@code g - exp(y) sum(g)}. */
    static void logSoftmaxBackward(long g, long y, long dx, long n) {
        DoubleVector s = all(-DoubleReduce.sum(g, n));
        long bytes = 8 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(dx + i, DoubleMath.expNegative(at(y + i)).fma(s, at(g + i)));
        if (i < bytes) logSoftmaxBackwardTail(g + i, y + i, dx + i, s.lane(0), tail(bytes - i));
    }

    private static void logSoftmaxBackwardTail(long g, long y, long dx, double s, VectorMask<Double> m) {
        put(dx, DoubleMath.expNegative(at(y, m)).fma(all(s), at(g, m)), m);
    }

    /** {@code g exp(x - shift)}. */
    static void scaledExp(long x, long y, double shift, double g, long n) {
        long bytes = 8 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, DoubleMath.exp(at(x + i).sub(shift)).mul(g));
        if (i < bytes) scaledExpTail(x + i, y + i, shift, g, tail(bytes - i));
    }

    private static void scaledExpTail(long x, long y, double shift, double g, VectorMask<Double> m) {
        put(y, DoubleMath.exp(at(x, m).sub(shift)).mul(g), m);
    }

    // ---- layer normalisation ----

    /** {@code sum (x - mean)^2}. */
    static double squaredDeviations(long x, double mean, long n) {
        double sum = 0;
        for (long i = 0; i < n; i += BLOCK) sum += deviationBlock(x + 8 * i, mean, 8 * Math.min(BLOCK, n - i));
        return sum;
    }

    private static double deviationBlock(long x, double mean, long bytes) {
        long i = 0;
        DoubleVector s0 = all(0);
        DoubleVector s1 = s0;
        for (; i + 2 * STEP <= bytes; i += 2 * STEP) {
            DoubleVector d0 = at(x + i).sub(mean);
            DoubleVector d1 = at(x + i + STEP).sub(mean);
            s0 = d0.fma(d0, s0);
            s1 = d1.fma(d1, s1);
        }
        for (; i < bytes; i += STEP) {
            VectorMask<Double> m = tail(bytes - i);
            DoubleVector d = all(0).blend(at(x + i, m).sub(mean), m);
            s0 = d.fma(d, s0);
        }
        return DoubleMath.sum(s0.add(s1));
    }

    /** {@code y = (x - mean) rstd}. */
    static void normalise(long x, long y, double mean, double rstd, long n) {
        long bytes = 8 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, at(x + i).sub(mean).mul(rstd));
        if (i == bytes) return;
        VectorMask<Double> m = tail(bytes - i);
        put(y + i, at(x + i, m).sub(mean).mul(rstd), m);
    }

    /** {@code y = (x - mean) rstd w + b}. */
    static void normalise(long x, long y, double mean, double rstd, long w, long b, long n) {
        long bytes = 8 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, at(x + i).sub(mean).mul(rstd).fma(at(w + i), at(b + i)));
        if (i == bytes) return;
        VectorMask<Double> m = tail(bytes - i);
        put(y + i, at(x + i, m).sub(mean).mul(rstd).fma(at(w + i, m), at(b + i, m)), m);
    }

    /** {@code dx = rstd (g - mean(g) - xhat mean(g xhat))} of {@code g}, which already holds the weight. */
    static void layerNormBackward(long g, long x, long dx, double mean, double rstd, long n) {
        double c1 = (DoubleReduce.sum(g, n) / n);
        double c2 = (dotDeviation(g, x, mean, n) * rstd * rstd / n);
        combine(g, x, dx, mean, rstd, c1, c2, 8 * n);
    }

    private static void combine(long g, long x, long dx, double mean, double rstd, double c1, double c2, long bytes) {
        DoubleVector slope = all(-c2);
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(dx + i, at(x + i).sub(mean).fma(slope, at(g + i).sub(c1)).mul(rstd));
        if (i == bytes) return;
        VectorMask<Double> m = tail(bytes - i);
        put(dx + i, at(x + i, m).sub(mean).fma(slope, at(g + i, m).sub(c1)).mul(rstd), m);
    }

    /** {@code sum g (x - mean)}. */
    private static double dotDeviation(long g, long x, double mean, long n) {
        double sum = 0;
        for (long i = 0; i < n; i += BLOCK) sum += dotDeviationBlock(g + 8 * i, x + 8 * i, mean, 8 * Math.min(BLOCK, n - i));
        return sum;
    }

    private static double dotDeviationBlock(long g, long x, double mean, long bytes) {
        long i = 0;
        DoubleVector s0 = all(0);
        DoubleVector s1 = s0;
        for (; i + 2 * STEP <= bytes; i += 2 * STEP) {
            s0 = at(x + i).sub(mean).fma(at(g + i), s0);
            s1 = at(x + i + STEP).sub(mean).fma(at(g + i + STEP), s1);
        }
        for (; i < bytes; i += STEP) {
            VectorMask<Double> m = tail(bytes - i);
            s0 = at(x + i, m).sub(mean).fma(at(g + i, m), s0);
        }
        return DoubleMath.sum(s0.add(s1));
    }

    /** {@code gw = g w, dw += g xhat, db += g}. */
    static void layerNormParameters(long g, long x, long w, double mean, double rstd, long gw, long dw, long db, long n) {
        long bytes = 8 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) {
            DoubleVector v = at(g + i);
            put(gw + i, v.mul(at(w + i)));
            put(dw + i, at(x + i).sub(mean).mul(rstd).fma(v, at(dw + i)));
            put(db + i, at(db + i).add(v));
        }
        if (i == bytes) return;
        VectorMask<Double> m = tail(bytes - i);
        DoubleVector v = at(g + i, m);
        put(gw + i, v.mul(at(w + i, m)), m);
        put(dw + i, at(x + i, m).sub(mean).mul(rstd).fma(v, at(dw + i, m)), m);
        put(db + i, at(db + i, m).add(v), m);
    }

    // ---- Adam ----

    /** One step on n elements, in the order of the plain loop: new p, m, v at the last three addresses. */
    static void adam(long p, long g, long m, long v, long p1, long m1, long v1, long n, Backend.AdamStep s) {
        double keep = 1 - s.lr() * s.weightDecay();
        long bytes = 8 * n;
        for (long i = 0; i < bytes; i += STEP) {
            VectorMask<Double> k = tail(bytes - i);
            DoubleVector d = at(g + i, k);
            DoubleVector mean = at(m + i, k).mul(s.b1()).add(d.mul(1 - s.b1()));
            DoubleVector square = at(v + i, k).mul(s.b2()).add(d.mul(1 - s.b2()).mul(d));
            DoubleVector step = mean.div(s.c1()).mul(s.lr()).div(square.div(s.c2()).sqrt().add(s.eps()));
            put(m1 + i, mean, k);
            put(v1 + i, square, k);
            put(p1 + i, at(p + i, k).mul(keep).sub(step), k);
        }
    }
}
