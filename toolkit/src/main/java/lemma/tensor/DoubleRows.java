package lemma.tensor;

import static jdk.incubator.vector.DoubleVector.fromMemorySegment;
import static lemma.tensor.DoubleMath.D;
import static lemma.tensor.DoubleMath.STEP;
import static lemma.tensor.Memory.ALL;
import static lemma.tensor.Memory.ORDER;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;

/** The fused row kernels of FLOAT64: those of {@link FloatRows} in double precision, with vectors. */
final class DoubleRows {
    private static final long BLOCK = 4096;
    /** Elements that go through several loops at a time. */
    private static final long PIECE = Scratch.LARGE_BYTES / 8;

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

    private static double expSumBlock(long x, long y, double max, long bytes) {
        long whole = bytes & -STEP;
        double sum = DoubleMath.expNegative(x, max, y, -1, whole);
        return whole == bytes ? sum : sum + expSumTail(x + whole, y + whole, max, bytes - whole);
    }

    private static double expSumTail(long x, long y, double max, long bytes) {
        long own = Scratch.get().address(2);
        double sum = lastExponentials(x, max, bytes, own);
        VectorMask<Double> m = D.indexInRange(0, bytes >> 3);
        fromMemorySegment(D, ALL, own, ORDER).intoMemorySegment(ALL, y, ORDER, m);
        return sum;
    }

    private static double expSumOnly(long x, double max, long bytes) {
        long own = Scratch.get().address(2);
        long whole = bytes & -STEP;
        double sum = DoubleMath.expNegative(x, max, own, 0, whole);
        return whole == bytes ? sum : sum + lastExponentials(x + whole, max, bytes - whole, own);
    }

    /** Of less than a vector, into the whole vector {@code own}; what is beyond counts as the exponential of minus infinity. */
    private static double lastExponentials(long x, double max, long bytes, long own) {
        VectorMask<Double> m = D.indexInRange(0, bytes >> 3);
        DoubleVector.broadcast(D, Double.NEGATIVE_INFINITY).blend(fromMemorySegment(D, ALL, x, ORDER, m), m).intoMemorySegment(ALL, own, ORDER);
        return DoubleMath.expNegative(own, max, own, -1, STEP);
    }

