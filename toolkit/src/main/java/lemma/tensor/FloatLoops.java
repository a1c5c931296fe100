package lemma.tensor;

import static lemma.tensor.FloatMath.F;
import static lemma.tensor.FloatMath.STEP;
import static lemma.tensor.FloatMath.at;
import static lemma.tensor.FloatMath.put;
import static lemma.tensor.FloatMath.tail;

import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Element-wise loops over runs of FLOAT32. Each function has a loop of its own: the compiler keeps vectors in registers only there. */
final class FloatLoops {
    /** As many bytes as there are lanes; null where no vector is that short. */
    private static final VectorSpecies<Byte> TRUTH = FloatMath.LANES < 8 ? null : VectorSpecies.of(byte.class, VectorShape.forBitSize(8 * FloatMath.LANES));

    /** Bytes that a function in stages takes at a time. */
    private static final long PIECE = Scratch.LARGE_BYTES;

    private FloatLoops() {}

    /** {@code y[i] = op(x[i])} for n elements side by side; false if this class has no loop for {@code op}. */
    static boolean unary(Unary op, long x, long y, long n) {
        long bytes = 4 * n;
        long whole = bytes & -STEP;
        if (!vectors(op, x, y, whole)) return false;
        if (whole < bytes) unaryTail(op, x + whole, y + whole, tail(bytes - whole));
        return true;
    }

    // the rest goes through a whole vector of its own: a second copy of the function in its loop would pass the compiler's limit
    private static void unaryTail(Unary op, long x, long y, VectorMask<Float> m) {
        Scratch scratch = Scratch.get();
        long own = scratch.address(2);
        long result = scratch.address(3);
        put(own, at(x, m));
        vectors(op, own, result, STEP);
        put(y, at(result), m);
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
            case FLOOR -> floor(x, y, bytes);
            case CEIL -> ceil(x, y, bytes);
            case ROUND -> round(x, y, bytes);
            case EXP -> exp(x, y, bytes);
            case EXPM1 -> expm1(x, y, bytes);
            case LOG -> log(x, y, bytes);
            case LOG1P -> log1p(x, y, bytes);
            case SIN -> sin(x, y, bytes);
            case COS -> cos(x, y, bytes);
            case TANH -> tanh(x, y, bytes);
            case ERF -> erf(x, y, bytes);
            case SIGMOID -> sigmoid(x, y, bytes);
            case SOFTPLUS -> softplus(x, y, bytes);
            case RELU -> relu(x, y, bytes);
            case GELU -> gelu(x, y, bytes);
            case GELU_TANH -> geluTanh(x, y, bytes);
            case SILU -> silu(x, y, bytes);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void neg(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, at(x + i).neg());
    }

