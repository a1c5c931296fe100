package lemma.tensor;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static lemma.tensor.Memory.ALL;
import static lemma.tensor.Memory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Arc sine and arc cosine over runs of FLOAT32, made like the functions of {@link FloatMath}: {@code asin r = r + r z p(z)} with {@code z = r^2} up to
 * |x| of one half, and beyond it {@code asin |x| = pi / 2 - 2 asin r} with {@code z = (1 - |x|) / 2}. NaN beyond -1 and 1.
 */
final class FloatArc {
    private static final long STEP = FloatMath.STEP;
    private static final FloatVector ARC_0 = FloatMath.all(0.16666665673f);
    private static final FloatVector ARC_1 = FloatMath.all(0.07500094175f);
    private static final FloatVector ARC_2 = FloatMath.all(0.04459940269f);
    private static final FloatVector ARC_3 = FloatMath.all(0.03110066242f);
    private static final FloatVector ARC_4 = FloatMath.all(0.01714923791f);
    private static final FloatVector ARC_5 = FloatMath.all(0.03369084745f);
    private static final FloatVector HALF = FloatMath.all(0.5f);
    private static final FloatVector HALF_PI = FloatMath.all(1.57079637f);
    private static final FloatVector HALF_PI_LOW = FloatMath.all(-4.37113883e-8f);

    private FloatArc() {}

    static void asin(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = fromMemorySegment(FloatMath.F, ALL, x + i, ORDER);
            FloatVector a = v.abs();
            VectorMask<Float> large = a.compare(VectorOperators.GT, HALF);
            FloatVector z = a.mul(a).blend(HALF.sub(a.mul(HALF)), large);
            FloatVector r = a.blend(z.sqrt(), large);
            FloatVector q = z.fma(ARC_5, ARC_4);
            q = z.fma(q, ARC_3);
            q = z.fma(q, ARC_2);
            q = z.fma(q, ARC_1);
            q = z.fma(q, ARC_0);
            FloatVector p = q.mul(z).fma(r, r);
            FloatVector w = p.blend(HALF_PI.sub(p.add(p).sub(HALF_PI_LOW)), large);
            w.blend(w.neg(), v.compare(VectorOperators.LT, FloatMath.ZERO)).blend(v, v.compare(VectorOperators.EQ, FloatMath.ZERO)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    static void acos(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = fromMemorySegment(FloatMath.F, ALL, x + i, ORDER);
            FloatVector a = v.abs();
            VectorMask<Float> large = a.compare(VectorOperators.GT, HALF);
            VectorMask<Float> negative = v.compare(VectorOperators.LT, FloatMath.ZERO);
            FloatVector z = a.mul(a).blend(HALF.sub(a.mul(HALF)), large);
            FloatVector r = a.blend(z.sqrt(), large);
            FloatVector q = z.fma(ARC_5, ARC_4);
            q = z.fma(q, ARC_3);
            q = z.fma(q, ARC_2);
            q = z.fma(q, ARC_1);
            q = z.fma(q, ARC_0);
            FloatVector p = q.mul(z).fma(r, r);
            // what is taken from a right angle, or from two of them
            FloatVector part = p.add(p).blend(p.blend(p.neg(), negative), large.not());
            FloatVector angle = HALF_PI.add(HALF_PI).blend(HALF_PI, large.not());
            FloatVector low = HALF_PI_LOW.add(HALF_PI_LOW).blend(HALF_PI_LOW, large.not());
            angle.sub(part.sub(low)).blend(part, large.andNot(negative)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }
}
