package lemma.tensor;

import static lemma.tensor.FloatMath.F;
import static lemma.tensor.FloatMath.STEP;
import static lemma.tensor.FloatMath.ZERO;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/** Products of four rows of FLOAT32 and a panel, a strip of columns whose rows lie one after the other; sums run along k in order. */
final class FloatPanels {
    // the numbers of a row of a lie side by side: with a step that is no constant the compiler checks each address, for a third of the speed
    // no helper between the loop and its vectors: each one counts towards the compiler's limit
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private FloatPanels() {}

    /** Zeros in n numbers, a multiple of a vector's. */
    static void clear(long to, int n) {
        for (long i = 0; i < 4L * n; i += STEP) ZERO.intoMemorySegment(ALL, to + i, ORDER);
    }

    /**
     * {@code c += a panel}: rows of a at four addresses, the panel (k, 4 vectors), four rows of c at {@code c, c + ldc, ...} in bytes.
     */
    static void wide(long a0, long a1, long a2, long a3, long panel, int k, long c, long ldc) {
        long c1 = c + ldc;
        long c2 = c1 + ldc;
        long c3 = c2 + ldc;
        FloatVector s00 = FloatVector.zero(F);
        FloatVector s01 = FloatVector.zero(F);
        FloatVector s02 = FloatVector.zero(F);
        FloatVector s03 = FloatVector.zero(F);
        FloatVector s10 = FloatVector.zero(F);
        FloatVector s11 = FloatVector.zero(F);
        FloatVector s12 = FloatVector.zero(F);
        FloatVector s13 = FloatVector.zero(F);
        FloatVector s20 = FloatVector.zero(F);
        FloatVector s21 = FloatVector.zero(F);
        FloatVector s22 = FloatVector.zero(F);
        FloatVector s23 = FloatVector.zero(F);
        FloatVector s30 = FloatVector.zero(F);
        FloatVector s31 = FloatVector.zero(F);
        FloatVector s32 = FloatVector.zero(F);
        FloatVector s33 = FloatVector.zero(F);
        long b = panel;
        long i = 0;
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, b, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(F, ALL, b + STEP, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(F, ALL, b + 2 * STEP, ORDER);
            FloatVector b3 = FloatVector.fromMemorySegment(F, ALL, b + 3 * STEP, ORDER);
            b += 4 * STEP;
            FloatVector v = FloatVector.broadcast(F, ALL.get(FLOAT, a0 + i));
            s00 = v.fma(b0, s00);
            s01 = v.fma(b1, s01);
            s02 = v.fma(b2, s02);
            s03 = v.fma(b3, s03);
            v = FloatVector.broadcast(F, ALL.get(FLOAT, a1 + i));
            s10 = v.fma(b0, s10);
            s11 = v.fma(b1, s11);
            s12 = v.fma(b2, s12);
            s13 = v.fma(b3, s13);
            v = FloatVector.broadcast(F, ALL.get(FLOAT, a2 + i));
            s20 = v.fma(b0, s20);
            s21 = v.fma(b1, s21);
            s22 = v.fma(b2, s22);
            s23 = v.fma(b3, s23);
            v = FloatVector.broadcast(F, ALL.get(FLOAT, a3 + i));
            s30 = v.fma(b0, s30);
            s31 = v.fma(b1, s31);
            s32 = v.fma(b2, s32);
            s33 = v.fma(b3, s33);
            i += 4;
        }
        FloatVector.fromMemorySegment(F, ALL, c, ORDER).add(s00).intoMemorySegment(ALL, c, ORDER);
        FloatVector.fromMemorySegment(F, ALL, c + STEP, ORDER).add(s01).intoMemorySegment(ALL, c + STEP, ORDER);
        FloatVector.fromMemorySegment(F, ALL, c + 2 * STEP, ORDER).add(s02).intoMemorySegment(ALL, c + 2 * STEP, ORDER);
        FloatVector.fromMemorySegment(F, ALL, c + 3 * STEP, ORDER).add(s03).intoMemorySegment(ALL, c + 3 * STEP, ORDER);
        FloatVector.fromMemorySegment(F, ALL, c1, ORDER).add(s10).intoMemorySegment(ALL, c1, ORDER);
        FloatVector.fromMemorySegment(F, ALL, c1 + STEP, ORDER).add(s11).intoMemorySegment(ALL, c1 + STEP, ORDER);
        FloatVector.fromMemorySegment(F, ALL, c1 + 2 * STEP, ORDER).add(s12).intoMemorySegment(ALL, c1 + 2 * STEP, ORDER);
        FloatVector.fromMemorySegment(F, ALL, c1 + 3 * STEP, ORDER).add(s13).intoMemorySegment(ALL, c1 + 3 * STEP, ORDER);
        FloatVector.fromMemorySegment(F, ALL, c2, ORDER).add(s20).intoMemorySegment(ALL, c2, ORDER);
        FloatVector.fromMemorySegment(F, ALL, c2 + STEP, ORDER).add(s21).intoMemorySegment(ALL, c2 + STEP, ORDER);
        FloatVector.fromMemorySegment(F, ALL, c2 + 2 * STEP, ORDER).add(s22).intoMemorySegment(ALL, c2 + 2 * STEP, ORDER);
        FloatVector.fromMemorySegment(F, ALL, c2 + 3 * STEP, ORDER).add(s23).intoMemorySegment(ALL, c2 + 3 * STEP, ORDER);
        FloatVector.fromMemorySegment(F, ALL, c3, ORDER).add(s30).intoMemorySegment(ALL, c3, ORDER);
        FloatVector.fromMemorySegment(F, ALL, c3 + STEP, ORDER).add(s31).intoMemorySegment(ALL, c3 + STEP, ORDER);
        FloatVector.fromMemorySegment(F, ALL, c3 + 2 * STEP, ORDER).add(s32).intoMemorySegment(ALL, c3 + 2 * STEP, ORDER);
        FloatVector.fromMemorySegment(F, ALL, c3 + 3 * STEP, ORDER).add(s33).intoMemorySegment(ALL, c3 + 3 * STEP, ORDER);
    }