    private static void scale(long y, double by, long n) {
        long bytes = 8 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) fromMemorySegment(D, ALL, y + i, ORDER).mul(by).intoMemorySegment(ALL, y + i, ORDER);
        if (i == bytes) return;
        VectorMask<Double> m = D.indexInRange(0, (bytes - i) >> 3);
        fromMemorySegment(D, ALL, y + i, ORDER, m).mul(by).intoMemorySegment(ALL, y + i, ORDER, m);
    }

    private static void subtract(long x, long y, double a, double b, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) fromMemorySegment(D, ALL, x + i, ORDER).sub(a).sub(b).intoMemorySegment(ALL, y + i, ORDER);
        if (i == bytes) return;
        VectorMask<Double> m = D.indexInRange(0, (bytes - i) >> 3);
        fromMemorySegment(D, ALL, x + i, ORDER, m).sub(a).sub(b).intoMemorySegment(ALL, y + i, ORDER, m);
    }

    static double dot(long a, long b, long n) {
        double sum = 0;
        for (long i = 0; i < n; i += BLOCK) sum += dotBlock(a + 8 * i, b + 8 * i, 8 * Math.min(BLOCK, n - i));
        return sum;
    }

    private static double dotBlock(long a, long b, long bytes) {
        long i = 0;
        DoubleVector s0 = DoubleVector.zero(D);
        DoubleVector s1 = s0;
        for (; i + 2 * STEP <= bytes; i += 2 * STEP) {
            s0 = fromMemorySegment(D, ALL, a + i, ORDER).fma(fromMemorySegment(D, ALL, b + i, ORDER), s0);
            s1 = fromMemorySegment(D, ALL, a + i + STEP, ORDER).fma(fromMemorySegment(D, ALL, b + i + STEP, ORDER), s1);
        }
        for (; i < bytes; i += STEP) {
            VectorMask<Double> m = D.indexInRange(0, (bytes - i) >> 3);
            s0 = fromMemorySegment(D, ALL, a + i, ORDER, m).fma(fromMemorySegment(D, ALL, b + i, ORDER, m), s0);
        }
        long lanes = Scratch.get().lanes();
        s0.add(s1).intoMemorySegment(ALL, lanes, ORDER);
        return DoubleMath.sum(lanes);
    }

    /** {@code y (g - sum(g y))}. */
    static void softmaxBackward(long g, long y, long dx, long n) {
        DoubleVector s = DoubleVector.broadcast(D, dot(g, y, n));
        long bytes = 8 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) fromMemorySegment(D, ALL, y + i, ORDER).mul(fromMemorySegment(D, ALL, g + i, ORDER).sub(s)).intoMemorySegment(ALL, dx + i, ORDER);
        if (i == bytes) return;
        VectorMask<Double> m = D.indexInRange(0, (bytes - i) >> 3);
        fromMemorySegment(D, ALL, y + i, ORDER, m).mul(fromMemorySegment(D, ALL, g + i, ORDER, m).sub(s)).intoMemorySegment(ALL, dx + i, ORDER, m);
    }

    /** {@code g - exp(y) sum(g)}. */
    static void logSoftmaxBackward(long g, long y, long dx, long n) {
        double sum = -DoubleReduce.sum(g, n);
        for (long i = 0; i < n; i += PIECE) {
            long bytes = 8 * Math.min(PIECE, n - i);
            expSumBlock(y + 8 * i, dx + 8 * i, 0, bytes);
            addScaled(dx + 8 * i, sum, g + 8 * i, bytes);
        }
    }

    /** {@code y = y s + g}. */
    private static void addScaled(long y, double s, long g, long bytes) {
        DoubleVector by = DoubleVector.broadcast(D, s);
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) fromMemorySegment(D, ALL, y + i, ORDER).fma(by, fromMemorySegment(D, ALL, g + i, ORDER)).intoMemorySegment(ALL, y + i, ORDER);
        if (i == bytes) return;
        VectorMask<Double> m = D.indexInRange(0, (bytes - i) >> 3);
        fromMemorySegment(D, ALL, y + i, ORDER, m).fma(by, fromMemorySegment(D, ALL, g + i, ORDER, m)).intoMemorySegment(ALL, y + i, ORDER, m);
    }

    /** {@code g exp(x - shift)}. */
    static void scaledExp(long x, long y, double shift, double g, long n) {
        for (long i = 0; i < n; i += PIECE) {
            long k = Math.min(PIECE, n - i);
            subtract(x + 8 * i, y + 8 * i, shift, 0, 8 * k);
            DoubleLoops.unary(Unary.EXP, y + 8 * i, y + 8 * i, k);
            scale(y + 8 * i, g, k);
        }
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
        DoubleVector s0 = DoubleVector.zero(D);
        DoubleVector s1 = s0;
        for (; i + 2 * STEP <= bytes; i += 2 * STEP) {
            DoubleVector d0 = fromMemorySegment(D, ALL, x + i, ORDER).sub(mean);
            DoubleVector d1 = fromMemorySegment(D, ALL, x + i + STEP, ORDER).sub(mean);
            s0 = d0.fma(d0, s0);
            s1 = d1.fma(d1, s1);
        }
        for (; i < bytes; i += STEP) {
            VectorMask<Double> m = D.indexInRange(0, (bytes - i) >> 3);
            DoubleVector d = DoubleMath.ZERO.blend(fromMemorySegment(D, ALL, x + i, ORDER, m).sub(mean), m);
            s0 = d.fma(d, s0);
        }
        long lanes = Scratch.get().lanes();
        s0.add(s1).intoMemorySegment(ALL, lanes, ORDER);
        return DoubleMath.sum(lanes);
    }

    /** {@code y = (x - mean) rstd}. */
    static void normalise(long x, long y, double mean, double rstd, long n) {
        long bytes = 8 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) fromMemorySegment(D, ALL, x + i, ORDER).sub(mean).mul(rstd).intoMemorySegment(ALL, y + i, ORDER);
        if (i == bytes) return;
        VectorMask<Double> m = D.indexInRange(0, (bytes - i) >> 3);
        fromMemorySegment(D, ALL, x + i, ORDER, m).sub(mean).mul(rstd).intoMemorySegment(ALL, y + i, ORDER, m);
    }

    /** {@code y = (x - mean) rstd w + b}. */
    static void normalise(long x, long y, double mean, double rstd, long w, long b, long n) {
        long bytes = 8 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) fromMemorySegment(D, ALL, x + i, ORDER).sub(mean).mul(rstd).fma(fromMemorySegment(D, ALL, w + i, ORDER), fromMemorySegment(D, ALL, b + i, ORDER)).intoMemorySegment(ALL, y + i, ORDER);
        if (i == bytes) return;
        VectorMask<Double> m = D.indexInRange(0, (bytes - i) >> 3);
        fromMemorySegment(D, ALL, x + i, ORDER, m).sub(mean).mul(rstd).fma(fromMemorySegment(D, ALL, w + i, ORDER, m), fromMemorySegment(D, ALL, b + i, ORDER, m)).intoMemorySegment(ALL, y + i, ORDER, m);
    }

    /** {@code dx = rstd (g - mean(g) - xhat mean(g xhat))} of {@code g}, which already holds the weight. */
    static void layerNormBackward(long g, long x, long dx, double mean, double rstd, long n) {
        double c1 = (DoubleReduce.sum(g, n) / n);
        double c2 = (dotDeviation(g, x, mean, n) * rstd * rstd / n);
        combine(g, x, dx, mean, rstd, c1, c2, 8 * n);
    }

    private static void combine(long g, long x, long dx, double mean, double rstd, double c1, double c2, long bytes) {
        DoubleVector slope = DoubleVector.broadcast(D, -c2);
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) fromMemorySegment(D, ALL, x + i, ORDER).sub(mean).fma(slope, fromMemorySegment(D, ALL, g + i, ORDER).sub(c1)).mul(rstd).intoMemorySegment(ALL, dx + i, ORDER);
        if (i == bytes) return;
        VectorMask<Double> m = D.indexInRange(0, (bytes - i) >> 3);
        fromMemorySegment(D, ALL, x + i, ORDER, m).sub(mean).fma(slope, fromMemorySegment(D, ALL, g + i, ORDER, m).sub(c1)).mul(rstd).intoMemorySegment(ALL, dx + i, ORDER, m);
    }

    /** {@code sum g (x - mean)}. */
    private static double dotDeviation(long g, long x, double mean, long n) {
        double sum = 0;
        for (long i = 0; i < n; i += BLOCK) sum += dotDeviationBlock(g + 8 * i, x + 8 * i, mean, 8 * Math.min(BLOCK, n - i));
        return sum;
    }

    private static double dotDeviationBlock(long g, long x, double mean, long bytes) {
        long i = 0;
        DoubleVector s0 = DoubleVector.zero(D);
        DoubleVector s1 = s0;
        for (; i + 2 * STEP <= bytes; i += 2 * STEP) {
            s0 = fromMemorySegment(D, ALL, x + i, ORDER).sub(mean).fma(fromMemorySegment(D, ALL, g + i, ORDER), s0);
            s1 = fromMemorySegment(D, ALL, x + i + STEP, ORDER).sub(mean).fma(fromMemorySegment(D, ALL, g + i + STEP, ORDER), s1);
        }
        for (; i < bytes; i += STEP) {
            VectorMask<Double> m = D.indexInRange(0, (bytes - i) >> 3);
            s0 = fromMemorySegment(D, ALL, x + i, ORDER, m).sub(mean).fma(fromMemorySegment(D, ALL, g + i, ORDER, m), s0);
        }
        long lanes = Scratch.get().lanes();
        s0.add(s1).intoMemorySegment(ALL, lanes, ORDER);
        return DoubleMath.sum(lanes);
    }

    /** {@code gw = g w, dw += g xhat, db += g}. */
    static void layerNormParameters(long g, long x, long w, double mean, double rstd, long gw, long dw, long db, long n) {
        long bytes = 8 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) {
            DoubleVector v = fromMemorySegment(D, ALL, g + i, ORDER);
            v.mul(fromMemorySegment(D, ALL, w + i, ORDER)).intoMemorySegment(ALL, gw + i, ORDER);
            fromMemorySegment(D, ALL, x + i, ORDER).sub(mean).mul(rstd).fma(v, fromMemorySegment(D, ALL, dw + i, ORDER)).intoMemorySegment(ALL, dw + i, ORDER);
            fromMemorySegment(D, ALL, db + i, ORDER).add(v).intoMemorySegment(ALL, db + i, ORDER);
        }
        if (i == bytes) return;
        VectorMask<Double> m = D.indexInRange(0, (bytes - i) >> 3);
        DoubleVector v = fromMemorySegment(D, ALL, g + i, ORDER, m);
        v.mul(fromMemorySegment(D, ALL, w + i, ORDER, m)).intoMemorySegment(ALL, gw + i, ORDER, m);
        fromMemorySegment(D, ALL, x + i, ORDER, m).sub(mean).mul(rstd).fma(v, fromMemorySegment(D, ALL, dw + i, ORDER, m)).intoMemorySegment(ALL, dw + i, ORDER, m);
        fromMemorySegment(D, ALL, db + i, ORDER, m).add(v).intoMemorySegment(ALL, db + i, ORDER, m);
    }

    // ---- Adam ----

    /** One step on n elements, in the order of the plain loop: new p, m, v at the last three addresses. */
    static void adam(long p, long g, long m, long v, long p1, long m1, long v1, long n, Backend.AdamStep s) {
        double keep = 1 - s.lr() * s.weightDecay();
        long bytes = 8 * n;
        for (long i = 0; i < bytes; i += STEP) {
            VectorMask<Double> k = D.indexInRange(0, (bytes - i) >> 3);
            DoubleVector d = fromMemorySegment(D, ALL, g + i, ORDER, k);
            DoubleVector mean = fromMemorySegment(D, ALL, m + i, ORDER, k).mul(s.b1()).add(d.mul(1 - s.b1()));
            DoubleVector square = fromMemorySegment(D, ALL, v + i, ORDER, k).mul(s.b2()).add(d.mul(1 - s.b2()).mul(d));
            DoubleVector step = mean.div(s.c1()).mul(s.lr()).div(square.div(s.c2()).sqrt().add(s.eps()));
            mean.intoMemorySegment(ALL, m1 + i, ORDER, k);
            square.intoMemorySegment(ALL, v1 + i, ORDER, k);
            fromMemorySegment(D, ALL, p + i, ORDER, k).mul(keep).sub(step).intoMemorySegment(ALL, p1 + i, ORDER, k);
        }
    }
}
