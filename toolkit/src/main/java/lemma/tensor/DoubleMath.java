package lemma.tensor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Elementary functions of FLOAT64 vectors, made like those of {@link FloatMath}; errors are at most 2 ulp. */
final class DoubleMath {
    static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
    static final int LANES = D.length();
    /** Bytes in a vector. */
    static final long STEP = D.vectorByteSize();

    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final VectorShuffle<Double> BY_4 = rotation(4);
    private static final VectorShuffle<Double> BY_2 = rotation(2);
    private static final VectorShuffle<Double> BY_1 = rotation(1);

    // adding and taking away 1.5 * 2^52 rounds to the nearest integer and leaves it in the low bits
    private static final double ROUNDER = 6755399441055744.0;
    private static final long ROUNDER_BITS = Double.doubleToRawLongBits(ROUNDER);
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
    private static final DoubleVector ONE = all(1);
    private static final DoubleVector EXPM1_LOWEST = all(-50);
    private static final DoubleVector ZERO = all(0);
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

    static DoubleVector at(long address) {
        return DoubleVector.fromMemorySegment(D, ALL, address, ORDER);
    }

    static DoubleVector at(long address, VectorMask<Double> m) {
        return DoubleVector.fromMemorySegment(D, ALL, address, ORDER, m);
    }

    static void put(long address, DoubleVector v) {
        v.intoMemorySegment(ALL, address, ORDER);
    }

    static void put(long address, DoubleVector v, VectorMask<Double> m) {
        v.intoMemorySegment(ALL, address, ORDER, m);
    }

    /** The first {@code bytes / 8} lanes. */
    static VectorMask<Double> tail(long bytes) {
        return D.indexInRange(0, bytes >> 3);
    }

    static DoubleVector all(double v) {
        return DoubleVector.broadcast(D, v);
    }

    static double sum(DoubleVector v) {
        DoubleVector s = v;
        if (LANES > 4) s = s.add(s.rearrange(BY_4));
        if (LANES > 2) s = s.add(s.rearrange(BY_2));
        return s.add(s.rearrange(BY_1)).lane(0);
    }

    private static DoubleVector copySign(DoubleVector magnitude, DoubleVector sign) {
        LongVector s = sign.reinterpretAsLongs().and(Long.MIN_VALUE);
        return magnitude.abs().reinterpretAsLongs().or(s).reinterpretAsDoubles();
    }

    /** Halves to even. */
    static DoubleVector round(DoubleVector x) {
        DoubleVector a = x.abs();
        return x.blend(copySign(a.add(TWO_TO_52).sub(TWO_TO_52), x), a.compare(VectorOperators.LT, TWO_TO_52));
    }

    static DoubleVector floor(DoubleVector x) {
        DoubleVector r = round(x);
        return r.blend(r.sub(ONE), r.compare(VectorOperators.GT, x));
    }

    static DoubleVector ceil(DoubleVector x) {
        DoubleVector r = round(x);
        return copySign(r.blend(r.add(ONE), r.compare(VectorOperators.LT, x)), x);
    }

    /** {@code 2^k} for k from -1022 to 1023. */
    private static DoubleVector twoTo(LongVector k) {
        return k.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
    }

    private static DoubleVector expTail(DoubleVector r) {
        // exp(r) - 1 - r = r^2 q(r), |r| <= ln 2 / 2
        DoubleVector q = r.fma(EXP_TAIL_0, EXP_TAIL_1);
        q = r.fma(q, EXP_TAIL_2);
        q = r.fma(q, EXP_TAIL_3);
        q = r.fma(q, EXP_TAIL_4);
        q = r.fma(q, EXP_TAIL_5);
        q = r.fma(q, EXP_TAIL_6);
        q = r.fma(q, EXP_TAIL_7);
        q = r.fma(q, EXP_TAIL_8);
        q = r.fma(q, EXP_TAIL_9);
        return r.fma(q, HALF);
    }

    static DoubleVector exp(DoubleVector x) {
        DoubleVector c = x.blend(EXP_HIGHEST, x.compare(VectorOperators.GT, EXP_HIGHEST)).blend(EXP_LOWEST, x.compare(VectorOperators.LT, EXP_LOWEST));
        DoubleVector t = c.fma(BY_LOG2_E, ROUND);
        DoubleVector n = t.sub(ROUND);
        DoubleVector r = n.fma(MINUS_LN2_LO, n.fma(MINUS_LN2_HI, c));
        DoubleVector p = expTail(r).mul(r).fma(r, r).add(ONE);
        LongVector k = t.reinterpretAsLongs().sub(ROUNDER_BITS);
        LongVector half = k.lanewise(VectorOperators.ASHR, 1);
        return p.mul(twoTo(half)).mul(twoTo(k.sub(half)));
    }

