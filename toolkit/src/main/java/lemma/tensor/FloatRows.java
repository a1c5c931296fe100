package lemma.tensor;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static lemma.tensor.FloatMath.F;
import static lemma.tensor.FloatMath.STEP;
import static lemma.tensor.Memory.ALL;
import static lemma.tensor.Memory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Fused kernels over one row of FLOAT32. Sums go into doubles block by block. */
final class FloatRows {
    private static final long BLOCK = 4096;
    /** Elements that go through several loops at a time. */
    private static final long PIECE = Scratch.LARGE_BYTES / 4;

    private FloatRows() {}

    static void softmax(long x, long y, long n) {
        double sum = expSum(x, y, FloatReduce.max(x, n), n);
        scale(y, (float) (1 / sum), n);
    }

    /** {@code log sum exp(x)}. */
    static double logSumExp(long x, long n) {
        float max = FloatReduce.max(x, n);
        if (max == Float.NEGATIVE_INFINITY) return max;
        double sum = 0;
        for (long i = 0; i < n; i += BLOCK) sum += expSumOnly(x + 4 * i, max, 4 * Math.min(BLOCK, n - i));
        return max + StrictMath.log(sum);
    }

    static void logSoftmax(long x, long y, long n) {
        float max = FloatReduce.max(x, n);
        double sum = 0;
        for (long i = 0; i < n; i += BLOCK) sum += expSumOnly(x + 4 * i, max, 4 * Math.min(BLOCK, n - i));
        subtract(x, y, max, (float) StrictMath.log(sum), 4 * n);
    }

    /** {@code y = exp(x - max)}; returns the sum of y. */
    private static double expSum(long x, long y, float max, long n) {
        double sum = 0;
        for (long i = 0; i < n; i += BLOCK) sum += expSumBlock(x + 4 * i, y + 4 * i, max, 4 * Math.min(BLOCK, n - i));
        return sum;
    }

    private static float expSumBlock(long x, long y, float max, long bytes) {
        long whole = bytes & -STEP;
        float sum = FloatMath.expNegative(x, max, y, -1, whole);
        return whole == bytes ? sum : sum + expSumTail(x + whole, y + whole, max, bytes - whole);
    }

    private static float expSumTail(long x, long y, float max, long bytes) {
        long own = Scratch.get().address(2);
        float sum = lastExponentials(x, max, bytes, own);
        VectorMask<Float> m = F.indexInRange(0, bytes >> 2);
        fromMemorySegment(F, ALL, own, ORDER).intoMemorySegment(ALL, y, ORDER, m);
        return sum;
    }

    private static float expSumOnly(long x, float max, long bytes) {
        long own = Scratch.get().address(2);
        long whole = bytes & -STEP;
        float sum = FloatMath.expNegative(x, max, own, 0, whole);
        return whole == bytes ? sum : sum + lastExponentials(x + whole, max, bytes - whole, own);
    }

    /** Of less than a vector, into the whole vector {@code own}; what is beyond counts as the exponential of minus infinity. */
    private static float lastExponentials(long x, float max, long bytes, long own) {
        VectorMask<Float> m = F.indexInRange(0, bytes >> 2);
        FloatVector.broadcast(F, Float.NEGATIVE_INFINITY).blend(fromMemorySegment(F, ALL, x, ORDER, m), m).intoMemorySegment(ALL, own, ORDER);
        return FloatMath.expNegative(own, max, own, -1, STEP);
    }

