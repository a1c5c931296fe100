package lemma.tensor;

import static lemma.tensor.FloatMath.STEP;
import static lemma.tensor.FloatMath.all;
import static lemma.tensor.FloatMath.at;
import static lemma.tensor.FloatMath.put;

import jdk.incubator.vector.FloatVector;

/** Linear recurrences of FLOAT32: each lane carries a column. */
final class FloatScan {
    private FloatScan() {}

    /** The whole vectors among {Floatcode width} bytes of each of n rows {Floatcode step} bytes apart; returns how many bytes those are. */
    static long band(long a, long b, long y, long step, long n, long width) {
        long done = 0;
        for (; done + 2 * STEP <= width; done += 2 * STEP) two(a + done, b + done, y + done, step, n);
        for (; done + STEP <= width; done += STEP) one(a + done, b + done, y + done, step, n);
        return done;
    }

    private static void one(long a, long b, long y, long step, long n) {
        FloatVector h = all(0);
        for (long i = 0; i < n; i++) {
            long at = i * step;
            h = at(a + at).fma(h, at(b + at));
            put(y + at, h);
        }
    }

    private static void two(long a, long b, long y, long step, long n) {
        FloatVector h = all(0);
        FloatVector k = all(0);
        for (long i = 0; i < n; i++) {
            long at = i * step;
            h = at(a + at).fma(h, at(b + at));
            k = at(a + at + STEP).fma(k, at(b + at + STEP));
            put(y + at, h);
            put(y + at + STEP, k);
        }
    }
}
