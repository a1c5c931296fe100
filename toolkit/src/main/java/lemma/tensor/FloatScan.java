package lemma.tensor;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static lemma.tensor.FloatMath.F;
import static lemma.tensor.FloatMath.STEP;
import static lemma.tensor.Memory.ALL;
import static lemma.tensor.Memory.ORDER;

import jdk.incubator.vector.FloatVector;

/** Linear recurrences of FLOAT32: each lane carries a column. */
final class FloatScan {
    private FloatScan() {}

    /** The whole vectors among {@code width} bytes of each of n rows {@code step} bytes apart; returns how many bytes those are. */
    static long band(long a, long b, long y, long step, long n, long width) {
        long done = 0;
        for (; done + 2 * STEP <= width; done += 2 * STEP) two(a + done, b + done, y + done, step, n);
        for (; done + STEP <= width; done += STEP) one(a + done, b + done, y + done, step, n);
        return done;
    }

    private static void one(long a, long b, long y, long step, long n) {
        FloatVector h = FloatVector.zero(F);
        for (long i = 0; i < n; i++) {
            long at = i * step;
            h = fromMemorySegment(F, ALL, a + at, ORDER).fma(h, fromMemorySegment(F, ALL, b + at, ORDER));
            h.intoMemorySegment(ALL, y + at, ORDER);
        }
    }

    private static void two(long a, long b, long y, long step, long n) {
        FloatVector h = FloatVector.zero(F);
        FloatVector k = FloatVector.zero(F);
        for (long i = 0; i < n; i++) {
            long at = i * step;
            h = fromMemorySegment(F, ALL, a + at, ORDER).fma(h, fromMemorySegment(F, ALL, b + at, ORDER));
            k = fromMemorySegment(F, ALL, a + at + STEP, ORDER).fma(k, fromMemorySegment(F, ALL, b + at + STEP, ORDER));
            h.intoMemorySegment(ALL, y + at, ORDER);
            k.intoMemorySegment(ALL, y + at + STEP, ORDER);
        }
    }
}
