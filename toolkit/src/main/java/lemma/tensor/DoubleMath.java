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
    private static final DoubleVector ERFC_0 = all(8.708139946402519e-07);
    private static final DoubleVector ERFC_1 = all(3.4332620536546143e-06);
    private static final DoubleVector ERFC_2 = all(-9.42849855288661e-07);
    private static final DoubleVector ERFC_3 = all(-2.0149085338203128e-05);
    private static final DoubleVector ERFC_4 = all(4.981552845529902e-06);
    private static final DoubleVector ERFC_5 = all(0.0001251113727344013);
    private static final DoubleVector ERFC_6 = all(-0.00010516209075560504);
    private static final DoubleVector ERFC_7 = all(-0.0007798334986943698);
    private static final DoubleVector ERFC_8 = all(0.001888690435755151);
    private static final DoubleVector ERFC_9 = all(0.0025293918800166596);
    private static final DoubleVector ERFC_10 = all(-0.02377051491964532);
    private static final DoubleVector ERFC_11 = all(0.06830802734226013);
    private static final DoubleVector ERFC_12 = all(-0.11927366341530368);
    private static final DoubleVector ERFC_13 = all(0.12964515870278198);
    private static final DoubleVector ERFC_14 = all(-0.04756229435345085);
    private static final DoubleVector ERFC_15 = all(-0.13562110612458125);
    private static final DoubleVector ERFC_16 = all(1.2530080582697296);
    private static final DoubleVector MILLS_0 = all(2.1623725193175852e-10);
    private static final DoubleVector MILLS_1 = all(4.392738584158461e-09);
    private static final DoubleVector MILLS_2 = all(1.1317620050772997e-08);
    private static final DoubleVector MILLS_3 = all(-1.902239602727693e-08);
    private static final DoubleVector MILLS_4 = all(-1.0114238974678885e-07);
    private static final DoubleVector MILLS_5 = all(2.9898008637744734e-09);
    private static final DoubleVector MILLS_6 = all(5.432993867882331e-07);
    private static final DoubleVector MILLS_7 = all(4.0196463578883094e-07);
    private static final DoubleVector MILLS_8 = all(-2.608123839676417e-06);
    private static final DoubleVector MILLS_9 = all(-3.4304975225347807e-06);
    private static final DoubleVector MILLS_10 = all(1.362517184863974e-05);
    private static final DoubleVector MILLS_11 = all(2.124940205575602e-05);
    private static final DoubleVector MILLS_12 = all(-8.785279399734496e-05);
    private static final DoubleVector MILLS_13 = all(-9.443010707174981e-05);
    private static final DoubleVector MILLS_14 = all(0.0006948970482199304);
    private static final DoubleVector MILLS_15 = all(-0.0002856231174559572);
    private static final DoubleVector MILLS_16 = all(-0.005002378586223464);
    private static final DoubleVector MILLS_17 = all(0.01793609748107035);
    private static final DoubleVector MILLS_18 = all(-0.03219783742830118);
    private static final DoubleVector MILLS_19 = all(0.02860036405350548);
    private static final DoubleVector MILLS_20 = all(0.013999634724429246);
    private static final DoubleVector MILLS_21 = all(-0.09670347732652539);
    private static final DoubleVector MILLS_22 = all(0.47205320650984467);
    private static final DoubleVector ERF_SMALL_0 = all(-7.795898827002142e-10);
    private static final DoubleVector ERF_SMALL_1 = all(1.3720064546777686e-08);
    private static final DoubleVector ERF_SMALL_2 = all(-1.6208483801871705e-07);
    private static final DoubleVector ERF_SMALL_3 = all(1.6447424703317362e-06);
    private static final DoubleVector ERF_SMALL_4 = all(-1.492473690741966e-05);
    private static final DoubleVector ERF_SMALL_5 = all(0.00012055294904839707);
    private static final DoubleVector ERF_SMALL_6 = all(-0.0008548325975389692);
    private static final DoubleVector ERF_SMALL_7 = all(0.0052239776071164225);
    private static final DoubleVector ERF_SMALL_8 = all(-0.02686617064323777);
    private static final DoubleVector ERF_SMALL_9 = all(0.11283791670945006);
    private static final DoubleVector ERF_SMALL_10 = all(-0.37612638903183543);
    private static final DoubleVector ERF_SMALL_11 = all(0.12837916709551256);
    private static final DoubleVector CIRCLE_S_0 = all(1.58969099521155e-10);
    private static final DoubleVector CIRCLE_S_1 = all(-2.5050760253406863e-08);
    private static final DoubleVector CIRCLE_S_2 = all(2.7557313707070068e-06);
    private static final DoubleVector CIRCLE_S_3 = all(-0.0001984126982985795);
    private static final DoubleVector CIRCLE_S_4 = all(0.00833333333332249);
    private static final DoubleVector CIRCLE_S_5 = all(-0.16666666666666632);
    private static final DoubleVector CIRCLE_C_0 = all(-1.1359647557788195e-11);
    private static final DoubleVector CIRCLE_C_1 = all(2.087572321298175e-09);
    private static final DoubleVector CIRCLE_C_2 = all(-2.7557314351390663e-07);
    private static final DoubleVector CIRCLE_C_3 = all(2.480158728947673e-05);
    private static final DoubleVector CIRCLE_C_4 = all(-0.001388888888887411);
    private static final DoubleVector CIRCLE_C_5 = all(0.0416666666666666);
    private static final DoubleVector TWO_OVER_PI = all(0.6366197723675814);
    private static final DoubleVector MINUS_PIO2_1 = all(-1.5707963267948966);
    private static final DoubleVector MINUS_PIO2_2 = all(-6.123233995736766e-17);
    private static final DoubleVector MINUS_PIO2_3 = all(1.4973849048591698e-33);
    private static final DoubleVector MINUS_ONE = all(-1.0);
    private static final DoubleVector ERF_FLAT = all(6.0);
    private static final DoubleVector ERFC_CENTRE = all(3.0);
    private static final DoubleVector MILLS_CENTRE = all(4.0);
    private static final DoubleVector MILLS_LIMIT = all(38.6);
    private static final DoubleVector NORMAL_DENSITY = all(0.3989422804014327);
    private static final DoubleVector INNER_SLOPE = all(1.5957691216057308);
    private static final DoubleVector CUBIC = all(0.044715);
    private static final DoubleVector THREE_CUBIC = all(0.134145);

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

    /** y may be x. */
    static void log1p(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector v = fromMemorySegment(D, ALL, x + i, ORDER);
            DoubleVector u = v.add(ONE);
            // what rounding u lost, relative to u
            DoubleVector lost = v.sub(u.sub(ONE)).blend(ONE.sub(u.sub(v)), v.compare(VectorOperators.GT, ONE));
            LongVector bits = u.reinterpretAsLongs();
            LongVector e = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 52);
            VectorMask<Double> near = e.compare(VectorOperators.EQ, 0).cast(D);
            DoubleVector correction = lost.div(u).blend(ZERO, near);
            DoubleVector f = bits.sub(e.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles().sub(ONE).blend(v, near);
            DoubleVector n = e.add(ROUNDER_BITS).reinterpretAsDoubles().sub(ROUND);
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
            VectorMask<Double> ordinary = u.compare(VectorOperators.GT, ZERO).and(u.compare(VectorOperators.LT, INFINITY));
            DoubleVector edge = NAN.blend(MINUS_INFINITY, v.compare(VectorOperators.EQ, MINUS_ONE)).blend(INFINITY, v.compare(VectorOperators.EQ, INFINITY));
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
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(D, ALL, x + i, ORDER).abs().neg().intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void addPositive(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector v = fromMemorySegment(D, ALL, x + i, ORDER);
            v.blend(ZERO, v.compare(VectorOperators.LT, ZERO)).add(fromMemorySegment(D, ALL, y + i, ORDER)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    // ---- the normal distribution ----

    static void erf(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += PIECE) {
            long n = Math.min(PIECE, bytes - i);
            minusSquare(x + i, -1, 1, y + i, n);
            exp(y + i, 1, y + i, n);
            erfLarge(x + i, y + i, n);
            erfSmall(x + i, y + i, n);
        }
    }

    /** {@code y = -factor x^2}, the square rounded first. */
    private static void minusSquare(long x, long mx, double factor, long y, long bytes) {
        DoubleVector by = DoubleVector.broadcast(D, -factor);
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector v = fromMemorySegment(D, ALL, x + (i & mx), ORDER);
            v.mul(v).mul(by).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    /** erf(x) for |x| of at least 1 from {@code y = exp(-x^2)}: {@code (1 + 2 a) exp(a^2) erfc(a)} is a polynomial in {@code (a - 3) / (a + 3)} up to 6. */
    private static void erfLarge(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector v = fromMemorySegment(D, ALL, x + i, ORDER);
            DoubleVector magnitude = v.abs();
            DoubleVector a = magnitude.blend(ERF_FLAT, magnitude.compare(VectorOperators.GT, ERF_FLAT));
            DoubleVector t = a.sub(ERFC_CENTRE).div(a.add(ERFC_CENTRE));
            DoubleVector p = t.fma(ERFC_0, ERFC_1);
            p = t.fma(p, ERFC_2);
            p = t.fma(p, ERFC_3);
            p = t.fma(p, ERFC_4);
            p = t.fma(p, ERFC_5);
            p = t.fma(p, ERFC_6);
            p = t.fma(p, ERFC_7);
            p = t.fma(p, ERFC_8);
            p = t.fma(p, ERFC_9);
            p = t.fma(p, ERFC_10);
            p = t.fma(p, ERFC_11);
            p = t.fma(p, ERFC_12);
            p = t.fma(p, ERFC_13);
            p = t.fma(p, ERFC_14);
            p = t.fma(p, ERFC_15);
            p = t.fma(p, ERFC_16);
            DoubleVector e = fromMemorySegment(D, ALL, y + i, ORDER);
            // what rounding the square lost
            DoubleVector lost = a.fma(a, a.mul(a).neg());
            DoubleVector tail = e.sub(e.mul(lost)).mul(p).div(a.fma(TWO, ONE));
            LongVector sign = v.reinterpretAsLongs().and(Long.MIN_VALUE);
            ONE.sub(tail).reinterpretAsLongs().or(sign).reinterpretAsDoubles().intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    /** Puts {@code erf(x) = x + x p(x^2)} in place of y where |x| is at most 1. */
    private static void erfSmall(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector v = fromMemorySegment(D, ALL, x + i, ORDER);
            DoubleVector z = v.mul(v);
            DoubleVector p = z.fma(ERF_SMALL_0, ERF_SMALL_1);
            p = z.fma(p, ERF_SMALL_2);
            p = z.fma(p, ERF_SMALL_3);
            p = z.fma(p, ERF_SMALL_4);
            p = z.fma(p, ERF_SMALL_5);
            p = z.fma(p, ERF_SMALL_6);
            p = z.fma(p, ERF_SMALL_7);
            p = z.fma(p, ERF_SMALL_8);
            p = z.fma(p, ERF_SMALL_9);
            p = z.fma(p, ERF_SMALL_10);
            p = z.fma(p, ERF_SMALL_11);
            fromMemorySegment(D, ALL, y + i, ORDER).blend(v.fma(p, v), v.abs().compare(VectorOperators.LE, ONE)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    static void gelu(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += PIECE) {
            long n = Math.min(PIECE, bytes - i);
            minusSquare(x + i, -1, 0.5, y + i, n);
            exp(y + i, 1, y + i, n);
            normalCdf(x + i, -1, y + i, y + i, n);
            times(x + i, y + i, n);
        }
    }

    /** {@code g (Phi(x) + x phi(x))}. At infinity it is NaN, as PyTorch's. */
    static void geluGrad(long g, long mg, long x, long mx, long y, long bytes) {
        long density = Scratch.get().address(4);
        for (long i = 0; i < bytes; i += PIECE) {
            long n = Math.min(PIECE, bytes - i);
            minusSquare(x + (i & mx), mx, 0.5, density, n);
            exp(density, 1, density, n);
            normalCdf(x + (i & mx), mx, density, y + i, n);
            geluGradEnd(g + (i & mg), mg, x + (i & mx), mx, density, y + i, n);
        }
    }

    /**
     * The normal distribution function of x from {@code e = exp(-x^2 / 2)}: {@code (1 + a) Phi(-a) / e} of {@code a = |x|} is a polynomial in
     * {@code (a - 4) / (a + 4)} up to 38.6. Leaves in e what rounding the square had lost; y may be e.
     */
    private static void normalCdf(long x, long mx, long e, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector v = fromMemorySegment(D, ALL, x + (i & mx), ORDER);
            DoubleVector magnitude = v.abs();
            DoubleVector a = magnitude.blend(MILLS_LIMIT, magnitude.compare(VectorOperators.GT, MILLS_LIMIT));
            DoubleVector t = a.sub(MILLS_CENTRE).div(a.add(MILLS_CENTRE));
            DoubleVector p = t.fma(MILLS_0, MILLS_1);
            p = t.fma(p, MILLS_2);
            p = t.fma(p, MILLS_3);
            p = t.fma(p, MILLS_4);
            p = t.fma(p, MILLS_5);
            p = t.fma(p, MILLS_6);
            p = t.fma(p, MILLS_7);
            p = t.fma(p, MILLS_8);
            p = t.fma(p, MILLS_9);
            p = t.fma(p, MILLS_10);
            p = t.fma(p, MILLS_11);
            p = t.fma(p, MILLS_12);
            p = t.fma(p, MILLS_13);
            p = t.fma(p, MILLS_14);
            p = t.fma(p, MILLS_15);
            p = t.fma(p, MILLS_16);
            p = t.fma(p, MILLS_17);
            p = t.fma(p, MILLS_18);
            p = t.fma(p, MILLS_19);
            p = t.fma(p, MILLS_20);
            p = t.fma(p, MILLS_21);
            p = t.fma(p, MILLS_22);
            DoubleVector density = fromMemorySegment(D, ALL, e + i, ORDER);
            // what rounding the square lost
            DoubleVector lost = a.fma(a, a.mul(a).neg()).mul(HALF);
            DoubleVector exact = density.sub(density.mul(lost));
            exact.intoMemorySegment(ALL, e + i, ORDER);
            DoubleVector tail = exact.mul(p).div(a.add(ONE));
            tail.blend(ONE.sub(tail), v.compare(VectorOperators.GT, ZERO)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    /** From {@code y = Phi(x)} and {@code e = exp(-x^2 / 2)}. */
    private static void geluGradEnd(long g, long mg, long x, long mx, long e, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector density = fromMemorySegment(D, ALL, e + i, ORDER).mul(NORMAL_DENSITY);
            DoubleVector slope = fromMemorySegment(D, ALL, x + (i & mx), ORDER).fma(density, fromMemorySegment(D, ALL, y + i, ORDER));
            fromMemorySegment(D, ALL, g + (i & mg), ORDER).mul(slope).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    // ---- x times a sigmoid ----

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
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(D, ALL, x + (i & mx), ORDER).intoMemorySegment(ALL, y + i, ORDER);
    }

    /** From {@code y = sigmoid(x)}. */
    private static void siluGradEnd(long g, long mg, long x, long mx, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector s = fromMemorySegment(D, ALL, y + i, ORDER);
            DoubleVector slope = fromMemorySegment(D, ALL, x + (i & mx), ORDER).fma(ONE.sub(s), ONE);
            fromMemorySegment(D, ALL, g + (i & mg), ORDER).mul(s).mul(slope).intoMemorySegment(ALL, y + i, ORDER);
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
            DoubleVector v = fromMemorySegment(D, ALL, x + (i & mx), ORDER);
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
            DoubleVector v = fromMemorySegment(D, ALL, x + (i & mx), ORDER);
            DoubleVector s = fromMemorySegment(D, ALL, y + i, ORDER);
            DoubleVector slope = v.mul(v).fma(THREE_CUBIC, ONE).mul(INNER_SLOPE);
            DoubleVector bump = s.mul(ONE.sub(s)).mul(slope);
            fromMemorySegment(D, ALL, g + (i & mg), ORDER).mul(v.fma(bump, s)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    // ---- circles: |x| at most 100000 ----

    static final double CIRCLE_LIMIT = 1e5;

    /** {@code sin(x + quarter pi / 2)} for a quarter of 0 or 1; whole vectors go to {@code far} where an element is beyond the limit or NaN. */
    static void circle(long x, int quarter, long y, long bytes, FloatMath.FarOut far) {
        // the sine of -0 is -0; NaN equals nothing
        DoubleVector kept = DoubleVector.broadcast(D, quarter == 0 ? 0 : Double.NaN);
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector v = fromMemorySegment(D, ALL, x + i, ORDER);
            DoubleVector t = v.fma(TWO_OVER_PI, ROUND);
            DoubleVector n = t.sub(ROUND);
            // pi / 2 in three parts; the first difference is exact
            DoubleVector r = n.fma(MINUS_PIO2_1, v);
            r = n.fma(MINUS_PIO2_2, r);
            r = n.fma(MINUS_PIO2_3, r);
            LongVector q = t.reinterpretAsLongs().sub(ROUNDER_BITS).add(quarter);
            DoubleVector z = r.mul(r);
            DoubleVector s = z.fma(CIRCLE_S_0, CIRCLE_S_1);
            s = z.fma(s, CIRCLE_S_2);
            s = z.fma(s, CIRCLE_S_3);
            s = z.fma(s, CIRCLE_S_4);
            s = z.fma(s, CIRCLE_S_5);
            s = z.mul(r).fma(s, r);
            DoubleVector c = z.fma(CIRCLE_C_0, CIRCLE_C_1);
            c = z.fma(c, CIRCLE_C_2);
            c = z.fma(c, CIRCLE_C_3);
            c = z.fma(c, CIRCLE_C_4);
            c = z.fma(c, CIRCLE_C_5);
            // 1 - z / 2 and what rounding it lost
            DoubleVector half = z.mul(HALF);
            DoubleVector whole = ONE.sub(half);
            c = whole.add(z.mul(z).fma(c, ONE.sub(whole).sub(half)));
            DoubleVector w = s.blend(c, q.and(1).compare(VectorOperators.NE, 0).cast(D));
            LongVector flip = q.and(2).lanewise(VectorOperators.LSHL, 62);
            w.reinterpretAsLongs().lanewise(VectorOperators.XOR, flip).reinterpretAsDoubles().blend(v, v.compare(VectorOperators.EQ, kept)).intoMemorySegment(ALL, y + i, ORDER);
            if (!v.abs().compare(VectorOperators.LE, CIRCLE_LIMIT).allTrue()) far.mend(x + i, y + i);
        }
    }
}
