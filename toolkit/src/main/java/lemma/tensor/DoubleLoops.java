package lemma.tensor;

import static jdk.incubator.vector.ByteVector.fromMemorySegment;
import static jdk.incubator.vector.DoubleVector.fromMemorySegment;
import static lemma.tensor.DoubleMath.D;
import static lemma.tensor.DoubleMath.STEP;
import static lemma.tensor.Memory.ALL;
import static lemma.tensor.Memory.ORDER;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Element-wise loops over runs of FLOAT64. Each function has a loop of its own: the compiler keeps vectors in registers only there. */
final class DoubleLoops {
    /** As many bytes as there are lanes; null where no vector is that short. */
    private static final VectorSpecies<Byte> TRUTH = DoubleMath.LANES < 8 ? null : VectorSpecies.of(byte.class, VectorShape.forBitSize(8 * DoubleMath.LANES));

    private static final VectorShuffle<Double> BACKWARDS = VectorShuffle.iota(D, DoubleMath.LANES - 1, -1, true);

    private DoubleLoops() {}

    /** {@code y[i] = op(x[i])} for n elements side by side; false if this class has no loop for {@code op}. */
    static boolean unary(Unary op, long x, long y, long n) {
        long bytes = 8 * n;
        long whole = bytes & -STEP;
        if (!vectors(op, x, y, whole)) return false;
        if (whole < bytes) unaryTail(op, x + whole, y + whole, bytes - whole);
        return true;
    }

    // the rest goes through a whole vector of its own: a second copy of the function in its loop would pass the compiler's limit
    private static void unaryTail(Unary op, long x, long y, long bytes) {
        VectorMask<Double> m = D.indexInRange(0, bytes >> 3);
        Scratch scratch = Scratch.get();
        long own = scratch.address(2);
        long result = scratch.address(3);
        fromMemorySegment(D, ALL, x, ORDER, m).intoMemorySegment(ALL, own, ORDER);
        vectors(op, own, result, STEP);
        fromMemorySegment(D, ALL, result, ORDER).intoMemorySegment(ALL, y, ORDER, m);
    }

