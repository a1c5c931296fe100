package lemma.tensor;

import static lemma.tensor.FloatMath.STEP;
import static lemma.tensor.FloatMath.all;
import static lemma.tensor.FloatMath.at;
import static lemma.tensor.FloatMath.put;

import jdk.incubator.vector.FloatVector;

/** Products of four rows of FLOAT32 and a panel, a strip of columns whose rows lie one after the other; sums run along k in order. */
final class FloatPanels {
    private FloatPanels() {}

    /** {@code c += a panel}: rows of a at four addresses, the panel (k, 4 vectors), four rows of c at {@code c, c + ldc, ...} in bytes. */
    static void wide(long a0, long a1, long a2, long a3, long panel, long k, long c, long ldc) {
        long c1 = c + ldc;
        long c2 = c1 + ldc;
        long c3 = c2 + ldc;
        FloatVector s00 = at(c);
        FloatVector s01 = at(c + STEP);
        FloatVector s02 = at(c + 2 * STEP);
        FloatVector s03 = at(c + 3 * STEP);
        FloatVector s10 = at(c1);
        FloatVector s11 = at(c1 + STEP);
        FloatVector s12 = at(c1 + 2 * STEP);
        FloatVector s13 = at(c1 + 3 * STEP);
        FloatVector s20 = at(c2);
        FloatVector s21 = at(c2 + STEP);
        FloatVector s22 = at(c2 + 2 * STEP);
        FloatVector s23 = at(c2 + 3 * STEP);
        FloatVector s30 = at(c3);
        FloatVector s31 = at(c3 + STEP);
        FloatVector s32 = at(c3 + 2 * STEP);
        FloatVector s33 = at(c3 + 3 * STEP);
        long b = panel;
        for (long i = 0; i < 4 * k; i += 4) {
            FloatVector b0 = at(b);
            FloatVector b1 = at(b + STEP);
            FloatVector b2 = at(b + 2 * STEP);
            FloatVector b3 = at(b + 3 * STEP);
            b += 4 * STEP;
            FloatVector v = all(Raw.f32(a0 + i));
            s00 = v.fma(b0, s00);
            s01 = v.fma(b1, s01);
            s02 = v.fma(b2, s02);
            s03 = v.fma(b3, s03);
            v = all(Raw.f32(a1 + i));
            s10 = v.fma(b0, s10);
            s11 = v.fma(b1, s11);
            s12 = v.fma(b2, s12);
            s13 = v.fma(b3, s13);
            v = all(Raw.f32(a2 + i));
            s20 = v.fma(b0, s20);
            s21 = v.fma(b1, s21);
            s22 = v.fma(b2, s22);
            s23 = v.fma(b3, s23);
            v = all(Raw.f32(a3 + i));
            s30 = v.fma(b0, s30);
            s31 = v.fma(b1, s31);
            s32 = v.fma(b2, s32);
            s33 = v.fma(b3, s33);
        }
        put(c, s00);
        put(c + STEP, s01);
        put(c + 2 * STEP, s02);
        put(c + 3 * STEP, s03);
        put(c1, s10);
        put(c1 + STEP, s11);
        put(c1 + 2 * STEP, s12);
        put(c1 + 3 * STEP, s13);
        put(c2, s20);
        put(c2 + STEP, s21);
        put(c2 + 2 * STEP, s22);
        put(c2 + 3 * STEP, s23);
        put(c3, s30);
        put(c3 + STEP, s31);
        put(c3 + 2 * STEP, s32);
        put(c3 + 3 * STEP, s33);
    }

    /** The same with a panel of one vector. */
    static void narrow(long a0, long a1, long a2, long a3, long panel, long k, long c, long ldc) {
        FloatVector s0 = at(c);
        FloatVector s1 = at(c + ldc);
        FloatVector s2 = at(c + 2 * ldc);
        FloatVector s3 = at(c + 3 * ldc);
        long b = panel;
        for (long i = 0; i < 4 * k; i += 4) {
            FloatVector v = at(b);
            b += STEP;
            s0 = all(Raw.f32(a0 + i)).fma(v, s0);
            s1 = all(Raw.f32(a1 + i)).fma(v, s1);
            s2 = all(Raw.f32(a2 + i)).fma(v, s2);
            s3 = all(Raw.f32(a3 + i)).fma(v, s3);
        }
        put(c, s0);
        put(c + ldc, s1);
        put(c + 2 * ldc, s2);
        put(c + 3 * ldc, s3);
    }
}
