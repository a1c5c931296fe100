package lemma.tensor;

import static lemma.tensor.FloatMath.STEP;
import static lemma.tensor.FloatMath.all;
import static lemma.tensor.FloatMath.at;
import static lemma.tensor.FloatMath.put;
import static lemma.tensor.FloatMath.tail;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Fused kernels over one row of FLOAT32. Sums go into doubles block by block. */
final class FloatRows {
    private static final long BLOCK = 4096;

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

    // one exponential a method: two pass the compiler's limit on what it puts into one
    private static float expSumBlock(long x, long y, float max, long bytes) {
        long whole = bytes & -STEP;
        FloatVector m = all(max);
        FloatVector s = all(0f);
        for (long i = 0; i < whole; i += STEP) {
            FloatVector e = FloatMath.expNegative(at(x + i).sub(m));
            put(y + i, e);
            s = s.add(e);
        }
        float sum = FloatMath.sum(s);
        return whole == bytes ? sum : sum + expSumTail(x + whole, y + whole, max, tail(bytes - whole));
    }

    private static float expSumTail(long x, long y, float max, VectorMask<Float> m) {
        FloatVector e = all(0f).blend(FloatMath.expNegative(at(x, m).sub(max)), m);
        put(y, e, m);
        return FloatMath.sum(e);
    }

    private static float expSumOnly(long x, float max, long bytes) {
        long whole = bytes & -STEP;
        FloatVector m = all(max);
        FloatVector s = all(0f);
        for (long i = 0; i < whole; i += STEP) s = s.add(FloatMath.expNegative(at(x + i).sub(m)));
        float sum = FloatMath.sum(s);
        return whole == bytes ? sum : sum + expSumOnlyTail(x + whole, max, tail(bytes - whole));
    }

    private static float expSumOnlyTail(long x, float max, VectorMask<Float> m) {
        return FloatMath.sum(all(0f).blend(FloatMath.expNegative(at(x, m).sub(max)), m));
    }

