package lemma.tensor;

import lemma.tensor.CpuReductions.Axis;

/** First-order linear recurrences along one axis of contiguous tensors: columns side by side, one pass over the memory. */
final class CpuScan {
    /** Bytes of a row that one task takes along. */
    private static final long BAND = 128;
    private static final long GRAIN = 1 << 14;

    private CpuScan() {}

    /** {@code y_t = a_t y_(t-1) + b_t}, or from the end with {@code y_(t+1)}. */
    static void recurrence(Tensor y, Tensor a, Tensor b, int axis, boolean reverse) {
        if (y.size() == 0) return;
        DType t = y.dtype();
        int size = t.bytes();
        Axis x = new Axis(y, axis);
        long row = x.inner * size;
        long bands = (row + BAND - 1) / BAND;
        long p = a.address();
        long q = b.address();
        long to = y.address();
        long step = reverse ? -row : row;
        Threads.parallel(x.outer * bands, Math.max(1, GRAIN / (x.length * Math.max(1, Math.min(row, BAND) / size))), (lo, hi) -> {
            for (long k = lo; k < hi; k++) {
                long start = k / bands * x.length * row + (reverse ? (x.length - 1) * row : 0) + k % bands * BAND;
                band(t, p + start, q + start, to + start, step, x.length, Math.min(BAND, row - k % bands * BAND));
            }
        });
    }

    /** {@code width} bytes of each row. */
    private static void band(DType t, long a, long b, long y, long step, long n, long width) {
        long done = 0;
        if (Vectors.AVAILABLE && t == DType.FLOAT32) done = FloatScan.band(a, b, y, step, n, width);
        if (Vectors.AVAILABLE && t == DType.FLOAT64) done = DoubleScan.band(a, b, y, step, n, width);
        for (; done < width; done += t.bytes()) {
            switch (t) {
                case FLOAT32 -> column32(a + done, b + done, y + done, step, n);
                case FLOAT64 -> column64(a + done, b + done, y + done, step, n);
                default -> complexColumn(t.toReal(), a + done, b + done, y + done, step, n);
            }
        }
    }

    private static void column32(long a, long b, long y, long step, long n) {
        float h = 0;
        for (long i = 0; i < n; i++) {
            h = Math.fma(Raw.f32(a + i * step), h, Raw.f32(b + i * step));
            Raw.f32(y + i * step, h);
        }
    }

    private static void column64(long a, long b, long y, long step, long n) {
        double h = 0;
        for (long i = 0; i < n; i++) {
            h = Math.fma(Raw.f64(a + i * step), h, Raw.f64(b + i * step));
            Raw.f64(y + i * step, h);
        }
    }

    private static void complexColumn(DType part, long a, long b, long y, long step, long n) {
        double re = 0;
        double im = 0;
        for (long i = 0; i < n; i++) {
            double ar = Raw.real(part, a + i * step, 0);
            double ai = Raw.real(part, a + i * step, 1);
            double next = ar * re - ai * im + Raw.real(part, b + i * step, 0);
            im = ar * im + ai * re + Raw.real(part, b + i * step, 1);
            re = next;
            Raw.real(part, y + i * step, 0, re);
            Raw.real(part, y + i * step, 1, im);
        }
    }
}
