package lemma.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Element-wise loops over runs of complex numbers, stored as pairs (real, imaginary). Functions take blocks apart into real and imaginary
 * parts, so that the loops for real numbers do the work.
 */
final class ComplexLoops {
    private static final int BLOCK = 256;
    private static final long SLOT = 8 * BLOCK;
    private static final int SLOTS = 6;
    private static final ThreadLocal<MemorySegment> WORK = ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(SLOTS * SLOT, 64));
    /** Whole powers up to this are products. */
    private static final int PRODUCTS = 64;

    private ComplexLoops() {}

    // ---- one argument ----

    /** {@code y[i] = op(x[i])}; y is real for ABS. */
    static void unary(Unary op, DType type, long x, long y, long n) {
        DType t = type.toReal();
        switch (op) {
            case NEG -> CpuElementwise.loop(Unary.NEG, t, x, y, 2 * n);
            case CONJ -> conj(t, x, y, n);
            case SQUARE -> binary(Binary.MUL, type, x, -1, x, -1, y, n);
            case ABS, SQRT, RECIPROCAL, EXP, LOG -> blocks(op, t, x, y, n);
            default -> throw new IllegalArgumentException(op + " of complex numbers is not defined");
        }
    }

    private static void conj(DType t, long x, long y, long n) {
        for (long i = 0; i < n; i++) pair(t, y, i, Raw.real(t, x, 2 * i), -Raw.real(t, x, 2 * i + 1));
    }

    private static void pair(DType t, long y, long i, double re, double im) {
        Raw.real(t, y, 2 * i, re);
        Raw.real(t, y, 2 * i + 1, im);
    }

    private static void blocks(Unary op, DType t, long x, long y, long n) {
        MemorySegment work = WORK.get();
        long at = work.address();
        int size = t.bytes();
        for (long from = 0; from < n; from += BLOCK) {
            int k = (int) Math.min(BLOCK, n - from);
            long source = x + 2 * from * size;
            switch (op) {
                case ABS -> magnitudes(t, source, y + from * size, k);
                case SQRT -> sqrt(t, source, y + 2 * from * size, k);
                case RECIPROCAL -> reciprocal(t, source, y + 2 * from * size, k);
                case EXP -> exp(t, source, y + 2 * from * size, k, at);
                default -> log(t, source, y + 2 * from * size, k, at);
            }
        }
        java.lang.ref.Reference.reachabilityFence(work);
    }

    private static double magnitude(double re, double im) {
        double a = Math.abs(re);
        double b = Math.abs(im);
        if (Double.isInfinite(a) || Double.isInfinite(b)) return Double.POSITIVE_INFINITY;
        double top = Math.max(a, b);
        if (top == 0) return 0;
        double ratio = Math.min(a, b) / top;
        return top * Math.sqrt(1 + ratio * ratio);
    }

    private static void magnitudes(DType t, long x, long y, int n) {
        for (int i = 0; i < n; i++) Raw.real(t, y, i, magnitude(Raw.real(t, x, 2 * i), Raw.real(t, x, 2 * i + 1)));
    }

    /** The root with a real part that is not negative. */
    private static void sqrt(DType t, long x, long y, int n) {
        for (int i = 0; i < n; i++) {
            double re = Raw.real(t, x, 2 * i);
            double im = Raw.real(t, x, 2 * i + 1);
            double larger = Math.sqrt(0.5 * (magnitude(re, im) + Math.abs(re)));
            if (larger == 0) pair(t, y, i, 0, im);
            else if (re >= 0) pair(t, y, i, larger, im / (2 * larger));
            else pair(t, y, i, Math.abs(im) / (2 * larger), Math.copySign(larger, im));
        }
    }

    private static void reciprocal(DType t, long x, long y, int n) {
        for (int i = 0; i < n; i++) {
            double re = Raw.real(t, x, 2 * i);
            double im = Raw.real(t, x, 2 * i + 1);
            double d = re * re + im * im;
            pair(t, y, i, re / d, -im / d);
        }
    }

    private static void exp(DType t, long x, long y, int n, long work) {
        long im = work + SLOT;
        split(t, x, work, im, n);
        CpuElementwise.loop(Unary.EXP, t, work, work + 2 * SLOT, n);
        CpuElementwise.loop(Unary.COS, t, im, work + 3 * SLOT, n);
        CpuElementwise.loop(Unary.SIN, t, im, work + 4 * SLOT, n);
        for (int i = 0; i < n; i++) {
            double size = Raw.real(t, work + 2 * SLOT, i);
            boolean real = Raw.real(t, im, i) == 0;
            pair(t, y, i, real ? size : size * Raw.real(t, work + 3 * SLOT, i), real ? Raw.real(t, im, i) : size * Raw.real(t, work + 4 * SLOT, i));
        }
    }

    private static void log(DType t, long x, long y, int n, long work) {
        magnitudes(t, x, work, n);
        CpuElementwise.loop(Unary.LOG, t, work, work + SLOT, n);
        for (int i = 0; i < n; i++) pair(t, y, i, Raw.real(t, work + SLOT, i), StrictMath.atan2(Raw.real(t, x, 2 * i + 1), Raw.real(t, x, 2 * i)));
    }

    private static void split(DType t, long x, long re, long im, int n) {
        for (int i = 0; i < n; i++) {
            Raw.real(t, re, i, Raw.real(t, x, 2 * i));
            Raw.real(t, im, i, Raw.real(t, x, 2 * i + 1));
        }
    }

    // ---- two arguments ----

    /** {@code y[i] = a[i & ma] op b[i & mb]}: a mask of 0 is a scalar, of -1 a run. */
    static void binary(Binary op, DType type, long a, long ma, long b, long mb, long y, long n) {
        boolean runs = (ma & mb) == -1;
        if (runs && (op == Binary.ADD || op == Binary.SUB)) {
            CpuElementwise.loop(op, type.toReal(), a, -1, b, -1, y, 2 * n);
            return;
        }
        if (op == Binary.MUL) {
            if (type == DType.COMPLEX64) multiply32(a, ma, b, mb, y, n);
            else multiply64(a, ma, b, mb, y, n);
            return;
        }
        general(op, type.toReal(), a, ma, b, mb, y, n);
    }

    private static void multiply32(long a, long ma, long b, long mb, long y, long n) {
        for (long i = 0; i < n; i++) {
            long p = a + 8 * (i & ma);
            long q = b + 8 * (i & mb);
            float ar = Raw.f32(p);
            float ai = Raw.f32(p + 4);
            float br = Raw.f32(q);
            float bi = Raw.f32(q + 4);
            Raw.f32(y + 8 * i, ar * br - ai * bi);
            Raw.f32(y + 8 * i + 4, ar * bi + ai * br);
        }
    }

    private static void multiply64(long a, long ma, long b, long mb, long y, long n) {
        for (long i = 0; i < n; i++) {
            long p = a + 16 * (i & ma);
            long q = b + 16 * (i & mb);
            double ar = Raw.f64(p);
            double ai = Raw.f64(p + 8);
            double br = Raw.f64(q);
            double bi = Raw.f64(q + 8);
            Raw.f64(y + 16 * i, ar * br - ai * bi);
            Raw.f64(y + 16 * i + 8, ar * bi + ai * br);
        }
    }

    private static void general(Binary op, DType t, long a, long ma, long b, long mb, long y, long n) {
        for (long i = 0; i < n; i++) {
            long j = 2 * (i & ma);
            long k = 2 * (i & mb);
            double ar = Raw.real(t, a, j);
            double ai = Raw.real(t, a, j + 1);
            double br = Raw.real(t, b, k);
            double bi = Raw.real(t, b, k + 1);
            switch (op) {
                case ADD -> pair(t, y, i, ar + br, ai + bi);
                case SUB -> pair(t, y, i, ar - br, ai - bi);
                case DIV -> {
                    double d = br * br + bi * bi;
                    pair(t, y, i, (ar * br + ai * bi) / d, (ai * br - ar * bi) / d);
                }
                case POW -> power(t, y, i, ar, ai, br, bi);
                case EQ -> Raw.i8(y + i, (byte) (ar == br && ai == bi ? 1 : 0));
                case NE -> Raw.i8(y + i, (byte) (ar != br || ai != bi ? 1 : 0));
                default -> throw new IllegalArgumentException(op + " of complex numbers is not defined");
            }
        }
    }

    /** Small whole powers by squaring, others as {@code exp(b log a)}. */
    private static void power(DType t, long y, long i, double ar, double ai, double br, double bi) {
        if (bi == 0 && br == Math.rint(br) && Math.abs(br) <= PRODUCTS) {
            wholePower(t, y, i, ar, ai, (int) br);
            return;
        }
        double size = magnitude(ar, ai);
        if (size == 0) {
            pair(t, y, i, 0, 0);
            return;
        }
        double log = StrictMath.log(size);
        double angle = StrictMath.atan2(ai, ar);
        double out = StrictMath.exp(br * log - bi * angle);
        double turn = br * angle + bi * log;
        pair(t, y, i, out * StrictMath.cos(turn), out * StrictMath.sin(turn));
    }

    private static void wholePower(DType t, long y, long i, double ar, double ai, int power) {
        double re = 1;
        double im = 0;
        double xr = ar;
        double xi = ai;
        for (int e = Math.abs(power); e > 0; e >>= 1) {
            if ((e & 1) == 1) {
                double r = re * xr - im * xi;
                im = re * xi + im * xr;
                re = r;
            }
            double s = xr * xr - xi * xi;
            xi = 2 * xr * xi;
            xr = s;
        }
        if (power >= 0) {
            pair(t, y, i, re, im);
            return;
        }
        double d = re * re + im * im;
        pair(t, y, i, re / d, -im / d);
    }
}