    private static void scale(long y, float by, long n) {
        long bytes = 4 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, at(y + i).mul(by));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, at(y + i, m).mul(by), m);
    }

    private static void subtract(long x, long y, float a, float b, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, at(x + i).sub(a).sub(b));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, at(x + i, m).sub(a).sub(b), m);
    }

    static double dot(long a, long b, long n) {
        double sum = 0;
        for (long i = 0; i < n; i += BLOCK) sum += dotBlock(a + 4 * i, b + 4 * i, 4 * Math.min(BLOCK, n - i));
        return sum;
    }

    private static float dotBlock(long a, long b, long bytes) {
        long i = 0;
        FloatVector s0 = all(0f);
        FloatVector s1 = s0;
        for (; i + 2 * STEP <= bytes; i += 2 * STEP) {
            s0 = at(a + i).fma(at(b + i), s0);
            s1 = at(a + i + STEP).fma(at(b + i + STEP), s1);
        }
        for (; i < bytes; i += STEP) {
            VectorMask<Float> m = tail(bytes - i);
            s0 = at(a + i, m).fma(at(b + i, m), s0);
        }
        return FloatMath.sum(s0.add(s1));
    }

    /** {@code y (g - sum(g y))}. */
    static void softmaxBackward(long g, long y, long dx, long n) {
        FloatVector s = all((float) dot(g, y, n));
        long bytes = 4 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(dx + i, at(y + i).mul(at(g + i).sub(s)));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(dx + i, at(y + i, m).mul(at(g + i, m).sub(s)), m);
    }

    /** {@code g - exp(y) sum(g)}. */
    static void logSoftmaxBackward(long g, long y, long dx, long n) {
        FloatVector s = all((float) -FloatReduce.sum(g, n));
        long bytes = 4 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(dx + i, FloatMath.expNegative(at(y + i)).fma(s, at(g + i)));
        if (i < bytes) logSoftmaxBackwardTail(g + i, y + i, dx + i, s.lane(0), tail(bytes - i));
    }

    private static void logSoftmaxBackwardTail(long g, long y, long dx, float s, VectorMask<Float> m) {
        put(dx, FloatMath.expNegative(at(y, m)).fma(all(s), at(g, m)), m);
    }

    /** {@code g exp(x - shift)}; the shift is taken off in two parts, because one float may miss it by more than the exponential forgives. */
    static void scaledExp(long x, long y, double shift, float g, long n) {
        float high = (float) shift;
        float low = Float.isInfinite(high) ? 0 : (float) (shift - high);
        long bytes = 4 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, FloatMath.exp(at(x + i).sub(high).sub(low)).mul(g));
        if (i < bytes) scaledExpTail(x + i, y + i, high, low, g, tail(bytes - i));
    }

    private static void scaledExpTail(long x, long y, float high, float low, float g, VectorMask<Float> m) {
        put(y, FloatMath.exp(at(x, m).sub(high).sub(low)).mul(g), m);
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
        FloatVector s0 = all(0f);
        FloatVector s1 = s0;
        for (; i + 2 * STEP <= bytes; i += 2 * STEP) {
            FloatVector d0 = at(x + i).sub(mean);
            FloatVector d1 = at(x + i + STEP).sub(mean);
            s0 = d0.fma(d0, s0);
            s1 = d1.fma(d1, s1);
        }
        for (; i < bytes; i += STEP) {
            VectorMask<Float> m = tail(bytes - i);
            FloatVector d = all(0f).blend(at(x + i, m).sub(mean), m);
            s0 = d.fma(d, s0);
        }
        return FloatMath.sum(s0.add(s1));
    }

    /** {@code y = (x - mean) rstd}. */
    static void normalise(long x, long y, float mean, float rstd, long n) {
        long bytes = 4 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, at(x + i).sub(mean).mul(rstd));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, at(x + i, m).sub(mean).mul(rstd), m);
    }

    /** {@code y = (x - mean) rstd w + b}. */
    static void normalise(long x, long y, float mean, float rstd, long w, long b, long n) {
        long bytes = 4 * n;
        long i = 0;
        FloatVector centre = all(mean);
        FloatVector scale = all(rstd);
        for (; i + STEP <= bytes; i += STEP) put(y + i, at(x + i).sub(centre).mul(scale).fma(at(w + i), at(b + i)));
        if (i < bytes) normaliseTail(x + i, y + i, mean, rstd, w + i, b + i, tail(bytes - i));
    }

    // apart, so that the loop stays within the compiler's limit
    private static void normaliseTail(long x, long y, float mean, float rstd, long w, long b, VectorMask<Float> m) {
        put(y, at(x, m).sub(mean).mul(rstd).fma(at(w, m), at(b, m)), m);
    }

    /** {@code dx = rstd (g - mean(g) - xhat mean(g xhat))} of {@code g}, which already holds the weight. */
    static void layerNormBackward(long g, long x, long dx, float mean, float rstd, long n) {
        float c1 = (float) (FloatReduce.sum(g, n) / n);
        float c2 = (float) (dotDeviation(g, x, mean, n) * rstd * rstd / n);
        combine(g, x, dx, mean, rstd, c1, c2, 4 * n);
    }

    private static void combine(long g, long x, long dx, float mean, float rstd, float c1, float c2, long bytes) {
        FloatVector slope = all(-c2);
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(dx + i, at(x + i).sub(mean).fma(slope, at(g + i).sub(c1)).mul(rstd));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(dx + i, at(x + i, m).sub(mean).fma(slope, at(g + i, m).sub(c1)).mul(rstd), m);
    }

    /** {@code sum g (x - mean)}. */
    private static double dotDeviation(long g, long x, float mean, long n) {
        double sum = 0;
        for (long i = 0; i < n; i += BLOCK) sum += dotDeviationBlock(g + 4 * i, x + 4 * i, mean, 4 * Math.min(BLOCK, n - i));
        return sum;
    }

    private static float dotDeviationBlock(long g, long x, float mean, long bytes) {
        long i = 0;
        FloatVector s0 = all(0f);
        FloatVector s1 = s0;
        for (; i + 2 * STEP <= bytes; i += 2 * STEP) {
            s0 = at(x + i).sub(mean).fma(at(g + i), s0);
            s1 = at(x + i + STEP).sub(mean).fma(at(g + i + STEP), s1);
        }
        for (; i < bytes; i += STEP) {
            VectorMask<Float> m = tail(bytes - i);
            s0 = at(x + i, m).sub(mean).fma(at(g + i, m), s0);
        }
        return FloatMath.sum(s0.add(s1));
    }

    /** {@code gw = g w, dw += g xhat, db += g}. */
    static void layerNormParameters(long g, long x, long w, float mean, float rstd, long gw, long dw, long db, long n) {
        long bytes = 4 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) {
            FloatVector v = at(g + i);
            put(gw + i, v.mul(at(w + i)));
            put(dw + i, at(x + i).sub(mean).mul(rstd).fma(v, at(dw + i)));
            put(db + i, at(db + i).add(v));
        }
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        FloatVector v = at(g + i, m);
        put(gw + i, v.mul(at(w + i, m)), m);
        put(dw + i, at(x + i, m).sub(mean).mul(rstd).fma(v, at(dw + i, m)), m);
        put(db + i, at(db + i, m).add(v), m);
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
            VectorMask<Float> k = tail(bytes - i);
            FloatVector d = at(g + i, k);
            FloatVector mean = at(m + i, k).mul(b1).add(d.mul(a1));
            FloatVector square = at(v + i, k).mul(b2).add(d.mul(d).mul(a2));
            FloatVector step = mean.mul(rate).div(square.sqrt().mul(root).add(eps));
            put(m1 + i, mean, k);
            put(v1 + i, square, k);
            put(p1 + i, at(p + i, k).mul(keep).sub(step), k);
        }
    }
}
