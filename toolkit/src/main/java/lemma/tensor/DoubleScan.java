package lemma.tensor;

import static jdk.incubator.vector.DoubleVector.fromMemorySegment;
import static lemma.tensor.DoubleMath.D;
import static lemma.tensor.DoubleMath.STEP;
import static lemma.tensor.Memory.ALL;
import static lemma.tensor.Memory.ORDER;

import jdk.incubator.vector.DoubleVector;

/** Linear recurrences of FLOAT64: each lane carries a column. */
final class DoubleScan {
    private DoubleScan() {}

    /** The whole vectors among {@code width} bytes of each of n rows {@code step} bytes apart; returns how many bytes those are. */
    static long band(long a, long b, long y, long step, long n, long width) {
        long done = 0;
        for (; done + 2 * STEP <= width; done += 2 * STEP) two(a + done, b + done, y + done, step, n);
        for (; done + STEP <= width; done += STEP) one(a + done, b + done, y + done, step, n);
        return done;
    }

    private static void one(long a, long b, long y, long step, long n) {
        DoubleVector h = DoubleVector.zero(D);
        for (long i = 0; i < n; i++) {
            long at = i * step;
            h = fromMemorySegment(D, ALL, a + at, ORDER).fma(h, fromMemorySegment(D, ALL, b + at, ORDER));
            h.intoMemorySegment(ALL, y + at, ORDER);
        }
    }

    private static void two(long a, long b, long y, long step, long n) {
        DoubleVector h = DoubleVector.zero(D);
        DoubleVector k = DoubleVector.zero(D);
        for (long i = 0; i < n; i++) {
            long at = i * step;
            h = fromMemorySegment(D, ALL, a + at, ORDER).fma(h, fromMemorySegment(D, ALL, b + at, ORDER));
            k = fromMemorySegment(D, ALL, a + at + STEP, ORDER).fma(k, fromMemorySegment(D, ALL, b + at + STEP, ORDER));
            h.intoMemorySegment(ALL, y + at, ORDER);
            k.intoMemorySegment(ALL, y + at + STEP, ORDER);
        }
    }
}
