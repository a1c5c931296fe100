package lemma.tensor;

/** Element-wise loops over runs of any real type without vector instructions. */
final class PlainLoops {
    private PlainLoops() {}

    static void unary(Unary op, DType type, long x, long y, long n) {
        if (type == DType.FLOAT32) {
            for (long i = 0; i < n; i++) Raw.f32(y + 4 * i, (float) PlainMath.unary(op, (double) Raw.f32(x + 4 * i)));
        } else if (type == DType.FLOAT64) {
            for (long i = 0; i < n; i++) Raw.f64(y + 8 * i, PlainMath.unary(op, Raw.f64(x + 8 * i)));
        } else {
            for (long i = 0; i < n; i++) Raw.integer(type, y, i, PlainMath.unary(op, Raw.integer(type, x, i)));
        }
    }

    /** {@code y[i] = a[i & ma] op b[i & mb]}: a mask of 0 is a scalar, of -1 a run. */
    static void binary(Binary op, DType type, long a, long ma, long b, long mb, long y, long n) {
        if (op.isLogical()) compare(op, type, a, ma, b, mb, y, n);
        else if (type == DType.FLOAT32) float32(op, a, ma, b, mb, y, n);
        else if (type == DType.FLOAT64) float64(op, a, ma, b, mb, y, n);
        else integers(op, type, a, ma, b, mb, y, n);
    }

    private static void float32(Binary op, long a, long ma, long b, long mb, long y, long n) {
        for (long i = 0; i < n; i++) {
            Raw.f32(y + 4 * i, (float) PlainMath.binary(op, (double) Raw.f32(a + 4 * (i & ma)), Raw.f32(b + 4 * (i & mb))));
        }
    }

    private static void float64(Binary op, long a, long ma, long b, long mb, long y, long n) {
        for (long i = 0; i < n; i++) Raw.f64(y + 8 * i, PlainMath.binary(op, Raw.f64(a + 8 * (i & ma)), Raw.f64(b + 8 * (i & mb))));
    }

    private static void integers(Binary op, DType type, long a, long ma, long b, long mb, long y, long n) {
        for (long i = 0; i < n; i++) {
            Raw.integer(type, y, i, PlainMath.binary(op, Raw.integer(type, a, i & ma), Raw.integer(type, b, i & mb)));
        }
    }

    private static void compare(Binary op, DType type, long a, long ma, long b, long mb, long y, long n) {
        if (type.isFloat()) {
            for (long i = 0; i < n; i++) truth(y + i, PlainMath.compare(op, Raw.real(type, a, i & ma), Raw.real(type, b, i & mb)));
        } else {
            for (long i = 0; i < n; i++) truth(y + i, PlainMath.compare(op, Raw.integer(type, a, i & ma), Raw.integer(type, b, i & mb)));
        }
    }

    private static void truth(long address, boolean v) {
        Raw.i8(address, (byte) (v ? 1 : 0));
    }

    private static void pair(DType part, long y, long i, double re, double im) {
        Raw.real(part, y, 2 * i, re);
        Raw.real(part, y, 2 * i + 1, im);
    }

    // ---- conversion ----

    static void cast(DType from, DType to, long x, long y, long n) {
        if (from.isComplex() || to.isComplex()) castComplex(from, to, x, y, n);
        else if (to.isFloat()) toFloats(from, to, x, y, n);
        else if (to == DType.INT64) toLongs(from, x, y, n);
        else if (to == DType.BOOL && from == DType.FLOAT32) floatsToTruths(x, y, n);
        else if (to == DType.BOOL) for (long i = 0; i < n; i++) truth(y + i, Raw.real(from, x, i) != 0);
        else if (to == DType.INT32 && from == DType.FLOAT32) floatsToInts(x, y, n);
        else if (to == DType.INT32 && from == DType.FLOAT64) doublesToInts(x, y, n);
        else if (from.isFloat()) for (long i = 0; i < n; i++) Raw.integer(to, y, i, (long) Raw.real(from, x, i));
        else for (long i = 0; i < n; i++) Raw.integer(to, y, i, Raw.integer(from, x, i));
    }

    private static void toFloats(DType from, DType to, long x, long y, long n) {
        if (to == DType.FLOAT32) {
            switch (from) {
                case FLOAT64 -> narrow(x, y, n);
                case BOOL, UINT8 -> bytesToFloats(x, y, n);
                case INT32 -> intsToFloats(x, y, n);
                default -> longsToFloats(x, y, n);
            }
        } else {
            switch (from) {
                case FLOAT32 -> widen(x, y, n);
                case BOOL, UINT8 -> bytesToDoubles(x, y, n);
                case INT32 -> intsToDoubles(x, y, n);
                default -> longsToDoubles(x, y, n);
            }
        }
    }

    // a loop in a method of its own each, which the compiler finds hot one by one

    private static void narrow(long x, long y, long n) {
        for (long i = 0; i < n; i++) Raw.f32(y + 4 * i, (float) Raw.f64(x + 8 * i));
    }

