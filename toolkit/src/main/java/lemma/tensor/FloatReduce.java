package lemma.tensor;

import static lemma.tensor.FloatMath.STEP;
import static lemma.tensor.FloatMath.all;
import static lemma.tensor.FloatMath.at;
import static lemma.tensor.FloatMath.put;
import static lemma.tensor.FloatMath.tail;

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
        FloatVector s0 = all(0f);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (; i + 4 * STEP <= bytes; i += 4 * STEP) {
            s0 = s0.add(at(a + i));
            s1 = s1.add(at(a + i + STEP));
            s2 = s2.add(at(a + i + 2 * STEP));
            s3 = s3.add(at(a + i + 3 * STEP));
        }
        for (; i + STEP <= bytes; i += STEP) s0 = s0.add(at(a + i));
        if (i < bytes) s1 = s1.add(at(a + i, tail(bytes - i)));
        return FloatMath.sum(s0.add(s1).add(s2.add(s3)));
    }

    static float max(long a, long n) {
        long bytes = 4 * n;
        long i = 0;
        FloatVector s0 = all(Float.NEGATIVE_INFINITY);
        FloatVector s1 = s0;
        // comparisons are false for NaN, which is looked for apart
        VectorMask<Float> nan = FloatMath.F.maskAll(false);
        for (; i + 2 * STEP <= bytes; i += 2 * STEP) {
            FloatVector v0 = at(a + i);
            FloatVector v1 = at(a + i + STEP);
            s0 = s0.blend(v0, v0.compare(VectorOperators.GT, s0));
            s1 = s1.blend(v1, v1.compare(VectorOperators.GT, s1));
            nan = nan.or(v0.compare(VectorOperators.NE, v0)).or(v1.compare(VectorOperators.NE, v1));
        }
        for (; i < bytes; i += STEP) {
            VectorMask<Float> m = tail(bytes - i);
            FloatVector v = at(a + i, m);
            s0 = s0.blend(v, v.compare(VectorOperators.GT, s0).and(m));
            nan = nan.or(v.compare(VectorOperators.NE, v));
        }
        return nan.anyTrue() ? Float.NaN : FloatMath.max(s0.max(s1));
    }

    static float min(long a, long n) {
        long bytes = 4 * n;
        long i = 0;
        FloatVector s0 = all(Float.POSITIVE_INFINITY);
        FloatVector s1 = s0;
        // comparisons are false for NaN, which is looked for apart
        VectorMask<Float> nan = FloatMath.F.maskAll(false);
        for (; i + 2 * STEP <= bytes; i += 2 * STEP) {
            FloatVector v0 = at(a + i);
            FloatVector v1 = at(a + i + STEP);
            s0 = s0.blend(v0, v0.compare(VectorOperators.LT, s0));
            s1 = s1.blend(v1, v1.compare(VectorOperators.LT, s1));
            nan = nan.or(v0.compare(VectorOperators.NE, v0)).or(v1.compare(VectorOperators.NE, v1));
        }
        for (; i < bytes; i += STEP) {
            VectorMask<Float> m = tail(bytes - i);
            FloatVector v = at(a + i, m);
            s0 = s0.blend(v, v.compare(VectorOperators.LT, s0).and(m));
            nan = nan.or(v.compare(VectorOperators.NE, v));
        }
        return nan.anyTrue() ? Float.NaN : FloatMath.min(s0.min(s1));
    }

    /** Where the first vector from {@code i} on starts that holds an element above (or below) {@code threshold}, or NaN; else where what is no whole vector starts. */
    static long beyond(long a, long i, long n, float threshold, boolean above) {
        FloatVector t = all(threshold);
        long k = i;
        if (above) while (k + FloatMath.LANES <= n && at(a + 4 * k).compare(VectorOperators.LE, t).allTrue()) k += FloatMath.LANES;
        else while (k + FloatMath.LANES <= n && at(a + 4 * k).compare(VectorOperators.GE, t).allTrue()) k += FloatMath.LANES;
        return k;
    }

    private static float product(long a, long n) {
        long bytes = 4 * n;
        long i = 0;
        FloatVector s = all(1f);
        for (; i + STEP <= bytes; i += STEP) s = s.mul(at(a + i));
        if (i < bytes) {
            VectorMask<Float> m = tail(bytes - i);
            s = s.lanewise(VectorOperators.MUL, at(a + i, m), m);
        }
        return FloatMath.product(s);
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
            put(acc + i, at(acc + i).add(at(r0 + i).add(at(r1 + i)).add(at(r2 + i).add(at(r3 + i)))));
        }
        if (i < bytes) addFourTail(acc + i, r0 + i, r1 + i, r2 + i, r3 + i, tail(bytes - i));
    }

    // apart, so that the loop stays within the compiler's limit
    private static void addFourTail(long acc, long r0, long r1, long r2, long r3, VectorMask<Float> m) {
        put(acc, at(acc, m).add(at(r0, m).add(at(r1, m)).add(at(r2, m).add(at(r3, m)))), m);
    }
}
