package lemma.tensor;

import static jdk.incubator.vector.DoubleVector.fromMemorySegment;
import static lemma.tensor.Memory.ALL;
import static lemma.tensor.Memory.ORDER;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Arc sine and arc cosine over runs of FLOAT64, made like the functions of {@link DoubleMath}: {@code asin r = r + r z p(z)} with {@code z = r^2} up to
 * |x| of one half, and beyond it {@code asin |x| = pi / 2 - 2 asin r} with {@code z = (1 - |x|) / 2}. NaN beyond -1 and 1.
 */
final class DoubleArc {
    private static final long STEP = DoubleMath.STEP;
    private static final DoubleVector ARC_0 = DoubleMath.all(0.16666666666666669);
    private static final DoubleVector ARC_1 = DoubleMath.all(0.07499999999998433);
    private static final DoubleVector ARC_2 = DoubleMath.all(0.04464285714635543);
    private static final DoubleVector ARC_3 = DoubleMath.all(0.030381944138531247);
    private static final DoubleVector ARC_4 = DoubleMath.all(0.02237217294214989);
    private static final DoubleVector ARC_5 = DoubleMath.all(0.017352392720869973);
    private static final DoubleVector ARC_6 = DoubleMath.all(0.013971212973552933);
    private static final DoubleVector ARC_7 = DoubleMath.all(0.011479177415184906);
    private static final DoubleVector ARC_8 = DoubleMath.all(0.01032281435018578);
    private static final DoubleVector ARC_9 = DoubleMath.all(0.005457506718640358);
    private static final DoubleVector ARC_10 = DoubleMath.all(0.01740087944269402);
    private static final DoubleVector ARC_11 = DoubleMath.all(-0.014851887071247204);
    private static final DoubleVector ARC_12 = DoubleMath.all(0.028757851367421566);
    private static final DoubleVector HALF = DoubleMath.all(0.5);
    private static final DoubleVector HALF_PI = DoubleMath.all(1.5707963267948966);
    private static final DoubleVector HALF_PI_LOW = DoubleMath.all(6.123233995736766e-17);

    private DoubleArc() {}

    static void asin(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector v = fromMemorySegment(DoubleMath.D, ALL, x + i, ORDER);
            DoubleVector a = v.abs();
            VectorMask<Double> large = a.compare(VectorOperators.GT, HALF);
            DoubleVector z = a.mul(a).blend(HALF.sub(a.mul(HALF)), large);
            DoubleVector r = a.blend(z.sqrt(), large);
            DoubleVector q = z.fma(ARC_12, ARC_11);
            q = z.fma(q, ARC_10);
            q = z.fma(q, ARC_9);
            q = z.fma(q, ARC_8);
            q = z.fma(q, ARC_7);
            q = z.fma(q, ARC_6);
            q = z.fma(q, ARC_5);
            q = z.fma(q, ARC_4);
            q = z.fma(q, ARC_3);
            q = z.fma(q, ARC_2);
            q = z.fma(q, ARC_1);
            q = z.fma(q, ARC_0);
            DoubleVector p = q.mul(z).fma(r, r);
            DoubleVector w = p.blend(HALF_PI.sub(p.add(p).sub(HALF_PI_LOW)), large);
            w.blend(w.neg(), v.compare(VectorOperators.LT, DoubleMath.ZERO)).blend(v, v.compare(VectorOperators.EQ, DoubleMath.ZERO)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    static void acos(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector v = fromMemorySegment(DoubleMath.D, ALL, x + i, ORDER);
            DoubleVector a = v.abs();
            VectorMask<Double> large = a.compare(VectorOperators.GT, HALF);
            VectorMask<Double> negative = v.compare(VectorOperators.LT, DoubleMath.ZERO);
            DoubleVector z = a.mul(a).blend(HALF.sub(a.mul(HALF)), large);
            DoubleVector r = a.blend(z.sqrt(), large);
            DoubleVector q = z.fma(ARC_12, ARC_11);
            q = z.fma(q, ARC_10);
            q = z.fma(q, ARC_9);
            q = z.fma(q, ARC_8);
            q = z.fma(q, ARC_7);
            q = z.fma(q, ARC_6);
            q = z.fma(q, ARC_5);
            q = z.fma(q, ARC_4);
            q = z.fma(q, ARC_3);
            q = z.fma(q, ARC_2);
            q = z.fma(q, ARC_1);
            q = z.fma(q, ARC_0);
            DoubleVector p = q.mul(z).fma(r, r);
            // what is taken from a right angle, or from two of them
            DoubleVector part = p.add(p).blend(p.blend(p.neg(), negative), large.not());
            DoubleVector angle = HALF_PI.add(HALF_PI).blend(HALF_PI, large.not());
            DoubleVector low = HALF_PI_LOW.add(HALF_PI_LOW).blend(HALF_PI_LOW, large.not());
            angle.sub(part.sub(low)).blend(part, large.andNot(negative)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }
}