    /** {@code exp(x)} for x at most 709 or NaN; below 3e-308 it is 0. */
    static DoubleVector expNegative(DoubleVector x) {
        VectorMask<Double> gone = x.compare(VectorOperators.LT, EXP_LOWEST_NORMAL);
        DoubleVector c = x.blend(EXP_LOWEST_NORMAL, gone);
        DoubleVector t = c.fma(BY_LOG2_E, ROUND);
        DoubleVector n = t.sub(ROUND);
        DoubleVector r = n.fma(MINUS_LN2_LO, n.fma(MINUS_LN2_HI, c));
        DoubleVector p = expTail(r).mul(r).fma(r, r).add(ONE);
        return p.mul(twoTo(t.reinterpretAsLongs().sub(ROUNDER_BITS))).blend(ZERO, gone);
    }

    static DoubleVector expm1(DoubleVector x) {
        DoubleVector c = x.blend(EXP_HIGHEST, x.compare(VectorOperators.GT, EXP_HIGHEST)).blend(EXPM1_LOWEST, x.compare(VectorOperators.LT, EXPM1_LOWEST));
        DoubleVector t = c.fma(BY_LOG2_E, ROUND);
        DoubleVector n = t.sub(ROUND);
        DoubleVector r = n.fma(MINUS_LN2_LO, n.fma(MINUS_LN2_HI, c));
        DoubleVector p = expTail(r).mul(r).fma(r, r);
        LongVector k = t.reinterpretAsLongs().sub(ROUNDER_BITS);
        DoubleVector half = twoTo(k.sub(1));
        DoubleVector y = p.fma(half, half.sub(HALF));
        y = y.add(y);
        return y.blend(x, x.compare(VectorOperators.EQ, ZERO));
    }

    static DoubleVector tanh(DoubleVector x) {
        DoubleVector a = x.abs();
        DoubleVector c = a.blend(TANH_FLAT, a.compare(VectorOperators.GT, TANH_FLAT));
        DoubleVector e = expm1(c.add(c));
        LongVector sign = x.reinterpretAsLongs().and(Long.MIN_VALUE);
        return e.div(e.add(TWO)).reinterpretAsLongs().or(sign).reinterpretAsDoubles();
    }

    static DoubleVector sigmoid(DoubleVector x) {
        return ONE.div(exp(x.neg()).add(ONE));
    }

    static DoubleVector silu(DoubleVector x) {
        return x.mul(sigmoid(x));
    }

    static DoubleVector log(DoubleVector x) {
        VectorMask<Double> small = x.compare(VectorOperators.LT, TINY);
        DoubleVector s = x.blend(x.mul(TWO_TO_54), small);
        LongVector bits = s.reinterpretAsLongs();
        LongVector e = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 52);
        DoubleVector m = bits.sub(e.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
        // a small integer in the low bits of the rounder is that integer as a double
        DoubleVector n = e.add(ROUNDER_BITS).reinterpretAsDoubles().sub(ROUND).add(ZERO.blend(MINUS_54, small));
        VectorMask<Double> ordinary = x.compare(VectorOperators.GT, ZERO).and(x.compare(VectorOperators.LT, INFINITY));
        DoubleVector edge = NAN.blend(MINUS_INFINITY, x.compare(VectorOperators.EQ, ZERO))
                .blend(INFINITY, x.compare(VectorOperators.EQ, INFINITY));
        return edge.blend(logOf(m.sub(ONE), n), ordinary);
    }

    /** {@code log(1 + f) + n ln 2} for f in [-0.293, 0.414], by {@code log(1 + f) = 2 atanh(f / (2 + f))}. */
    private static DoubleVector logOf(DoubleVector f, DoubleVector n) {
        DoubleVector s = f.div(f.add(TWO));
        DoubleVector z = s.mul(s);
        DoubleVector r = z.fma(LOG_OF_0, LOG_OF_1);
        r = z.fma(r, LOG_OF_2);
        r = z.fma(r, LOG_OF_3);
        r = z.fma(r, LOG_OF_4);
        r = z.fma(r, LOG_OF_5);
        r = z.fma(r, LOG_OF_6);
        r = z.fma(r, LOG_OF_7);
        // 2 s = f - s f, and f - s f = f - f^2 / 2 + s f^2 / 2
        DoubleVector half = f.mul(f).mul(HALF);
        DoubleVector low = s.fma(half.add(z.mul(r)), n.mul(TIMES_LN2_LO));
        return n.fma(TIMES_LN2_HI, f.sub(half.sub(low)));
    }
}
