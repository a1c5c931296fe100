package lemma.tensor;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static lemma.tensor.FloatMath.F;
import static lemma.tensor.FloatMath.ONE;
import static lemma.tensor.FloatMath.STEP;
import static lemma.tensor.FloatMath.ZERO;
import static lemma.tensor.Memory.ALL;
import static lemma.tensor.Memory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The arithmetic of recurrent cells between their sigmoids and tangents, over one row of FLOAT32; gates lie {@code bytes} apart. */
final class FloatCells {
    private FloatCells() {}

    /** {@code c' = f c + i g} of the gates i, f, g. */
    static void lstmMemory(long gates, long c, long next, long bytes) {
        for (long j = 0; j < bytes; j += STEP) {
            VectorMask<Float> m = F.indexInRange(0, (bytes - j) >> 2);
            long p = gates + j;
            FloatVector kept = fromMemorySegment(F, ALL, p + bytes, ORDER, m).mul(fromMemorySegment(F, ALL, c + j, ORDER, m));
            fromMemorySegment(F, ALL, p, ORDER, m).fma(fromMemorySegment(F, ALL, p + 2 * bytes, ORDER, m), kept).intoMemorySegment(ALL, next + j, ORDER, m);
        }
    }

    /** {@code y = a b}. */
    static void mul(long a, long b, long y, long bytes) {
        for (long j = 0; j < bytes; j += STEP) {
            VectorMask<Float> m = F.indexInRange(0, (bytes - j) >> 2);
            fromMemorySegment(F, ALL, a + j, ORDER, m).mul(fromMemorySegment(F, ALL, b + j, ORDER, m)).intoMemorySegment(ALL, y + j, ORDER, m);
        }
    }

    /** {@code y = a + b}. */
    static void add(long a, long b, long y, long bytes) {
        for (long j = 0; j < bytes; j += STEP) {
            VectorMask<Float> m = F.indexInRange(0, (bytes - j) >> 2);
            fromMemorySegment(F, ALL, a + j, ORDER, m).add(fromMemorySegment(F, ALL, b + j, ORDER, m)).intoMemorySegment(ALL, y + j, ORDER, m);
        }
    }

    /** {@code y = x + a b}. */
    static void mulAdd(long x, long a, long b, long y, long bytes) {
        for (long j = 0; j < bytes; j += STEP) {
            VectorMask<Float> m = F.indexInRange(0, (bytes - j) >> 2);
            fromMemorySegment(F, ALL, a + j, ORDER, m).fma(fromMemorySegment(F, ALL, b + j, ORDER, m), fromMemorySegment(F, ALL, x + j, ORDER, m)).intoMemorySegment(ALL, y + j, ORDER, m);
        }
    }

    /** {@code h' = n + z (h - n)}. */
    static void gruState(long z, long n, long h, long y, long bytes) {
        for (long j = 0; j < bytes; j += STEP) {
            VectorMask<Float> m = F.indexInRange(0, (bytes - j) >> 2);
            FloatVector candidate = fromMemorySegment(F, ALL, n + j, ORDER, m);
            fromMemorySegment(F, ALL, z + j, ORDER, m).fma(fromMemorySegment(F, ALL, h + j, ORDER, m).sub(candidate), candidate).intoMemorySegment(ALL, y + j, ORDER, m);
        }
    }

    // two loops: one of this size with masks passes the compiler's limit

    /** From the gradients of h' ({@code g + dh}) and c' ({@code gc + dc}): that of the output gate's sum into {@code d}, all of c' into dc, 0 into dh. */
    static void lstmOutputBackward(long g, long gc, long dh, long dc, long output, long tanh, long d, long bytes) {
        for (long j = 0; j < bytes; j += STEP) {
            VectorMask<Float> m = F.indexInRange(0, (bytes - j) >> 2);
            FloatVector h = fromMemorySegment(F, ALL, g + j, ORDER, m).add(fromMemorySegment(F, ALL, dh + j, ORDER, m));
            FloatVector o = fromMemorySegment(F, ALL, output + j, ORDER, m);
            FloatVector t = fromMemorySegment(F, ALL, tanh + j, ORDER, m);
            h.mul(t).mul(o).mul(ONE.sub(o)).intoMemorySegment(ALL, d + j, ORDER, m);
            h.fma(o.mul(ONE.sub(t.mul(t))), fromMemorySegment(F, ALL, gc + j, ORDER, m).add(fromMemorySegment(F, ALL, dc + j, ORDER, m))).intoMemorySegment(ALL, dc + j, ORDER, m);
            ZERO.intoMemorySegment(ALL, dh + j, ORDER, m);
        }
    }

