package lemma.tensor;

/** Element-wise operations: finds runs that lie side by side and hands them to the loops. */
final class CpuElementwise {
    private CpuElementwise() {}

    static void unary(Unary op, Tensor y, Tensor a) {
        DType t = a.dtype();
        int size = t.bytes();
        int out = y.dtype().bytes();
        long grain = grain(op);
        long to = y.address();
        Nest nest = a.isContiguous() ? null : Nest.of(a.shape().raw(), a.strides());
        boolean runs = nest == null || nest.innerStride(0) == 1;
        Tensor c = runs ? a : CpuCopy.copyOf(a);
        try {
            long from = c.address();
            if (nest == null || !runs) Threads.parallel(y.size(), grain, (lo, hi) -> loop(op, t, from + lo * size, to + lo * out, hi - lo));
            else Threads.parallel(y.size(), grain, (lo, hi) -> nest.runs(lo, hi, (i, o, p, q, n) -> loop(op, t, from + o * size, to + i * out, n)));
        } finally {
            CpuCopy.drop(c, a);
        }
    }

    private static long grain(Unary op) {
        return switch (op) {
            case NEG, ABS, SIGN, SQUARE, SQRT, RSQRT, RECIPROCAL, FLOOR, CEIL, ROUND, RELU, CONJ, NOT -> 1 << 15;
            case TAN, ATAN, SINH, COSH -> 1 << 10;
            default -> 1 << 13;
        };
    }

    /** {@code y = op(x)} of n elements side by side, on the calling thread. */
    static void loop(Unary op, DType t, long x, long y, long n) {
        if (t.isComplex()) {
            ComplexLoops.unary(op, t, x, y, n);
            return;
        }
        if (!Vectors.AVAILABLE || !vectors(op, t, x, y, n)) PlainLoops.unary(op, t, x, y, n);
    }

    private static boolean vectors(Unary op, DType t, long x, long y, long n) {
        if (t == DType.FLOAT32) return FloatLoops.unary(op, x, y, n);
        if (t == DType.FLOAT64) return DoubleLoops.unary(op, x, y, n);
        if (t != DType.BOOL || op != Unary.NOT) return false;
        ByteLoops.not(x, y, n);
        return true;
    }

    static void binary(Binary op, Tensor y, Tensor a, Tensor b) {
        long grain = grain(op);
        if (a.isContiguous() && b.isContiguous() && a.shape().equals(b.shape())) {
            flat(op, y, a, -1, b, -1, grain);
            return;
        }
        Nest nest = nest(y, a, b);
        Tensor c = isRun(nest.innerStride(0)) ? a : CpuCopy.copyOf(a);
        Tensor d = isRun(nest.innerStride(1)) ? b : CpuCopy.copyOf(b);
        try {
            if (c == a && d == b) strided(op, y, a, b, nest, grain);
            else strided(op, y, c, d, nest(y, c, d), grain);
        } finally {
            CpuCopy.drop(c, a);
            CpuCopy.drop(d, b);
        }
    }

    private static Nest nest(Tensor y, Tensor a, Tensor b) {
        return Nest.of(y.shape().raw(), Nest.broadcast(a, y.shape()), Nest.broadcast(b, y.shape()));
    }

    private static boolean isRun(long innerStride) {
        return innerStride == 0 || innerStride == 1;
    }

    private static long grain(Binary op) {
        return switch (op) {
            case GELU_GRAD, GELU_TANH_GRAD, SILU_GRAD -> 1 << 13;
            case POW, MOD, FLOOR_DIV, ATAN2 -> 1 << 10;
            default -> 1 << 15;
        };
    }

    private static void flat(Binary op, Tensor y, Tensor a, long ma, Tensor b, long mb, long grain) {
        DType t = a.dtype();
        int size = t.bytes();
        int out = y.dtype().bytes();
        long p = a.address();
        long q = b.address();
        long to = y.address();
        Threads.parallel(y.size(), grain, (lo, hi) -> loop(op, t, p + (lo & ma) * size, ma, q + (lo & mb) * size, mb, to + lo * out, hi - lo));
    }

    private static void strided(Binary op, Tensor y, Tensor a, Tensor b, Nest nest, long grain) {
        DType t = a.dtype();
        int size = t.bytes();
        int out = y.dtype().bytes();
        long p = a.address();
        long q = b.address();
        long to = y.address();
        long ma = -nest.innerStride(0);
        long mb = -nest.innerStride(1);
        Threads.parallel(y.size(), grain, (lo, hi) ->
                nest.runs(lo, hi, (i, oa, ob, x, n) -> loop(op, t, p + oa * size, ma, q + ob * size, mb, to + i * out, n)));
    }

    /** {@code a op s} or {@code s op a}. */
    static void scalar(Binary op, Tensor y, Tensor a, double s, boolean first) {
        DType t = a.dtype();
        Tensor number = CpuCopy.temporary(Shape.SCALAR, t);
        Tensor c = CpuCopy.contiguous(a);
        try {
            if (!t.isFloat() && !t.isComplex()) Raw.integer(t, number.address(), 0, (long) s);
            else CpuCopy.fill(number, s);
            if (first) flat(op, y, number, 0, c, -1, grain(op));
            else if (op == Binary.POW && power(y, c, s)) return;
            else flat(op, y, c, -1, number, 0, grain(op));
        } finally {
            CpuCopy.drop(c, a);
            CpuCopy.drop(number);
        }
    }

