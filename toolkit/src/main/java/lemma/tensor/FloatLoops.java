package lemma.tensor;

import static lemma.tensor.FloatMath.F;
import static lemma.tensor.FloatMath.STEP;
import static lemma.tensor.FloatMath.at;
import static lemma.tensor.FloatMath.put;
import static lemma.tensor.FloatMath.tail;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Element-wise loops over runs of FLOAT32. Each function has a loop of its own: the compiler keeps vectors in registers only there. */
final class FloatLoops {
    private FloatLoops() {}

    /** {@code y[i] = op(x[i])} for n elements side by side; false if this class has no loop for {@code op}. */
    static boolean unary(Unary op, long x, long y, long n) {
        long bytes = 4 * n;
        switch (op) {
            case NEG -> neg(x, y, bytes);
            case ABS -> abs(x, y, bytes);
            case SIGN -> sign(x, y, bytes);
            case SQUARE -> square(x, y, bytes);
            case SQRT -> sqrt(x, y, bytes);
            case RSQRT -> rsqrt(x, y, bytes);
            case RECIPROCAL -> reciprocal(x, y, bytes);
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
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, at(x + i).neg());
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, at(x + i, m).neg(), m);
    }

    private static void abs(long x, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, at(x + i).abs());
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, at(x + i, m).abs(), m);
    }

    private static void sign(long x, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, signOf(at(x + i)));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, signOf(at(x + i, m)), m);
    }

    private static void square(long x, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, squareOf(at(x + i)));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, squareOf(at(x + i, m)), m);
    }

    private static void sqrt(long x, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, at(x + i).sqrt());
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, at(x + i, m).sqrt(), m);
    }

    private static void rsqrt(long x, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, rsqrtOf(at(x + i)));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, rsqrtOf(at(x + i, m)), m);
    }

    private static void reciprocal(long x, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, reciprocalOf(at(x + i)));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, reciprocalOf(at(x + i, m)), m);
    }

    private static void exp(long x, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, FloatMath.exp(at(x + i)));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, FloatMath.exp(at(x + i, m)), m);
    }

    private static void expm1(long x, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, FloatMath.expm1(at(x + i)));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, FloatMath.expm1(at(x + i, m)), m);
    }

    private static void log(long x, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, FloatMath.log(at(x + i)));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, FloatMath.log(at(x + i, m)), m);
    }

    private static void log1p(long x, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, FloatMath.log1p(at(x + i)));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, FloatMath.log1p(at(x + i, m)), m);
    }

    private static void sin(long x, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) {
            FloatVector v = at(x + i);
            boolean far = isFar(v);
            put(y + i, FloatMath.sin(v));
            if (far) farOut(Unary.SIN, v, y + i);
        }
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        FloatVector v = at(x + i, m);
        boolean far = isFar(v);
        put(y + i, FloatMath.sin(v), m);
        if (far) farOut(Unary.SIN, v, y + i);
    }

    private static void cos(long x, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) {
            FloatVector v = at(x + i);
            boolean far = isFar(v);
            put(y + i, FloatMath.cos(v));
            if (far) farOut(Unary.COS, v, y + i);
        }
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        FloatVector v = at(x + i, m);
        boolean far = isFar(v);
        put(y + i, FloatMath.cos(v), m);
        if (far) farOut(Unary.COS, v, y + i);
    }

    private static void tanh(long x, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, FloatMath.tanh(at(x + i)));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, FloatMath.tanh(at(x + i, m)), m);
    }

    private static void erf(long x, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, FloatMath.erf(at(x + i)));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, FloatMath.erf(at(x + i, m)), m);
    }

    private static void sigmoid(long x, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, FloatMath.sigmoid(at(x + i)));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, FloatMath.sigmoid(at(x + i, m)), m);
    }

    private static void softplus(long x, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, FloatMath.softplus(at(x + i)));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, FloatMath.softplus(at(x + i, m)), m);
    }

    private static void relu(long x, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, reluOf(at(x + i)));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, reluOf(at(x + i, m)), m);
    }

    private static void gelu(long x, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, FloatMath.gelu(at(x + i)));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, FloatMath.gelu(at(x + i, m)), m);
    }

    private static void geluTanh(long x, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, FloatMath.geluTanh(at(x + i)));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, FloatMath.geluTanh(at(x + i, m)), m);
    }

    private static void silu(long x, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, FloatMath.silu(at(x + i)));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, FloatMath.silu(at(x + i, m)), m);
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
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, at(a + (i & ma)).add(at(b + (i & mb))));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, at(a + (i & ma), m).add(at(b + (i & mb), m)), m);
    }

    private static void sub(long a, long ma, long b, long mb, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, at(a + (i & ma)).sub(at(b + (i & mb))));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, at(a + (i & ma), m).sub(at(b + (i & mb), m)), m);
    }

    private static void mul(long a, long ma, long b, long mb, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, at(a + (i & ma)).mul(at(b + (i & mb))));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, at(a + (i & ma), m).mul(at(b + (i & mb), m)), m);
    }

    private static void div(long a, long ma, long b, long mb, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, at(a + (i & ma)).div(at(b + (i & mb))));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, at(a + (i & ma), m).div(at(b + (i & mb), m)), m);
    }

    private static void maximum(long a, long ma, long b, long mb, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, at(a + (i & ma)).max(at(b + (i & mb))));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, at(a + (i & ma), m).max(at(b + (i & mb), m)), m);
    }

    private static void minimum(long a, long ma, long b, long mb, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, at(a + (i & ma)).min(at(b + (i & mb))));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, at(a + (i & ma), m).min(at(b + (i & mb), m)), m);
    }

    private static void reluGrad(long a, long ma, long b, long mb, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, reluGradOf(at(a + (i & ma)), at(b + (i & mb))));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, reluGradOf(at(a + (i & ma), m), at(b + (i & mb), m)), m);
    }

    private static void geluGrad(long a, long ma, long b, long mb, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, FloatMath.geluGrad(at(a + (i & ma)), at(b + (i & mb))));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, FloatMath.geluGrad(at(a + (i & ma), m), at(b + (i & mb), m)), m);
    }

    private static void geluTanhGrad(long a, long ma, long b, long mb, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, FloatMath.geluTanhGrad(at(a + (i & ma)), at(b + (i & mb))));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, FloatMath.geluTanhGrad(at(a + (i & ma), m), at(b + (i & mb), m)), m);
    }

    private static void siluGrad(long a, long ma, long b, long mb, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, FloatMath.siluGrad(at(a + (i & ma)), at(b + (i & mb))));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, FloatMath.siluGrad(at(a + (i & ma), m), at(b + (i & mb), m)), m);
    }

    private static void tanhGrad(long a, long ma, long b, long mb, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, tanhGradOf(at(a + (i & ma)), at(b + (i & mb))));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, tanhGradOf(at(a + (i & ma), m), at(b + (i & mb), m)), m);
    }

    private static void sigmoidGrad(long a, long ma, long b, long mb, long y, long bytes) {
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) put(y + i, sigmoidGradOf(at(a + (i & ma)), at(b + (i & mb))));
        if (i == bytes) return;
        VectorMask<Float> m = tail(bytes - i);
        put(y + i, sigmoidGradOf(at(a + (i & ma), m), at(b + (i & mb), m)), m);
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

    /** Fills the vector at {@code to} with the number at {@code from}; returns {@code to}. */
    static long splat(long from, long to) {
        put(to, FloatVector.broadcast(F, Raw.f32(from)));
        return to;
    }
}
