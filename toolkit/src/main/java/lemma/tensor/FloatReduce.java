package lemma.tensor;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static lemma.tensor.FloatMath.F;
import static lemma.tensor.FloatMath.STEP;
import static lemma.tensor.Memory.ALL;
import static lemma.tensor.Memory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Reductions of runs and of columns of FLOAT32. */
final class FloatReduce {
    /** Elements summed in single precision before their sum goes into a double. */
    private static final long BLOCK = 4096;

    private FloatReduce() {}

    static double row(Reduction op, long a, long n) {
        return switch (op) {
            case SUM -> sum(a, n);
            case PROD -> product(a, n);
            case MAX -> max(a, n);
            case MIN -> min(a, n);
            default -> throw new IllegalArgumentException(op.name());
        };
    }

    static double sum(long a, long n) {
        double total = 0;
        for (long i = 0; i < n; i += BLOCK) total += blockSum(a + 4 * i, Math.min(BLOCK, n - i));
        return total;
    }

    private static float blockSum(long a, long n) {
        long bytes = 4 * n;
        long i = 0;
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (; i + 4 * STEP <= bytes; i += 4 * STEP) {
            s0 = s0.add(fromMemorySegment(F, ALL, a + i, ORDER));
            s1 = s1.add(fromMemorySegment(F, ALL, a + i + STEP, ORDER));
            s2 = s2.add(fromMemorySegment(F, ALL, a + i + 2 * STEP, ORDER));
            s3 = s3.add(fromMemorySegment(F, ALL, a + i + 3 * STEP, ORDER));
        }
        for (; i + STEP <= bytes; i += STEP) s0 = s0.add(fromMemorySegment(F, ALL, a + i, ORDER));
        if (i < bytes) s1 = s1.add(fromMemorySegment(F, ALL, a + i, ORDER, F.indexInRange(0, (bytes - i) >> 2)));
        long lanes = Scratch.get().lanes();
        s0.add(s1).add(s2.add(s3)).intoMemorySegment(ALL, lanes, ORDER);
        return FloatMath.sum(lanes);
    }

    static float max(long a, long n) {
        long bytes = 4 * n;
        long i = 0;
        FloatVector s0 = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        // comparisons are false for NaN, which is looked for apart
        VectorMask<Float> nan = FloatMath.F.maskAll(false);
        for (; i + 4 * STEP <= bytes; i += 4 * STEP) {
            FloatVector v0 = fromMemorySegment(F, ALL, a + i, ORDER);
            FloatVector v1 = fromMemorySegment(F, ALL, a + i + STEP, ORDER);
            FloatVector v2 = fromMemorySegment(F, ALL, a + i + 2 * STEP, ORDER);
            FloatVector v3 = fromMemorySegment(F, ALL, a + i + 3 * STEP, ORDER);
            s0 = s0.blend(v0, v0.compare(VectorOperators.GT, s0));
            s1 = s1.blend(v1, v1.compare(VectorOperators.GT, s1));
            s2 = s2.blend(v2, v2.compare(VectorOperators.GT, s2));
            s3 = s3.blend(v3, v3.compare(VectorOperators.GT, s3));
            nan = nan.or(v0.compare(VectorOperators.NE, v0)).or(v1.compare(VectorOperators.NE, v1));
            nan = nan.or(v2.compare(VectorOperators.NE, v2)).or(v3.compare(VectorOperators.NE, v3));
        }
        for (; i < bytes; i += STEP) {
            VectorMask<Float> m = F.indexInRange(0, (bytes - i) >> 2);
            FloatVector v = fromMemorySegment(F, ALL, a + i, ORDER, m);
            s0 = s0.blend(v, v.compare(VectorOperators.GT, s0).and(m));
            nan = nan.or(v.compare(VectorOperators.NE, v));
        }
        if (nan.anyTrue()) return Float.NaN;
        long lanes = Scratch.get().lanes();
        s0.max(s1).max(s2.max(s3)).intoMemorySegment(ALL, lanes, ORDER);
        return FloatMath.max(lanes);
    }

