package lemma.tensor;

import static jdk.incubator.vector.ByteVector.fromMemorySegment;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static lemma.tensor.FloatMath.F;
import static lemma.tensor.FloatMath.STEP;
import static lemma.tensor.Memory.ALL;
import static lemma.tensor.Memory.ORDER;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Element-wise loops over runs of FLOAT32. Each function has a loop of its own: the compiler keeps vectors in registers only there. */
final class FloatLoops {
    /** As many bytes as there are lanes; null where no vector is that short. */
    private static final VectorSpecies<Byte> TRUTH = FloatMath.LANES < 8 ? null : VectorSpecies.of(byte.class, VectorShape.forBitSize(8 * FloatMath.LANES));

    private static final VectorShuffle<Float> BACKWARDS = VectorShuffle.iota(F, FloatMath.LANES - 1, -1, true);

    private FloatLoops() {}

    /** {@code y[i] = op(x[i])} for n elements side by side; false if this class has no loop for {@code op}. */
    static boolean unary(Unary op, long x, long y, long n) {
        long bytes = 4 * n;
        long whole = bytes & -STEP;
        if (!vectors(op, x, y, whole)) return false;
        if (whole < bytes) unaryTail(op, x + whole, y + whole, bytes - whole);
        return true;
    }

    // the rest goes through a whole vector of its own: a second copy of the function in its loop would pass the compiler's limit
    private static void unaryTail(Unary op, long x, long y, long bytes) {
        VectorMask<Float> m = F.indexInRange(0, bytes >> 2);
        Scratch scratch = Scratch.get();
        long own = scratch.address(2);
        long result = scratch.address(3);
        fromMemorySegment(F, ALL, x, ORDER, m).intoMemorySegment(ALL, own, ORDER);
        vectors(op, own, result, STEP);
        fromMemorySegment(F, ALL, result, ORDER).intoMemorySegment(ALL, y, ORDER, m);
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
            case FLOOR -> FloatMath.floor(x, y, bytes);
            case CEIL -> FloatMath.ceil(x, y, bytes);
            case ROUND -> FloatMath.round(x, y, bytes);
            case EXP -> FloatMath.exp(x, 1, y, bytes);
            case EXPM1 -> FloatMath.expm1(x, y, bytes);
            case LOG -> FloatMath.log(x, y, bytes);
            case LOG1P -> FloatMath.log1p(x, y, bytes);
            case SIN -> FloatMath.circle(x, 0, y, bytes, (p, q) -> farOut(Unary.SIN, p, q));
            case COS -> FloatMath.circle(x, 1, y, bytes, (p, q) -> farOut(Unary.COS, p, q));
            case TANH -> FloatMath.tanh(x, y, bytes);
            case ERF -> FloatMath.erf(x, y, bytes);
            case ASIN -> FloatArc.asin(x, y, bytes);
            case ACOS -> FloatArc.acos(x, y, bytes);
            case SIGMOID -> FloatMath.sigmoid(x, y, bytes);
            case SOFTPLUS -> FloatMath.softplus(x, y, bytes);
            case RELU -> relu(x, y, bytes);
            case GELU -> FloatMath.gelu(x, y, bytes);
            case GELU_TANH -> FloatMath.geluTanh(x, y, bytes);
            case SILU -> FloatMath.silu(x, y, bytes);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void neg(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(F, ALL, x + i, ORDER).neg().intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void abs(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(F, ALL, x + i, ORDER).abs().intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void sign(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = fromMemorySegment(F, ALL, x + i, ORDER);
            v.blend(1f, v.compare(VectorOperators.GT, 0f)).blend(-1f, v.compare(VectorOperators.LT, 0f)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    private static void square(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = fromMemorySegment(F, ALL, x + i, ORDER);
            v.mul(v).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    private static void sqrt(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(F, ALL, x + i, ORDER).sqrt().intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void rsqrt(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) FloatMath.ONE.div(fromMemorySegment(F, ALL, x + i, ORDER).sqrt()).intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void reciprocal(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) FloatMath.ONE.div(fromMemorySegment(F, ALL, x + i, ORDER)).intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void relu(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = fromMemorySegment(F, ALL, x + i, ORDER);
            v.blend(0f, v.compare(VectorOperators.LT, 0f)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    /** Replaces what the range of the polynomials does not reach. */
    private static void farOut(Unary op, long x, long y) {
        for (long i = 0; i < STEP; i += 4) {
            float v = Raw.f32(x + i);
            if (!(Math.abs(v) <= FloatMath.CIRCLE_LIMIT)) Raw.f32(y + i, (float) PlainMath.unary(op, (double) v));
        }
    }

    /** {@code y[i] = a[i] op b[i]}, where a mask of 0 reads the vector at the address again and again; false if there is no loop for {@code op}. */
    static boolean binary(Binary op, long a, long ma, long b, long mb, long y, long n) {
        long bytes = 4 * n;
        long whole = bytes & -STEP;
        if (!vectors(op, a, ma, b, mb, y, whole)) return false;
        if (whole < bytes) binaryTail(op, a + (whole & ma), b + (whole & mb), y + whole, bytes - whole);
        return true;
    }

    private static void binaryTail(Binary op, long a, long b, long y, long bytes) {
        VectorMask<Float> m = F.indexInRange(0, bytes >> 2);
        Scratch scratch = Scratch.get();
        long left = scratch.address(1);
        long right = scratch.address(2);
        long result = scratch.address(3);
        FloatVector first = fromMemorySegment(F, ALL, a, ORDER, m);
        fromMemorySegment(F, ALL, b, ORDER, m).intoMemorySegment(ALL, right, ORDER);
        first.intoMemorySegment(ALL, left, ORDER);
        vectors(op, left, -1, right, -1, result, STEP);
        fromMemorySegment(F, ALL, result, ORDER).intoMemorySegment(ALL, y, ORDER, m);
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
            case GELU_GRAD -> FloatMath.geluGrad(a, ma, b, mb, y, bytes);
            case GELU_TANH_GRAD -> FloatMath.geluTanhGrad(a, ma, b, mb, y, bytes);
            case SILU_GRAD -> FloatMath.siluGrad(a, ma, b, mb, y, bytes);
            case TANH_GRAD -> tanhGrad(a, ma, b, mb, y, bytes);
            case SIGMOID_GRAD -> sigmoidGrad(a, ma, b, mb, y, bytes);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void add(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(F, ALL, a + (i & ma), ORDER).add(fromMemorySegment(F, ALL, b + (i & mb), ORDER)).intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void sub(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(F, ALL, a + (i & ma), ORDER).sub(fromMemorySegment(F, ALL, b + (i & mb), ORDER)).intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void mul(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(F, ALL, a + (i & ma), ORDER).mul(fromMemorySegment(F, ALL, b + (i & mb), ORDER)).intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void div(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(F, ALL, a + (i & ma), ORDER).div(fromMemorySegment(F, ALL, b + (i & mb), ORDER)).intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void maximum(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(F, ALL, a + (i & ma), ORDER).max(fromMemorySegment(F, ALL, b + (i & mb), ORDER)).intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void minimum(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(F, ALL, a + (i & ma), ORDER).min(fromMemorySegment(F, ALL, b + (i & mb), ORDER)).intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void reluGrad(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(F, ALL, a + (i & ma), ORDER).blend(0f, fromMemorySegment(F, ALL, b + (i & mb), ORDER).compare(VectorOperators.LE, 0f)).intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void tanhGrad(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = fromMemorySegment(F, ALL, b + (i & mb), ORDER);
            fromMemorySegment(F, ALL, a + (i & ma), ORDER).mul(FloatMath.ONE.sub(v.mul(v))).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    private static void sigmoidGrad(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = fromMemorySegment(F, ALL, b + (i & mb), ORDER);
            fromMemorySegment(F, ALL, a + (i & ma), ORDER).mul(v).mul(FloatMath.ONE.sub(v)).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    /** {@code y[i] = a[i] op b[i]} as bytes; false if there is no loop for it here. */
    static boolean compare(Binary op, long a, long ma, long b, long mb, long y, long n) {
        if (TRUTH == null) return false;
        // whole vectors only: a mask has no masked store of bytes on every machine
        long whole = n & -FloatMath.LANES;
        switch (op) {
            case EQ -> eq(a, ma, b, mb, y, 4 * whole);
            case NE -> ne(a, ma, b, mb, y, 4 * whole);
            case LT -> lt(a, ma, b, mb, y, 4 * whole);
            case LE -> le(a, ma, b, mb, y, 4 * whole);
            case GT -> gt(a, ma, b, mb, y, 4 * whole);
            case GE -> ge(a, ma, b, mb, y, 4 * whole);
            default -> {
                return false;
            }
        }
        PlainLoops.binary(op, DType.FLOAT32, a + (4 * whole & ma), ma, b + (4 * whole & mb), mb, y + whole, n - whole);
        return true;
    }

    private static void eq(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) ByteVector.zero(TRUTH).blend((byte) 1, fromMemorySegment(F, ALL, a + (i & ma), ORDER).compare(VectorOperators.EQ, fromMemorySegment(F, ALL, b + (i & mb), ORDER)).cast(TRUTH)).intoMemorySegment(ALL, y + (i >> 2), ORDER);
    }

    private static void ne(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) ByteVector.zero(TRUTH).blend((byte) 1, fromMemorySegment(F, ALL, a + (i & ma), ORDER).compare(VectorOperators.NE, fromMemorySegment(F, ALL, b + (i & mb), ORDER)).cast(TRUTH)).intoMemorySegment(ALL, y + (i >> 2), ORDER);
    }

    private static void lt(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) ByteVector.zero(TRUTH).blend((byte) 1, fromMemorySegment(F, ALL, a + (i & ma), ORDER).compare(VectorOperators.LT, fromMemorySegment(F, ALL, b + (i & mb), ORDER)).cast(TRUTH)).intoMemorySegment(ALL, y + (i >> 2), ORDER);
    }

    private static void le(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) ByteVector.zero(TRUTH).blend((byte) 1, fromMemorySegment(F, ALL, a + (i & ma), ORDER).compare(VectorOperators.LE, fromMemorySegment(F, ALL, b + (i & mb), ORDER)).cast(TRUTH)).intoMemorySegment(ALL, y + (i >> 2), ORDER);
    }

    private static void gt(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) ByteVector.zero(TRUTH).blend((byte) 1, fromMemorySegment(F, ALL, a + (i & ma), ORDER).compare(VectorOperators.GT, fromMemorySegment(F, ALL, b + (i & mb), ORDER)).cast(TRUTH)).intoMemorySegment(ALL, y + (i >> 2), ORDER);
    }

    private static void ge(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) ByteVector.zero(TRUTH).blend((byte) 1, fromMemorySegment(F, ALL, a + (i & ma), ORDER).compare(VectorOperators.GE, fromMemorySegment(F, ALL, b + (i & mb), ORDER)).cast(TRUTH)).intoMemorySegment(ALL, y + (i >> 2), ORDER);
    }

    /** {@code y[i] = x[i] != 0} as bytes; false if there is no loop for it here. */
    static boolean truths(long x, long y, long n) {
        long zero = Scratch.get().address(1);
        FloatMath.ZERO.intoMemorySegment(ALL, zero, ORDER);
        return compare(Binary.NE, x, -1, zero, 0, y, n);
    }

    /** {@code y[i] = c[i] ? a[i] : b[i]}; false if there is no loop for it here. */
    static boolean where(long c, long a, long ma, long b, long mb, long y, long n) {
        if (TRUTH == null) return false;
        long whole = n & -FloatMath.LANES;
        Scratch scratch = Scratch.get();
        choose(c, ma == 0 ? splat(a, scratch.address(0)) : a, ma, mb == 0 ? splat(b, scratch.address(1)) : b, mb, y, 4 * whole);
        PlainLoops.where(4, c + whole, -1, a + (4 * whole & ma), ma, b + (4 * whole & mb), mb, y + 4 * whole, n - whole);
        return true;
    }

    private static void choose(long c, long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            VectorMask<Float> m = fromMemorySegment(TRUTH, ALL, c + (i >> 2), ORDER).compare(VectorOperators.NE, (byte) 0).cast(F);
            fromMemorySegment(F, ALL, b + (i & mb), ORDER).blend(fromMemorySegment(F, ALL, a + (i & ma), ORDER), m).intoMemorySegment(ALL, y + i, ORDER);
        }
    }

    /** Copies n elements of four bytes; for runs too short for a bulk copy. */
    static void copy(long from, long to, long n) {
        long bytes = 4 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) fromMemorySegment(F, ALL, from + i, ORDER).intoMemorySegment(ALL, to + i, ORDER);
        if (i == bytes) return;
        VectorMask<Float> m = F.indexInRange(0, (bytes - i) >> 2);
        fromMemorySegment(F, ALL, from + i, ORDER, m).intoMemorySegment(ALL, to + i, ORDER, m);
    }

    /** Copies n elements of four bytes, the last one first. */
    static void reverse(long from, long to, long n) {
        long i = 0;
        for (; i + FloatMath.LANES <= n; i += FloatMath.LANES) {
            fromMemorySegment(F, ALL, from + 4 * (n - i) - STEP, ORDER).rearrange(BACKWARDS).intoMemorySegment(ALL, to + 4 * i, ORDER);
        }
        for (; i < n; i++) Raw.i32(to + 4 * i, Raw.i32(from + 4 * (n - 1 - i)));
    }

    /** Fills the vector at {@code to} with the number at {@code from}; returns {@code to}. */
    static long splat(long from, long to) {
        FloatVector.broadcast(F, Raw.f32(from)).intoMemorySegment(ALL, to, ORDER);
        return to;
    }
}