    private static void scale(long y, float by, long n) {
        long bytes = 4 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) fromMemorySegment(F, ALL, y + i, ORDER).mul(by).intoMemorySegment(ALL, y + i, ORDER);
        if (i == bytes) return;
        VectorMask<Float> m = F.indexInRange(0, (bytes - i) >> 2);
        fromMemorySegment(F, ALL, y + i, ORDER, m).mul(by).intoMemorySegment(ALL, y + i, ORDER, m);
    }

    private static void subtract(long x, long y, float a, float b, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) fromMemorySegment(F, ALL, x + i, ORDER).sub(a).sub(b).intoMemorySegment(ALL, y + i, ORDER);
        if (i == bytes) return;
        VectorMask<Float> m = F.indexInRange(0, (bytes - i) >> 2);
        fromMemorySegment(F, ALL, x + i, ORDER, m).sub(a).sub(b).intoMemorySegment(ALL, y + i, ORDER, m);
    }

    static double dot(long a, long b, long n) {
        double sum = 0;
        for (long i = 0; i < n; i += BLOCK) sum += dotBlock(a + 4 * i, b + 4 * i, 4 * Math.min(BLOCK, n - i));
        return sum;
    }

    private static float dotBlock(long a, long b, long bytes) {
        long i = 0;
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        for (; i + 2 * STEP <= bytes; i += 2 * STEP) {
            s0 = fromMemorySegment(F, ALL, a + i, ORDER).fma(fromMemorySegment(F, ALL, b + i, ORDER), s0);
            s1 = fromMemorySegment(F, ALL, a + i + STEP, ORDER).fma(fromMemorySegment(F, ALL, b + i + STEP, ORDER), s1);
        }
        for (; i < bytes; i += STEP) {
            VectorMask<Float> m = F.indexInRange(0, (bytes - i) >> 2);
            s0 = fromMemorySegment(F, ALL, a + i, ORDER, m).fma(fromMemorySegment(F, ALL, b + i, ORDER, m), s0);
        }
        long lanes = Scratch.get().lanes();
        s0.add(s1).intoMemorySegment(ALL, lanes, ORDER);
        return FloatMath.sum(lanes);
    }

    /** {@code y (g - sum(g y))}. */
    static void softmaxBackward(long g, long y, long dx, long n) {
        FloatVector s = FloatVector.broadcast(F, (float) dot(g, y, n));
        long bytes = 4 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) fromMemorySegment(F, ALL, y + i, ORDER).mul(fromMemorySegment(F, ALL, g + i, ORDER).sub(s)).intoMemorySegment(ALL, dx + i, ORDER);
        if (i == bytes) return;
        VectorMask<Float> m = F.indexInRange(0, (bytes - i) >> 2);
        fromMemorySegment(F, ALL, y + i, ORDER, m).mul(fromMemorySegment(F, ALL, g + i, ORDER, m).sub(s)).intoMemorySegment(ALL, dx + i, ORDER, m);
    }

    /** {@code g - exp(y) sum(g)}. */
    static void logSoftmaxBackward(long g, long y, long dx, long n) {
        float sum = (float) -FloatReduce.sum(g, n);
        for (long i = 0; i < n; i += PIECE) {
            long bytes = 4 * Math.min(PIECE, n - i);
            expSumBlock(y + 4 * i, dx + 4 * i, 0, bytes);
            addScaled(dx + 4 * i, sum, g + 4 * i, bytes);
        }
    }

    /** {@code y = y s + g}. */
    private static void addScaled(long y, float s, long g, long bytes) {
        FloatVector by = FloatVector.broadcast(F, s);
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) fromMemorySegment(F, ALL, y + i, ORDER).fma(by, fromMemorySegment(F, ALL, g + i, ORDER)).intoMemorySegment(ALL, y + i, ORDER);
        if (i == bytes) return;
        VectorMask<Float> m = F.indexInRange(0, (bytes - i) >> 2);
        fromMemorySegment(F, ALL, y + i, ORDER, m).fma(by, fromMemorySegment(F, ALL, g + i, ORDER, m)).intoMemorySegment(ALL, y + i, ORDER, m);
    }

    /** {@code g exp(x - shift)}; the shift is taken off in two parts, because one float may miss it by more than the exponential forgives. */
    static void scaledExp(long x, long y, double shift, float g, long n) {
        float high = (float) shift;
        float low = Float.isInfinite(high) ? 0 : (float) (shift - high);
        for (long i = 0; i < n; i += PIECE) {
            long k = Math.min(PIECE, n - i);
            subtract(x + 4 * i, y + 4 * i, high, low, 4 * k);
            FloatLoops.unary(Unary.EXP, y + 4 * i, y + 4 * i, k);
            scale(y + 4 * i, g, k);
        }
    }

    // ---- layer normalisation ----

    /** {@code sum (x - mean)^2}. */
    static double squaredDeviations(long x, float mean, long n) {
        double sum = 0;
        for (long i = 0; i < n; i += BLOCK) sum += deviationBlock(x + 4 * i, mean, 4 * Math.min(BLOCK, n - i));
        return sum;
    }

    private static float deviationBlock(long x, float mean, long bytes) {
        long i = 0;
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        for (; i + 2 * STEP <= bytes; i += 2 * STEP) {
            FloatVector d0 = fromMemorySegment(F, ALL, x + i, ORDER).sub(mean);
            FloatVector d1 = fromMemorySegment(F, ALL, x + i + STEP, ORDER).sub(mean);
            s0 = d0.fma(d0, s0);
            s1 = d1.fma(d1, s1);
        }
        for (; i < bytes; i += STEP) {
            VectorMask<Float> m = F.indexInRange(0, (bytes - i) >> 2);
            FloatVector d = FloatMath.ZERO.blend(fromMemorySegment(F, ALL, x + i, ORDER, m).sub(mean), m);
            s0 = d.fma(d, s0);
        }
        long lanes = Scratch.get().lanes();
        s0.add(s1).intoMemorySegment(ALL, lanes, ORDER);
        return FloatMath.sum(lanes);
    }

    /** {@code y = (x - mean) rstd}. */
    static void normalise(long x, long y, float mean, float rstd, long n) {
        long bytes = 4 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) fromMemorySegment(F, ALL, x + i, ORDER).sub(mean).mul(rstd).intoMemorySegment(ALL, y + i, ORDER);
        if (i == bytes) return;
        VectorMask<Float> m = F.indexInRange(0, (bytes - i) >> 2);
        fromMemorySegment(F, ALL, x + i, ORDER, m).sub(mean).mul(rstd).intoMemorySegment(ALL, y + i, ORDER, m);
    }

    /** {@code y = (x - mean) rstd w + b}. */
    static void normalise(long x, long y, float mean, float rstd, long w, long b, long n) {
        long bytes = 4 * n;
        long i = 0;
        FloatVector centre = FloatVector.broadcast(F, mean);
        FloatVector scale = FloatVector.broadcast(F, rstd);
        for (; i + STEP <= bytes; i += STEP) fromMemorySegment(F, ALL, x + i, ORDER).sub(centre).mul(scale).fma(fromMemorySegment(F, ALL, w + i, ORDER), fromMemorySegment(F, ALL, b + i, ORDER)).intoMemorySegment(ALL, y + i, ORDER);
        if (i < bytes) normaliseTail(x + i, y + i, mean, rstd, w + i, b + i, bytes - i);
    }

    // apart, so that the loop stays within the compiler's limit
    private static void normaliseTail(long x, long y, float mean, float rstd, long w, long b, long bytes) {
        VectorMask<Float> m = F.indexInRange(0, bytes >> 2);
        fromMemorySegment(F, ALL, x, ORDER, m).sub(mean).mul(rstd).fma(fromMemorySegment(F, ALL, w, ORDER, m), fromMemorySegment(F, ALL, b, ORDER, m)).intoMemorySegment(ALL, y, ORDER, m);
    }

    /** {@code dx = rstd (g - mean(g) - xhat mean(g xhat))} of {@code g}, which already holds the weight. */
    static void layerNormBackward(long g, long x, long dx, float mean, float rstd, long n) {
        float c1 = (float) (FloatReduce.sum(g, n) / n);
        float c2 = (float) (dotDeviation(g, x, mean, n) * rstd * rstd / n);
        combine(g, x, dx, mean, rstd, c1, c2, 4 * n);
    }

    private static void combine(long g, long x, long dx, float mean, float rstd, float c1, float c2, long bytes) {
        FloatVector slope = FloatVector.broadcast(F, -c2);
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) fromMemorySegment(F, ALL, x + i, ORDER).sub(mean).fma(slope, fromMemorySegment(F, ALL, g + i, ORDER).sub(c1)).mul(rstd).intoMemorySegment(ALL, dx + i, ORDER);
        if (i == bytes) return;
        VectorMask<Float> m = F.indexInRange(0, (bytes - i) >> 2);
        fromMemorySegment(F, ALL, x + i, ORDER, m).sub(mean).fma(slope, fromMemorySegment(F, ALL, g + i, ORDER, m).sub(c1)).mul(rstd).intoMemorySegment(ALL, dx + i, ORDER, m);
    }

    /** {@code sum g (x - mean)}. */
    private static double dotDeviation(long g, long x, float mean, long n) {
        double sum = 0;
        for (long i = 0; i < n; i += BLOCK) sum += dotDeviationBlock(g + 4 * i, x + 4 * i, mean, 4 * Math.min(BLOCK, n - i));
        return sum;
    }

    private static float dotDeviationBlock(long g, long x, float mean, long bytes) {
        long i = 0;
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        for (; i + 2 * STEP <= bytes; i += 2 * STEP) {
            s0 = fromMemorySegment(F, ALL, x + i, ORDER).sub(mean).fma(fromMemorySegment(F, ALL, g + i, ORDER), s0);
            s1 = fromMemorySegment(F, ALL, x + i + STEP, ORDER).sub(mean).fma(fromMemorySegment(F, ALL, g + i + STEP, ORDER), s1);
        }
        for (; i < bytes; i += STEP) {
            VectorMask<Float> m = F.indexInRange(0, (bytes - i) >> 2);
            s0 = fromMemorySegment(F, ALL, x + i, ORDER, m).sub(mean).fma(fromMemorySegment(F, ALL, g + i, ORDER, m), s0);
        }
        long lanes = Scratch.get().lanes();
        s0.add(s1).intoMemorySegment(ALL, lanes, ORDER);
        return FloatMath.sum(lanes);
    }

    /** {@code gw = g w, dw += g xhat, db += g}. */
    static void layerNormParameters(long g, long x, long w, float mean, float rstd, long gw, long dw, long db, long n) {
        long bytes = 4 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) {
            FloatVector v = fromMemorySegment(F, ALL, g + i, ORDER);
            v.mul(fromMemorySegment(F, ALL, w + i, ORDER)).intoMemorySegment(ALL, gw + i, ORDER);
            fromMemorySegment(F, ALL, x + i, ORDER).sub(mean).mul(rstd).fma(v, fromMemorySegment(F, ALL, dw + i, ORDER)).intoMemorySegment(ALL, dw + i, ORDER);
            fromMemorySegment(F, ALL, db + i, ORDER).add(v).intoMemorySegment(ALL, db + i, ORDER);
        }
        if (i == bytes) return;
        VectorMask<Float> m = F.indexInRange(0, (bytes - i) >> 2);
        FloatVector v = fromMemorySegment(F, ALL, g + i, ORDER, m);
        v.mul(fromMemorySegment(F, ALL, w + i, ORDER, m)).intoMemorySegment(ALL, gw + i, ORDER, m);
        fromMemorySegment(F, ALL, x + i, ORDER, m).sub(mean).mul(rstd).fma(v, fromMemorySegment(F, ALL, dw + i, ORDER, m)).intoMemorySegment(ALL, dw + i, ORDER, m);
        fromMemorySegment(F, ALL, db + i, ORDER, m).add(v).intoMemorySegment(ALL, db + i, ORDER, m);
    }

    // ---- Adam ----

    /** One step on n elements: new p, m, v at the last three addresses. */
    static void adam(long p, long g, long m, long v, long p1, long m1, long v1, long n, Backend.AdamStep s) {
        float keep = (float) (1 - s.lr() * s.weightDecay());
        float rate = (float) (s.lr() / s.c1());
        float b1 = (float) s.b1();
        float b2 = (float) s.b2();
        float a1 = (float) (1 - s.b1());
        float a2 = (float) (1 - s.b2());
        float root = (float) (1 / Math.sqrt(s.c2()));
        float eps = (float) s.eps();
        long bytes = 4 * n;
        for (long i = 0; i < bytes; i += STEP) {
            VectorMask<Float> k = F.indexInRange(0, (bytes - i) >> 2);
            FloatVector d = fromMemorySegment(F, ALL, g + i, ORDER, k);
            FloatVector mean = fromMemorySegment(F, ALL, m + i, ORDER, k).mul(b1).add(d.mul(a1));
            FloatVector square = fromMemorySegment(F, ALL, v + i, ORDER, k).mul(b2).add(d.mul(d).mul(a2));
            FloatVector step = mean.mul(rate).div(square.sqrt().mul(root).add(eps));
            mean.intoMemorySegment(ALL, m1 + i, ORDER, k);
            square.intoMemorySegment(ALL, v1 + i, ORDER, k);
            fromMemorySegment(F, ALL, p + i, ORDER, k).mul(keep).sub(step).intoMemorySegment(ALL, p1 + i, ORDER, k);
        }
    }
}
