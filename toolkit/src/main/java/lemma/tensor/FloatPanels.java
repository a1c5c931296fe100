package lemma.tensor;

import static lemma.tensor.FloatMath.F;
import static lemma.tensor.FloatMath.STEP;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/** Products of four rows of FLOAT32 and a panel, a strip of columns whose rows lie one after the other; sums run along k in order. */
final class FloatPanels {
    // no helper between the loop and its vectors: each one counts towards the compiler's limit
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private FloatPanels() {}

    /** {@code c += a panel}: rows of a at four addresses, the panel (k, 4 vectors), four rows of c at {@code c, c + ldc, ...} in bytes. */
    static void wide(long a0, long a1, long a2, long a3, long panel, long k, long c, long ldc) {
        long c1 = c + ldc;
        long c2 = c1 + ldc;
        long c3 = c2 + ldc;
        FloatVector s00 = FloatVector.fromMemorySegment(F, ALL, c, ORDER);
        FloatVector s01 = FloatVector.fromMemorySegment(F, ALL, c + STEP, ORDER);
        FloatVector s02 = FloatVector.fromMemorySegment(F, ALL, c + 2 * STEP, ORDER);
        FloatVector s03 = FloatVector.fromMemorySegment(F, ALL, c + 3 * STEP, ORDER);
        FloatVector s10 = FloatVector.fromMemorySegment(F, ALL, c1, ORDER);
        FloatVector s11 = FloatVector.fromMemorySegment(F, ALL, c1 + STEP, ORDER);
        FloatVector s12 = FloatVector.fromMemorySegment(F, ALL, c1 + 2 * STEP, ORDER);
        FloatVector s13 = FloatVector.fromMemorySegment(F, ALL, c1 + 3 * STEP, ORDER);
        FloatVector s20 = FloatVector.fromMemorySegment(F, ALL, c2, ORDER);
        FloatVector s21 = FloatVector.fromMemorySegment(F, ALL, c2 + STEP, ORDER);
        FloatVector s22 = FloatVector.fromMemorySegment(F, ALL, c2 + 2 * STEP, ORDER);
        FloatVector s23 = FloatVector.fromMemorySegment(F, ALL, c2 + 3 * STEP, ORDER);
        FloatVector s30 = FloatVector.fromMemorySegment(F, ALL, c3, ORDER);
        FloatVector s31 = FloatVector.fromMemorySegment(F, ALL, c3 + STEP, ORDER);
        FloatVector s32 = FloatVector.fromMemorySegment(F, ALL, c3 + 2 * STEP, ORDER);
        FloatVector s33 = FloatVector.fromMemorySegment(F, ALL, c3 + 3 * STEP, ORDER);
        long b = panel;
        for (long i = 0; i < 4 * k; i += 4) {
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
        }
        s00.intoMemorySegment(ALL, c, ORDER);
        s01.intoMemorySegment(ALL, c + STEP, ORDER);
        s02.intoMemorySegment(ALL, c + 2 * STEP, ORDER);
        s03.intoMemorySegment(ALL, c + 3 * STEP, ORDER);
        s10.intoMemorySegment(ALL, c1, ORDER);
        s11.intoMemorySegment(ALL, c1 + STEP, ORDER);
        s12.intoMemorySegment(ALL, c1 + 2 * STEP, ORDER);
        s13.intoMemorySegment(ALL, c1 + 3 * STEP, ORDER);
        s20.intoMemorySegment(ALL, c2, ORDER);
        s21.intoMemorySegment(ALL, c2 + STEP, ORDER);
        s22.intoMemorySegment(ALL, c2 + 2 * STEP, ORDER);
        s23.intoMemorySegment(ALL, c2 + 3 * STEP, ORDER);
        s30.intoMemorySegment(ALL, c3, ORDER);
        s31.intoMemorySegment(ALL, c3 + STEP, ORDER);
        s32.intoMemorySegment(ALL, c3 + 2 * STEP, ORDER);
        s33.intoMemorySegment(ALL, c3 + 3 * STEP, ORDER);
    }

    /** The same with a panel of one vector. */
    static void narrow(long a0, long a1, long a2, long a3, long panel, long k, long c, long ldc) {
        FloatVector s0 = FloatVector.fromMemorySegment(F, ALL, c, ORDER);
        FloatVector s1 = FloatVector.fromMemorySegment(F, ALL, c + ldc, ORDER);
        FloatVector s2 = FloatVector.fromMemorySegment(F, ALL, c + 2 * ldc, ORDER);
        FloatVector s3 = FloatVector.fromMemorySegment(F, ALL, c + 3 * ldc, ORDER);
        long b = panel;
        for (long i = 0; i < 4 * k; i += 4) {
            FloatVector v = FloatVector.fromMemorySegment(F, ALL, b, ORDER);
            b += STEP;
            s0 = FloatVector.broadcast(F, ALL.get(FLOAT, a0 + i)).fma(v, s0);
            s1 = FloatVector.broadcast(F, ALL.get(FLOAT, a1 + i)).fma(v, s1);
            s2 = FloatVector.broadcast(F, ALL.get(FLOAT, a2 + i)).fma(v, s2);
            s3 = FloatVector.broadcast(F, ALL.get(FLOAT, a3 + i)).fma(v, s3);
        }
        s0.intoMemorySegment(ALL, c, ORDER);
        s1.intoMemorySegment(ALL, c + ldc, ORDER);
        s2.intoMemorySegment(ALL, c + 2 * ldc, ORDER);
        s3.intoMemorySegment(ALL, c + 3 * ldc, ORDER);
    }
}
