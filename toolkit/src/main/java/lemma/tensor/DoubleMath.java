package lemma.tensor;

import static jdk.incubator.vector.DoubleVector.fromMemorySegment;
import static lemma.tensor.Memory.ALL;
import static lemma.tensor.Memory.ORDER;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Elementary functions over runs of FLOAT64, made and to be used like those of {@link FloatMath}; errors are at most 2 ulp. */
final class DoubleMath {
    static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
    static final int LANES = D.length();
    /** Bytes in a vector. */
    static final long STEP = D.vectorByteSize();

    private static final VectorShuffle<Double> BY_4 = rotation(4);
    private static final VectorShuffle<Double> BY_2 = rotation(2);
    private static final VectorShuffle<Double> BY_1 = rotation(1);

    // adding and taking away 1.5 * 2^52 rounds to the nearest integer and leaves it in the low bits
    private static final double ROUNDER = 6755399441055744.0;
    private static final long ROUNDER_BITS = Double.doubleToRawLongBits(ROUNDER);
    /** Bytes that a function of several loops takes at a time. */
    private static final long PIECE = Scratch.LARGE_BYTES;
    private static final double LOG2_E = 1.4426950408889634;
    private static final double LN2_HI = 0.6931471803691238;
    private static final double LN2_LO = 1.9082149292705877e-10;
    private static final long SQRT_HALF_BITS = Double.doubleToRawLongBits(Math.sqrt(0.5));

    // constants as vectors: broadcasting where they are used would pass the compiler's limit on what it inlines
    private static final DoubleVector EXP_TAIL_0 = all(2.0926971945367636e-09);
    private static final DoubleVector EXP_TAIL_1 = all(2.5112348419144925e-08);
    private static final DoubleVector EXP_TAIL_2 = all(2.7557233259045244e-07);
    private static final DoubleVector EXP_TAIL_3 = all(2.7557233929622183e-06);
    private static final DoubleVector EXP_TAIL_4 = all(2.4801587373874205e-05);
    private static final DoubleVector EXP_TAIL_5 = all(1.9841269897361748e-04);
    private static final DoubleVector EXP_TAIL_6 = all(1.388888888885836e-03);
    private static final DoubleVector EXP_TAIL_7 = all(8.33333333331662e-03);
    private static final DoubleVector EXP_TAIL_8 = all(4.166666666666673e-02);
    private static final DoubleVector EXP_TAIL_9 = all(1.6666666666666685e-01);
    private static final DoubleVector HALF = all(0.5);
    private static final DoubleVector EXP_HIGHEST = all(710);
    private static final DoubleVector EXP_LOWEST = all(-746);
    private static final DoubleVector BY_LOG2_E = all(LOG2_E);
    private static final DoubleVector ROUND = all(ROUNDER);
    private static final DoubleVector MINUS_LN2_LO = all(-LN2_LO);
    private static final DoubleVector MINUS_LN2_HI = all(-LN2_HI);
    static final DoubleVector ONE = all(1);
    private static final DoubleVector EXPM1_LOWEST = all(-50);
    static final DoubleVector ZERO = all(0);
    private static final DoubleVector TANH_FLAT = all(22);
    private static final DoubleVector MINUS_54 = all(-54);
    private static final DoubleVector NAN = all(Double.NaN);
    private static final DoubleVector TWO_TO_52 = all(0x1p52);
    private static final DoubleVector EXP_LOWEST_NORMAL = all(-708);
    private static final DoubleVector TINY = all(Double.MIN_NORMAL);
    private static final DoubleVector TWO_TO_54 = all(0x1p54);
    private static final DoubleVector INFINITY = all(Double.POSITIVE_INFINITY);
    private static final DoubleVector MINUS_INFINITY = all(Double.NEGATIVE_INFINITY);
    private static final DoubleVector TWO = all(2);
    private static final DoubleVector LOG_OF_0 = all(0.13252753031268424);
    private static final DoubleVector LOG_OF_1 = all(0.13249962229824233);
    private static final DoubleVector LOG_OF_2 = all(0.15387097641534203);
    private static final DoubleVector LOG_OF_3 = all(0.18181775508746);
    private static final DoubleVector LOG_OF_4 = all(0.2222222264874764);
    private static final DoubleVector LOG_OF_5 = all(0.2857142856907298);
    private static final DoubleVector LOG_OF_6 = all(0.40000000000006286);
    private static final DoubleVector LOG_OF_7 = all(0.6666666666666666);
    private static final DoubleVector TIMES_LN2_LO = all(LN2_LO);
    private static final DoubleVector TIMES_LN2_HI = all(LN2_HI);

