package lemma.tensor;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static lemma.tensor.FloatMath.F;
import static lemma.tensor.FloatMath.STEP;
import static lemma.tensor.Memory.ALL;
import static lemma.tensor.Memory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** The kernels of {@link CpuNorms} in FLOAT32. Sums go into doubles block by block. */
final class FloatNorms {
    private static final long BLOCK = 4096;

    private FloatNorms() {}

    /** {@code y = (x - mean) scale + shift}. */
    static void affine(long x, long y, float mean, float scale, float shift, long n) {
        long bytes = 4 * n;
        FloatVector s = FloatVector.broadcast(F, scale);
        FloatVector b = FloatVector.broadcast(F, shift);
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) fromMemorySegment(F, ALL, x + i, ORDER).sub(mean).fma(s, b).intoMemorySegment(ALL, y + i, ORDER);
        if (i == bytes) return;
        VectorMask<Float> m = F.indexInRange(0, (bytes - i) >> 2);
        fromMemorySegment(F, ALL, x + i, ORDER, m).sub(mean).fma(s, b).intoMemorySegment(ALL, y + i, ORDER, m);
    }

    /** {@code dx = g a + (x - mean) b + shift}. */
    static void backward(long g, long x, long dx, float mean, float a, float b, float shift, long n) {
        long bytes = 4 * n;
        FloatVector p = FloatVector.broadcast(F, a);
        FloatVector q = FloatVector.broadcast(F, b);
        FloatVector s = FloatVector.broadcast(F, shift);
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) fromMemorySegment(F, ALL, g + i, ORDER).fma(p, fromMemorySegment(F, ALL, x + i, ORDER).sub(mean).fma(q, s)).intoMemorySegment(ALL, dx + i, ORDER);
        if (i == bytes) return;
        VectorMask<Float> m = F.indexInRange(0, (bytes - i) >> 2);
        fromMemorySegment(F, ALL, g + i, ORDER, m).fma(p, fromMemorySegment(F, ALL, x + i, ORDER, m).sub(mean).fma(q, s)).intoMemorySegment(ALL, dx + i, ORDER, m);
    }

    /** {@code sum g (x - mean)}. */
    static double centredDot(long g, long x, float mean, long n) {
        double sum = 0;
        for (long i = 0; i < n; i += BLOCK) sum += centredDotBlock(g + 4 * i, x + 4 * i, mean, 4 * Math.min(BLOCK, n - i));
        return sum;
    }

    private static float centredDotBlock(long g, long x, float mean, long bytes) {
        long i = 0;
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        for (; i + 2 * STEP <= bytes; i += 2 * STEP) {
            s0 = fromMemorySegment(F, ALL, g + i, ORDER).fma(fromMemorySegment(F, ALL, x + i, ORDER).sub(mean), s0);
            s1 = fromMemorySegment(F, ALL, g + i + STEP, ORDER).fma(fromMemorySegment(F, ALL, x + i + STEP, ORDER).sub(mean), s1);
        }
        for (; i < bytes; i += STEP) {
            VectorMask<Float> m = F.indexInRange(0, (bytes - i) >> 2);
            // beyond the tail g is zero
            s0 = fromMemorySegment(F, ALL, g + i, ORDER, m).fma(fromMemorySegment(F, ALL, x + i, ORDER, m).sub(mean), s0);
        }
        long lanes = Scratch.get().lanes();
        s0.add(s1).intoMemorySegment(ALL, lanes, ORDER);
        return FloatMath.sum(lanes);
    }

    /** {@code sums[j] += (x[j] - mean[j])^2}. */
    static void addSquares(long sums, long x, long mean, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) {
            FloatVector d = fromMemorySegment(F, ALL, x + i, ORDER).sub(fromMemorySegment(F, ALL, mean + i, ORDER));
            d.fma(d, fromMemorySegment(F, ALL, sums + i, ORDER)).intoMemorySegment(ALL, sums + i, ORDER);
        }
        if (i == bytes) return;
        VectorMask<Float> m = F.indexInRange(0, (bytes - i) >> 2);
        FloatVector d = fromMemorySegment(F, ALL, x + i, ORDER, m).sub(fromMemorySegment(F, ALL, mean + i, ORDER, m));
        d.fma(d, fromMemorySegment(F, ALL, sums + i, ORDER, m)).intoMemorySegment(ALL, sums + i, ORDER, m);
    }

    /** {@code sums[j] += g[j] (x[j] - mean[j])}. */
    static void addProducts(long sums, long g, long x, long mean, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) fromMemorySegment(F, ALL, x + i, ORDER).sub(fromMemorySegment(F, ALL, mean + i, ORDER)).fma(fromMemorySegment(F, ALL, g + i, ORDER), fromMemorySegment(F, ALL, sums + i, ORDER)).intoMemorySegment(ALL, sums + i, ORDER);
        if (i == bytes) return;
        VectorMask<Float> m = F.indexInRange(0, (bytes - i) >> 2);
        fromMemorySegment(F, ALL, x + i, ORDER, m).sub(fromMemorySegment(F, ALL, mean + i, ORDER, m)).fma(fromMemorySegment(F, ALL, g + i, ORDER, m), fromMemorySegment(F, ALL, sums + i, ORDER, m)).intoMemorySegment(ALL, sums + i, ORDER, m);
    }

    /** {@code y[j] = (x[j] - mean[j]) scale[j] + shift[j]}. */
    static void affineColumns(long x, long y, long mean, long scale, long shift, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) fromMemorySegment(F, ALL, x + i, ORDER).sub(fromMemorySegment(F, ALL, mean + i, ORDER)).fma(fromMemorySegment(F, ALL, scale + i, ORDER), fromMemorySegment(F, ALL, shift + i, ORDER)).intoMemorySegment(ALL, y + i, ORDER);
        if (i == bytes) return;
        VectorMask<Float> m = F.indexInRange(0, (bytes - i) >> 2);
        fromMemorySegment(F, ALL, x + i, ORDER, m).sub(fromMemorySegment(F, ALL, mean + i, ORDER, m)).fma(fromMemorySegment(F, ALL, scale + i, ORDER, m), fromMemorySegment(F, ALL, shift + i, ORDER, m)).intoMemorySegment(ALL, y + i, ORDER, m);
    }

    /** {@code dx[j] = g[j] a[j] + (x[j] - mean[j]) b[j] + shift[j]}. */
    static void backwardColumns(long g, long x, long dx, long mean, long a, long b, long shift, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) {
            fromMemorySegment(F, ALL, g + i, ORDER).fma(fromMemorySegment(F, ALL, a + i, ORDER), fromMemorySegment(F, ALL, x + i, ORDER).sub(fromMemorySegment(F, ALL, mean + i, ORDER)).fma(fromMemorySegment(F, ALL, b + i, ORDER), fromMemorySegment(F, ALL, shift + i, ORDER))).intoMemorySegment(ALL, dx + i, ORDER);
        }
        if (i == bytes) return;
        VectorMask<Float> m = F.indexInRange(0, (bytes - i) >> 2);
        fromMemorySegment(F, ALL, g + i, ORDER, m).fma(fromMemorySegment(F, ALL, a + i, ORDER, m), fromMemorySegment(F, ALL, x + i, ORDER, m).sub(fromMemorySegment(F, ALL, mean + i, ORDER, m)).fma(fromMemorySegment(F, ALL, b + i, ORDER, m), fromMemorySegment(F, ALL, shift + i, ORDER, m))).intoMemorySegment(ALL, dx + i, ORDER, m);
    }

    /** {@code y = x s w}; w may be 0 for none. */
    static void scale(long x, long w, long y, float s, long n) {
        long bytes = 4 * n;
        long i = 0;
        if (w == 0) {
            for (; i + STEP <= bytes; i += STEP) fromMemorySegment(F, ALL, x + i, ORDER).mul(s).intoMemorySegment(ALL, y + i, ORDER);
        } else {
            for (; i + STEP <= bytes; i += STEP) fromMemorySegment(F, ALL, x + i, ORDER).mul(s).mul(fromMemorySegment(F, ALL, w + i, ORDER)).intoMemorySegment(ALL, y + i, ORDER);
        }
        if (i == bytes) return;
        VectorMask<Float> m = F.indexInRange(0, (bytes - i) >> 2);
        FloatVector v = fromMemorySegment(F, ALL, x + i, ORDER, m).mul(s);
        (w == 0 ? v : v.mul(fromMemorySegment(F, ALL, w + i, ORDER, m))).intoMemorySegment(ALL, y + i, ORDER, m);
    }

    /** {@code dx = s (g w - xhat mean(g w xhat))} and {@code dw += g xhat} with {@code xhat = x s}; w and dw may be 0 for none. */
    static void rmsBackward(long g, long x, long w, long dx, float s, long dw, long n) {
        double dot;
        if (w == 0) {
            dot = FloatRows.dot(g, x, n);
        } else {
            weigh(g, x, w, dx, s, dw, 4 * n);
            dot = FloatRows.dot(dx, x, n);
        }
        combine(w == 0 ? g : dx, x, dx, s, (float) (-dot * s * s * s / n), 4 * n);
    }

    /** {@code gw = g w} and {@code dw += g x s}. */
    private static void weigh(long g, long x, long w, long gw, float s, long dw, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) {
            FloatVector v = fromMemorySegment(F, ALL, g + i, ORDER);
            v.mul(fromMemorySegment(F, ALL, w + i, ORDER)).intoMemorySegment(ALL, gw + i, ORDER);
            v.fma(fromMemorySegment(F, ALL, x + i, ORDER).mul(s), fromMemorySegment(F, ALL, dw + i, ORDER)).intoMemorySegment(ALL, dw + i, ORDER);
        }
        if (i == bytes) return;
        VectorMask<Float> m = F.indexInRange(0, (bytes - i) >> 2);
        FloatVector v = fromMemorySegment(F, ALL, g + i, ORDER, m);
        v.mul(fromMemorySegment(F, ALL, w + i, ORDER, m)).intoMemorySegment(ALL, gw + i, ORDER, m);
        v.fma(fromMemorySegment(F, ALL, x + i, ORDER, m).mul(s), fromMemorySegment(F, ALL, dw + i, ORDER, m)).intoMemorySegment(ALL, dw + i, ORDER, m);
    }

    /** {@code y = a s + b t}. */
    private static void combine(long a, long b, long y, float s, float t, long bytes) {
        FloatVector p = FloatVector.broadcast(F, s);
        FloatVector q = FloatVector.broadcast(F, t);
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) fromMemorySegment(F, ALL, a + i, ORDER).fma(p, fromMemorySegment(F, ALL, b + i, ORDER).mul(q)).intoMemorySegment(ALL, y + i, ORDER);
        if (i == bytes) return;
        VectorMask<Float> m = F.indexInRange(0, (bytes - i) >> 2);
        fromMemorySegment(F, ALL, a + i, ORDER, m).fma(p, fromMemorySegment(F, ALL, b + i, ORDER, m).mul(q)).intoMemorySegment(ALL, y + i, ORDER, m);
    }
}
