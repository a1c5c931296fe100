package lemma.tensor;

import static jdk.incubator.vector.DoubleVector.fromMemorySegment;
import static lemma.tensor.DoubleMath.D;
import static lemma.tensor.DoubleMath.STEP;
import static lemma.tensor.Memory.ALL;
import static lemma.tensor.Memory.ORDER;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;

/** Reductions of runs and of columns of FLOAT64. */
final class DoubleReduce {
    private static final long BLOCK = 4096;

    private DoubleReduce() {}

    static double row(Reduction op, long a, long n) {
        return switch (op) {
            case SUM -> sum(a, n);
            case PROD -> product(a, n);
            case MAX -> max(a, n);
            case MIN -> min(a, n);
            default -> throw new IllegalArgumentException(op.name());
        };
    }

    /** {@code acc[j] = acc[j] op row[j]} over n elements. */
    static void accumulate(Reduction op, long acc, long row, long n) {
        switch (op) {
            case SUM -> DoubleLoops.binary(Binary.ADD, acc, -1, row, -1, acc, n);
            case PROD -> DoubleLoops.binary(Binary.MUL, acc, -1, row, -1, acc, n);
            case MAX -> DoubleLoops.binary(Binary.MAXIMUM, acc, -1, row, -1, acc, n);
            case MIN -> DoubleLoops.binary(Binary.MINIMUM, acc, -1, row, -1, acc, n);
            default -> throw new IllegalArgumentException(op.name());
        }
    }

    /** NaN if any element is. */
    static double max(long a, long n) {
        long bytes = 8 * n;
        long i = 0;
        DoubleVector s0 = DoubleVector.broadcast(D, Double.NEGATIVE_INFINITY);
        DoubleVector s1 = s0;
        // comparisons are false for NaN, which a sum of everything keeps; infinities of both signs make one too, which is looked at again
        DoubleVector t0 = DoubleVector.zero(D);
        DoubleVector t1 = t0;
        for (; i + 2 * STEP <= bytes; i += 2 * STEP) {
            DoubleVector v0 = fromMemorySegment(D, ALL, a + i, ORDER);
            DoubleVector v1 = fromMemorySegment(D, ALL, a + i + STEP, ORDER);
            s0 = s0.blend(v0, v0.compare(VectorOperators.GT, s0));
            s1 = s1.blend(v1, v1.compare(VectorOperators.GT, s1));
            t0 = t0.add(v0);
            t1 = t1.add(v1);
        }
        double[] lanes = s0.blend(s1, s1.compare(VectorOperators.GT, s0)).toArray();
        double top = Double.NEGATIVE_INFINITY;
        for (double lane : lanes) top = Math.max(top, lane);
        long own = Scratch.get().lanes();
        t0.add(t1).intoMemorySegment(ALL, own, ORDER);
        boolean suspect = Double.isNaN(DoubleMath.sum(own));
        for (long j = suspect ? 0 : i; j < bytes; j += 8) top = Math.max(top, Raw.f64(a + j));
        return top;
    }

    /** NaN if any element is. */
    static double min(long a, long n) {
        long bytes = 8 * n;
        long i = 0;
        DoubleVector s0 = DoubleVector.broadcast(D, Double.POSITIVE_INFINITY);
        DoubleVector s1 = s0;
        DoubleVector t0 = DoubleVector.zero(D);
        DoubleVector t1 = t0;
        for (; i + 2 * STEP <= bytes; i += 2 * STEP) {
            DoubleVector v0 = fromMemorySegment(D, ALL, a + i, ORDER);
            DoubleVector v1 = fromMemorySegment(D, ALL, a + i + STEP, ORDER);
            s0 = s0.blend(v0, v0.compare(VectorOperators.LT, s0));
            s1 = s1.blend(v1, v1.compare(VectorOperators.LT, s1));
            t0 = t0.add(v0);
            t1 = t1.add(v1);
        }
        double[] lanes = s0.blend(s1, s1.compare(VectorOperators.LT, s0)).toArray();
        double least = Double.POSITIVE_INFINITY;
        for (double lane : lanes) least = Math.min(least, lane);
        long own = Scratch.get().lanes();
        t0.add(t1).intoMemorySegment(ALL, own, ORDER);
        boolean suspect = Double.isNaN(DoubleMath.sum(own));
        for (long j = suspect ? 0 : i; j < bytes; j += 8) least = Math.min(least, Raw.f64(a + j));
        return least;
    }

    private static double product(long a, long n) {
        long bytes = 8 * n;
        long i = 0;
        DoubleVector s = DoubleVector.broadcast(D, 1);
        for (; i + STEP <= bytes; i += STEP) s = s.mul(fromMemorySegment(D, ALL, a + i, ORDER));
        double product = 1;
        for (double lane : s.toArray()) product *= lane;
        for (; i < bytes; i += 8) product *= Raw.f64(a + i);
        return product;
    }

    /** Blocks are summed lane by lane, then joined pairwise. */
    static double sum(long a, long n) {
        if (n <= BLOCK) return blockSum(a, n);
        long half = (n / 2 + BLOCK - 1) & -BLOCK;
        return sum(a, half) + sum(a + 8 * half, n - half);
    }

    private static double blockSum(long a, long n) {
        long bytes = 8 * n;
        long i = 0;
        DoubleVector s0 = DoubleVector.zero(D);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        for (; i + 4 * STEP <= bytes; i += 4 * STEP) {
            s0 = s0.add(fromMemorySegment(D, ALL, a + i, ORDER));
            s1 = s1.add(fromMemorySegment(D, ALL, a + i + STEP, ORDER));
            s2 = s2.add(fromMemorySegment(D, ALL, a + i + 2 * STEP, ORDER));
            s3 = s3.add(fromMemorySegment(D, ALL, a + i + 3 * STEP, ORDER));
        }
        for (; i + STEP <= bytes; i += STEP) s0 = s0.add(fromMemorySegment(D, ALL, a + i, ORDER));
        if (i < bytes) s1 = s1.add(fromMemorySegment(D, ALL, a + i, ORDER, D.indexInRange(0, (bytes - i) >> 3)));
        long lanes = Scratch.get().lanes();
        s0.add(s1).add(s2.add(s3)).intoMemorySegment(ALL, lanes, ORDER);
        return DoubleMath.sum(lanes);
    }
}