    private DoubleMath() {}

    private static VectorShuffle<Double> rotation(int by) {
        return VectorShuffle.iota(D, by % LANES, 1, true);
    }

    static DoubleVector all(double v) {
        return DoubleVector.broadcast(D, v);
    }

    static double sum(long lanes) {
        DoubleVector s = fromMemorySegment(D, ALL, lanes, ORDER);
        if (LANES > 4) s = s.add(s.rearrange(BY_4));
        if (LANES > 2) s = s.add(s.rearrange(BY_2));
        return s.add(s.rearrange(BY_1)).lane(0);
    }

    // ---- to integers ----

    /** Halves to even. */
    static void round(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector v = fromMemorySegment(D, ALL, x + i, ORDER);
            DoubleVector a = v.abs();
            LongVector sign = v.reinterpretAsLongs().and(Long.MIN_VALUE);
            DoubleVector r = a.add(TWO_TO_52).sub(TWO_TO_52).reinterpretAsLongs().or(sign).reinterpretAsDoubles();
            v.blend(r, a.compare(VectorOperators.LT, TWO_TO_52)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    static void floor(long x, long y, long bytes) {
        round(x, y, bytes);
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector r = fromMemorySegment(D, ALL, y + i, ORDER);
            r.blend(r.sub(ONE), r.compare(VectorOperators.GT, fromMemorySegment(D, ALL, x + i, ORDER))).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    static void ceil(long x, long y, long bytes) {
        round(x, y, bytes);
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector v = fromMemorySegment(D, ALL, x + i, ORDER);
            DoubleVector r = fromMemorySegment(D, ALL, y + i, ORDER);
            LongVector sign = v.reinterpretAsLongs().and(Long.MIN_VALUE);
            r.blend(r.add(ONE), r.compare(VectorOperators.LT, v)).abs().reinterpretAsLongs().or(sign).reinterpretAsDoubles().intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    // ---- exponentials ----

    /** {@code exp(sign x)} for a sign of 1 or -1; y may be x. */
    static void exp(long x, double sign, long y, long bytes) {
        DoubleVector turn = DoubleVector.broadcast(D, sign);
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector v = fromMemorySegment(D, ALL, x + i, ORDER).mul(turn);
            DoubleVector c = v.blend(EXP_HIGHEST, v.compare(VectorOperators.GT, EXP_HIGHEST)).blend(EXP_LOWEST, v.compare(VectorOperators.LT, EXP_LOWEST));
            DoubleVector t = c.fma(BY_LOG2_E, ROUND);
            DoubleVector n = t.sub(ROUND);
            DoubleVector r = n.fma(MINUS_LN2_LO, n.fma(MINUS_LN2_HI, c));
            // exp(r) - 1 - r = r^2 q, |r| <= ln 2 / 2
            DoubleVector q = r.fma(EXP_TAIL_0, EXP_TAIL_1);
            q = r.fma(q, EXP_TAIL_2);
            q = r.fma(q, EXP_TAIL_3);
            q = r.fma(q, EXP_TAIL_4);
            q = r.fma(q, EXP_TAIL_5);
            q = r.fma(q, EXP_TAIL_6);
            q = r.fma(q, EXP_TAIL_7);
            q = r.fma(q, EXP_TAIL_8);
            q = r.fma(q, EXP_TAIL_9);
            q = r.fma(q, HALF);
            DoubleVector p = q.mul(r).fma(r, r).add(ONE);
            // the power of two by halves, since all of it may be out of range
            LongVector k = t.reinterpretAsLongs().sub(ROUNDER_BITS);
            LongVector half = k.lanewise(VectorOperators.ASHR, 1);
            DoubleVector first = half.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
            DoubleVector second = k.sub(half).add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
            p.mul(first).mul(second).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    /**
     * {@code exp(x - shift)} for differences of at most 709 or NaN, 0 where it is below 3e-308; y may be x, and with a mask {@code my} of 0 it
     * is room for one vector. Returns the sum of y.
     */
    static double expNegative(long x, double shift, long y, long my, long bytes) {
        DoubleVector origin = DoubleVector.broadcast(D, shift);
        DoubleVector sum = DoubleVector.zero(D);
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector v = fromMemorySegment(D, ALL, x + i, ORDER).sub(origin);
            VectorMask<Double> gone = v.compare(VectorOperators.LT, EXP_LOWEST_NORMAL);
            DoubleVector c = v.blend(EXP_LOWEST_NORMAL, gone);
            DoubleVector t = c.fma(BY_LOG2_E, ROUND);
            DoubleVector n = t.sub(ROUND);
            DoubleVector r = n.fma(MINUS_LN2_LO, n.fma(MINUS_LN2_HI, c));
            // exp(r) - 1 - r = r^2 q, |r| <= ln 2 / 2
            DoubleVector q = r.fma(EXP_TAIL_0, EXP_TAIL_1);
            q = r.fma(q, EXP_TAIL_2);
            q = r.fma(q, EXP_TAIL_3);
            q = r.fma(q, EXP_TAIL_4);
            q = r.fma(q, EXP_TAIL_5);
            q = r.fma(q, EXP_TAIL_6);
            q = r.fma(q, EXP_TAIL_7);
            q = r.fma(q, EXP_TAIL_8);
            q = r.fma(q, EXP_TAIL_9);
            q = r.fma(q, HALF);
            DoubleVector p = q.mul(r).fma(r, r).add(ONE);
            DoubleVector power = t.reinterpretAsLongs().sub(ROUNDER_BITS).add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
            DoubleVector e = p.mul(power).blend(ZERO, gone);
            e.intoMemorySegment(ALL, y + (i & my), ORDER);
            sum = sum.add(e);
        }
        long lanes = Scratch.get().lanes();
        sum.intoMemorySegment(ALL, lanes, ORDER);
        return sum(lanes);
    }

    static void expm1(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector v = fromMemorySegment(D, ALL, x + i, ORDER);
            DoubleVector c = v.blend(EXP_HIGHEST, v.compare(VectorOperators.GT, EXP_HIGHEST)).blend(EXPM1_LOWEST, v.compare(VectorOperators.LT, EXPM1_LOWEST));
            DoubleVector t = c.fma(BY_LOG2_E, ROUND);
            DoubleVector n = t.sub(ROUND);
            DoubleVector r = n.fma(MINUS_LN2_LO, n.fma(MINUS_LN2_HI, c));
            // exp(r) - 1 - r = r^2 q, |r| <= ln 2 / 2
            DoubleVector q = r.fma(EXP_TAIL_0, EXP_TAIL_1);
            q = r.fma(q, EXP_TAIL_2);
            q = r.fma(q, EXP_TAIL_3);
            q = r.fma(q, EXP_TAIL_4);
            q = r.fma(q, EXP_TAIL_5);
            q = r.fma(q, EXP_TAIL_6);
            q = r.fma(q, EXP_TAIL_7);
            q = r.fma(q, EXP_TAIL_8);
            q = r.fma(q, EXP_TAIL_9);
            q = r.fma(q, HALF);
            DoubleVector p = q.mul(r).fma(r, r);
            // 2^(k-1) twice, so that k = 1024 does not overflow early
            DoubleVector half = t.reinterpretAsLongs().sub(ROUNDER_BITS).sub(1).add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
            DoubleVector e = p.fma(half, half.sub(HALF));
            e.add(e).blend(v, v.compare(VectorOperators.EQ, ZERO)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    static void tanh(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector v = fromMemorySegment(D, ALL, x + i, ORDER);
            DoubleVector a = v.abs();
            DoubleVector flat = a.blend(TANH_FLAT, a.compare(VectorOperators.GT, TANH_FLAT));
            // e = exp(2 a) - 1
            DoubleVector c = flat.add(flat);
            DoubleVector t = c.fma(BY_LOG2_E, ROUND);
            DoubleVector n = t.sub(ROUND);
            DoubleVector r = n.fma(MINUS_LN2_LO, n.fma(MINUS_LN2_HI, c));
            // exp(r) - 1 - r = r^2 q, |r| <= ln 2 / 2
            DoubleVector q = r.fma(EXP_TAIL_0, EXP_TAIL_1);
            q = r.fma(q, EXP_TAIL_2);
            q = r.fma(q, EXP_TAIL_3);
            q = r.fma(q, EXP_TAIL_4);
            q = r.fma(q, EXP_TAIL_5);
            q = r.fma(q, EXP_TAIL_6);
            q = r.fma(q, EXP_TAIL_7);
            q = r.fma(q, EXP_TAIL_8);
            q = r.fma(q, EXP_TAIL_9);
            q = r.fma(q, HALF);
            DoubleVector p = q.mul(r).fma(r, r);
            DoubleVector half = t.reinterpretAsLongs().sub(ROUNDER_BITS).sub(1).add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
            DoubleVector e = p.fma(half, half.sub(HALF));
            e = e.add(e).blend(c, c.compare(VectorOperators.EQ, ZERO));
            LongVector sign = v.reinterpretAsLongs().and(Long.MIN_VALUE);
            e.div(e.add(TWO)).reinterpretAsLongs().or(sign).reinterpretAsDoubles().intoMemorySegment(ALL, y + i, ORDER);
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
        for (long i = 0; i < bytes; i += STEP) ONE.div(fromMemorySegment(D, ALL, y + i, ORDER).add(ONE)).intoMemorySegment(ALL, y + i, ORDER);
    }

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
            fromMemorySegment(D, ALL, x + i, ORDER).mul(fromMemorySegment(D, ALL, y + i, ORDER)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    // ---- logarithms ----

    static void log(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector v = fromMemorySegment(D, ALL, x + i, ORDER);
            VectorMask<Double> small = v.compare(VectorOperators.LT, TINY);
            LongVector bits = v.blend(v.mul(TWO_TO_54), small).reinterpretAsLongs();
            LongVector e = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 52);
            DoubleVector f = bits.sub(e.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles().sub(ONE);
            // a small integer in the low bits of the rounder is that integer as a double
            DoubleVector n = e.add(ROUNDER_BITS).reinterpretAsDoubles().sub(ROUND).add(ZERO.blend(MINUS_54, small));
            // log(1 + f) = 2 atanh(s), and 2 s = f - s f, and f - s f = f - f^2 / 2 + s f^2 / 2
            DoubleVector s = f.div(f.add(TWO));
            DoubleVector z = s.mul(s);
            DoubleVector r = z.fma(LOG_OF_0, LOG_OF_1);
            r = z.fma(r, LOG_OF_2);
            r = z.fma(r, LOG_OF_3);
            r = z.fma(r, LOG_OF_4);
            r = z.fma(r, LOG_OF_5);
            r = z.fma(r, LOG_OF_6);
            r = z.fma(r, LOG_OF_7);
            DoubleVector half = f.mul(f).mul(HALF);
            DoubleVector low = s.fma(half.add(z.mul(r)), n.mul(TIMES_LN2_LO));
            DoubleVector w = n.fma(TIMES_LN2_HI, f.sub(half.sub(low)));
            VectorMask<Double> ordinary = v.compare(VectorOperators.GT, ZERO).and(v.compare(VectorOperators.LT, INFINITY));
            DoubleVector edge = NAN.blend(MINUS_INFINITY, v.compare(VectorOperators.EQ, ZERO)).blend(INFINITY, v.compare(VectorOperators.EQ, INFINITY));
            edge.blend(w, ordinary).intoMemorySegment(ALL, y + i, ORDER);
        }
    }
}
