package lemma.tensor;

import static lemma.tensor.FloatMath.STEP;
import static lemma.tensor.FloatMath.all;
import static lemma.tensor.FloatMath.at;
import static lemma.tensor.FloatMath.put;
import static lemma.tensor.FloatMath.tail;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The arithmetic of recurrent cells between their sigmoids and tangents, over one row of FLOAT32; gates lie {@code bytes} apart. */
final class FloatCells {
    private FloatCells() {}

    /** {@code c' = f c + i g} of the gates i, f, g. */
    static void lstmMemory(long gates, long c, long next, long bytes) {
        for (long j = 0; j < bytes; j += STEP) {
            VectorMask<Float> m = tail(bytes - j);
            long p = gates + j;
            FloatVector kept = at(p + bytes, m).mul(at(c + j, m));
            put(next + j, at(p, m).fma(at(p + 2 * bytes, m), kept), m);
        }
    }

    /** {@code y = a b}. */
    static void mul(long a, long b, long y, long bytes) {
        for (long j = 0; j < bytes; j += STEP) {
            VectorMask<Float> m = tail(bytes - j);
            put(y + j, at(a + j, m).mul(at(b + j, m)), m);
        }
    }

    /** {@code y = a + b}. */
    static void add(long a, long b, long y, long bytes) {
        for (long j = 0; j < bytes; j += STEP) {
            VectorMask<Float> m = tail(bytes - j);
            put(y + j, at(a + j, m).add(at(b + j, m)), m);
        }
    }

    /** {@code y = x + a b}. */
    static void mulAdd(long x, long a, long b, long y, long bytes) {
        for (long j = 0; j < bytes; j += STEP) {
            VectorMask<Float> m = tail(bytes - j);
            put(y + j, at(a + j, m).fma(at(b + j, m), at(x + j, m)), m);
        }
    }

    /** {@code h' = n + z (h - n)}. */
    static void gruState(long z, long n, long h, long y, long bytes) {
        for (long j = 0; j < bytes; j += STEP) {
            VectorMask<Float> m = tail(bytes - j);
            FloatVector candidate = at(n + j, m);
            put(y + j, at(z + j, m).fma(at(h + j, m).sub(candidate), candidate), m);
        }
    }

    // two loops: one of this size with masks passes the compiler's limit

    /** From the gradients of h' ({@code g + dh}) and c' ({@code gc + dc}): that of the output gate's sum into {@code d}, all of c' into dc, 0 into dh. */
    static void lstmOutputBackward(long g, long gc, long dh, long dc, long output, long tanh, long d, long bytes) {
        FloatVector one = all(1f);
        for (long j = 0; j < bytes; j += STEP) {
            VectorMask<Float> m = tail(bytes - j);
            FloatVector h = at(g + j, m).add(at(dh + j, m));
            FloatVector o = at(output + j, m);
            FloatVector t = at(tanh + j, m);
            put(d + j, h.mul(t).mul(o).mul(one.sub(o)), m);
            put(dc + j, h.fma(o.mul(one.sub(t.mul(t))), at(gc + j, m).add(at(dc + j, m))), m);
            put(dh + j, all(0f), m);
        }
    }

    /** From dc, the gradient of c': those of the sums of i, f, g; dc becomes that of c. */
    static void lstmMemoryBackward(long dc, long gates, long c, long d, long bytes) {
        FloatVector one = all(1f);
        for (long j = 0; j < bytes; j += STEP) {
            VectorMask<Float> m = tail(bytes - j);
            FloatVector e = at(dc + j, m);
            FloatVector i = at(gates + j, m);
            FloatVector f = at(gates + j + bytes, m);
            FloatVector z = at(gates + j + 2 * bytes, m);
            put(d + j, e.mul(z).mul(i).mul(one.sub(i)), m);
            put(d + j + bytes, e.mul(at(c + j, m)).mul(f).mul(one.sub(f)), m);
            put(d + j + 2 * bytes, e.mul(i).mul(one.sub(z.mul(z))), m);
            put(dc + j, e.mul(f), m);
        }
    }

    /** Gradients of the input's part dx and the state's part du from that of h' ({@code g + dh}); dh becomes the direct part of that of h. */
    static void gruBackward(long g, long dh, long saved, long h, long dx, long du, long bytes) {
        FloatVector one = all(1f);
        for (long j = 0; j < bytes; j += STEP) {
            VectorMask<Float> m = tail(bytes - j);
            long p = saved + j;
            FloatVector e = at(g + j, m).add(at(dh + j, m));
            FloatVector r = at(p, m);
            FloatVector z = at(p + bytes, m);
            FloatVector n = at(p + 2 * bytes, m);
            FloatVector update = e.mul(at(h + j, m).sub(n)).mul(z).mul(one.sub(z));
            FloatVector candidate = e.mul(one.sub(z)).mul(one.sub(n.mul(n)));
            FloatVector reset = candidate.mul(at(p + 3 * bytes, m)).mul(r).mul(one.sub(r));
            put(dx + j, reset, m);
            put(dx + j + bytes, update, m);
            put(dx + j + 2 * bytes, candidate, m);
            put(du + j, reset, m);
            put(du + j + bytes, update, m);
            put(du + j + 2 * bytes, candidate.mul(r), m);
            put(dh + j, e.mul(z), m);
        }
    }

    /** {@code d = (g + dh) (1 - y^2)}; dh becomes 0. */
    static void tanhBackward(long g, long dh, long y, long d, long bytes) {
        for (long j = 0; j < bytes; j += STEP) {
            VectorMask<Float> m = tail(bytes - j);
            FloatVector h = at(y + j, m);
            put(d + j, at(g + j, m).add(at(dh + j, m)).mul(all(1f).sub(h.mul(h))), m);
            put(dh + j, all(0f), m);
        }
    }

    /** {@code d = g + dh where y > 0}; dh becomes 0. */
    static void reluBackward(long g, long dh, long y, long d, long bytes) {
        for (long j = 0; j < bytes; j += STEP) {
            VectorMask<Float> m = tail(bytes - j);
            put(d + j, at(g + j, m).add(at(dh + j, m)).blend(0f, at(y + j, m).compare(VectorOperators.LE, 0f)), m);
            put(dh + j, all(0f), m);
        }
    }
}
