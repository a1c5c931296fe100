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
    private static final float SQRT_HALF = 0.70710678f;
    private static final float SQRT_2_OVER_PI = 0.7978845608f;
    private static final float GELU_CUBIC = 0.044715f;
    private static final float INV_SQRT_2PI = 0.3989422804f;

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

    // ---- exponentials ----

    /** {@code 2^k} for k from -126 to 127. */
    private static FloatVector twoTo(IntVector k) {
        return k.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    private static FloatVector expTail(FloatVector r) {
        // exp(r) - 1 - r = r^2 q(r), |r| <= ln 2 / 2
        FloatVector q = r.fma(all(1.9918528e-4f), all(0.0013946176f));
        q = r.fma(q, all(0.0083332639f));
        q = r.fma(q, all(0.0416662693f));
        q = r.fma(q, all(0.1666666717f));
        return r.fma(q, all(0.5f));
    }

    static FloatVector exp(FloatVector x) {
        FloatVector c = x.blend(89f, x.compare(VectorOperators.GT, 89f)).blend(-105f, x.compare(VectorOperators.LT, -105f));
        FloatVector t = c.fma(all(LOG2_E), all(ROUNDER));
        FloatVector n = t.sub(ROUNDER);
        FloatVector r = n.fma(all(-LN2_LO), n.fma(all(-LN2_HI), c));
        FloatVector p = expTail(r).mul(r).fma(r, r).add(1f);
        IntVector k = t.reinterpretAsInts().sub(ROUNDER_BITS);
        IntVector half = k.lanewise(VectorOperators.ASHR, 1);
        return p.mul(twoTo(half)).mul(twoTo(k.sub(half)));
    }

    /** {@code exp(x)} for x in [-87.3, 88] or NaN. */
    private static FloatVector expInRange(FloatVector c) {
        FloatVector t = c.fma(all(LOG2_E), all(ROUNDER));
        FloatVector n = t.sub(ROUNDER);
        FloatVector r = n.fma(all(-LN2_LO), n.fma(all(-LN2_HI), c));
        FloatVector p = expTail(r).mul(r).fma(r, r).add(1f);
        return p.mul(twoTo(t.reinterpretAsInts().sub(ROUNDER_BITS)));
    }

    /** {@code exp(x)} for x at most 88 or NaN; below 1.2e-38 it is 0. */
    static FloatVector expNegative(FloatVector x) {
        VectorMask<Float> gone = x.compare(VectorOperators.LT, -87.3f);
        return expInRange(x.blend(-87.3f, gone)).blend(0f, gone);
    }

    static FloatVector expm1(FloatVector x) {
        FloatVector c = x.blend(89f, x.compare(VectorOperators.GT, 89f)).blend(-20f, x.compare(VectorOperators.LT, -20f));
        FloatVector t = c.fma(all(LOG2_E), all(ROUNDER));
        FloatVector n = t.sub(ROUNDER);
        FloatVector r = n.fma(all(-LN2_LO), n.fma(all(-LN2_HI), c));
        FloatVector p = expTail(r).mul(r).fma(r, r);
        IntVector k = t.reinterpretAsInts().sub(ROUNDER_BITS);
        // 2^(k-1) twice, so that k = 128 does not overflow early
        FloatVector half = twoTo(k.sub(1));
        FloatVector y = p.fma(half, half.sub(0.5f));
        y = y.add(y);
        return y.blend(x, x.compare(VectorOperators.EQ, 0f));
    }

    static FloatVector tanh(FloatVector x) {
        FloatVector a = x.abs();
        FloatVector c = a.blend(10f, a.compare(VectorOperators.GT, 10f));
        FloatVector e = expm1(c.add(c));
        return copySign(e.div(e.add(2f)), x);
    }

    static FloatVector sigmoid(FloatVector x) {
        return all(1f).div(exp(x.neg()).add(1f));
    }

    /** {@code max(x, 0) + log(1 + e)} of {@code e = exp(-|x|)}. */
    static FloatVector softplusEnd(FloatVector x, FloatVector e) {
        return x.blend(0f, x.compare(VectorOperators.LT, 0f)).add(log1p(e));
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
        return logOf(m.sub(1f), n);
    }

    /** {@code log(1 + f) + n ln 2} for f in [-0.293, 0.414]. */
    private static FloatVector logOf(FloatVector f, FloatVector n) {
        // log(1 + f) = f - f^2 / 2 + f^3 p(f)
        FloatVector p = f.fma(all(0.0674659833f), all(-0.1167561412f));
        p = f.fma(p, all(0.1188816056f));
        p = f.fma(p, all(-0.1240559518f));
        p = f.fma(p, all(0.1421955377f));
        p = f.fma(p, all(-0.1666799486f));
        p = f.fma(p, all(0.2000211924f));
        p = f.fma(p, all(-0.2500000894f));
        p = f.fma(p, all(0.3333331347f));
        FloatVector f2 = f.mul(f);
        FloatVector low = n.fma(all(LN2_LO), f.mul(f2).mul(p));
        return n.fma(all(LN2_HI), f.add(f2.fma(all(-0.5f), low)));
    }

    static FloatVector log(FloatVector x) {
        VectorMask<Float> small = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
        FloatVector s = x.blend(x.mul(8388608f), small);
        FloatVector y = logNormal(s, all(0f).blend(-23f, small));
        return logEdges(y, x);
    }

    private static FloatVector logEdges(FloatVector y, FloatVector x) {
        VectorMask<Float> ordinary = x.compare(VectorOperators.GT, 0f).and(x.compare(VectorOperators.LT, Float.POSITIVE_INFINITY));
        FloatVector edge = all(Float.NaN).blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f))
                .blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
        return edge.blend(y, ordinary);
    }

    static FloatVector log1p(FloatVector x) {
        FloatVector u = x.add(1f);
        // what rounding u lost, relative to u
        FloatVector lost = x.sub(u.sub(1f)).blend(all(1f).sub(u.sub(x)), x.compare(VectorOperators.GT, 1f));
        IntVector bits = u.reinterpretAsInts();
        IntVector e = bits.sub(0x3f3504f3).lanewise(VectorOperators.ASHR, 23);
        VectorMask<Float> near = e.compare(VectorOperators.EQ, 0).cast(F);
        FloatVector m = bits.sub(e.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
        FloatVector n = (FloatVector) e.convert(VectorOperators.I2F, 0);
        FloatVector correction = lost.div(u).blend(0f, near);
        FloatVector y = logOf(m.sub(1f).blend(x, near), n).add(correction);
        VectorMask<Float> ordinary = u.compare(VectorOperators.GT, 0f).and(u.compare(VectorOperators.LT, Float.POSITIVE_INFINITY));
        FloatVector edge = all(Float.NaN).blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, -1f))
                .blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
        return edge.blend(y, ordinary).blend(x, x.compare(VectorOperators.EQ, 0f));
    }

    // ---- the normal distribution ----

    /** {@code erf(z) / z - 1} for |z| at most 1, of {@code z^2}. */
    private static FloatVector erfSmall(FloatVector z2) {
        FloatVector p = z2.fma(all(7.853862e-5f), all(-8.010194e-4f));
        p = z2.fma(p, all(0.005188328f));
        p = z2.fma(p, all(-0.026853813f));
        p = z2.fma(p, all(0.112835854f));
        p = z2.fma(p, all(-0.37612626f));
        return z2.fma(p, all(0.12837911f));
    }

    /** {@code log erfc(a)} for a from 1 to 10. */
    private static FloatVector logErfc(FloatVector a) {
        FloatVector p = a.fma(all(-8.021282e-8f), all(3.4036525e-6f));
        p = a.fma(p, all(-6.293456e-5f));
        p = a.fma(p, all(6.8845647e-4f));
        p = a.fma(p, all(-0.0050708898f));
        p = a.fma(p, all(0.027105866f));
        p = a.fma(p, all(-0.111054204f));
        p = a.fma(p, all(0.36903739f));
        p = a.fma(p, all(-1.1306659f));
        p = a.fma(p, all(4.1337035e-4f));
        return a.fma(a.neg(), p);
    }

    // The compiler keeps vectors in registers only in loops of limited size, so that erf and the normal distribution function come in
    // three: the logarithm of the tail, its exponential, and the choice between the tail and the polynomial about 0.

    /** First of three: {@code log erfc |x|}. */
    static FloatVector erfStart(FloatVector x) {
        FloatVector a = x.abs();
        return logErfc(a.blend(4.2f, a.compare(VectorOperators.GT, 4.2f)));
    }

    /** Last of three: erf(x) from {@code tail = erfc |x|}. */
    static FloatVector erfEnd(FloatVector x, FloatVector tail) {
        FloatVector large = copySign(all(1f).sub(tail), x);
        FloatVector small = x.fma(erfSmall(x.mul(x)), x);
        return small.blend(large, x.abs().compare(VectorOperators.GT, 1f));
    }

    /** First of three: {@code log erfc(|x| / sqrt 2)}. */
    static FloatVector normalStart(FloatVector x) {
        FloatVector a = x.abs().mul(SQRT_HALF);
        return logErfc(a.blend(10f, a.compare(VectorOperators.GT, 10f)));
    }

    /** Last of three: the normal distribution function of x from {@code tail = erfc(|x| / sqrt 2)}. */
    static FloatVector normalEnd(FloatVector x, FloatVector tail) {
        FloatVector z = x.mul(SQRT_HALF);
        FloatVector upper = tail.mul(0.5f);
        FloatVector large = all(1f).sub(upper).blend(upper, z.compare(VectorOperators.LT, 0f));
        FloatVector half = z.mul(0.5f);
        FloatVector small = half.fma(erfSmall(z.mul(z)), half).add(0.5f);
        return small.blend(large, z.abs().compare(VectorOperators.GT, 1f));
    }

    /** The exponent of the normal density. */
    static FloatVector densityStart(FloatVector x) {
        return x.mul(x).mul(-0.5f);
    }

    /** {@code g (cdf + x density)}, where density lacks its factor. */
    static FloatVector geluGradEnd(FloatVector g, FloatVector x, FloatVector cdf, FloatVector density) {
        return g.mul(x.mul(INV_SQRT_2PI).fma(density, cdf));
    }

    static FloatVector geluTanh(FloatVector x) {
        return x.mul(sigmoid(geluInner(x)));
    }

    // twice the argument of tanh
    private static FloatVector geluInner(FloatVector x) {
        FloatVector x2 = x.mul(x);
        return x.mul(2 * SQRT_2_OVER_PI).mul(x2.fma(all(GELU_CUBIC), all(1f)));
    }

    static FloatVector geluTanhGrad(FloatVector g, FloatVector x) {
        FloatVector s = sigmoid(geluInner(x));
        FloatVector slope = x.mul(x).fma(all(3 * GELU_CUBIC), all(1f)).mul(2 * SQRT_2_OVER_PI);
        FloatVector bump = s.mul(all(1f).sub(s)).mul(slope);
        return g.mul(x.fma(bump, s));
    }

    static FloatVector silu(FloatVector x) {
        return x.mul(sigmoid(x));
    }

    static FloatVector siluGrad(FloatVector g, FloatVector x) {
        FloatVector s = sigmoid(x);
        return g.mul(s).mul(x.fma(all(1f).sub(s), all(1f)));
    }

    // ---- circles: |x| at most 10000 ----

    static final float CIRCLE_LIMIT = 10000f;

    static FloatVector sin(FloatVector x) {
        return circle(x, 0).blend(x, x.compare(VectorOperators.EQ, 0f));
    }

    static FloatVector cos(FloatVector x) {
        return circle(x, 1);
    }

    /** {@code sin(x + quarter pi / 2)}. */
    private static FloatVector circle(FloatVector x, int quarter) {
        FloatVector t = x.fma(all(0.63661977f), all(ROUNDER));
        FloatVector n = t.sub(ROUNDER);
        // pi / 2 in three parts
        FloatVector r = n.fma(all(-1.57079637f), x);
        r = n.fma(all(4.371139e-8f), r);
        r = n.fma(all(1.7151245e-15f), r);
        IntVector q = t.reinterpretAsInts().sub(ROUNDER_BITS).add(quarter);
        FloatVector z = r.mul(r);
        FloatVector s = z.fma(all(2.7182373e-6f), all(-1.9839327e-4f));
        s = z.fma(s, all(0.008333329f));
        s = z.fma(s, all(-0.16666667f));
        s = z.mul(r).fma(s, r);
        FloatVector c = z.fma(all(2.443773e-5f), all(-0.0013887362f));
        c = z.fma(c, all(0.041666646f));
        c = z.mul(z).fma(c, z.fma(all(-0.5f), all(1f)));
        FloatVector y = s.blend(c, q.and(1).compare(VectorOperators.NE, 0).cast(F));
        IntVector flip = q.and(2).lanewise(VectorOperators.LSHL, 30);
        return y.reinterpretAsInts().lanewise(VectorOperators.XOR, flip).reinterpretAsFloats();
    }
}
