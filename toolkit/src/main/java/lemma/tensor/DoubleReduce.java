package lemma.tensor;

import static lemma.tensor.DoubleMath.STEP;
import static lemma.tensor.DoubleMath.all;
import static lemma.tensor.DoubleMath.at;
import static lemma.tensor.DoubleMath.tail;

import jdk.incubator.vector.DoubleVector;

/** Sums of runs of FLOAT64. */
final class DoubleReduce {
    private static final long BLOCK = 4096;

    private DoubleReduce() {}

    /** Blocks are summed lane by lane, then joined pairwise. */
    static double sum(long a, long n) {
        if (n <= BLOCK) return blockSum(a, n);
        long half = (n / 2 + BLOCK - 1) & -BLOCK;
        return sum(a, half) + sum(a + 8 * half, n - half);
    }

    private static double blockSum(long a, long n) {
        long bytes = 8 * n;
        long i = 0;
        DoubleVector s0 = all(0);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        for (; i + 4 * STEP <= bytes; i += 4 * STEP) {
            s0 = s0.add(at(a + i));
            s1 = s1.add(at(a + i + STEP));
            s2 = s2.add(at(a + i + 2 * STEP));
            s3 = s3.add(at(a + i + 3 * STEP));
        }
        for (; i + STEP <= bytes; i += STEP) s0 = s0.add(at(a + i));
        if (i < bytes) s1 = s1.add(at(a + i, tail(bytes - i)));
        return DoubleMath.sum(s0.add(s1).add(s2.add(s3)));
    }
}
