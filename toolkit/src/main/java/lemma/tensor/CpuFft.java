package lemma.tensor;

import java.lang.ref.Reference;

/**
 * Fourier transforms along the last axis of contiguous tensors. As many rows as a vector has lanes run side by side, taken apart into real
 * and imaginary parts; long rows and few rows run one by one. Which way depends on sizes alone.
 */
final class CpuFft {
    /** Work space from which on rows run one by one. */
    private static final long LARGE = 8L << 20;
    /** Elements that are turned round at a time. */
    private static final int TILE = 16;

    private CpuFft() {}

    private interface Rows {
        /** Transforms rows {@code from} to {@code from + count}, side by side in {@code lanes}. */
        void run(FftPlan plan, long[] parts, long from, int count, int lanes);
    }

    private static void each(DType t, long rows, int n, Rows body) {
        if (rows == 0) return;
        FftPlan plan = FftPlan.of(t, n);
        long space = plan.space() + 1L;
        int most = !Vectors.AVAILABLE ? 1 : t == DType.FLOAT32 ? FloatMath.LANES : DoubleMath.LANES;
        int lanes = rows >= most / 2 && 4 * space * most * t.bytes() <= LARGE ? most : 1;
        long groups = (rows + lanes - 1) / lanes;
        long grain = Math.max(1, (1 << 12) / ((long) lanes * n));
        Threads.parallel(groups, grain, (lo, hi) -> {
            Storage.Host work = MemoryPool.allocate(Shape.of(4, Math.toIntExact(space * lanes)), t);
            try {
                for (long g = lo; g < hi; g++) {
                    long[] parts = new long[4];
                    for (int i = 0; i < 4; i++) parts[i] = work.address + i * space * lanes * t.bytes();
                    body.run(plan, parts, g * lanes, (int) Math.min(lanes, rows - g * lanes), lanes);
                }
            } finally {
                work.release();
            }
        });
        Reference.reachabilityFence(plan);
    }

    /** Without a factor; the inverse turns the other way. */
    static void complex(Tensor y, Tensor a, boolean inverse) {
        DType t = a.dtype().toReal();
        int n = a.dim(-1);
        long from = a.address();
        long to = y.address();
        long row = 2L * n * t.bytes();
        each(t, a.size() / n, n, (plan, parts, first, count, lanes) -> {
            int re = inverse ? 1 : 0;
            loadPairs(t, from + first * row, row, parts[re], parts[1 - re], n, count, lanes);
            plan.forward(parts, lanes);
            storePairs(t, to + first * row, row, parts[re], parts[1 - re], n, count, lanes);
        });
    }

    /** The first half of the spectra y (n / 2 + 1) of real rows a (n). */
    static void real(Tensor y, Tensor a) {
        DType t = a.dtype();
        int n = a.dim(-1);
        int h = n / 2;
        int size = t.bytes();
        long from = a.address();
        long to = y.address();
        long in = (long) n * size;
        long out = 2L * (h + 1) * size;
        boolean odd = n % 2 == 1;
        each(t, a.size() / n, odd ? n : h, (plan, parts, first, count, lanes) -> {
            long x = from + first * in;
            if (odd) {
                load(t, x, in, 1, parts[0], n, count, lanes);
                Raw.zero(parts[1], (long) n * lanes * size);
                plan.forward(parts, lanes);
            } else {
                loadPairs(t, x, in, parts[0], parts[1], h, count, lanes);
                plan.forward(parts, lanes);
                unpack(t, h, lanes, plan.halfTurns(), parts);
            }
            storePairs(t, to + first * out, out, parts[0], parts[1], h + 1, count, lanes);
        });
    }

    /** Real rows y (n), without a factor, from the first half of their spectra a (n / 2 + 1). */
    static void realInverse(Tensor y, Tensor a) {
        DType t = y.dtype();
        int n = y.dim(-1);
        int h = n / 2;
        int size = t.bytes();
        long from = a.address();
        long to = y.address();
        long in = 2L * (h + 1) * size;
        long out = (long) n * size;
        boolean odd = n % 2 == 1;
        each(t, y.size() / n, odd ? n : h, (plan, parts, first, count, lanes) -> {
            loadPairs(t, from + first * in, in, parts[0], parts[1], h + 1, count, lanes);
            Raw.zero(parts[1], (long) lanes * size);
            long x = to + first * out;
            if (odd) {
                mirror(t, n, lanes, parts);
            } else {
                Raw.zero(parts[1] + (long) h * lanes * size, (long) lanes * size);
                pack(t, h, lanes, plan.halfTurns(), parts);
            }
            FftPlan.swap(parts, 0, 1);
            plan.forward(parts, lanes);
            if (odd) store(t, x, out, 1, parts[1], n, count, lanes);
            else storePairs(t, x, out, parts[1], parts[0], h, count, lanes);
        });
    }

    // ---- between rows and lanes ----

    /** The n pairs of each row, apart. */
    private static void loadPairs(DType t, long from, long row, long re, long im, int n, int rows, int lanes) {
        int done = turns(t, rows, lanes) ? n & -(lanes / 2) : 0;
        for (int i = 0; i < done; i += lanes / 2) FloatTranspose.apart(from + 8L * i, row, re + 4L * i * lanes, im + 4L * i * lanes);
        long rest = from + 2L * done * t.bytes();
        long skipped = (long) done * lanes * t.bytes();
        load(t, rest, row, 2, re + skipped, n - done, rows, lanes);
        load(t, rest + t.bytes(), row, 2, im + skipped, n - done, rows, lanes);
    }

