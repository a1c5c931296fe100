package lemma.tensor;

import static jdk.incubator.vector.DoubleVector.fromMemorySegment;
import static jdk.incubator.vector.IntVector.fromMemorySegment;
import static jdk.incubator.vector.LongVector.fromMemorySegment;
import static lemma.tensor.DoubleMath.D;
import static lemma.tensor.DoubleMath.STEP;
import static lemma.tensor.Memory.ALL;
import static lemma.tensor.Memory.ORDER;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Philox} and the transformation of Box and Muller by vectors. The bits are those of {@link CpuRandom}'s plain arithmetic, and so of
 * {@link StrictMath}: logarithm, sine and cosine go through the same additions, multiplications and divisions, none of them fused, as
 * FDLIBM's; the few lanes on which FDLIBM branches away from the common path are handed to StrictMath itself.
 */
final class RandomLoops {
    /** Blocks of four words that are made at a time. */
    static final int BLOCKS = 128;

    /** Bytes of the blocks made at a time. */
    private static final long PIECE = 16L * BLOCKS;
    private static final VectorSpecies<Long> L = LongVector.SPECIES_PREFERRED;
    private static final int LANES = L.length();
    private static final VectorShuffle<Long> LOWER = VectorShuffle.fromOp(L, i -> i / 2);
    private static final VectorShuffle<Long> UPPER = VectorShuffle.fromOp(L, i -> (LANES + i) / 2);
    private static final VectorShuffle<Long> EVENS = VectorShuffle.fromOp(L, i -> 2 * i % LANES);
    private static final VectorShuffle<Long> ODDS = VectorShuffle.fromOp(L, i -> 2 * i % LANES + 1);
    private static final VectorMask<Long> HIGH = VectorMask.fromLong(L, -1L << LANES / 2 & -1L >>> 64 - LANES);
    private static final VectorMask<Long> ODD = VectorMask.fromLong(L, 0xAAAAAAAAAAAAAAAAL & -1L >>> 64 - LANES);

    private static final long WORD = 0xFFFFFFFFL;
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;

    // 2^52 in the exponent makes a double of an integer below 2^52, plus 2^52
    private static final long TWO_52_BITS = 0x4330000000000000L;
    private static final double TWO_52 = 0x1p52;
    private static final double ROUNDER = 0x1.8p52;
    private static final long ROUNDER_BITS = Double.doubleToRawLongBits(ROUNDER);

    private static final long MANTISSA = 0x000FFFFFFFFFFFFFL;
    private static final long ONE_BITS = 0x3FF0000000000000L;
    private static final long EXPONENT_BIT = 0x0010000000000000L;
    private static final double LN2_HI = 6.93147180369123816490e-01;
    private static final double LN2_LO = 1.90821492927058770002e-10;
    private static final double INV_PIO2 = 6.36619772367581382433e-01;
    private static final double PIO2_1 = 1.57079632673412561417e+00;
    private static final double PIO2_1T = 6.07710050650619224932e-11;
    private static final double QUARTER_PI_ABOVE = Double.longBitsToDouble(0x3FE921FBFFFFFFFFL);
    /** As near as this to a multiple of pi / 2 FDLIBM may take more digits of it. */
    private static final double NEAR = 0x1p-17;

    private RandomLoops() {}

    // ---- words ----

    /** The words of {@link #BLOCKS} blocks from {@code block} on. */
    static void words(long key, long block, long to) {
        for (int b = 0; b < BLOCKS; b += LANES) encrypt((int) key, (int) (key >>> 32), block + b, to + 16L * b);
    }

