package lemma.tensor;

import lemma.tensor.Blas.Matrix;

/**
 * The eigenvalues alone of a large symmetric matrix, in two stages: reflections of {@link #WIDTH} columns at a time, applied by matrix products,
 * leave a band, and LAPACK chases the band down to a tridiagonal matrix. To take all columns one by one, as the routine with vectors does, reads the
 * whole matrix from memory for each of them.
 *
 * <p>With the reflections {@code I - V T V^T} of a panel the rest becomes {@code A - V X^T - X V^T}, where {@code W = A V T} and
 * {@code X = W - V (T^T V^T W) / 2}. Only the part right of the diagonal is kept up, in bands of rows that do not depend on the number of threads;
 * neither do the bits.
 *
 * @see <a href="https://doi.org/10.1145/365723.365735">Bischof, Lang, Sun (2000), A framework for symmetric band reduction</a>
 */
final class BandEigenvalues {
    /** Rows from which two stages are at least as fast as one. */
    static final int LEAST = 256;
    /** Distance from the diagonal within which the first stage leaves elements. */
    private static final int WIDTH = 64;
    private static final int ROWS = 256;
    private static final int TILE = 32;

    private final DType type;
    private final int n;
    private final long a;
    private final int size;
    private final long vx;
    private final long xv;
    private final long u;
    private final long w;
    private final long t;
    private final long products;
    private final long tau;
    private final long work;

    private BandEigenvalues(DType type, int n, long a, long room) {
        this.type = type;
        this.n = n;
        this.a = a;
        size = type.bytes();
        long panel = (long) n * WIDTH * size;
        long square = (long) WIDTH * WIDTH * size;
        vx = room;
        xv = vx + 2 * panel;
        u = xv + 2 * panel;
        w = u + panel;
        t = w + panel;
        products = t + square;
        tau = products + square;
        work = tau + (long) WIDTH * size;
    }

    /**
     * Eigenvalues, ascending, into {@code values}. Reads the lower triangle of the row-major a (n, n), which is overwritten.
     *
     * @return 0, or how many elements beside the diagonal did not converge
     */
    static int of(DType type, int n, long a, long values) {
        long numbers = 6L * n * WIDTH + 2L * WIDTH * WIDTH + WIDTH + Lapack.qrWork(WIDTH, WIDTH);
        Storage.Host room = MemoryPool.allocate(Shape.of(Math.toIntExact(numbers)), type);
        try {
            BandEigenvalues stages = new BandEigenvalues(type, n, a, room.address);
            stages.mirror();
            for (int j = 0; j + WIDTH < n - 1; j += WIDTH) stages.reduce(j);
        } finally {
            room.release();
        }
        return ofBand(type, n, a, values);
    }

    private interface Rows {
        void run(int from, int to);
    }

    /** In the same pieces for any number of threads. */
    private void bands(int first, Rows body) {
        int skipped = first / ROWS;
        Threads.parallel((n + ROWS - 1) / ROWS - skipped, 1, (lo, hi) -> {
            for (long b = lo + skipped; b < hi + skipped; b++) body.run((int) Math.max(first, b * ROWS), (int) Math.min(n, (b + 1) * ROWS));
        });
    }

    private long element(long i, long j) {
        return a + (i * n + j) * size;
    }

    /** Copies what is left of the diagonal to its right. */
    private void mirror() {
        bands(0, (from, to) -> {
            for (int i = from; i < to; i += TILE) for (int j = i; j < n; j += TILE) mirrorTile(i, Math.min(to, i + TILE), j, Math.min(n, j + TILE));
        });
    }

    private void mirrorTile(int top, int bottom, int left, int right) {
        for (int i = top; i < bottom; i++) for (int j = Math.max(left, i + 1); j < right; j++) Raw.real(type, element(i, 0), j, Raw.real(type, element(j, 0), i));
    }