    private static void widen(long x, long y, long n) {
        for (long i = 0; i < n; i++) Raw.f64(y + 8 * i, Raw.f32(x + 4 * i));
    }

    private static void bytesToFloats(long x, long y, long n) {
        for (long i = 0; i < n; i++) Raw.f32(y + 4 * i, Raw.i8(x + i) & 255);
    }

    private static void intsToFloats(long x, long y, long n) {
        for (long i = 0; i < n; i++) Raw.f32(y + 4 * i, Raw.i32(x + 4 * i));
    }

    private static void longsToFloats(long x, long y, long n) {
        for (long i = 0; i < n; i++) Raw.f32(y + 4 * i, Raw.i64(x + 8 * i));
    }

    private static void bytesToDoubles(long x, long y, long n) {
        for (long i = 0; i < n; i++) Raw.f64(y + 8 * i, Raw.i8(x + i) & 255);
    }

    private static void intsToDoubles(long x, long y, long n) {
        for (long i = 0; i < n; i++) Raw.f64(y + 8 * i, Raw.i32(x + 4 * i));
    }

    private static void longsToDoubles(long x, long y, long n) {
        for (long i = 0; i < n; i++) Raw.f64(y + 8 * i, Raw.i64(x + 8 * i));
    }

    private static void bytesToLongs(long x, long y, long n) {
        for (long i = 0; i < n; i++) Raw.i64(y + 8 * i, Raw.i8(x + i) & 255);
    }

    private static void floatsToLongs(long x, long y, long n) {
        for (long i = 0; i < n; i++) Raw.i64(y + 8 * i, (long) Raw.f32(x + 4 * i));
    }

    private static void doublesToLongs(long x, long y, long n) {
        for (long i = 0; i < n; i++) Raw.i64(y + 8 * i, (long) Raw.f64(x + 8 * i));
    }

    private static void floatsToInts(long x, long y, long n) {
        for (long i = 0; i < n; i++) Raw.i32(y + 4 * i, (int) Raw.f32(x + 4 * i));
    }

    private static void doublesToInts(long x, long y, long n) {
        for (long i = 0; i < n; i++) Raw.i32(y + 4 * i, (int) Raw.f64(x + 8 * i));
    }

    private static void floatsToTruths(long x, long y, long n) {
        for (long i = 0; i < n; i++) truth(y + i, Raw.f32(x + 4 * i) != 0);
    }

    private static void toLongs(DType from, long x, long y, long n) {
        switch (from) {
            case FLOAT32 -> floatsToLongs(x, y, n);
            case FLOAT64 -> doublesToLongs(x, y, n);
            case BOOL, UINT8 -> bytesToLongs(x, y, n);
            default -> { for (long i = 0; i < n; i++) Raw.i64(y + 8 * i, Raw.integer(from, x, i)); }
        }
    }

    private static void castComplex(DType from, DType to, long x, long y, long n) {
        if (from.isComplex() && to.isComplex()) {
            cast(from.toReal(), to.toReal(), x, y, 2 * n);
        } else if (from.isComplex()) {
            DType part = from.toReal();
            if (to == DType.BOOL) for (long i = 0; i < n; i++) truth(y + i, Raw.real(part, x, 2 * i) != 0 || Raw.real(part, x, 2 * i + 1) != 0);
            else for (long i = 0; i < n; i++) put(to, y, i, Raw.real(part, x, 2 * i));
        } else {
            for (long i = 0; i < n; i++) pair(to.toReal(), y, i, Raw.real(from, x, i), 0);
        }
    }

    /** Sets element {@code i} of a run of any real type, converting as {@link #cast} does. */
    static void put(DType to, long y, long i, double v) {
        if (to.isFloat()) Raw.real(to, y, i, v);
        else if (to == DType.BOOL) truth(y + i, v != 0);
        else Raw.integer(to, y, i, (long) v);
    }

    // ---- choice ----

    /** {@code y[i] = c[i & mc] ? a[i & ma] : b[i & mb]} of elements of {@code size} bytes. */
    static void where(int size, long c, long mc, long a, long ma, long b, long mb, long y, long n) {
        switch (size) {
            case 1 -> { for (long i = 0; i < n; i++) Raw.i8(y + i, Raw.i8(Raw.i8(c + (i & mc)) != 0 ? a + (i & ma) : b + (i & mb))); }
            case 4 -> { for (long i = 0; i < n; i++) Raw.i32(y + 4 * i, Raw.i8(c + (i & mc)) != 0 ? Raw.i32(a + 4 * (i & ma)) : Raw.i32(b + 4 * (i & mb))); }
            case 8 -> { for (long i = 0; i < n; i++) Raw.i64(y + 8 * i, Raw.i8(c + (i & mc)) != 0 ? Raw.i64(a + 8 * (i & ma)) : Raw.i64(b + 8 * (i & mb))); }
            default -> { for (long i = 0; i < n; i++) Raw.copy(Raw.i8(c + (i & mc)) != 0 ? a + size * (i & ma) : b + size * (i & mb), y + size * i, size); }
        }
    }
}