    private static void encrypt(int k0, int k1, long block, long to) {
        LongVector index = LongVector.broadcast(L, block).addIndex(1);
        LongVector c0 = index.and(WORD);
        LongVector c1 = index.lanewise(VectorOperators.LSHR, 32);
        LongVector c2 = LongVector.zero(L);
        LongVector c3 = c2;
        for (int r = 0; r < 10; r++) {
            LongVector p0 = c0.mul(MULTIPLIER_0);
            LongVector p1 = c2.mul(MULTIPLIER_1);
            c0 = p1.lanewise(VectorOperators.LSHR, 32).lanewise(VectorOperators.XOR, c1).lanewise(VectorOperators.XOR, k0 + r * WEYL_0 & WORD);
            c2 = p0.lanewise(VectorOperators.LSHR, 32).lanewise(VectorOperators.XOR, c3).lanewise(VectorOperators.XOR, k1 + r * WEYL_1 & WORD);
            c1 = p1.and(WORD);
            c3 = p0.and(WORD);
        }
        LongVector first = c1.lanewise(VectorOperators.LSHL, 32).or(c0);
        LongVector second = c3.lanewise(VectorOperators.LSHL, 32).or(c2);
        first.rearrange(LOWER).blend(second.rearrange(LOWER), ODD).intoMemorySegment(ALL, to, ORDER);
        first.rearrange(UPPER).blend(second.rearrange(UPPER), ODD).intoMemorySegment(ALL, to + STEP, ORDER);
    }

    // ---- uniform ----

    /** {@code 4 BLOCKS} numbers of 24 bits. */
    static void uniform32(long words, long to) {
        for (long i = 0; i < PIECE; i += FloatMath.STEP) {
            IntVector bits = fromMemorySegment(IntVector.SPECIES_PREFERRED, ALL, words + i, ORDER).lanewise(VectorOperators.LSHR, 8);
            ((FloatVector) bits.convert(VectorOperators.I2F, 0)).mul(0x1p-24f).intoMemorySegment(ALL, to + i, ORDER);
        }
    }

    /** {@code 2 BLOCKS} numbers of 53 bits. */
    static void uniform64(long words, long to) {
        for (long i = 0; i < PIECE; i += STEP) {
            LongVector v = fromMemorySegment(L, ALL, words + i, ORDER).lanewise(VectorOperators.LSHR, 11);
            v.intoMemorySegment(ALL, to + i, ORDER);
        }
        fractions(to, PIECE);
    }