    /** Clears columns j, j + 1, ..., j + WIDTH - 1 below the band, and the rows that they mirror; what right of the band stands there are the reflections. */
    private void reduce(int j) {
        int first = j + WIDTH;
        int m = n - first;
        int k = Math.min(WIDTH, m);
        Lapack.alone(() -> Lapack.geqrf(type, m, WIDTH, element(j, first), n, tau, work, Lapack.qrWork(WIDTH, WIDTH)));
        Matrix v = new Matrix(vx, 2 * k, false);
        Matrix vt = new Matrix(u, k, false);
        bands(first, (from, to) -> reflections(j, first, k, from, to));
        Blas.one(type, k, k, m, v.transpose(), v, 0, products, k);
        triangle(k);
        bands(first, (from, to) -> Blas.one(type, to - from, k, k, v.from(from - first, 0, size), new Matrix(t, k, false), 0, vt.from(from - first, 0, size).address(), k));
        bands(first, (from, to) -> multiply(first, k, vt, from, to));
        Blas.one(type, k, k, m, vt.transpose(), new Matrix(w, k, false), 0, products, k);
        for (int i = 0; i < k * k; i++) Raw.real(type, products, i, -0.5 * Raw.real(type, products, i));
        bands(first, (from, to) -> pair(first, k, from, to));
        bands(first, (from, to) -> Blas.one(type, to - from, n - from, 2 * k, v.from(from - first, 0, size), new Matrix(xv, 2 * k, false).from(from - first, 0, size).transpose(),
                1, element(from, from), n));
    }

    /** V, ones on its diagonal and nothing right of it, as {@code geqrf} left it in the rows from j on. */
    private void reflections(int j, int first, int k, int from, int to) {
        for (int c = 0; c < k; c++) {
            for (int row = from; row < to; row++) {
                int r = row - first;
                Raw.real(type, vx, 2L * k * r + c, r < c ? 0 : r == c ? 1 : Raw.real(type, element(j + c, 0), row));
            }
        }
    }

    /** T from {@code V^T V}: column c is {@code -tau_c T (V^T v_c)} above its diagonal {@code tau_c}. */
    private void triangle(int k) {
        Raw.zero(t, (long) k * k * size);
        for (int c = 0; c < k; c++) {
            double scale = Raw.real(type, tau, c);
            Raw.real(type, t, (long) c * k + c, scale);
            for (int r = 0; r < c; r++) {
                double sum = 0;
                for (int i = r; i < c; i++) sum += Raw.real(type, t, (long) r * k + i) * Raw.real(type, products, (long) i * k + c);
                Raw.real(type, t, (long) r * k + c, -scale * sum);
            }
        }
    }

    /** Rows of {@code W = A V T}: what stands right of the diagonal block, and what stands above it, turned round. */
    private void multiply(int first, int k, Matrix vt, int from, int to) {
        long out = w + (long) (from - first) * k * size;
        Blas.one(type, to - from, k, n - from, new Matrix(element(from, from), n, false), vt.from(from - first, 0, size), 0, out, k);
        if (from > first) Blas.one(type, to - from, k, from - first, new Matrix(element(first, from), n, true), vt, 1, out, k);
    }

    /** Rows of {@code (V, X)} and {@code (-X, -V)}, whose product is what A loses. */
    private void pair(int first, int k, int from, int to) {
        long at = from - first;
        Matrix v = new Matrix(vx, 2 * k, false).from(at, 0, size);
        Blas.one(type, to - from, k, k, v, new Matrix(products, k, false), 1, w + at * k * size, k);
        for (long r = at; r < to - first; r++) {
            for (int c = 0; c < k; c++) {
                double x = Raw.real(type, w, r * k + c);
                Raw.real(type, vx, 2 * k * r + k + c, x);
                Raw.real(type, xv, 2 * k * r + c, -x);
                Raw.real(type, xv, 2 * k * r + k + c, -Raw.real(type, vx, 2 * k * r + c));
            }
        }
    }

    private static int ofBand(DType type, int n, long a, long values) {
        int size = type.bytes();
        int rows = WIDTH + 1;
        long[] info = new long[1];
        Storage.Host band = MemoryPool.allocate(Shape.of(n, rows), type);
        try {
            for (long j = 0; j < n; j++) Raw.copy(a + (j * n + j) * size, band.address + j * rows * size, Math.min(rows, n - j) * size);
            Lapack.alone(() -> info[0] = Lapack.sbevd(type, n, WIDTH, band.address, values));
        } finally {
            band.release();
        }
        return (int) info[0];
    }
}
