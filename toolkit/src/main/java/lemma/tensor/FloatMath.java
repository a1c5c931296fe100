package lemma.tensor;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static lemma.tensor.Memory.ALL;
import static lemma.tensor.Memory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Elementary functions over runs of FLOAT32 from additions, fused multiply-adds and divisions alone, so that the bits are the same
 * before and after compilation. Coefficients are minimax fits made for these intervals; errors are at most 2 ulp. All run over
 * {@code bytes}, a multiple of {@link #STEP}, and none may overwrite what it reads unless it says so.
 *
 * <p>Vectors stay in registers only where nothing but the JDK's own vector methods stands between load and store: the compiler always
 * inlines those, but stops inlining other methods when what it compiles has grown, and then every vector that crosses the call becomes an
 * object. So each function is one loop, written out, and what is made of several functions goes over a piece that stays in the cache.
 */
final class FloatMath {
    static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    static final int LANES = F.length();
    /** Bytes in a vector. */
    static final long STEP = F.vectorByteSize();

    private static final VectorShuffle<Float> BY_8 = rotation(8);
    private static final VectorShuffle<Float> BY_4 = rotation(4);
    private static final VectorShuffle<Float> BY_2 = rotation(2);
    private static final VectorShuffle<Float> BY_1 = rotation(1);

    // adding and taking away 1.5 * 2^23 rounds to the nearest integer and leaves it in the low bits
    private static final float ROUNDER = 12582912f;
    private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);
    private static final int SQRT_HALF_BITS = 0x3f3504f3;
    /** Bytes that a function of several loops takes at a time. */
    private static final long PIECE = Scratch.LARGE_BYTES;
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
    static final FloatVector ONE = all(1f);
    private static final FloatVector EXP_LOWEST_NORMAL = all(-87.3f);
    static final FloatVector ZERO = all(0f);
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

    static FloatVector all(float v) {
        return FloatVector.broadcast(F, v);
    }

    // ---- across lanes, in a fixed order ----

    static float sum(long lanes) {
        FloatVector s = fromMemorySegment(F, ALL, lanes, ORDER);
        if (LANES > 8) s = s.add(s.rearrange(BY_8));
        if (LANES > 4) s = s.add(s.rearrange(BY_4));
        if (LANES > 2) s = s.add(s.rearrange(BY_2));
        return s.add(s.rearrange(BY_1)).lane(0);
    }

    /** NaN if any lane is NaN. */
    static float max(long lanes) {
        FloatVector s = fromMemorySegment(F, ALL, lanes, ORDER);
        if (LANES > 8) s = s.max(s.rearrange(BY_8));
        if (LANES > 4) s = s.max(s.rearrange(BY_4));
        if (LANES > 2) s = s.max(s.rearrange(BY_2));
        return s.max(s.rearrange(BY_1)).lane(0);
    }

    /** NaN if any lane is NaN. */
    static float min(long lanes) {
        FloatVector s = fromMemorySegment(F, ALL, lanes, ORDER);
        if (LANES > 8) s = s.min(s.rearrange(BY_8));
        if (LANES > 4) s = s.min(s.rearrange(BY_4));
        if (LANES > 2) s = s.min(s.rearrange(BY_2));
        return s.min(s.rearrange(BY_1)).lane(0);
    }

    static float product(long lanes) {
        FloatVector s = fromMemorySegment(F, ALL, lanes, ORDER);
        if (LANES > 8) s = s.mul(s.rearrange(BY_8));
        if (LANES > 4) s = s.mul(s.rearrange(BY_4));
        if (LANES > 2) s = s.mul(s.rearrange(BY_2));
        return s.mul(s.rearrange(BY_1)).lane(0);
    }

    // ---- to integers ----

    /** Halves to even. */
    static void round(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = fromMemorySegment(F, ALL, x + i, ORDER);
            FloatVector a = v.abs();
            IntVector sign = v.reinterpretAsInts().and(Integer.MIN_VALUE);
            FloatVector r = a.add(TWO_TO_23).sub(TWO_TO_23).reinterpretAsInts().or(sign).reinterpretAsFloats();
            v.blend(r, a.compare(VectorOperators.LT, TWO_TO_23)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    static void floor(long x, long y, long bytes) {
        round(x, y, bytes);
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector r = fromMemorySegment(F, ALL, y + i, ORDER);
            r.blend(r.sub(ONE), r.compare(VectorOperators.GT, fromMemorySegment(F, ALL, x + i, ORDER))).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    static void ceil(long x, long y, long bytes) {
        round(x, y, bytes);
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = fromMemorySegment(F, ALL, x + i, ORDER);
            FloatVector r = fromMemorySegment(F, ALL, y + i, ORDER);
            IntVector sign = v.reinterpretAsInts().and(Integer.MIN_VALUE);
            r.blend(r.add(ONE), r.compare(VectorOperators.LT, v)).reinterpretAsInts().or(sign).reinterpretAsFloats().intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    // ---- exponentials ----

    /** {@code exp(sign x)} for a sign of 1 or -1; y may be x. */
    static void exp(long x, float sign, long y, long bytes) {
        FloatVector turn = FloatVector.broadcast(F, sign);
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = fromMemorySegment(F, ALL, x + i, ORDER).mul(turn);
            FloatVector c = v.blend(EXP_HIGHEST, v.compare(VectorOperators.GT, EXP_HIGHEST)).blend(EXP_LOWEST, v.compare(VectorOperators.LT, EXP_LOWEST));
            FloatVector t = c.fma(BY_LOG2_E, ROUND);
            FloatVector n = t.sub(ROUND);
            FloatVector r = n.fma(MINUS_LN2_LO, n.fma(MINUS_LN2_HI, c));
            // exp(r) - 1 - r = r^2 q, |r| <= ln 2 / 2
            FloatVector q = r.fma(EXP_TAIL_0, EXP_TAIL_1);
            q = r.fma(q, EXP_TAIL_2);
            q = r.fma(q, EXP_TAIL_3);
            q = r.fma(q, EXP_TAIL_4);
            q = r.fma(q, HALF);
            FloatVector p = q.mul(r).fma(r, r).add(ONE);
            // the power of two by halves, since all of it may be out of range
            IntVector k = t.reinterpretAsInts().sub(ROUNDER_BITS);
            IntVector half = k.lanewise(VectorOperators.ASHR, 1);
            FloatVector first = half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector second = k.sub(half).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            p.mul(first).mul(second).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    /**
     * {@code exp(x - shift)} for differences of at most 88 or NaN, 0 where it is below 1.2e-38; y may be x, and with a mask {@code my} of 0 it
     * is room for one vector. Returns the sum of y.
     */
    static float expNegative(long x, float shift, long y, long my, long bytes) {
        FloatVector origin = FloatVector.broadcast(F, shift);
        FloatVector sum = FloatVector.zero(F);
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = fromMemorySegment(F, ALL, x + i, ORDER).sub(origin);
            VectorMask<Float> gone = v.compare(VectorOperators.LT, EXP_LOWEST_NORMAL);
            FloatVector c = v.blend(EXP_LOWEST_NORMAL, gone);
            FloatVector t = c.fma(BY_LOG2_E, ROUND);
            FloatVector n = t.sub(ROUND);
            FloatVector r = n.fma(MINUS_LN2_LO, n.fma(MINUS_LN2_HI, c));
            // exp(r) - 1 - r = r^2 q, |r| <= ln 2 / 2
            FloatVector q = r.fma(EXP_TAIL_0, EXP_TAIL_1);
            q = r.fma(q, EXP_TAIL_2);
            q = r.fma(q, EXP_TAIL_3);
            q = r.fma(q, EXP_TAIL_4);
            q = r.fma(q, HALF);
            FloatVector p = q.mul(r).fma(r, r).add(ONE);
            FloatVector power = t.reinterpretAsInts().sub(ROUNDER_BITS).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector e = p.mul(power).blend(ZERO, gone);
            e.intoMemorySegment(ALL, y + (i & my), ORDER);
            sum = sum.add(e);
        }
        long lanes = Scratch.get().lanes();
        sum.intoMemorySegment(ALL, lanes, ORDER);
        return sum(lanes);
    }

    static void expm1(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = fromMemorySegment(F, ALL, x + i, ORDER);
            FloatVector c = v.blend(EXP_HIGHEST, v.compare(VectorOperators.GT, EXP_HIGHEST)).blend(EXPM1_LOWEST, v.compare(VectorOperators.LT, EXPM1_LOWEST));
            FloatVector t = c.fma(BY_LOG2_E, ROUND);
            FloatVector n = t.sub(ROUND);
            FloatVector r = n.fma(MINUS_LN2_LO, n.fma(MINUS_LN2_HI, c));
            // exp(r) - 1 - r = r^2 q, |r| <= ln 2 / 2
            FloatVector q = r.fma(EXP_TAIL_0, EXP_TAIL_1);
            q = r.fma(q, EXP_TAIL_2);
            q = r.fma(q, EXP_TAIL_3);
            q = r.fma(q, EXP_TAIL_4);
            q = r.fma(q, HALF);
            FloatVector p = q.mul(r).fma(r, r);
            // 2^(k-1) twice, so that k = 128 does not overflow early
            FloatVector half = t.reinterpretAsInts().sub(ROUNDER_BITS).sub(1).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector e = p.fma(half, half.sub(HALF));
            e.add(e).blend(v, v.compare(VectorOperators.EQ, ZERO)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    static void tanh(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = fromMemorySegment(F, ALL, x + i, ORDER);
            FloatVector a = v.abs();
            FloatVector flat = a.blend(TANH_FLAT, a.compare(VectorOperators.GT, TANH_FLAT));
            // e = exp(2 a) - 1
            FloatVector c = flat.add(flat);
            FloatVector t = c.fma(BY_LOG2_E, ROUND);
            FloatVector n = t.sub(ROUND);
            FloatVector r = n.fma(MINUS_LN2_LO, n.fma(MINUS_LN2_HI, c));
            // exp(r) - 1 - r = r^2 q, |r| <= ln 2 / 2
            FloatVector q = r.fma(EXP_TAIL_0, EXP_TAIL_1);
            q = r.fma(q, EXP_TAIL_2);
            q = r.fma(q, EXP_TAIL_3);
            q = r.fma(q, EXP_TAIL_4);
            q = r.fma(q, HALF);
            FloatVector p = q.mul(r).fma(r, r);
            FloatVector power = t.reinterpretAsInts().sub(ROUNDER_BITS).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector e = p.fma(power, power.sub(ONE));
            IntVector sign = v.reinterpretAsInts().and(Integer.MIN_VALUE);
            e.div(e.add(TWO)).reinterpretAsInts().or(sign).reinterpretAsFloats().intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    /** y may be x. */
    static void sigmoid(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += PIECE) {
            long n = Math.min(PIECE, bytes - i);
            exp(x + i, -1, y + i, n);
            logistic(y + i, n);
        }
    }

    /** {@code y = 1 / (1 + y)}. */
    private static void logistic(long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) ONE.div(fromMemorySegment(F, ALL, y + i, ORDER).add(ONE)).intoMemorySegment(ALL, y + i, ORDER);
    }

    // ---- logarithms ----

    static void log(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = fromMemorySegment(F, ALL, x + i, ORDER);
            VectorMask<Float> small = v.compare(VectorOperators.LT, TINY);
            IntVector bits = v.blend(v.mul(TWO_TO_23), small).reinterpretAsInts();
            // the power of two that leaves a mantissa in [sqrt 1/2, sqrt 2)
            IntVector e = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
            FloatVector f = bits.sub(e.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats().sub(ONE);
            FloatVector n = ((FloatVector) e.convert(VectorOperators.I2F, 0)).add(ZERO.blend(MINUS_23, small));
            // log(1 + f) = f - f^2 / 2 + f^3 p
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
            FloatVector w = n.fma(TIMES_LN2_HI, f.add(f2.fma(MINUS_HALF, low)));
            VectorMask<Float> ordinary = v.compare(VectorOperators.GT, ZERO).and(v.compare(VectorOperators.LT, INFINITY));
            FloatVector edge = NAN.blend(MINUS_INFINITY, v.compare(VectorOperators.EQ, ZERO)).blend(INFINITY, v.compare(VectorOperators.EQ, INFINITY));
            edge.blend(w, ordinary).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    /** y may be x. */
    static void log1p(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = fromMemorySegment(F, ALL, x + i, ORDER);
            FloatVector u = v.add(ONE);
            // what rounding u lost, relative to u
            FloatVector lost = v.sub(u.sub(ONE)).blend(ONE.sub(u.sub(v)), v.compare(VectorOperators.GT, ONE));
            IntVector bits = u.reinterpretAsInts();
            IntVector e = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
            VectorMask<Float> near = e.compare(VectorOperators.EQ, 0).cast(F);
            FloatVector n = (FloatVector) e.convert(VectorOperators.I2F, 0);
            FloatVector correction = lost.div(u).blend(ZERO, near);
            FloatVector f = bits.sub(e.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats().sub(ONE).blend(v, near);
            // log(1 + f) = f - f^2 / 2 + f^3 p
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
            FloatVector w = n.fma(TIMES_LN2_HI, f.add(f2.fma(MINUS_HALF, low)));
            VectorMask<Float> ordinary = u.compare(VectorOperators.GT, ZERO).and(u.compare(VectorOperators.LT, INFINITY));
            FloatVector edge = NAN.blend(MINUS_INFINITY, v.compare(VectorOperators.EQ, MINUS_ONE)).blend(INFINITY, v.compare(VectorOperators.EQ, INFINITY));
            edge.blend(w.add(correction), ordinary).blend(v, v.compare(VectorOperators.EQ, ZERO)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    /** {@code max(x, 0) + log(1 + exp(-|x|))}. */
    static void softplus(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += PIECE) {
            long n = Math.min(PIECE, bytes - i);
            minusAbs(x + i, y + i, n);
            exp(y + i, 1, y + i, n);
            log1p(y + i, y + i, n);
            addPositive(x + i, y + i, n);
        }
    }

    private static void minusAbs(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(F, ALL, x + i, ORDER).abs().neg().intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void addPositive(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = fromMemorySegment(F, ALL, x + i, ORDER);
            v.blend(ZERO, v.compare(VectorOperators.LT, ZERO)).add(fromMemorySegment(F, ALL, y + i, ORDER)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    // ---- the normal distribution ----

    static void erf(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += PIECE) {
            long n = Math.min(PIECE, bytes - i);
            logErfc(x + i, y + i, n);
            expNegative(y + i, 0, y + i, -1, n);
            erfEnd(x + i, y + i, n);
        }
    }

    /** {@code log erfc |x|} for |x| from 1 on. */
    private static void logErfc(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = fromMemorySegment(F, ALL, x + i, ORDER).abs();
            FloatVector a = v.blend(ERF_FLAT, v.compare(VectorOperators.GT, ERF_FLAT));
            FloatVector p = a.fma(LOG_ERFC_0, LOG_ERFC_1);
            p = a.fma(p, LOG_ERFC_2);
            p = a.fma(p, LOG_ERFC_3);
            p = a.fma(p, LOG_ERFC_4);
            p = a.fma(p, LOG_ERFC_5);
            p = a.fma(p, LOG_ERFC_6);
            p = a.fma(p, LOG_ERFC_7);
            p = a.fma(p, LOG_ERFC_8);
            p = a.fma(p, LOG_ERFC_9);
            a.fma(a.neg(), p).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    /** erf(x) from {@code y = erfc |x|}, by a polynomial of its own where |x| is at most 1. */
    private static void erfEnd(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = fromMemorySegment(F, ALL, x + i, ORDER);
            IntVector sign = v.reinterpretAsInts().and(Integer.MIN_VALUE);
            FloatVector large = ONE.sub(fromMemorySegment(F, ALL, y + i, ORDER)).reinterpretAsInts().or(sign).reinterpretAsFloats();
            FloatVector z = v.mul(v);
            FloatVector p = z.fma(ERF_SMALL_0, ERF_SMALL_1);
            p = z.fma(p, ERF_SMALL_2);
            p = z.fma(p, ERF_SMALL_3);
            p = z.fma(p, ERF_SMALL_4);
            p = z.fma(p, ERF_SMALL_5);
            p = z.fma(p, ERF_SMALL_6);
            v.fma(p, v).blend(large, v.abs().compare(VectorOperators.GT, ONE)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    /** x times the normal distribution function, that to 2e-7: {@code 1/2 + x P(x^2) / Q(x^2)}, minimax up to 5.5. */
    static void gelu(long x, long y, long bytes) {
        FloatVector low = CDF_FLAT.neg();
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = fromMemorySegment(F, ALL, x + i, ORDER);
            FloatVector t = v.mul(v);
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
            FloatVector cdf = v.fma(p.div(q), HALF).blend(ONE, v.compare(VectorOperators.GT, CDF_FLAT)).blend(ZERO, v.compare(VectorOperators.LT, low));
            v.mul(cdf).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    /** g times the derivative of gelu, that to 4e-7, in the same way up to 6. At infinity it is NaN, as PyTorch's. */
    static void geluGrad(long g, long mg, long x, long mx, long y, long bytes) {
        FloatVector low = SLOPE_FLAT.neg();
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = fromMemorySegment(F, ALL, x + (i & mx), ORDER);
            FloatVector t = v.mul(v);
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
            FloatVector slope = v.fma(p.div(q), HALF).blend(ONE, v.compare(VectorOperators.GT, SLOPE_FLAT)).blend(ZERO, v.compare(VectorOperators.LT, low));
            fromMemorySegment(F, ALL, g + (i & mg), ORDER).mul(slope.add(v.sub(v))).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    // ---- x times a sigmoid ----

    static void silu(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += PIECE) {
            long n = Math.min(PIECE, bytes - i);
            sigmoid(x + i, y + i, n);
            times(x + i, y + i, n);
        }
    }

    /** {@code y = x y}. */
    private static void times(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            fromMemorySegment(F, ALL, x + i, ORDER).mul(fromMemorySegment(F, ALL, y + i, ORDER)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    static void siluGrad(long g, long mg, long x, long mx, long y, long bytes) {
        for (long i = 0; i < bytes; i += PIECE) {
            long n = Math.min(PIECE, bytes - i);
            spread(x + (i & mx), mx, y + i, n);
            sigmoid(y + i, y + i, n);
            siluGradEnd(g + (i & mg), mg, x + (i & mx), mx, y + i, n);
        }
    }

    /** {@code y = x}, where a mask of 0 reads one vector again and again. */
    private static void spread(long x, long mx, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(F, ALL, x + (i & mx), ORDER).intoMemorySegment(ALL, y + i, ORDER);
    }

    /** From {@code y = sigmoid(x)}. */
    private static void siluGradEnd(long g, long mg, long x, long mx, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector s = fromMemorySegment(F, ALL, y + i, ORDER);
            FloatVector slope = fromMemorySegment(F, ALL, x + (i & mx), ORDER).fma(ONE.sub(s), ONE);
            fromMemorySegment(F, ALL, g + (i & mg), ORDER).mul(s).mul(slope).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    static void geluTanh(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += PIECE) {
            long n = Math.min(PIECE, bytes - i);
            geluInner(x + i, -1, y + i, n);
            sigmoid(y + i, y + i, n);
            times(x + i, y + i, n);
        }
    }

    /** Twice the argument of tanh. */
    private static void geluInner(long x, long mx, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = fromMemorySegment(F, ALL, x + (i & mx), ORDER);
            v.mul(INNER_SLOPE).mul(v.mul(v).fma(CUBIC, ONE)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    static void geluTanhGrad(long g, long mg, long x, long mx, long y, long bytes) {
        for (long i = 0; i < bytes; i += PIECE) {
            long n = Math.min(PIECE, bytes - i);
            geluInner(x + (i & mx), mx, y + i, n);
            sigmoid(y + i, y + i, n);
            geluTanhGradEnd(g + (i & mg), mg, x + (i & mx), mx, y + i, n);
        }
    }

    /** From y, the sigmoid of {@link #geluInner}. */
    private static void geluTanhGradEnd(long g, long mg, long x, long mx, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = fromMemorySegment(F, ALL, x + (i & mx), ORDER);
            FloatVector s = fromMemorySegment(F, ALL, y + i, ORDER);
            FloatVector slope = v.mul(v).fma(THREE_CUBIC, ONE).mul(INNER_SLOPE);
            FloatVector bump = s.mul(ONE.sub(s)).mul(slope);
            fromMemorySegment(F, ALL, g + (i & mg), ORDER).mul(v.fma(bump, s)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    // ---- circles: |x| at most 10000 ----

    static final float CIRCLE_LIMIT = 10000f;

    /** {@code sin(x + quarter pi / 2)} for a quarter of 0 or 1; whole vectors go to {@code far} where an element is beyond the limit or NaN. */
    static void circle(long x, int quarter, long y, long bytes, FarOut far) {
        // the sine of -0 is -0; NaN equals nothing
        FloatVector kept = FloatVector.broadcast(F, quarter == 0 ? 0 : Float.NaN);
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = fromMemorySegment(F, ALL, x + i, ORDER);
            FloatVector t = v.fma(TWO_OVER_PI, ROUND);
            FloatVector n = t.sub(ROUND);
            // pi / 2 in three parts
            FloatVector r = n.fma(MINUS_PIO2_1, v);
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
            FloatVector w = s.blend(c, q.and(1).compare(VectorOperators.NE, 0).cast(F));
            IntVector flip = q.and(2).lanewise(VectorOperators.LSHL, 30);
            w.reinterpretAsInts().lanewise(VectorOperators.XOR, flip).reinterpretAsFloats().blend(v, v.compare(VectorOperators.EQ, kept)).intoMemorySegment(ALL, y + i, ORDER);
            if (!v.abs().compare(VectorOperators.LE, CIRCLE_LIMIT).allTrue()) far.mend(x + i, y + i);
        }
    }

    /** Replaces what the range of a polynomial does not reach in the vector y of the vector x. */
    @FunctionalInterface
    interface FarOut {
        void mend(long x, long y);
    }
}