    /** {@code 2^-53} times integers up to 2^53, in place. */
    private static void fractions(long x, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            LongVector v = fromMemorySegment(L, ALL, x + i, ORDER);
            // an integer below 2^52 as a double: its bits behind those of 2^52, less 2^52
            DoubleVector high = v.lanewise(VectorOperators.LSHR, 32).or(TWO_52_BITS).reinterpretAsDoubles().sub(TWO_52);
            DoubleVector low = v.and(WORD).or(TWO_52_BITS).reinterpretAsDoubles().sub(TWO_52);
            high.mul(0x1p32).add(low).mul(0x1p-53).intoMemorySegment(ALL, x + i, ORDER);
        }
    }

    // ---- normal ----

    /** {@code 4 BLOCKS} FLOAT32 numbers, two of each pair of words; takes scratch slots 5 to 7. */
    static void normal32(long words, long to) {
        Scratch scratch = Scratch.get();
        long u = scratch.address(5);
        long v = u + PIECE;
        for (long i = 0; i < PIECE; i += STEP) {
            LongVector w = fromMemorySegment(L, ALL, words + i, ORDER);
            w.and(WORD).add(1).or(TWO_52_BITS).reinterpretAsDoubles().sub(TWO_52).mul(0x1p-32).intoMemorySegment(ALL, u + i, ORDER);
            w.lanewise(VectorOperators.LSHR, 32).or(TWO_52_BITS).reinterpretAsDoubles().sub(TWO_52).mul(0x1p-32).intoMemorySegment(ALL, v + i, ORDER);
        }
        long second = boxMuller(scratch, u, v, PIECE);
        singles(u, second, to);
    }

    private static void singles(long first, long second, long to) {
        round(first, PIECE);
        round(second, PIECE);
        for (long i = 0; i < PIECE; i += STEP) {
            LongVector high = fromMemorySegment(L, ALL, second + i, ORDER).lanewise(VectorOperators.LSHL, 32);
            fromMemorySegment(L, ALL, first + i, ORDER).or(high).intoMemorySegment(ALL, to + i, ORDER);
        }
    }

    /** Doubles, zero or in the normal range of FLOAT32, to the bits of FLOAT32, halves to even, in place. */
    private static void round(long x, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            LongVector bits = fromMemorySegment(L, ALL, x + i, ORDER);
            LongVector magnitude = bits.and(Long.MAX_VALUE);
            LongVector even = magnitude.lanewise(VectorOperators.LSHR, 29).and(1);
            LongVector rounded = magnitude.add(even).add((1L << 28) - 1).lanewise(VectorOperators.LSHR, 29).sub(896L << 23);
            LongVector sign = bits.lanewise(VectorOperators.LSHR, 63).lanewise(VectorOperators.LSHL, 31);
            rounded.blend(0, magnitude.compare(VectorOperators.EQ, 0)).or(sign).intoMemorySegment(ALL, x + i, ORDER);
        }
    }

    /** {@code 2 BLOCKS} FLOAT64 numbers, two of each block; takes scratch slots 5 to 7. */
    static void normal64(long words, long to) {
        Scratch scratch = Scratch.get();
        long u = scratch.address(5);
        long v = u + PIECE;
        for (long i = 0; i < PIECE; i += 2 * STEP) {
            LongVector a = fromMemorySegment(L, ALL, words + i, ORDER).lanewise(VectorOperators.LSHR, 11);
            LongVector b = fromMemorySegment(L, ALL, words + i + STEP, ORDER).lanewise(VectorOperators.LSHR, 11);
            a.rearrange(EVENS).blend(b.rearrange(EVENS), HIGH).add(1).intoMemorySegment(ALL, u + i / 2, ORDER);
            a.rearrange(ODDS).blend(b.rearrange(ODDS), HIGH).intoMemorySegment(ALL, v + i / 2, ORDER);
        }
        fractions(u, PIECE / 2);
        fractions(v, PIECE / 2);
        long second = boxMuller(scratch, u, v, PIECE / 2);
        for (long i = 0; i < PIECE / 2; i += STEP) {
            LongVector c = fromMemorySegment(L, ALL, u + i, ORDER);
            LongVector s = fromMemorySegment(L, ALL, second + i, ORDER);
            c.rearrange(LOWER).blend(s.rearrange(LOWER), ODD).intoMemorySegment(ALL, to + 2 * i, ORDER);
            c.rearrange(UPPER).blend(s.rearrange(UPPER), ODD).intoMemorySegment(ALL, to + 2 * i + STEP, ORDER);
        }
    }

    /** Two normal numbers of each u in (0, 1] and v in [0, 1): the first in place of u, the second from the returned address on. */
    private static long boxMuller(Scratch scratch, long u, long v, long bytes) {
        long r = scratch.address(6);
        long y0 = r + PIECE;
        long y1 = scratch.address(7);
        long quarters = y1 + PIECE;
        radii(u, r, bytes);
        mendRadii(u, r, bytes);
        reduce(v, y0, y1, quarters, bytes);
        cosines(y0, y1, u, bytes);
        sines(y0, y1, quarters, y1, bytes);
        turn(r, quarters, u, y1, bytes);
        mendTurns(r, v, y0, u, y1, bytes);
        return y1;
    }

    // a loop in a method of its own each: all of them in one would pass the compiler's limit

    private static void radii(long u, long r, long bytes) {
        for (long i = 0; i < bytes; i += STEP) radius(u + i, r + i);
    }

    // FDLIBM takes another way within 2^-20 of a power of two
    private static void mendRadii(long u, long r, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            if (fromMemorySegment(L, ALL, u + i, ORDER).add(2L << 32).and(MANTISSA).compare(VectorOperators.LT, 3L << 32).anyTrue()) exactly(u + i, r + i);
        }
    }

    private static void reduce(long v, long y0, long y1, long quarters, long bytes) {
        for (long i = 0; i < bytes; i += STEP) reduce(v + i, y0 + i, y1 + i, quarters + i);
    }

    private static void cosines(long y0, long y1, long to, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector x = fromMemorySegment(D, ALL, y0 + i, ORDER);
            DoubleVector y = fromMemorySegment(D, ALL, y1 + i, ORDER);
            DoubleVector z = x.mul(x);
            DoubleVector p = z.mul(-1.13596475577881948265e-11).add(2.08757232129817482790e-09);
            p = z.mul(p).add(-2.75573143513906633035e-07);
            p = z.mul(p).add(2.48015872894767294178e-05);
            p = z.mul(p).add(-1.38888888888741095749e-03);
            p = z.mul(p).add(4.16666666666666019037e-02);
            LongVector high = x.abs().reinterpretAsLongs().and(~WORD);
            DoubleVector q = high.sub(0x00200000L << 32).reinterpretAsDoubles()
                    .blend(0.28125, high.compare(VectorOperators.GT, 0x3FE90000L << 32).cast(D))
                    .blend(0, high.compare(VectorOperators.LT, 0x3FD33333L << 32).cast(D));
            DoubleVector half = z.mul(0.5).sub(q);
            DoubleMath.ONE.sub(q).sub(half.sub(z.mul(z.mul(p)).sub(x.mul(y)))).intoMemorySegment(ALL, to + i, ORDER);
        }
    }

    private static void sines(long y0, long y1, long quarters, long to, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector x = fromMemorySegment(D, ALL, y0 + i, ORDER);
            DoubleVector y = fromMemorySegment(D, ALL, y1 + i, ORDER);
            VectorMask<Double> first = fromMemorySegment(L, ALL, quarters + i, ORDER).compare(VectorOperators.EQ, 0).cast(D);
            DoubleVector z = x.mul(x);
            DoubleVector v = z.mul(x);
            DoubleVector p = z.mul(1.58969099521155010221e-10).add(-2.50507602534068634195e-08);
            p = z.mul(p).add(2.75573137070700676789e-06);
            p = z.mul(p).add(-1.98412698298579493134e-04);
            p = z.mul(p).add(8.33333333332248946124e-03);
            DoubleVector whole = x.sub(z.mul(y.mul(0.5).sub(v.mul(p))).sub(y).sub(v.mul(-1.66666666666666324348e-01)));
            whole.blend(x.add(v.mul(z.mul(p).add(-1.66666666666666324348e-01))), first).intoMemorySegment(ALL, to + i, ORDER);
        }
    }

    private static void turn(long radius, long quarters, long cosines, long sines, long bytes) {
        for (long i = 0; i < bytes; i += STEP) turn(radius + i, quarters + i, cosines + i, sines + i);
    }

    // FDLIBM may take more digits of pi next to a multiple of pi / 2
    private static void mendTurns(long radius, long v, long y0, long cosines, long sines, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            if (fromMemorySegment(D, ALL, y0 + i, ORDER).abs().compare(VectorOperators.LT, NEAR).anyTrue()) exactly(radius + i, v + i, cosines + i, sines + i);
        }
    }

    /** {@code sqrt(-2 log u)}. */
    private static void radius(long u, long r) {
        LongVector bits = fromMemorySegment(L, ALL, u, ORDER);
        LongVector m = bits.and(MANTISSA);
        LongVector carry = m.add(0x95F64L << 32).and(EXPONENT_BIT);
        LongVector k = bits.lanewise(VectorOperators.LSHR, 52).add(carry.lanewise(VectorOperators.LSHR, 52));
        DoubleVector dk = k.add(ROUNDER_BITS).reinterpretAsDoubles().sub(ROUNDER + 1023);
        DoubleVector f = m.or(carry.lanewise(VectorOperators.XOR, ONE_BITS)).reinterpretAsDoubles().sub(1);
        VectorMask<Long> middle = m.compare(VectorOperators.GE, 0x6147AL << 32).and(m.compare(VectorOperators.LT, 0x6B852L << 32));
        DoubleVector s = f.div(f.add(2));
        DoubleVector z = s.mul(s);
        DoubleVector w = z.mul(z);
        DoubleVector even = w.mul(w.mul(w.mul(1.531383769920937332e-01).add(2.222219843214978396e-01)).add(3.999999999940941908e-01));
        DoubleVector odd = w.mul(w.mul(w.mul(1.479819860511658591e-01).add(1.818357216161805012e-01)).add(2.857142874366239149e-01)).add(6.666666666666735130e-01);
        DoubleVector rest = z.mul(odd).add(even);
        DoubleVector half = f.mul(0.5).mul(f);
        DoubleVector low = dk.mul(LN2_LO);
        DoubleVector inner = half.sub(s.mul(half.add(rest)).add(low));
        DoubleVector outer = s.mul(f.sub(rest)).sub(low);
        dk.mul(LN2_HI).sub(outer.blend(inner, middle.cast(D)).sub(f)).mul(-2).sqrt().intoMemorySegment(ALL, r, ORDER);
    }

    /** {@code 2 pi v = quarters pi / 2 + y0 + y1}. */
    private static void reduce(long v, long y0, long y1, long quarters) {
        DoubleVector x = fromMemorySegment(D, ALL, v, ORDER).mul(CpuRandom.TWO_PI);
        DoubleVector t = x.mul(INV_PIO2).add(0.5);
        DoubleVector near = t.add(ROUNDER).sub(ROUNDER);
        DoubleVector n = near.blend(near.sub(1), near.compare(VectorOperators.GT, t)).blend(0, x.compare(VectorOperators.LE, QUARTER_PI_ABOVE));
        DoubleVector r = x.sub(n.mul(PIO2_1));
        DoubleVector w = n.mul(PIO2_1T);
        DoubleVector y = r.sub(w);
        y.intoMemorySegment(ALL, y0, ORDER);
        r.sub(y).sub(w).intoMemorySegment(ALL, y1, ORDER);
        n.add(ROUNDER).reinterpretAsLongs().sub(ROUNDER_BITS).intoMemorySegment(ALL, quarters, ORDER);
    }

    /** {@code r cos} and {@code r sin} of the angle in place of the cosine and the sine of what is left of it. */
    private static void turn(long radius, long quarters, long cosines, long sines) {
        LongVector n = fromMemorySegment(L, ALL, quarters, ORDER);
        DoubleVector r = fromMemorySegment(D, ALL, radius, ORDER);
        DoubleVector c = fromMemorySegment(D, ALL, cosines, ORDER);
        DoubleVector s = fromMemorySegment(D, ALL, sines, ORDER);
        VectorMask<Double> swap = n.and(1).compare(VectorOperators.NE, 0).cast(D);
        LongVector half = n.and(2).lanewise(VectorOperators.LSHL, 62);
        LongVector third = n.add(1).and(2).lanewise(VectorOperators.LSHL, 62);
        r.mul(c.blend(s, swap).reinterpretAsLongs().lanewise(VectorOperators.XOR, third).reinterpretAsDoubles()).intoMemorySegment(ALL, cosines, ORDER);
        r.mul(s.blend(c, swap).reinterpretAsLongs().lanewise(VectorOperators.XOR, half).reinterpretAsDoubles()).intoMemorySegment(ALL, sines, ORDER);
    }

    private static void exactly(long u, long r) {
        for (long i = 0; i < STEP; i += 8) Raw.f64(r + i, CpuRandom.radius(Raw.f64(u + i)));
    }

    private static void exactly(long radius, long v, long cosines, long sines) {
        for (long i = 0; i < STEP; i += 8) {
            double angle = CpuRandom.TWO_PI * Raw.f64(v + i);
            Raw.f64(cosines + i, Raw.f64(radius + i) * StrictMath.cos(angle));
            Raw.f64(sines + i, Raw.f64(radius + i) * StrictMath.sin(angle));
        }
    }
}
