package lemma.tensor;

/** Reductions of runs of any real type without vector instructions. */
final class PlainReduce {
    private PlainReduce() {}

    static double identity(Reduction op) {
        return switch (op) {
            case PROD -> 1;
            case MAX -> Double.NEGATIVE_INFINITY;
            case MIN -> Double.POSITIVE_INFINITY;
            default -> 0;
        };
    }

    static long wholeIdentity(Reduction op) {
        return switch (op) {
            case PROD, ALL -> 1;
            case MAX -> Long.MIN_VALUE;
            case MIN -> Long.MAX_VALUE;
            default -> 0;
        };
    }

    static double join(Reduction op, double a, double b) {
        return switch (op) {
            case SUM, MEAN -> a + b;
            case PROD -> a * b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
            case ANY, ALL -> throw new IllegalArgumentException(op + " of floats");
        };
    }

    static long join(Reduction op, long a, long b) {
        return switch (op) {
            case SUM, MEAN -> a + b;
            case PROD -> a * b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
            case ANY -> a | b;
            case ALL -> a & b;
        };
    }

    static double row(Reduction op, DType t, long a, long n) {
        if (op == Reduction.SUM) return pairwise(t, a, 0, n);
        double s = identity(op);
        for (long i = 0; i < n; i++) s = join(op, s, Raw.real(t, a, i));
        return s;
    }

    private static double pairwise(DType t, long a, long from, long to) {
        if (to - from > 128) {
            long half = from + to >>> 1;
            return pairwise(t, a, from, half) + pairwise(t, a, half, to);
        }
        double s = 0;
        for (long i = from; i < to; i++) s += Raw.real(t, a, i);
        return s;
    }

    static long wholeRow(Reduction op, DType t, long a, long n) {
        long s = wholeIdentity(op);
        for (long i = 0; i < n; i++) s = join(op, s, Raw.integer(t, a, i));
        return s;
    }

    static void accumulate(Reduction op, DType t, long acc, long row, long n) {
        if (t.isFloat()) for (long i = 0; i < n; i++) Raw.real(t, acc, i, join(op, Raw.real(t, acc, i), Raw.real(t, row, i)));
        else for (long i = 0; i < n; i++) Raw.integer(t, acc, i, join(op, Raw.integer(t, acc, i), Raw.integer(t, row, i)));
    }

    /** Position of the first extreme of {@code sign * a}; NaN wins. */
    static long position(long sign, DType t, long a, long first, long n, long stride) {
        long best = 0;
        double top = sign * Raw.real(t, a, first);
        for (long k = 1; k < n && !Double.isNaN(top); k++) {
            double v = sign * Raw.real(t, a, first + k * stride);
            if (v > top || Double.isNaN(v)) {
                top = v;
                best = k;
            }
        }
        return best;
    }

    static long wholePosition(boolean largest, DType t, long a, long first, long n, long stride) {
        long best = 0;
        long top = Raw.integer(t, a, first);
        for (long k = 1; k < n; k++) {
            long v = Raw.integer(t, a, first + k * stride);
            if (largest ? v > top : v < top) {
                top = v;
                best = k;
            }
        }
        return best;
    }

    static void runningSum(DType t, long a, long y, long first, long n, long stride) {
        if (t == DType.FLOAT32) {
            double s = 0;
            for (long k = 0, i = first; k < n; k++, i += stride) Raw.f32(y + 4 * i, (float) (s += Raw.f32(a + 4 * i)));
        } else if (t == DType.FLOAT64) {
            double s = 0;
            for (long k = 0, i = first; k < n; k++, i += stride) Raw.f64(y + 8 * i, s += Raw.f64(a + 8 * i));
        } else {
            long s = 0;
            for (long k = 0, i = first; k < n; k++, i += stride) Raw.integer(t, y, i, s += Raw.integer(t, a, i));
        }
    }

    static void runningProduct(DType t, long a, long y, long first, long n, long stride) {
        if (t.isFloat()) {
            double s = 1;
            for (long k = 0, i = first; k < n; k++, i += stride) Raw.real(t, y, i, s *= Raw.real(t, a, i));
        } else {
            long s = 1;
            for (long k = 0, i = first; k < n; k++, i += stride) Raw.integer(t, y, i, s *= Raw.integer(t, a, i));
        }
    }

    static void runningLogSumExp(DType t, long a, long y, long first, long n, long stride) {
        double s = Double.NEGATIVE_INFINITY;
        for (long k = 0, i = first; k < n; k++, i += stride) {
            double v = Raw.real(t, a, i);
            double top = Math.max(s, v);
            s = Double.isInfinite(top) ? top : top + StrictMath.log1p(StrictMath.exp(-Math.abs(s - v)));
            Raw.real(t, y, i, s);
        }
    }

    /** Positions of the extreme so far, the last of equal ones; the last NaN wins. */
    static void runningPosition(boolean largest, DType t, long a, long y, long first, long n, long stride) {
        long best = 0;
        for (long k = 0, i = first; k < n; k++, i += stride) {
            if (k > 0 && replaces(largest, t, a, first + best * stride, i)) best = k;
            Raw.i64(y + 8 * i, best);
        }
    }

    private static boolean replaces(boolean largest, DType t, long a, long best, long next) {
        if (!t.isFloat()) return largest ? Raw.integer(t, a, next) >= Raw.integer(t, a, best) : Raw.integer(t, a, next) <= Raw.integer(t, a, best);
        double top = Raw.real(t, a, best);
        double v = Raw.real(t, a, next);
        return Double.isNaN(v) || (largest ? v >= top : v <= top);
    }
}