    private static void storePairs(DType t, long to, long row, long re, long im, int n, int rows, int lanes) {
        int done = turns(t, rows, lanes) ? n & -(lanes / 2) : 0;
        for (int i = 0; i < done; i += lanes / 2) FloatTranspose.together(re + 4L * i * lanes, im + 4L * i * lanes, to + 8L * i, row);
        long rest = to + 2L * done * t.bytes();
        long skipped = (long) done * lanes * t.bytes();
        store(t, rest, row, 2, re + skipped, n - done, rows, lanes);
        store(t, rest + t.bytes(), row, 2, im + skipped, n - done, rows, lanes);
    }

    private static boolean turns(DType t, int rows, int lanes) {
        return t == DType.FLOAT32 && Vectors.AVAILABLE && rows == lanes && lanes == FloatMath.LANES;
    }

    /** Element i of row j, {@code step} numbers after the one before, to {@code i lanes + j}; missing rows become zeros. */
    private static void load(DType t, long from, long row, int step, long to, int n, int rows, int lanes) {
        if (rows < lanes) Raw.zero(to, (long) n * lanes * t.bytes());
        for (int tile = 0; tile < n; tile += TILE) {
            int end = Math.min(n, tile + TILE);
            for (int j = 0; j < rows; j++) {
                if (t == DType.FLOAT32) for (int i = tile; i < end; i++) Raw.f32(to + 4 * ((long) i * lanes + j), Raw.f32(from + j * row + 4L * i * step));
                else for (int i = tile; i < end; i++) Raw.f64(to + 8 * ((long) i * lanes + j), Raw.f64(from + j * row + 8L * i * step));
            }
        }
    }

    private static void store(DType t, long to, long row, int step, long from, int n, int rows, int lanes) {
        for (int tile = 0; tile < n; tile += TILE) {
            int end = Math.min(n, tile + TILE);
            for (int j = 0; j < rows; j++) {
                if (t == DType.FLOAT32) for (int i = tile; i < end; i++) Raw.f32(to + j * row + 4L * i * step, Raw.f32(from + 4 * ((long) i * lanes + j)));
                else for (int i = tile; i < end; i++) Raw.f64(to + j * row + 8L * i * step, Raw.f64(from + 8 * ((long) i * lanes + j)));
            }
        }
    }

    // ---- real sequences ----

    private static void unpack(DType t, int h, int lanes, long w, long[] parts) {
        long row = (long) lanes * t.bytes();
        if (lanes == 1) plainUnpack(t, h, w, parts);
        else if (t == DType.FLOAT32) FloatFft.unpack(h, row, w, parts[0], parts[1], parts[2], parts[3]);
        else DoubleFft.unpack(h, row, w, parts[0], parts[1], parts[2], parts[3]);
        exchange(parts);
    }

    private static void pack(DType t, int h, int lanes, long w, long[] parts) {
        long row = (long) lanes * t.bytes();
        if (lanes == 1) plainPack(t, h, w, parts);
        else if (t == DType.FLOAT32) FloatFft.pack(h, row, w, parts[0], parts[1], parts[2], parts[3]);
        else DoubleFft.pack(h, row, w, parts[0], parts[1], parts[2], parts[3]);
        exchange(parts);
    }

    private static void exchange(long[] parts) {
        FftPlan.swap(parts, 0, 2);
        FftPlan.swap(parts, 1, 3);
    }

    private static void plainUnpack(DType t, int h, long w, long[] parts) {
        for (long k = 0; k <= h; k++) {
            double wr = Raw.real(t, w, 2 * k);
            double wi = Raw.real(t, w, 2 * k + 1);
            double ar = Raw.real(t, parts[0], k % h);
            double ai = Raw.real(t, parts[1], k % h);
            double br = Raw.real(t, parts[0], (h - k) % h);
            double bi = Raw.real(t, parts[1], (h - k) % h);
            double dr = ar - br;
            double di = ai + bi;
            Raw.real(t, parts[2], k, 0.5 * (ar + br + dr * wi + di * wr));
            Raw.real(t, parts[3], k, 0.5 * (ai - bi - dr * wr + di * wi));
        }
    }

    private static void plainPack(DType t, int h, long w, long[] parts) {
        for (long k = 0; k < h; k++) {
            double wr = Raw.real(t, w, 2 * k);
            double wi = -Raw.real(t, w, 2 * k + 1);
            double ar = Raw.real(t, parts[0], k);
            double ai = Raw.real(t, parts[1], k);
            double br = Raw.real(t, parts[0], h - k);
            double bi = Raw.real(t, parts[1], h - k);
            double dr = ar - br;
            double di = ai + bi;
            Raw.real(t, parts[2], k, ar + br - dr * wi - di * wr);
            Raw.real(t, parts[3], k, ai - bi + dr * wr - di * wi);
        }
    }

    /** The second half of a spectrum of odd length n: the first half mirrored and conjugate. */
    private static void mirror(DType t, int n, int lanes, long[] parts) {
        for (long k = n / 2 + 1; k < n; k++) {
            for (long q = 0; q < lanes; q++) {
                Raw.real(t, parts[0], k * lanes + q, Raw.real(t, parts[0], (n - k) * lanes + q));
                Raw.real(t, parts[1], k * lanes + q, -Raw.real(t, parts[1], (n - k) * lanes + q));
            }
        }
    }
}