    /** Powers that have a shorter way; false if this is none. */
    private static boolean power(Tensor y, Tensor a, double s) {
        if (!a.dtype().isFloat()) return false;
        Unary op = s == 2 ? Unary.SQUARE : s == 0.5 ? Unary.SQRT : s == -0.5 ? Unary.RSQRT : s == -1 ? Unary.RECIPROCAL : null;
        if (op != null) unary(op, y, a);
        else if (s == 3) cube(y, a);
        else return false;
        return true;
    }

    private static void cube(Tensor y, Tensor a) {
        unary(Unary.SQUARE, y, a);
        flat(Binary.MUL, y, y, -1, a, -1, grain(Binary.MUL));
    }

    static void loop(Binary op, DType t, long a, long ma, long b, long mb, long y, long n) {
        if (t.isComplex()) {
            ComplexLoops.binary(op, t, a, ma, b, mb, y, n);
            return;
        }
        if (!Vectors.AVAILABLE || !vectors(op, t, a, ma, b, mb, y, n)) PlainLoops.binary(op, t, a, ma, b, mb, y, n);
    }

    private static boolean vectors(Binary op, DType t, long a, long ma, long b, long mb, long y, long n) {
        return switch (t) {
            case FLOAT32 -> vector32(op, a, ma, b, mb, y, n);
            case FLOAT64 -> vector64(op, a, ma, b, mb, y, n);
            case INT64 -> LongLoops.binary(op, a, ma, b, mb, y, n);
            case BOOL -> (ma & mb) == -1 && ByteLoops.binary(op, a, b, y, n);
            default -> false;
        };
    }

    private static boolean vector32(Binary op, long a, long ma, long b, long mb, long y, long n) {
        if ((ma & mb) == -1) return run32(op, a, ma, b, mb, y, n);
        Scratch scratch = Scratch.get();
        return run32(op, ma == 0 ? FloatLoops.splat(a, scratch.address(0)) : a, ma, mb == 0 ? FloatLoops.splat(b, scratch.address(1)) : b, mb, y, n);
    }

    private static boolean run32(Binary op, long a, long ma, long b, long mb, long y, long n) {
        return op.isLogical() ? FloatLoops.compare(op, a, ma, b, mb, y, n) : FloatLoops.binary(op, a, ma, b, mb, y, n);
    }

    private static boolean vector64(Binary op, long a, long ma, long b, long mb, long y, long n) {
        if ((ma & mb) == -1) return run64(op, a, ma, b, mb, y, n);
        Scratch scratch = Scratch.get();
        return run64(op, ma == 0 ? DoubleLoops.splat(a, scratch.address(0)) : a, ma, mb == 0 ? DoubleLoops.splat(b, scratch.address(1)) : b, mb, y, n);
    }

    private static boolean run64(Binary op, long a, long ma, long b, long mb, long y, long n) {
        return op.isLogical() ? DoubleLoops.compare(op, a, ma, b, mb, y, n) : DoubleLoops.binary(op, a, ma, b, mb, y, n);
    }

    static void where(Tensor y, Tensor cond, Tensor a, Tensor b) {
        Shape shape = y.shape();
        int size = y.dtype().bytes();
        Nest nest = Nest.of(shape.raw(), Nest.broadcast(cond, shape), Nest.broadcast(a, shape), Nest.broadcast(b, shape));
        for (int o = 0; o < 3; o++) {
            if (isRun(nest.innerStride(o))) continue;
            whereOfCopies(y, cond, a, b);
            return;
        }
        long c = cond.address();
        long p = a.address();
        long q = b.address();
        long to = y.address();
        long mc = -nest.innerStride(0);
        long ma = -nest.innerStride(1);
        long mb = -nest.innerStride(2);
        Threads.parallel(y.size(), 1 << 15, (lo, hi) -> nest.runs(lo, hi, (i, oc, oa, ob, n) ->
                choose(size, c + oc, mc, p + oa * size, ma, q + ob * size, mb, to + i * size, n)));
    }

    private static void choose(int size, long c, long mc, long a, long ma, long b, long mb, long y, long n) {
        boolean done = Vectors.AVAILABLE && mc == -1 && (size == 4 ? FloatLoops.where(c, a, ma, b, mb, y, n) : size == 8 && DoubleLoops.where(c, a, ma, b, mb, y, n));
        if (!done) PlainLoops.where(size, c, mc, a, ma, b, mb, y, n);
    }

    private static void whereOfCopies(Tensor y, Tensor cond, Tensor a, Tensor b) {
        Tensor c = CpuCopy.copyOf(cond);
        Tensor p = CpuCopy.copyOf(a);
        Tensor q = CpuCopy.copyOf(b);
        try {
            where(y, c, p, q);
        } finally {
            CpuCopy.drop(c);
            CpuCopy.drop(p);
            CpuCopy.drop(q);
        }
    }

    static void special(SpecialFunction f, Tensor y, Tensor... x) {
        Tensor[] c = new Tensor[x.length];
        for (int k = 0; k < x.length; k++) c[k] = CpuCopy.contiguous(x[k].expand(y.shape()));
        try {
            DType t = y.dtype();
            long to = y.address();
            long a = c[0].address();
            long b = c[Math.min(1, c.length - 1)].address();
            long d = c[c.length - 1].address();
            Threads.parallel(y.size(), 1 << 8, (lo, hi) -> {
                for (long i = lo; i < hi; i++) Raw.real(t, to, i, SpecialMath.at(f, Raw.real(t, a, i), Raw.real(t, b, i), Raw.real(t, d, i)));
            });
        } finally {
            for (int k = 0; k < x.length; k++) if (c[k].storage() != x[k].storage()) CpuCopy.drop(c[k]);
        }
    }
}
