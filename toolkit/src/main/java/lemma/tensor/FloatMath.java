package lemma.tensor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Elementary functions of FLOAT32 vectors from additions, fused multiply-adds and divisions alone, so that the bits are the same
 * before and after compilation. Coefficients are minimax fits made for these intervals; errors are at most 2 ulp.
 */
final class FloatMath {
    static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    static final int LANES = F.length();
    /** Bytes in a vector. */
    static final long STEP = F.vectorByteSize();

    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final VectorShuffle<Float> BY_8 = rotation(8);
    private static final VectorShuffle<Float> BY_4 = rotation(4);
    private static final VectorShuffle<Float> BY_2 = rotation(2);
    private static final VectorShuffle<Float> BY_1 = rotation(1);

    // adding and taking away 1.5 * 2^23 rounds to the nearest integer and leaves it in the low bits
    private static final float ROUNDER = 12582912f;
    private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);
    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HI = 0.693359375f;
    private static final float LN2_LO = -2.12194440e-4f;
    private static final float SQRT_2_OVER_PI = 0.7978845608f;
    private static final float GELU_CUBIC = 0.044715f;

    // constants as vectors: broadcasting where they are used would pass the compiler's limit on what it inlines
    private static final FloatVector EXP_TAIL_0 = all(1.9918528e-4f);
    private static final FloatVector EXP_TAIL_1 = all(0.0013946176f);
    private static final FloatVector EXP_TAIL_2 = all(0.0083332639f);
    private static final FloatVector EXP_TAIL_3 = all(0.0416662693f);
    private static final FloatVector EXP_TAIL_4 = all(0.1666666717f);
    private static final FloatVector HALF = all(0.5f);
    private static final FloatVector EXP_HIGHEST = all(89f);
    private static final FloatVector EXP_LOWEST = all(-105f);
    private static final FloatVector BY_LOG2_E = all(LOG2_E);
    private static final FloatVector ROUND = all(ROUNDER);
    private static final FloatVector MINUS_LN2_LO = all(-LN2_LO);
    private static final FloatVector MINUS_LN2_HI = all(-LN2_HI);
    private static final FloatVector ONE = all(1f);
    private static final FloatVector EXP_LOWEST_NORMAL = all(-87.3f);
    private static final FloatVector ZERO = all(0f);
    private static final FloatVector EXPM1_LOWEST = all(-20f);
    private static final FloatVector TANH_FLAT = all(10f);
    private static final FloatVector TWO = all(2f);
    private static final FloatVector LOG_OF_0 = all(0.0674659833f);
    private static final FloatVector LOG_OF_1 = all(-0.1167561412f);
    private static final FloatVector LOG_OF_2 = all(0.1188816056f);
    private static final FloatVector LOG_OF_3 = all(-0.1240559518f);
    private static final FloatVector LOG_OF_4 = all(0.1421955377f);
    private static final FloatVector LOG_OF_5 = all(-0.1666799486f);
    private static final FloatVector LOG_OF_6 = all(0.2000211924f);
    private static final FloatVector LOG_OF_7 = all(-0.2500000894f);
    private static final FloatVector LOG_OF_8 = all(0.3333331347f);
    private static final FloatVector TIMES_LN2_LO = all(LN2_LO);
    private static final FloatVector TIMES_LN2_HI = all(LN2_HI);
    private static final FloatVector MINUS_HALF = all(-0.5f);
    private static final FloatVector NAN = all(Float.NaN);
    private static final FloatVector TINY = all(Float.MIN_NORMAL);
    private static final FloatVector TWO_TO_23 = all(8388608f);
    private static final FloatVector MINUS_23 = all(-23f);
    private static final FloatVector INFINITY = all(Float.POSITIVE_INFINITY);
    private static final FloatVector MINUS_INFINITY = all(Float.NEGATIVE_INFINITY);
    private static final FloatVector MINUS_ONE = all(-1f);
    private static final FloatVector ERF_SMALL_0 = all(7.853862e-5f);
    private static final FloatVector ERF_SMALL_1 = all(-8.010194e-4f);
    private static final FloatVector ERF_SMALL_2 = all(0.005188328f);
    private static final FloatVector ERF_SMALL_3 = all(-0.026853813f);
    private static final FloatVector ERF_SMALL_4 = all(0.112835854f);
    private static final FloatVector ERF_SMALL_5 = all(-0.37612626f);
    private static final FloatVector ERF_SMALL_6 = all(0.12837911f);
    private static final FloatVector LOG_ERFC_0 = all(-8.021282e-8f);
    private static final FloatVector LOG_ERFC_1 = all(3.4036525e-6f);
    private static final FloatVector LOG_ERFC_2 = all(-6.293456e-5f);
    private static final FloatVector LOG_ERFC_3 = all(6.8845647e-4f);
    private static final FloatVector LOG_ERFC_4 = all(-0.0050708898f);
    private static final FloatVector LOG_ERFC_5 = all(0.027105866f);
    private static final FloatVector LOG_ERFC_6 = all(-0.111054204f);
    private static final FloatVector LOG_ERFC_7 = all(0.36903739f);
    private static final FloatVector LOG_ERFC_8 = all(-1.1306659f);
    private static final FloatVector LOG_ERFC_9 = all(4.1337035e-4f);
    private static final FloatVector ERF_FLAT = all(4.2f);
    private static final FloatVector CUBIC = all(GELU_CUBIC);
    private static final FloatVector INNER_SLOPE = all(2 * SQRT_2_OVER_PI);
    private static final FloatVector THREE_CUBIC = all(3 * GELU_CUBIC);
    private static final FloatVector TWO_OVER_PI = all(0.63661977f);
    private static final FloatVector MINUS_PIO2_1 = all(-1.57079637f);
    private static final FloatVector MINUS_PIO2_2 = all(4.371139e-8f);
    private static final FloatVector MINUS_PIO2_3 = all(1.7151245e-15f);
    private static final FloatVector CIRCLE_0 = all(2.7182373e-6f);
    private static final FloatVector CIRCLE_1 = all(-1.9839327e-4f);
    private static final FloatVector CIRCLE_2 = all(0.008333329f);
    private static final FloatVector CIRCLE_3 = all(-0.16666667f);
    private static final FloatVector CIRCLE_4 = all(2.443773e-5f);
    private static final FloatVector CIRCLE_5 = all(-0.0013887362f);
    private static final FloatVector CIRCLE_6 = all(0.041666646f);
    private static final FloatVector CDF_P0 = all(0.39894223f);
    private static final FloatVector CDF_P1 = all(0.03385278f);
    private static final FloatVector CDF_P2 = all(0.004677269f);
    private static final FloatVector CDF_P3 = all(0.00016882709f);
    private static final FloatVector CDF_P4 = all(6.3521325e-06f);
    private static final FloatVector CDF_P5 = all(2.2749335e-08f);
    private static final FloatVector CDF_Q1 = all(0.25152224f);
    private static final FloatVector CDF_Q2 = all(0.02864595f);
    private static final FloatVector CDF_Q3 = all(0.0018844528f);
    private static final FloatVector CDF_Q4 = all(7.364798e-05f);
    private static final FloatVector CDF_Q5 = all(1.1975042e-06f);
    private static final FloatVector SLOPE_P0 = all(0.7978845f);
    private static final FloatVector SLOPE_P1 = all(-0.030743448f);
    private static final FloatVector SLOPE_P2 = all(0.014209175f);
    private static final FloatVector SLOPE_P3 = all(2.4184192e-05f);
    private static final FloatVector SLOPE_P4 = all(3.5850575e-05f);
    private static final FloatVector SLOPE_P5 = all(1.9088507e-07f);
    private static final FloatVector SLOPE_Q1 = all(0.29480568f);
    private static final FloatVector SLOPE_Q2 = all(0.0410647f);
    private static final FloatVector SLOPE_Q3 = all(0.0035287626f);
    private static final FloatVector SLOPE_Q4 = all(0.00019351988f);
    private static final FloatVector SLOPE_Q5 = all(8.887478e-06f);
    private static final FloatVector CDF_FLAT = all(5.5f);
    private static final FloatVector SLOPE_FLAT = all(6f);

    private FloatMath() {}

    private static VectorShuffle<Float> rotation(int by) {
        return VectorShuffle.iota(F, by % LANES, 1, true);
    }

    // ---- memory ----

    static FloatVector at(long address) {
        return FloatVector.fromMemorySegment(F, ALL, address, ORDER);
    }

    static FloatVector at(long address, VectorMask<Float> m) {
        return FloatVector.fromMemorySegment(F, ALL, address, ORDER, m);
    }

    static void put(long address, FloatVector v) {
        v.intoMemorySegment(ALL, address, ORDER);
    }

    static void put(long address, FloatVector v, VectorMask<Float> m) {
        v.intoMemorySegment(ALL, address, ORDER, m);
    }

    /** The first {@code bytes / 4} lanes. */
    static VectorMask<Float> tail(long bytes) {
        return F.indexInRange(0, bytes >> 2);
    }

    static FloatVector all(float v) {
        return FloatVector.broadcast(F, v);
    }

    // ---- across lanes, in a fixed order ----

    static float sum(FloatVector v) {
        FloatVector s = v;
        if (LANES > 8) s = s.add(s.rearrange(BY_8));
        if (LANES > 4) s = s.add(s.rearrange(BY_4));
        if (LANES > 2) s = s.add(s.rearrange(BY_2));
        return s.add(s.rearrange(BY_1)).lane(0);
    }

    /** NaN if any lane is NaN. */
    static float max(FloatVector v) {
        FloatVector s = v;
        if (LANES > 8) s = s.max(s.rearrange(BY_8));
        if (LANES > 4) s = s.max(s.rearrange(BY_4));
        if (LANES > 2) s = s.max(s.rearrange(BY_2));
        return s.max(s.rearrange(BY_1)).lane(0);
    }

    /** NaN if any lane is NaN. */
    static float min(FloatVector v) {
        FloatVector s = v;
        if (LANES > 8) s = s.min(s.rearrange(BY_8));
        if (LANES > 4) s = s.min(s.rearrange(BY_4));
        if (LANES > 2) s = s.min(s.rearrange(BY_2));
        return s.min(s.rearrange(BY_1)).lane(0);
    }

    static float product(FloatVector v) {
        FloatVector s = v;
        if (LANES > 8) s = s.mul(s.rearrange(BY_8));
        if (LANES > 4) s = s.mul(s.rearrange(BY_4));
        if (LANES > 2) s = s.mul(s.rearrange(BY_2));
        return s.mul(s.rearrange(BY_1)).lane(0);
    }

    // ---- to integers ----

    /** Halves to even. */
    static FloatVector round(FloatVector x) {
        FloatVector a = x.abs();
        return x.blend(copySign(a.add(TWO_TO_23).sub(TWO_TO_23), x), a.compare(VectorOperators.LT, TWO_TO_23));
    }

    static FloatVector floor(FloatVector x) {
        FloatVector r = round(x);
        return r.blend(r.sub(ONE), r.compare(VectorOperators.GT, x));
    }

    static FloatVector ceil(FloatVector x) {
        FloatVector r = round(x);
        return copySign(r.blend(r.add(ONE), r.compare(VectorOperators.LT, x)), x);
    }

    // ---- exponentials ----

    /** {@code 2^k} for k from -126 to 127. */
    private static FloatVector twoTo(IntVector k) {
        return k.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    private static FloatVector expTail(FloatVector r) {
        // exp(r) - 1 - r = r^2 q(r), |r| <= ln 2 / 2
        FloatVector q = r.fma(EXP_TAIL_0, EXP_TAIL_1);
        q = r.fma(q, EXP_TAIL_2);
        q = r.fma(q, EXP_TAIL_3);
        q = r.fma(q, EXP_TAIL_4);
        return r.fma(q, HALF);
    }

    static FloatVector exp(FloatVector x) {
        FloatVector c = x.blend(EXP_HIGHEST, x.compare(VectorOperators.GT, EXP_HIGHEST)).blend(EXP_LOWEST, x.compare(VectorOperators.LT, EXP_LOWEST));
        FloatVector t = c.fma(BY_LOG2_E, ROUND);
        FloatVector n = t.sub(ROUND);
        FloatVector r = n.fma(MINUS_LN2_LO, n.fma(MINUS_LN2_HI, c));
        FloatVector p = expTail(r).mul(r).fma(r, r).add(ONE);
        IntVector k = t.reinterpretAsInts().sub(ROUNDER_BITS);
        IntVector half = k.lanewise(VectorOperators.ASHR, 1);
        return p.mul(twoTo(half)).mul(twoTo(k.sub(half)));
    }

    /** {@code exp(x)} for x in [-87.3, 88] or NaN. */
    private static FloatVector expInRange(FloatVector c) {
        FloatVector t = c.fma(BY_LOG2_E, ROUND);
        FloatVector n = t.sub(ROUND);
        FloatVector r = n.fma(MINUS_LN2_LO, n.fma(MINUS_LN2_HI, c));
        FloatVector p = expTail(r).mul(r).fma(r, r).add(ONE);
        return p.mul(twoTo(t.reinterpretAsInts().sub(ROUNDER_BITS)));
    }

    /** {@code exp(x)} for x at most 88 or NaN; below 1.2e-38 it is 0. */
    static FloatVector expNegative(FloatVector x) {
        VectorMask<Float> gone = x.compare(VectorOperators.LT, EXP_LOWEST_NORMAL);
        return expInRange(x.blend(EXP_LOWEST_NORMAL, gone)).blend(ZERO, gone);
    }

    static FloatVector expm1(FloatVector x) {
        FloatVector c = x.blend(EXP_HIGHEST, x.compare(VectorOperators.GT, EXP_HIGHEST)).blend(EXPM1_LOWEST, x.compare(VectorOperators.LT, EXPM1_LOWEST));
        FloatVector t = c.fma(BY_LOG2_E, ROUND);
        FloatVector n = t.sub(ROUND);
        FloatVector r = n.fma(MINUS_LN2_LO, n.fma(MINUS_LN2_HI, c));
        FloatVector p = expTail(r).mul(r).fma(r, r);
        IntVector k = t.reinterpretAsInts().sub(ROUNDER_BITS);
        // 2^(k-1) twice, so that k = 128 does not overflow early
        FloatVector half = twoTo(k.sub(1));
        FloatVector y = p.fma(half, half.sub(HALF));
        y = y.add(y);
        return y.blend(x, x.compare(VectorOperators.EQ, ZERO));
    }

    static FloatVector tanh(FloatVector x) {
        FloatVector a = x.abs();
        FloatVector c = a.blend(TANH_FLAT, a.compare(VectorOperators.GT, TANH_FLAT));
        FloatVector e = expm1Positive(c.add(c));
        return copySign(e.div(e.add(TWO)), x);
    }

    /** The bits of {@link #expm1} for x from 0 to 20 or NaN, without what others need: tanh passes the compiler's limit with it. */
    private static FloatVector expm1Positive(FloatVector x) {
        FloatVector t = x.fma(BY_LOG2_E, ROUND);
        FloatVector n = t.sub(ROUND);
        FloatVector r = n.fma(MINUS_LN2_LO, n.fma(MINUS_LN2_HI, x));
        FloatVector p = expTail(r).mul(r).fma(r, r);
        FloatVector power = twoTo(t.reinterpretAsInts().sub(ROUNDER_BITS));
        return p.fma(power, power.sub(ONE));
    }

    static FloatVector sigmoid(FloatVector x) {
        return ONE.div(exp(x.neg()).add(ONE));
    }

    /** {@code max(x, 0) + log(1 + e)} of {@code e = exp(-|x|)}. */
    static FloatVector softplusEnd(FloatVector x, FloatVector e) {
        return x.blend(ZERO, x.compare(VectorOperators.LT, ZERO)).add(log1p(e));
    }

    private static FloatVector copySign(FloatVector magnitude, FloatVector sign) {
        IntVector s = sign.reinterpretAsInts().and(Integer.MIN_VALUE);
        return magnitude.reinterpretAsInts().or(s).reinterpretAsFloats();
    }

    // ---- logarithms ----

    /** log of a positive normal number. */
    private static FloatVector logNormal(FloatVector x, FloatVector exponentShift) {
        IntVector bits = x.reinterpretAsInts();
        // the power of two that leaves a mantissa in [sqrt 1/2, sqrt 2)
        IntVector e = bits.sub(0x3f3504f3).lanewise(VectorOperators.ASHR, 23);
        FloatVector m = bits.sub(e.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
        FloatVector n = ((FloatVector) e.convert(VectorOperators.I2F, 0)).add(exponentShift);
        return logOf(m.sub(ONE), n);
    }

    /** {@code log(1 + f) + n ln 2} for f in [-0.293, 0.414]. */
    private static FloatVector logOf(FloatVector f, FloatVector n) {
        // log(1 + f) = f - f^2 / 2 + f^3 p(f)
        FloatVector p = f.fma(LOG_OF_0, LOG_OF_1);
        p = f.fma(p, LOG_OF_2);
        p = f.fma(p, LOG_OF_3);
        p = f.fma(p, LOG_OF_4);
        p = f.fma(p, LOG_OF_5);
        p = f.fma(p, LOG_OF_6);
        p = f.fma(p, LOG_OF_7);
        p = f.fma(p, LOG_OF_8);
        FloatVector f2 = f.mul(f);
        FloatVector low = n.fma(TIMES_LN2_LO, f.mul(f2).mul(p));
        return n.fma(TIMES_LN2_HI, f.add(f2.fma(MINUS_HALF, low)));
    }

    static FloatVector log(FloatVector x) {
        VectorMask<Float> small = x.compare(VectorOperators.LT, TINY);
        FloatVector s = x.blend(x.mul(TWO_TO_23), small);
        FloatVector y = logNormal(s, ZERO.blend(MINUS_23, small));
        return logEdges(y, x);
    }

    private static FloatVector logEdges(FloatVector y, FloatVector x) {
        VectorMask<Float> ordinary = x.compare(VectorOperators.GT, ZERO).and(x.compare(VectorOperators.LT, INFINITY));
        FloatVector edge = NAN.blend(MINUS_INFINITY, x.compare(VectorOperators.EQ, ZERO))
                .blend(INFINITY, x.compare(VectorOperators.EQ, INFINITY));
        return edge.blend(y, ordinary);
    }

    static FloatVector log1p(FloatVector x) {
        FloatVector u = x.add(ONE);
        // what rounding u lost, relative to u
        FloatVector lost = x.sub(u.sub(ONE)).blend(ONE.sub(u.sub(x)), x.compare(VectorOperators.GT, ONE));
        IntVector bits = u.reinterpretAsInts();
        IntVector e = bits.sub(0x3f3504f3).lanewise(VectorOperators.ASHR, 23);
        VectorMask<Float> near = e.compare(VectorOperators.EQ, 0).cast(F);
        FloatVector m = bits.sub(e.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
        FloatVector n = (FloatVector) e.convert(VectorOperators.I2F, 0);
        FloatVector correction = lost.div(u).blend(ZERO, near);
        FloatVector y = logOf(m.sub(ONE).blend(x, near), n).add(correction);
        VectorMask<Float> ordinary = u.compare(VectorOperators.GT, ZERO).and(u.compare(VectorOperators.LT, INFINITY));
        FloatVector edge = NAN.blend(MINUS_INFINITY, x.compare(VectorOperators.EQ, MINUS_ONE))
                .blend(INFINITY, x.compare(VectorOperators.EQ, INFINITY));
        return edge.blend(y, ordinary).blend(x, x.compare(VectorOperators.EQ, ZERO));
    }

    // ---- the normal distribution ----

    /** {@code erf(z) / z - 1} for |z| at most 1, of {@code z^2}. */
    private static FloatVector erfSmall(FloatVector z2) {
        FloatVector p = z2.fma(ERF_SMALL_0, ERF_SMALL_1);
        p = z2.fma(p, ERF_SMALL_2);
        p = z2.fma(p, ERF_SMALL_3);
        p = z2.fma(p, ERF_SMALL_4);
        p = z2.fma(p, ERF_SMALL_5);
        return z2.fma(p, ERF_SMALL_6);
    }

    /** {@code log erfc(a)} for a from 1 to 10. */
    private static FloatVector logErfc(FloatVector a) {
        FloatVector p = a.fma(LOG_ERFC_0, LOG_ERFC_1);
        p = a.fma(p, LOG_ERFC_2);
        p = a.fma(p, LOG_ERFC_3);
        p = a.fma(p, LOG_ERFC_4);
        p = a.fma(p, LOG_ERFC_5);
        p = a.fma(p, LOG_ERFC_6);
        p = a.fma(p, LOG_ERFC_7);
        p = a.fma(p, LOG_ERFC_8);
        p = a.fma(p, LOG_ERFC_9);
        return a.fma(a.neg(), p);
    }

    // The compiler keeps vectors in registers only in loops of limited size, so that erf comes in three: the logarithm of the tail, its
    // exponential, and the choice between the tail and the polynomial about 0.

    /** First of three: {@code log erfc |x|}. */
    static FloatVector erfStart(FloatVector x) {
        FloatVector a = x.abs();
        return logErfc(a.blend(ERF_FLAT, a.compare(VectorOperators.GT, ERF_FLAT)));
    }

    /** Last of three: erf(x) from {@code tail = erfc |x|}. */
    static FloatVector erfEnd(FloatVector x, FloatVector tail) {
        FloatVector large = copySign(ONE.sub(tail), x);
        FloatVector small = x.fma(erfSmall(x.mul(x)), x);
        return small.blend(large, x.abs().compare(VectorOperators.GT, ONE));
    }

    /** The normal distribution function, to 2e-7: {@code 1/2 + x P(x^2) / Q(x^2)}, minimax up to 5.5. */
    private static FloatVector normalCdf(FloatVector x) {
        FloatVector t = x.mul(x);
        FloatVector p = t.fma(CDF_P5, CDF_P4);
        p = t.fma(p, CDF_P3);
        p = t.fma(p, CDF_P2);
        p = t.fma(p, CDF_P1);
        p = t.fma(p, CDF_P0);
        FloatVector q = t.fma(CDF_Q5, CDF_Q4);
        q = t.fma(q, CDF_Q3);
        q = t.fma(q, CDF_Q2);
        q = t.fma(q, CDF_Q1);
        q = t.fma(q, ONE);
        return ends(x, x.fma(p.div(q), HALF), CDF_FLAT);
    }

    /** The derivative of gelu, to 4e-7, in the same way up to 6. */
    private static FloatVector geluSlope(FloatVector x) {
        FloatVector t = x.mul(x);
        FloatVector p = t.fma(SLOPE_P5, SLOPE_P4);
        p = t.fma(p, SLOPE_P3);
        p = t.fma(p, SLOPE_P2);
        p = t.fma(p, SLOPE_P1);
        p = t.fma(p, SLOPE_P0);
        FloatVector q = t.fma(SLOPE_Q5, SLOPE_Q4);
        q = t.fma(q, SLOPE_Q3);
        q = t.fma(q, SLOPE_Q2);
        q = t.fma(q, SLOPE_Q1);
        q = t.fma(q, ONE);
        return ends(x, x.fma(p.div(q), HALF), SLOPE_FLAT);
    }

    /** {@code y}, but 1 above {@code flat} and 0 below its negative. */
    private static FloatVector ends(FloatVector x, FloatVector y, FloatVector flat) {
        return y.blend(ONE, x.compare(VectorOperators.GT, flat)).blend(ZERO, x.compare(VectorOperators.LT, flat.neg()));
    }

    static FloatVector gelu(FloatVector x) {
        return x.mul(normalCdf(x));
    }

    /** At infinity it is NaN, as PyTorch's. */
    static FloatVector geluGrad(FloatVector g, FloatVector x) {
        return g.mul(geluSlope(x).add(x.sub(x)));
    }

    static FloatVector geluTanh(FloatVector x) {
        return x.mul(sigmoid(geluInner(x)));
    }

    // twice the argument of tanh
    private static FloatVector geluInner(FloatVector x) {
        FloatVector x2 = x.mul(x);
        return x.mul(INNER_SLOPE).mul(x2.fma(CUBIC, ONE));
    }

    static FloatVector geluTanhGrad(FloatVector g, FloatVector x) {
        FloatVector s = sigmoid(geluInner(x));
        FloatVector slope = x.mul(x).fma(THREE_CUBIC, ONE).mul(INNER_SLOPE);
        FloatVector bump = s.mul(ONE.sub(s)).mul(slope);
        return g.mul(x.fma(bump, s));
    }

    static FloatVector silu(FloatVector x) {
        return x.mul(sigmoid(x));
    }

    static FloatVector siluGrad(FloatVector g, FloatVector x) {
        FloatVector s = sigmoid(x);
        return g.mul(s).mul(x.fma(ONE.sub(s), ONE));
    }

    // ---- circles: |x| at most 10000 ----

    static final float CIRCLE_LIMIT = 10000f;

    static FloatVector sin(FloatVector x) {
        return circle(x, 0).blend(x, x.compare(VectorOperators.EQ, ZERO));
    }

    static FloatVector cos(FloatVector x) {
        return circle(x, 1);
    }

    /** {@code sin(x + quarter pi / 2)}. */
    private static FloatVector circle(FloatVector x, int quarter) {
        FloatVector t = x.fma(TWO_OVER_PI, ROUND);
        FloatVector n = t.sub(ROUND);
        // pi / 2 in three parts
        FloatVector r = n.fma(MINUS_PIO2_1, x);
        r = n.fma(MINUS_PIO2_2, r);
        r = n.fma(MINUS_PIO2_3, r);
        IntVector q = t.reinterpretAsInts().sub(ROUNDER_BITS).add(quarter);
        FloatVector z = r.mul(r);
        FloatVector s = z.fma(CIRCLE_0, CIRCLE_1);
        s = z.fma(s, CIRCLE_2);
        s = z.fma(s, CIRCLE_3);
        s = z.mul(r).fma(s, r);
        FloatVector c = z.fma(CIRCLE_4, CIRCLE_5);
        c = z.fma(c, CIRCLE_6);
        c = z.mul(z).fma(c, z.fma(MINUS_HALF, ONE));
        FloatVector y = s.blend(c, q.and(1).compare(VectorOperators.NE, 0).cast(F));
        IntVector flip = q.and(2).lanewise(VectorOperators.LSHL, 30);
        return y.reinterpretAsInts().lanewise(VectorOperators.XOR, flip).reinterpretAsFloats();
    }
}
