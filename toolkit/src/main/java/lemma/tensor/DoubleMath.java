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

    /** {@code 2^k} for k from -1022 to 1023. */
    private static DoubleVector twoTo(LongVector k) {
        return k.add(1023).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
    }

    private static DoubleVector expTail(DoubleVector r) {
        // exp(r) - 1 - r = r^2 q(r), |r| <= ln 2 / 2
        DoubleVector q = r.fma(all(2.0926971945367636e-09), all(2.5112348419144925e-08));
        q = r.fma(q, all(2.7557233259045244e-07));
        q = r.fma(q, all(2.7557233929622183e-06));
        q = r.fma(q, all(2.4801587373874205e-05));
        q = r.fma(q, all(1.9841269897361748e-04));
        q = r.fma(q, all(1.388888888885836e-03));
        q = r.fma(q, all(8.33333333331662e-03));
        q = r.fma(q, all(4.166666666666673e-02));
        q = r.fma(q, all(1.6666666666666685e-01));
        return r.fma(q, all(0.5));
    }

    static DoubleVector exp(DoubleVector x) {
        DoubleVector c = x.blend(710, x.compare(VectorOperators.GT, 710)).blend(-746, x.compare(VectorOperators.LT, -746));
        DoubleVector t = c.fma(all(LOG2_E), all(ROUNDER));
        DoubleVector n = t.sub(ROUNDER);
        DoubleVector r = n.fma(all(-LN2_LO), n.fma(all(-LN2_HI), c));
        DoubleVector p = expTail(r).mul(r).fma(r, r).add(1);
        LongVector k = t.reinterpretAsLongs().sub(ROUNDER_BITS);
        LongVector half = k.lanewise(VectorOperators.ASHR, 1);
        return p.mul(twoTo(half)).mul(twoTo(k.sub(half)));
    }

    static DoubleVector expm1(DoubleVector x) {
        DoubleVector c = x.blend(710, x.compare(VectorOperators.GT, 710)).blend(-50, x.compare(VectorOperators.LT, -50));
        DoubleVector t = c.fma(all(LOG2_E), all(ROUNDER));
        DoubleVector n = t.sub(ROUNDER);
        DoubleVector r = n.fma(all(-LN2_LO), n.fma(all(-LN2_HI), c));
        DoubleVector p = expTail(r).mul(r).fma(r, r);
        LongVector k = t.reinterpretAsLongs().sub(ROUNDER_BITS);
        DoubleVector half = twoTo(k.sub(1));
        DoubleVector y = p.fma(half, half.sub(0.5));
        y = y.add(y);
        return y.blend(x, x.compare(VectorOperators.EQ, 0));
    }

    static DoubleVector tanh(DoubleVector x) {
        DoubleVector a = x.abs();
        DoubleVector c = a.blend(22, a.compare(VectorOperators.GT, 22));
        DoubleVector e = expm1(c.add(c));
        LongVector sign = x.reinterpretAsLongs().and(Long.MIN_VALUE);
        return e.div(e.add(2)).reinterpretAsLongs().or(sign).reinterpretAsDoubles();
    }

    static DoubleVector sigmoid(DoubleVector x) {
        return all(1).div(exp(x.neg()).add(1));
    }

    static DoubleVector silu(DoubleVector x) {
        return x.mul(sigmoid(x));
    }

    static DoubleVector log(DoubleVector x) {
        VectorMask<Double> small = x.compare(VectorOperators.LT, Double.MIN_NORMAL);
        DoubleVector s = x.blend(x.mul(0x1p54), small);
        LongVector bits = s.reinterpretAsLongs();
        LongVector e = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 52);
        DoubleVector m = bits.sub(e.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
        // a small integer in the low bits of the rounder is that integer as a double
        DoubleVector n = e.add(ROUNDER_BITS).reinterpretAsDoubles().sub(ROUNDER).add(all(0).blend(-54, small));
        VectorMask<Double> ordinary = x.compare(VectorOperators.GT, 0).and(x.compare(VectorOperators.LT, Double.POSITIVE_INFINITY));
        DoubleVector edge = all(Double.NaN).blend(Double.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0))
                .blend(Double.POSITIVE_INFINITY, x.compare(VectorOperators.EQ, Double.POSITIVE_INFINITY));
        return edge.blend(logOf(m.sub(1), n), ordinary);
    }

    /** {@code log(1 + f) + n ln 2} for f in [-0.293, 0.414], by {@code log(1 + f) = 2 atanh(f / (2 + f))}. */
    private static DoubleVector logOf(DoubleVector f, DoubleVector n) {
        DoubleVector s = f.div(f.add(2));
        DoubleVector z = s.mul(s);
        DoubleVector r = z.fma(all(0.13252753031268424), all(0.13249962229824233));
        r = z.fma(r, all(0.15387097641534203));
        r = z.fma(r, all(0.18181775508746));
        r = z.fma(r, all(0.2222222264874764));
        r = z.fma(r, all(0.2857142856907298));
        r = z.fma(r, all(0.40000000000006286));
        r = z.fma(r, all(0.6666666666666666));
        // 2 s = f - s f, and f - s f = f - f^2 / 2 + s f^2 / 2
        DoubleVector half = f.mul(f).mul(0.5);
        DoubleVector low = s.fma(half.add(z.mul(r)), n.mul(LN2_LO));
        return n.fma(all(LN2_HI), f.sub(half.sub(low)));
    }
}
