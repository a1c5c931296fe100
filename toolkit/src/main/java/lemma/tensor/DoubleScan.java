package lemma.tensor;

import static lemma.tensor.DoubleMath.STEP;
import static lemma.tensor.DoubleMath.all;
import static lemma.tensor.DoubleMath.at;
import static lemma.tensor.DoubleMath.put;

import jdk.incubator.vector.DoubleVector;

/** Linear recurrences of FLOAT64: each lane carries a column. */
final class DoubleScan {
    private DoubleScan() {}

    /** The whole vectors among {Doublecode width} bytes of each of n rows {Doublecode step} bytes apart; returns how many bytes those are. */
    static long band(long a, long b, long y, long step, long n, long width) {
        long done = 0;
        for (; done + 2 * STEP <= width; done += 2 * STEP) two(a + done, b + done, y + done, step, n);
        for (; done + STEP <= width; done += STEP) one(a + done, b + done, y + done, step, n);
        return done;
    }

    private static void one(long a, long b, long y, long step, long n) {
        DoubleVector h = all(0);
        for (long i = 0; i < n; i++) {
            long at = i * step;
            h = at(a + at).fma(h, at(b + at));
            put(y + at, h);
        }
    }

    private static void two(long a, long b, long y, long step, long n) {
        DoubleVector h = all(0);
        DoubleVector k = all(0);
        for (long i = 0; i < n; i++) {
            long at = i * step;
            h = at(a + at).fma(h, at(b + at));
            k = at(a + at + STEP).fma(k, at(b + at + STEP));
            put(y + at, h);
            put(y + at + STEP, k);
        }
    }
}