    /** From dc, the gradient of c': those of the sums of i, f, g; dc becomes that of c. */
    static void lstmMemoryBackward(long dc, long gates, long c, long d, long bytes) {
        for (long j = 0; j < bytes; j += STEP) {
            VectorMask<Float> m = F.indexInRange(0, (bytes - j) >> 2);
            FloatVector e = fromMemorySegment(F, ALL, dc + j, ORDER, m);
            FloatVector i = fromMemorySegment(F, ALL, gates + j, ORDER, m);
            FloatVector f = fromMemorySegment(F, ALL, gates + j + bytes, ORDER, m);
            FloatVector z = fromMemorySegment(F, ALL, gates + j + 2 * bytes, ORDER, m);
            e.mul(z).mul(i).mul(ONE.sub(i)).intoMemorySegment(ALL, d + j, ORDER, m);
            e.mul(fromMemorySegment(F, ALL, c + j, ORDER, m)).mul(f).mul(ONE.sub(f)).intoMemorySegment(ALL, d + j + bytes, ORDER, m);
            e.mul(i).mul(ONE.sub(z.mul(z))).intoMemorySegment(ALL, d + j + 2 * bytes, ORDER, m);
            e.mul(f).intoMemorySegment(ALL, dc + j, ORDER, m);
        }
    }

    /** Gradients of the input's part dx and the state's part du from that of h' ({@code g + dh}); dh becomes the direct part of that of h. */
    static void gruBackward(long g, long dh, long saved, long h, long dx, long du, long bytes) {
        for (long j = 0; j < bytes; j += STEP) {
            VectorMask<Float> m = F.indexInRange(0, (bytes - j) >> 2);
            long p = saved + j;
            FloatVector e = fromMemorySegment(F, ALL, g + j, ORDER, m).add(fromMemorySegment(F, ALL, dh + j, ORDER, m));
            FloatVector r = fromMemorySegment(F, ALL, p, ORDER, m);
            FloatVector z = fromMemorySegment(F, ALL, p + bytes, ORDER, m);
            FloatVector n = fromMemorySegment(F, ALL, p + 2 * bytes, ORDER, m);
            FloatVector update = e.mul(fromMemorySegment(F, ALL, h + j, ORDER, m).sub(n)).mul(z).mul(ONE.sub(z));
            FloatVector candidate = e.mul(ONE.sub(z)).mul(ONE.sub(n.mul(n)));
            FloatVector reset = candidate.mul(fromMemorySegment(F, ALL, p + 3 * bytes, ORDER, m)).mul(r).mul(ONE.sub(r));
            reset.intoMemorySegment(ALL, dx + j, ORDER, m);
            update.intoMemorySegment(ALL, dx + j + bytes, ORDER, m);
            candidate.intoMemorySegment(ALL, dx + j + 2 * bytes, ORDER, m);
            reset.intoMemorySegment(ALL, du + j, ORDER, m);
            update.intoMemorySegment(ALL, du + j + bytes, ORDER, m);
            candidate.mul(r).intoMemorySegment(ALL, du + j + 2 * bytes, ORDER, m);
            e.mul(z).intoMemorySegment(ALL, dh + j, ORDER, m);
        }
    }

    /** {@code d = (g + dh) (1 - y^2)}; dh becomes 0. */
    static void tanhBackward(long g, long dh, long y, long d, long bytes) {
        for (long j = 0; j < bytes; j += STEP) {
            VectorMask<Float> m = F.indexInRange(0, (bytes - j) >> 2);
            FloatVector h = fromMemorySegment(F, ALL, y + j, ORDER, m);
            fromMemorySegment(F, ALL, g + j, ORDER, m).add(fromMemorySegment(F, ALL, dh + j, ORDER, m)).mul(ONE.sub(h.mul(h))).intoMemorySegment(ALL, d + j, ORDER, m);
            ZERO.intoMemorySegment(ALL, dh + j, ORDER, m);
        }
    }

    /** {@code d = g + dh where y > 0}; dh becomes 0. */
    static void reluBackward(long g, long dh, long y, long d, long bytes) {
        for (long j = 0; j < bytes; j += STEP) {
            VectorMask<Float> m = F.indexInRange(0, (bytes - j) >> 2);
            fromMemorySegment(F, ALL, g + j, ORDER, m).add(fromMemorySegment(F, ALL, dh + j, ORDER, m)).blend(0f, fromMemorySegment(F, ALL, y + j, ORDER, m).compare(VectorOperators.LE, 0f)).intoMemorySegment(ALL, d + j, ORDER, m);
            ZERO.intoMemorySegment(ALL, dh + j, ORDER, m);
        }
    }
}