    private static void abs(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, at(x + i).abs());
    }

    private static void sign(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, signOf(at(x + i)));
    }

    private static void square(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, squareOf(at(x + i)));
    }

    private static void sqrt(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, at(x + i).sqrt());
    }

    private static void rsqrt(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, rsqrtOf(at(x + i)));
    }

    private static void reciprocal(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, reciprocalOf(at(x + i)));
    }

    private static void floor(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, FloatMath.floor(at(x + i)));
    }

    private static void ceil(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, FloatMath.ceil(at(x + i)));
    }

    private static void round(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, FloatMath.round(at(x + i)));
    }

    private static void exp(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, FloatMath.exp(at(x + i)));
    }

    private static void expm1(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, FloatMath.expm1(at(x + i)));
    }

    private static void log(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, FloatMath.log(at(x + i)));
    }

    private static void log1p(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, FloatMath.log1p(at(x + i)));
    }

    private static void sin(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = at(x + i);
            boolean far = isFar(v);
            put(y + i, FloatMath.sin(v));
            if (far) farOut(Unary.SIN, v, y + i);
        }
    }

    private static void cos(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = at(x + i);
            boolean far = isFar(v);
            put(y + i, FloatMath.cos(v));
            if (far) farOut(Unary.COS, v, y + i);
        }
    }

    private static void tanh(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, FloatMath.tanh(at(x + i)));
    }

    private static void sigmoid(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, FloatMath.sigmoid(at(x + i)));
    }

    private static void relu(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, reluOf(at(x + i)));
    }

    private static void gelu(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, FloatMath.gelu(at(x + i)));
    }

    private static void geluTanh(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, FloatMath.geluTanh(at(x + i)));
    }

    private static void silu(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, FloatMath.silu(at(x + i)));
    }

    // ---- functions in stages, a piece at a time so that what lies between stays in the cache ----

    private static void erf(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += PIECE) {
            long n = Math.min(PIECE, bytes - i);
            erfStart(x + i, y + i, n);
            expNegative(y + i, n);
            erfEnd(x + i, y + i, n);
        }
    }

    private static void erfStart(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, FloatMath.erfStart(at(x + i)));
    }

    private static void erfEnd(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, FloatMath.erfEnd(at(x + i), at(y + i)));
    }

    private static void expNegative(long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, FloatMath.expNegative(at(y + i)));
    }

    private static void softplus(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += PIECE) {
            long n = Math.min(PIECE, bytes - i);
            softplusStart(x + i, y + i, n);
            softplusEnd(x + i, y + i, n);
        }
    }

    private static void softplusStart(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, FloatMath.exp(at(x + i).abs().neg()));
    }

    private static void softplusEnd(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, FloatMath.softplusEnd(at(x + i), at(y + i)));
    }

    private static FloatVector signOf(FloatVector x) {
        return x.blend(1f, x.compare(VectorOperators.GT, 0f)).blend(-1f, x.compare(VectorOperators.LT, 0f));
    }

    private static FloatVector squareOf(FloatVector x) {
        return x.mul(x);
    }

    private static FloatVector rsqrtOf(FloatVector x) {
        return FloatMath.all(1f).div(x.sqrt());
    }

    private static FloatVector reciprocalOf(FloatVector x) {
        return FloatMath.all(1f).div(x);
    }

    private static FloatVector reluOf(FloatVector x) {
        return x.blend(0f, x.compare(VectorOperators.LT, 0f));
    }

    /** Replaces what the range of the polynomials does not reach. */
    private static void farOut(Unary op, FloatVector x, long y) {
        float[] v = x.toArray();
        for (int k = 0; k < v.length; k++) {
            if (!(Math.abs(v[k]) <= FloatMath.CIRCLE_LIMIT)) Raw.f32(y + 4 * k, (float) PlainMath.unary(op, (double) v[k]));
        }
    }

    private static boolean isFar(FloatVector x) {
        return !x.abs().compare(VectorOperators.LE, FloatMath.CIRCLE_LIMIT).allTrue();
    }

    /** {@code y[i] = a[i] op b[i]}, where a mask of 0 reads the vector at the address again and again; false if there is no loop for {@code op}. */
    static boolean binary(Binary op, long a, long ma, long b, long mb, long y, long n) {
        long bytes = 4 * n;
        long whole = bytes & -STEP;
        if (!vectors(op, a, ma, b, mb, y, whole)) return false;
        if (whole < bytes) binaryTail(op, a + (whole & ma), b + (whole & mb), y + whole, tail(bytes - whole));
        return true;
    }

    private static void binaryTail(Binary op, long a, long b, long y, VectorMask<Float> m) {
        Scratch scratch = Scratch.get();
        long left = scratch.address(1);
        long right = scratch.address(2);
        long result = scratch.address(3);
        FloatVector first = at(a, m);
        put(right, at(b, m));
        put(left, first);
        vectors(op, left, -1, right, -1, result, STEP);
        put(y, at(result), m);
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
            case GELU_GRAD -> geluGrad(a, ma, b, mb, y, bytes);
            case GELU_TANH_GRAD -> geluTanhGrad(a, ma, b, mb, y, bytes);
            case SILU_GRAD -> siluGrad(a, ma, b, mb, y, bytes);
            case TANH_GRAD -> tanhGrad(a, ma, b, mb, y, bytes);
            case SIGMOID_GRAD -> sigmoidGrad(a, ma, b, mb, y, bytes);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void add(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, at(a + (i & ma)).add(at(b + (i & mb))));
    }

    private static void sub(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, at(a + (i & ma)).sub(at(b + (i & mb))));
    }

    private static void mul(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, at(a + (i & ma)).mul(at(b + (i & mb))));
    }

    private static void div(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, at(a + (i & ma)).div(at(b + (i & mb))));
    }

    private static void maximum(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, at(a + (i & ma)).max(at(b + (i & mb))));
    }

    private static void minimum(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, at(a + (i & ma)).min(at(b + (i & mb))));
    }

    private static void reluGrad(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, reluGradOf(at(a + (i & ma)), at(b + (i & mb))));
    }

    private static void geluGrad(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, FloatMath.geluGrad(at(a + (i & ma)), at(b + (i & mb))));
    }

    private static void geluTanhGrad(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, FloatMath.geluTanhGrad(at(a + (i & ma)), at(b + (i & mb))));
    }

    private static void siluGrad(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, FloatMath.siluGrad(at(a + (i & ma)), at(b + (i & mb))));
    }

    private static void tanhGrad(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, tanhGradOf(at(a + (i & ma)), at(b + (i & mb))));
    }

    private static void sigmoidGrad(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, sigmoidGradOf(at(a + (i & ma)), at(b + (i & mb))));
    }

    private static FloatVector reluGradOf(FloatVector g, FloatVector x) {
        return g.blend(0f, x.compare(VectorOperators.LE, 0f));
    }

    private static FloatVector tanhGradOf(FloatVector g, FloatVector y) {
        return g.mul(FloatMath.all(1f).sub(y.mul(y)));
    }

    private static FloatVector sigmoidGradOf(FloatVector g, FloatVector y) {
        return g.mul(y).mul(FloatMath.all(1f).sub(y));
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

    private static void truth(long address, VectorMask<Float> m) {
        ByteVector.zero(TRUTH).blend((byte) 1, m.cast(TRUTH)).intoMemorySegment(Memory.ALL, address, ByteOrder.nativeOrder());
    }

    private static void eq(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) truth(y + (i >> 2), at(a + (i & ma)).compare(VectorOperators.EQ, at(b + (i & mb))));
    }

    private static void ne(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) truth(y + (i >> 2), at(a + (i & ma)).compare(VectorOperators.NE, at(b + (i & mb))));
    }

    private static void lt(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) truth(y + (i >> 2), at(a + (i & ma)).compare(VectorOperators.LT, at(b + (i & mb))));
    }

    private static void le(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) truth(y + (i >> 2), at(a + (i & ma)).compare(VectorOperators.LE, at(b + (i & mb))));
    }

    private static void gt(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) truth(y + (i >> 2), at(a + (i & ma)).compare(VectorOperators.GT, at(b + (i & mb))));
    }

    private static void ge(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) truth(y + (i >> 2), at(a + (i & ma)).compare(VectorOperators.GE, at(b + (i & mb))));
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
            VectorMask<Float> m = ByteVector.fromMemorySegment(TRUTH, Memory.ALL, c + (i >> 2), ByteOrder.nativeOrder()).compare(VectorOperators.NE, (byte) 0).cast(F);
            put(y + i, at(b + (i & mb)).blend(at(a + (i & ma)), m));
        }
    }

    /** Copies n elements of four bytes; for runs too short for a bulk copy. */
    static void copy(long from, long to, long n) {
        long bytes = 4 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(to + i, at(from + i));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(to + i, at(from + i, m), m);
    }

    /** Fills the vector at {@code to} with the number at {@code from}; returns {@code to}. */
    static long splat(long from, long to) {
        put(to, FloatVector.broadcast(F, Raw.f32(from)));
        return to;
    }
}
