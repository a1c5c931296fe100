package lemma.tensor;

import static lemma.tensor.DoubleMath.D;
import static lemma.tensor.DoubleMath.STEP;
import static lemma.tensor.DoubleMath.at;
import static lemma.tensor.DoubleMath.put;
import static lemma.tensor.DoubleMath.tail;

import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Element-wise loops over runs of FLOAT64. Each function has a loop of its own: the compiler keeps vectors in registers only there. */
final class DoubleLoops {
    /** As many bytes as there are lanes; null where no vector is that short. */
    private static final VectorSpecies<Byte> TRUTH = DoubleMath.LANES < 8 ? null : VectorSpecies.of(byte.class, VectorShape.forBitSize(8 * DoubleMath.LANES));

    private DoubleLoops() {}

    /** {@code y[i] = op(x[i])} for n elements side by side; false if this class has no loop for {@code op}. */
    static boolean unary(Unary op, long x, long y, long n) {
        long bytes = 8 * n;
        long whole = bytes & -STEP;
        if (!vectors(op, x, y, whole)) return false;
        if (whole < bytes) unaryTail(op, x + whole, y + whole, tail(bytes - whole));
        return true;
    }

    // the rest goes through a whole vector of its own: a second copy of the function in its loop would pass the compiler's limit
    private static void unaryTail(Unary op, long x, long y, VectorMask<Double> m) {
        long own = Scratch.get().address(2);
        put(own, at(x, m));
        vectors(op, own, own, STEP);
        put(y, at(own), m);
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
            case TANH -> tanh(x, y, bytes);
            case SIGMOID -> sigmoid(x, y, bytes);
            case RELU -> relu(x, y, bytes);
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
        for (long i = 0; i < bytes; i += STEP) put(y + i, DoubleMath.floor(at(x + i)));
    }

    private static void ceil(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, DoubleMath.ceil(at(x + i)));
    }

    private static void round(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, DoubleMath.round(at(x + i)));
    }

    private static void exp(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, DoubleMath.exp(at(x + i)));
    }

    private static void expm1(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, DoubleMath.expm1(at(x + i)));
    }

    private static void log(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, DoubleMath.log(at(x + i)));
    }

    private static void tanh(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, DoubleMath.tanh(at(x + i)));
    }

    private static void sigmoid(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, DoubleMath.sigmoid(at(x + i)));
    }

    private static void relu(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, reluOf(at(x + i)));
    }

    private static void silu(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, DoubleMath.silu(at(x + i)));
    }

    private static DoubleVector signOf(DoubleVector x) {
        return x.blend(1, x.compare(VectorOperators.GT, 0)).blend(-1, x.compare(VectorOperators.LT, 0));
    }

    private static DoubleVector squareOf(DoubleVector x) {
        return x.mul(x);
    }

    private static DoubleVector rsqrtOf(DoubleVector x) {
        return DoubleMath.all(1).div(x.sqrt());
    }

    private static DoubleVector reciprocalOf(DoubleVector x) {
        return DoubleMath.all(1).div(x);
    }

    private static DoubleVector reluOf(DoubleVector x) {
        return x.blend(0, x.compare(VectorOperators.LT, 0));
    }

    /** {@code y[i] = a[i] op b[i]}, where a mask of 0 reads the vector at the address again and again; false if there is no loop for {@code op}. */
    static boolean binary(Binary op, long a, long ma, long b, long mb, long y, long n) {
        long bytes = 8 * n;
        long whole = bytes & -STEP;
        if (!vectors(op, a, ma, b, mb, y, whole)) return false;
        if (whole < bytes) binaryTail(op, a + (whole & ma), b + (whole & mb), y + whole, tail(bytes - whole));
        return true;
    }

    private static void binaryTail(Binary op, long a, long b, long y, VectorMask<Double> m) {
        Scratch scratch = Scratch.get();
        long left = scratch.address(2);
        long right = scratch.address(3);
        put(left, at(a, m));
        put(right, at(b, m));
        vectors(op, left, -1, right, -1, left, STEP);
        put(y, at(left), m);
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

    private static void tanhGrad(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, tanhGradOf(at(a + (i & ma)), at(b + (i & mb))));
    }

    private static void sigmoidGrad(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) put(y + i, sigmoidGradOf(at(a + (i & ma)), at(b + (i & mb))));
    }

    private static DoubleVector reluGradOf(DoubleVector g, DoubleVector x) {
        return g.blend(0, x.compare(VectorOperators.LE, 0));
    }

    private static DoubleVector tanhGradOf(DoubleVector g, DoubleVector y) {
        return g.mul(DoubleMath.all(1).sub(y.mul(y)));
    }

    private static DoubleVector sigmoidGradOf(DoubleVector g, DoubleVector y) {
        return g.mul(y).mul(DoubleMath.all(1).sub(y));
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
        for (long i = 0; i < bytes; i += STEP) LongLoops.truth(y + (i >> 3), at(a + (i & ma)).compare(VectorOperators.EQ, at(b + (i & mb))));
    }

    private static void ne(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) LongLoops.truth(y + (i >> 3), at(a + (i & ma)).compare(VectorOperators.NE, at(b + (i & mb))));
    }

    private static void lt(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) LongLoops.truth(y + (i >> 3), at(a + (i & ma)).compare(VectorOperators.LT, at(b + (i & mb))));
    }

    private static void le(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) LongLoops.truth(y + (i >> 3), at(a + (i & ma)).compare(VectorOperators.LE, at(b + (i & mb))));
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
            VectorMask<Double> m = ByteVector.fromMemorySegment(TRUTH, Memory.ALL, c + (i >> 3), ByteOrder.nativeOrder()).compare(VectorOperators.NE, (byte) 0).cast(D);
            put(y + i, at(b + (i & mb)).blend(at(a + (i & ma)), m));
        }
    }

    /** Fills the vector at {@code to} with the number at {@code from}; returns {@code to}. */
    static long splat(long from, long to) {
        put(to, DoubleVector.broadcast(D, Raw.f64(from)));
        return to;
    }
}
