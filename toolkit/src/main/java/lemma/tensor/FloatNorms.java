package lemma.tensor;

import static lemma.tensor.FloatMath.STEP;
import static lemma.tensor.FloatMath.all;
import static lemma.tensor.FloatMath.at;
import static lemma.tensor.FloatMath.put;
import static lemma.tensor.FloatMath.tail;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** The kernels of {@link CpuNorms} in FLOAT32. Sums go into doubles block by block. */
final class FloatNorms {
    private static final long BLOCK = 4096;

    private FloatNorms() {}

    /** {@code y = (x - mean) scale + shift}. */
    static void affine(long x, long y, float mean, float scale, float shift, long n) {
        long bytes = 4 * n;
        FloatVector s = all(scale);
        FloatVector b = all(shift);
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, at(x + i).sub(mean).fma(s, b));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, at(x + i, m).sub(mean).fma(s, b), m);
    }

    /** {@code dx = g a + (x - mean) b + shift}. */
    static void backward(long g, long x, long dx, float mean, float a, float b, float shift, long n) {
        long bytes = 4 * n;
        FloatVector p = all(a);
        FloatVector q = all(b);
        FloatVector s = all(shift);
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(dx + i, at(g + i).fma(p, at(x + i).sub(mean).fma(q, s)));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(dx + i, at(g + i, m).fma(p, at(x + i, m).sub(mean).fma(q, s)), m);
    }

    /** {@code sum g (x - mean)}. */
    static double centredDot(long g, long x, float mean, long n) {
        double sum = 0;
        for (long i = 0; i < n; i += BLOCK) sum += centredDotBlock(g + 4 * i, x + 4 * i, mean, 4 * Math.min(BLOCK, n - i));
        return sum;
    }

    private static float centredDotBlock(long g, long x, float mean, long bytes) {
        long i = 0;
        FloatVector s0 = all(0f);
        FloatVector s1 = s0;
        for (; i + 2 * STEP <= bytes; i += 2 * STEP) {
            s0 = at(g + i).fma(at(x + i).sub(mean), s0);
            s1 = at(g + i + STEP).fma(at(x + i + STEP).sub(mean), s1);
        }
        for (; i < bytes; i += STEP) {
            VectorMask<Float> m = tail(bytes - i);
            // beyond the tail g is zero
            s0 = at(g + i, m).fma(at(x + i, m).sub(mean), s0);
        }
        return FloatMath.sum(s0.add(s1));
    }

    /** {@code sums[j] += (x[j] - mean[j])^2}. */
    static void addSquares(long sums, long x, long mean, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) {
            FloatVector d = at(x + i).sub(at(mean + i));
            put(sums + i, d.fma(d, at(sums + i)));
        }
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        FloatVector d = at(x + i, m).sub(at(mean + i, m));
        put(sums + i, d.fma(d, at(sums + i, m)), m);
    }

    /** {@code sums[j] += g[j] (x[j] - mean[j])}. */
    static void addProducts(long sums, long g, long x, long mean, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(sums + i, at(x + i).sub(at(mean + i)).fma(at(g + i), at(sums + i)));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(sums + i, at(x + i, m).sub(at(mean + i, m)).fma(at(g + i, m), at(sums + i, m)), m);
    }

    /** {@code y[j] = (x[j] - mean[j]) scale[j] + shift[j]}. */
    static void affineColumns(long x, long y, long mean, long scale, long shift, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, at(x + i).sub(at(mean + i)).fma(at(scale + i), at(shift + i)));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, at(x + i, m).sub(at(mean + i, m)).fma(at(scale + i, m), at(shift + i, m)), m);
    }

    /** {@code dx[j] = g[j] a[j] + (x[j] - mean[j]) b[j] + shift[j]}. */
    static void backwardColumns(long g, long x, long dx, long mean, long a, long b, long shift, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) {
            put(dx + i, at(g + i).fma(at(a + i), at(x + i).sub(at(mean + i)).fma(at(b + i), at(shift + i))));
        }
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(dx + i, at(g + i, m).fma(at(a + i, m), at(x + i, m).sub(at(mean + i, m)).fma(at(b + i, m), at(shift + i, m))), m);
    }

    /** {@code y = x s w}; w may be 0 for none. */
    static void scale(long x, long w, long y, float s, long n) {
        long bytes = 4 * n;
        long i = 0;
        if (w == 0) {
            for (; i + STEP <= bytes; i += STEP) put(y + i, at(x + i).mul(s));
        } else {
            for (; i + STEP <= bytes; i += STEP) put(y + i, at(x + i).mul(s).mul(at(w + i)));
        }
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        FloatVector v = at(x + i, m).mul(s);
        put(y + i, w == 0 ? v : v.mul(at(w + i, m)), m);
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
            FloatVector v = at(g + i);
            put(gw + i, v.mul(at(w + i)));
            put(dw + i, v.fma(at(x + i).mul(s), at(dw + i)));
        }
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        FloatVector v = at(g + i, m);
        put(gw + i, v.mul(at(w + i, m)), m);
        put(dw + i, v.fma(at(x + i, m).mul(s), at(dw + i, m)), m);
    }

    /** {@code y = a s + b t}. */
    private static void combine(long a, long b, long y, float s, float t, long bytes) {
        FloatVector p = all(s);
        FloatVector q = all(t);
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, at(a + i).fma(p, at(b + i).mul(q)));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, at(a + i, m).fma(p, at(b + i, m).mul(q)), m);
    }
}