    static float min(long a, long n) {
        long bytes = 4 * n;
        long i = 0;
        FloatVector s0 = FloatVector.broadcast(F, Float.POSITIVE_INFINITY);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        // comparisons are false for NaN, which is looked for apart
        VectorMask<Float> nan = FloatMath.F.maskAll(false);
        for (; i + 4 * STEP <= bytes; i += 4 * STEP) {
            FloatVector v0 = fromMemorySegment(F, ALL, a + i, ORDER);
            FloatVector v1 = fromMemorySegment(F, ALL, a + i + STEP, ORDER);
            FloatVector v2 = fromMemorySegment(F, ALL, a + i + 2 * STEP, ORDER);
            FloatVector v3 = fromMemorySegment(F, ALL, a + i + 3 * STEP, ORDER);
            s0 = s0.blend(v0, v0.compare(VectorOperators.LT, s0));
            s1 = s1.blend(v1, v1.compare(VectorOperators.LT, s1));
            s2 = s2.blend(v2, v2.compare(VectorOperators.LT, s2));
            s3 = s3.blend(v3, v3.compare(VectorOperators.LT, s3));
            nan = nan.or(v0.compare(VectorOperators.NE, v0)).or(v1.compare(VectorOperators.NE, v1));
            nan = nan.or(v2.compare(VectorOperators.NE, v2)).or(v3.compare(VectorOperators.NE, v3));
        }
        for (; i < bytes; i += STEP) {
            VectorMask<Float> m = F.indexInRange(0, (bytes - i) >> 2);
            FloatVector v = fromMemorySegment(F, ALL, a + i, ORDER, m);
            s0 = s0.blend(v, v.compare(VectorOperators.LT, s0).and(m));
            nan = nan.or(v.compare(VectorOperators.NE, v));
        }
        if (nan.anyTrue()) return Float.NaN;
        long lanes = Scratch.get().lanes();
        s0.min(s1).min(s2.min(s3)).intoMemorySegment(ALL, lanes, ORDER);
        return FloatMath.min(lanes);
    }

    /** Where the first vector from {@code i} on starts that holds an element above (or below) {@code threshold}, or NaN; else where what is no whole vector starts. */
    static long beyond(long a, long i, long n, float threshold, boolean above) {
        FloatVector t = FloatVector.broadcast(F, threshold);
        long k = i;
        if (above) while (k + FloatMath.LANES <= n && fromMemorySegment(F, ALL, a + 4 * k, ORDER).compare(VectorOperators.LE, t).allTrue()) k += FloatMath.LANES;
        else while (k + FloatMath.LANES <= n && fromMemorySegment(F, ALL, a + 4 * k, ORDER).compare(VectorOperators.GE, t).allTrue()) k += FloatMath.LANES;
        return k;
    }

    private static float product(long a, long n) {
        long bytes = 4 * n;
        long i = 0;
        FloatVector s = FloatVector.broadcast(F, 1f);
        for (; i + STEP <= bytes; i += STEP) s = s.mul(fromMemorySegment(F, ALL, a + i, ORDER));
        if (i < bytes) {
            VectorMask<Float> m = F.indexInRange(0, (bytes - i) >> 2);
            s = s.lanewise(VectorOperators.MUL, fromMemorySegment(F, ALL, a + i, ORDER, m), m);
        }
        long lanes = Scratch.get().lanes();
        s.intoMemorySegment(ALL, lanes, ORDER);
        return FloatMath.product(lanes);
    }

    /** {@code acc[j] = acc[j] op row[j]} over n elements. */
    static void accumulate(Reduction op, long acc, long row, long n) {
        switch (op) {
            case SUM -> FloatLoops.binary(Binary.ADD, acc, -1, row, -1, acc, n);
            case PROD -> FloatLoops.binary(Binary.MUL, acc, -1, row, -1, acc, n);
            case MAX -> FloatLoops.binary(Binary.MAXIMUM, acc, -1, row, -1, acc, n);
            case MIN -> FloatLoops.binary(Binary.MINIMUM, acc, -1, row, -1, acc, n);
            default -> throw new IllegalArgumentException(op.name());
        }
    }

    /** {@code acc[j] += (r0[j] + r1[j]) + (r2[j] + r3[j])} over n elements. */
    static void addFour(long acc, long r0, long r1, long r2, long r3, long n) {
        long bytes = 4 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) {
            fromMemorySegment(F, ALL, acc + i, ORDER).add(fromMemorySegment(F, ALL, r0 + i, ORDER).add(fromMemorySegment(F, ALL, r1 + i, ORDER)).add(fromMemorySegment(F, ALL, r2 + i, ORDER).add(fromMemorySegment(F, ALL, r3 + i, ORDER)))).intoMemorySegment(ALL, acc + i, ORDER);
        }
        if (i < bytes) addFourTail(acc + i, r0 + i, r1 + i, r2 + i, r3 + i, bytes - i);
    }

    // apart, so that the loop stays within the compiler's limit
    private static void addFourTail(long acc, long r0, long r1, long r2, long r3, long bytes) {
        VectorMask<Float> m = F.indexInRange(0, bytes >> 2);
        fromMemorySegment(F, ALL, acc, ORDER, m).add(fromMemorySegment(F, ALL, r0, ORDER, m).add(fromMemorySegment(F, ALL, r1, ORDER, m)).add(fromMemorySegment(F, ALL, r2, ORDER, m).add(fromMemorySegment(F, ALL, r3, ORDER, m)))).intoMemorySegment(ALL, acc, ORDER, m);
    }
}