    private static boolean vectors(Unary op, long x, long y, long bytes) {
        switch (op) {
            case NEG -> neg(x, y, bytes);
            case ABS -> abs(x, y, bytes);
            case SIGN -> sign(x, y, bytes);
            case SQUARE -> square(x, y, bytes);
            case SQRT -> sqrt(x, y, bytes);
            case RSQRT -> rsqrt(x, y, bytes);
            case RECIPROCAL -> reciprocal(x, y, bytes);
            case FLOOR -> DoubleMath.floor(x, y, bytes);
            case CEIL -> DoubleMath.ceil(x, y, bytes);
            case ROUND -> DoubleMath.round(x, y, bytes);
            case EXP -> DoubleMath.exp(x, 1, y, bytes);
            case EXPM1 -> DoubleMath.expm1(x, y, bytes);
            case LOG -> DoubleMath.log(x, y, bytes);
            case LOG1P -> DoubleMath.log1p(x, y, bytes);
            case SIN -> DoubleMath.circle(x, 0, y, bytes, (p, q) -> farOut(Unary.SIN, p, q));
            case COS -> DoubleMath.circle(x, 1, y, bytes, (p, q) -> farOut(Unary.COS, p, q));
            case ERF -> DoubleMath.erf(x, y, bytes);
            case ASIN -> DoubleArc.asin(x, y, bytes);
            case ACOS -> DoubleArc.acos(x, y, bytes);
            case SOFTPLUS -> DoubleMath.softplus(x, y, bytes);
            case GELU -> DoubleMath.gelu(x, y, bytes);
            case GELU_TANH -> DoubleMath.geluTanh(x, y, bytes);
            case TANH -> DoubleMath.tanh(x, y, bytes);
            case SIGMOID -> DoubleMath.sigmoid(x, y, bytes);
            case RELU -> relu(x, y, bytes);
            case SILU -> DoubleMath.silu(x, y, bytes);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void neg(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(D, ALL, x + i, ORDER).neg().intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void abs(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(D, ALL, x + i, ORDER).abs().intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void sign(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector v = fromMemorySegment(D, ALL, x + i, ORDER);
            v.blend(1.0, v.compare(VectorOperators.GT, 0.0)).blend(-1.0, v.compare(VectorOperators.LT, 0.0)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    private static void square(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector v = fromMemorySegment(D, ALL, x + i, ORDER);
            v.mul(v).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    private static void sqrt(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(D, ALL, x + i, ORDER).sqrt().intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void rsqrt(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) DoubleMath.ONE.div(fromMemorySegment(D, ALL, x + i, ORDER).sqrt()).intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void reciprocal(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) DoubleMath.ONE.div(fromMemorySegment(D, ALL, x + i, ORDER)).intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void relu(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector v = fromMemorySegment(D, ALL, x + i, ORDER);
            v.blend(0.0, v.compare(VectorOperators.LT, 0.0)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    /** Replaces what the range of the polynomials does not reach. */
    private static void farOut(Unary op, long x, long y) {
        for (long i = 0; i < STEP; i += 8) {
            double v = Raw.f64(x + i);
            if (!(Math.abs(v) <= DoubleMath.CIRCLE_LIMIT)) Raw.f64(y + i, PlainMath.unary(op, v));
        }
    }

    /** {@code y[i] = a[i] op b[i]}, where a mask of 0 reads the vector at the address again and again; false if there is no loop for {@code op}. */
    static boolean binary(Binary op, long a, long ma, long b, long mb, long y, long n) {
        long bytes = 8 * n;
        long whole = bytes & -STEP;
        if (!vectors(op, a, ma, b, mb, y, whole)) return false;
        if (whole < bytes) binaryTail(op, a + (whole & ma), b + (whole & mb), y + whole, bytes - whole);
        return true;
    }

    private static void binaryTail(Binary op, long a, long b, long y, long bytes) {
        VectorMask<Double> m = D.indexInRange(0, bytes >> 3);
        Scratch scratch = Scratch.get();
        long left = scratch.address(1);
        long right = scratch.address(2);
        long result = scratch.address(3);
        DoubleVector first = fromMemorySegment(D, ALL, a, ORDER, m);
        fromMemorySegment(D, ALL, b, ORDER, m).intoMemorySegment(ALL, right, ORDER);
        first.intoMemorySegment(ALL, left, ORDER);
        vectors(op, left, -1, right, -1, result, STEP);
        fromMemorySegment(D, ALL, result, ORDER).intoMemorySegment(ALL, y, ORDER, m);
    }

    private static boolean vectors(Binary op, long a, long ma, long b, long mb, long y, long bytes) {
        switch (op) {
            case ADD -> add(a, ma, b, mb, y, bytes);
            case SUB -> sub(a, ma, b, mb, y, bytes);
            case MUL -> mul(a, ma, b, mb, y, bytes);
            case DIV -> div(a, ma, b, mb, y, bytes);
            case MAXIMUM -> maximum(a, ma, b, mb, y, bytes);
            case MINIMUM -> minimum(a, ma, b, mb, y, bytes);
            case RELU_GRAD -> reluGrad(a, ma, b, mb, y, bytes);
            case GELU_GRAD -> DoubleMath.geluGrad(a, ma, b, mb, y, bytes);
            case GELU_TANH_GRAD -> DoubleMath.geluTanhGrad(a, ma, b, mb, y, bytes);
            case SILU_GRAD -> DoubleMath.siluGrad(a, ma, b, mb, y, bytes);
            case TANH_GRAD -> tanhGrad(a, ma, b, mb, y, bytes);
            case SIGMOID_GRAD -> sigmoidGrad(a, ma, b, mb, y, bytes);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void add(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(D, ALL, a + (i & ma), ORDER).add(fromMemorySegment(D, ALL, b + (i & mb), ORDER)).intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void sub(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(D, ALL, a + (i & ma), ORDER).sub(fromMemorySegment(D, ALL, b + (i & mb), ORDER)).intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void mul(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(D, ALL, a + (i & ma), ORDER).mul(fromMemorySegment(D, ALL, b + (i & mb), ORDER)).intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void div(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(D, ALL, a + (i & ma), ORDER).div(fromMemorySegment(D, ALL, b + (i & mb), ORDER)).intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void maximum(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(D, ALL, a + (i & ma), ORDER).max(fromMemorySegment(D, ALL, b + (i & mb), ORDER)).intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void minimum(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(D, ALL, a + (i & ma), ORDER).min(fromMemorySegment(D, ALL, b + (i & mb), ORDER)).intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void reluGrad(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(D, ALL, a + (i & ma), ORDER).blend(0.0, fromMemorySegment(D, ALL, b + (i & mb), ORDER).compare(VectorOperators.LE, 0.0)).intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void tanhGrad(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector v = fromMemorySegment(D, ALL, b + (i & mb), ORDER);
            fromMemorySegment(D, ALL, a + (i & ma), ORDER).mul(DoubleMath.ONE.sub(v.mul(v))).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    private static void sigmoidGrad(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            DoubleVector v = fromMemorySegment(D, ALL, b + (i & mb), ORDER);
            fromMemorySegment(D, ALL, a + (i & ma), ORDER).mul(v).mul(DoubleMath.ONE.sub(v)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    /** {@code y[i] = a[i] op b[i]} as bytes; false if there is no loop for it here. */
    static boolean compare(Binary op, long a, long ma, long b, long mb, long y, long n) {
        long whole = n & -DoubleMath.LANES;
        switch (op) {
            case EQ -> eq(a, ma, b, mb, y, 8 * whole);
            case NE -> ne(a, ma, b, mb, y, 8 * whole);
            case LT -> lt(a, ma, b, mb, y, 8 * whole);
            case LE -> le(a, ma, b, mb, y, 8 * whole);
            case GT -> lt(b, mb, a, ma, y, 8 * whole);
            case GE -> le(b, mb, a, ma, y, 8 * whole);
            default -> {
                return false;
            }
        }
        PlainLoops.binary(op, DType.FLOAT64, a + (8 * whole & ma), ma, b + (8 * whole & mb), mb, y + whole, n - whole);
        return true;
    }

    private static void eq(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) LongLoops.truth(y + (i >> 3), fromMemorySegment(D, ALL, a + (i & ma), ORDER).compare(VectorOperators.EQ, fromMemorySegment(D, ALL, b + (i & mb), ORDER)).toLong());
    }

    private static void ne(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) LongLoops.truth(y + (i >> 3), fromMemorySegment(D, ALL, a + (i & ma), ORDER).compare(VectorOperators.NE, fromMemorySegment(D, ALL, b + (i & mb), ORDER)).toLong());
    }

    private static void lt(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) LongLoops.truth(y + (i >> 3), fromMemorySegment(D, ALL, a + (i & ma), ORDER).compare(VectorOperators.LT, fromMemorySegment(D, ALL, b + (i & mb), ORDER)).toLong());
    }

    private static void le(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) LongLoops.truth(y + (i >> 3), fromMemorySegment(D, ALL, a + (i & ma), ORDER).compare(VectorOperators.LE, fromMemorySegment(D, ALL, b + (i & mb), ORDER)).toLong());
    }

    /** {@code y[i] = c[i] ? a[i] : b[i]}; false if there is no loop for it here. */
    static boolean where(long c, long a, long ma, long b, long mb, long y, long n) {
        if (TRUTH == null) return false;
        long whole = n & -DoubleMath.LANES;
        Scratch scratch = Scratch.get();
        choose(c, ma == 0 ? splat(a, scratch.address(0)) : a, ma, mb == 0 ? splat(b, scratch.address(1)) : b, mb, y, 8 * whole);
        PlainLoops.where(8, c + whole, -1, a + (8 * whole & ma), ma, b + (8 * whole & mb), mb, y + 8 * whole, n - whole);
        return true;
    }

    private static void choose(long c, long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            VectorMask<Double> m = fromMemorySegment(TRUTH, ALL, c + (i >> 3), ORDER).compare(VectorOperators.NE, (byte) 0).cast(D);
            fromMemorySegment(D, ALL, b + (i & mb), ORDER).blend(fromMemorySegment(D, ALL, a + (i & ma), ORDER), m).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    /** Copies n elements of eight bytes, the last one first. */
    static void reverse(long from, long to, long n) {
        long i = 0;
        for (; i + DoubleMath.LANES <= n; i += DoubleMath.LANES) {
            fromMemorySegment(D, ALL, from + 8 * (n - i) - STEP, ORDER).rearrange(BACKWARDS).intoMemorySegment(ALL, to + 8 * i, ORDER);
        }
        for (; i < n; i++) Raw.i64(to + 8 * i, Raw.i64(from + 8 * (n - 1 - i)));
    }

    /** Fills the vector at {@code to} with the number at {@code from}; returns {@code to}. */
    static long splat(long from, long to) {
        DoubleVector.broadcast(D, Raw.f64(from)).intoMemorySegment(ALL, to, ORDER);
        return to;
    }
}