    /** The same with a panel of one vector. */
    static void narrow(long a0, long a1, long a2, long a3, long panel, int k, long c, long ldc) {
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = FloatVector.zero(F);
        FloatVector s2 = FloatVector.zero(F);
        FloatVector s3 = FloatVector.zero(F);
        long b = panel;
        long i = 0;
        for (int p = 0; p < k; p++) {
            FloatVector v = FloatVector.fromMemorySegment(F, ALL, b, ORDER);
            b += STEP;
            s0 = FloatVector.broadcast(F, ALL.get(FLOAT, a0 + i)).fma(v, s0);
            s1 = FloatVector.broadcast(F, ALL.get(FLOAT, a1 + i)).fma(v, s1);
            s2 = FloatVector.broadcast(F, ALL.get(FLOAT, a2 + i)).fma(v, s2);
            s3 = FloatVector.broadcast(F, ALL.get(FLOAT, a3 + i)).fma(v, s3);
            i += 4;
        }
        FloatVector.fromMemorySegment(F, ALL, c, ORDER).add(s0).intoMemorySegment(ALL, c, ORDER);
        FloatVector.fromMemorySegment(F, ALL, c + ldc, ORDER).add(s1).intoMemorySegment(ALL, c + ldc, ORDER);
        FloatVector.fromMemorySegment(F, ALL, c + 2 * ldc, ORDER).add(s2).intoMemorySegment(ALL, c + 2 * ldc, ORDER);
        FloatVector.fromMemorySegment(F, ALL, c + 3 * ldc, ORDER).add(s3).intoMemorySegment(ALL, c + 3 * ldc, ORDER);
    }
}
