package lemma.tensor;

import java.lang.foreign.Arena;
import lemma.tensor.Blas.Matrix;

/**
 * The right-hand side b (k, n) of products {@code c = a b + beta c} of FLOAT32, packed into panels for {@link FloatPanels}. Each number of
 * c is a sum in the order of k in blocks of {@link #DEPTH}, whatever the number of threads and the place of its row, so that its bits depend on
 * nothing but its row of a and its column of b.
 */
final class PackedMatrix {
    private static final int WIDE = 4 * FloatMath.LANES;
    private static final int NARROW = FloatMath.LANES;
    private static final int ROWS = 4;
    /** Rows of a panel: one of this height stays in a core's second cache while the rows of a pass by. */
    private static final int DEPTH = 256;
    /** Rows and columns packed at a time, a multiple of the depth and of the width of panels. */
    private static final int SQUARE = 1024;
    /** Rows of a that pass by one strip after the other. */
    private static final int SLAB = 64;
    private static final long GRAIN = 1 << 18;
    private static final long WARM_NANOS = 2_000_000_000;
    private static final long FAST_NANOS = 5_000;
    private static final int FAST_ROUNDS = 5;
    private static final int SHORT_ROUNDS = 200;

    static {
        warm();
    }

    private final int k;
    private final int n;
    private final Tensor panels;

    /** Packs b, on all threads if {@code shared}. */
    PackedMatrix(int k, int n, Matrix b, boolean shared) {
        this.k = k;
        this.n = n;
        panels = CpuCopy.temporary(Shape.of(k, columns()), DType.FLOAT32);
        int strips = strips();
        int units = strips * blocks();
        Threads.Range pack = (lo, hi) -> {
            for (long u = lo; u < hi; u++) pack(b, (int) (u / strips) * DEPTH, start((int) (u % strips)));
        };
        if (shared) Threads.parallel(units, Math.max(1, GRAIN / 8 / ((long) Math.min(k, DEPTH) * WIDE)), pack);
        else pack.run(0, units);
    }

    /**
     * {@code c = a b + beta c} for a (m, k), b (k, n), c (m, n) with rows {@code ldc} numbers apart, beta 0 or 1; on all threads if {@code
     * shared}. No more than a square of b is packed at a time.
     */
    static void multiply(int m, int n, int k, Matrix a, Matrix b, double beta, long c, int ldc, boolean shared) {
        for (int p = 0; p < k; p += SQUARE) {
            for (int j = 0; j < n; j += SQUARE) {
                PackedMatrix packed = new PackedMatrix(Math.min(SQUARE, k - p), Math.min(SQUARE, n - j), b.from(p, j, 4), shared);
                try {
                    packed.multiply(m, a.from(0, p, 4), p == 0 ? beta : 1, c + 4L * j, ldc, shared);
                } finally {
                    packed.close();
                }
            }
        }
    }

    /** Bytes that {@link #multiply(int, int, int, Matrix, Matrix, double, long, int, boolean)} lays aside while it runs. */
    static long workspace(int n, int k) {
        return 4L * Math.min(k, SQUARE) * ((Math.min(n, SQUARE) + NARROW - 1) / NARROW * NARROW);
    }

    void close() {
        CpuCopy.drop(panels);
    }

    /**
     * Runs the panels' loops until they are compiled. Interpreted, a vector operation takes microseconds, so that the first product of some
     * size would take seconds; the compiler counts calls, and short ones add up soonest.
     */
    private static void warm() {
        int depth = 32;
        long end = System.nanoTime() + WARM_NANOS;
        try (Arena arena = Arena.ofConfined()) {
            long zeros = arena.allocate(4L * WIDE * (depth + ROWS), 64).address();
            long c = zeros + 4L * WIDE * depth;
            int fast = 0;
            for (int i = 0; fast < FAST_ROUNDS; i++) {
                long start = System.nanoTime();
                FloatPanels.wide(zeros, zeros, zeros, zeros, zeros, i < SHORT_ROUNDS ? 1 : depth, c, 4L * WIDE);
                FloatPanels.narrow(zeros, zeros, zeros, zeros, zeros, i < SHORT_ROUNDS ? 1 : depth, c, 4L * WIDE);
                long now = System.nanoTime();
                if (now > end) return;
                if (i >= SHORT_ROUNDS && now - start < FAST_NANOS) fast++;
            }
        }
    }

    // ---- layout: blocks of k, in each the strips of columns, in each its rows one after the other ----

    private int wide() {
        return n / WIDE;
    }

    private int strips() {
        return wide() + (n % WIDE + NARROW - 1) / NARROW;
    }

    private int columns() {
        return (n + NARROW - 1) / NARROW * NARROW;
    }

    private int blocks() {
        return (k + DEPTH - 1) / DEPTH;
    }

    /** First column of a strip. */
    private int start(int strip) {
        return Math.min(strip, wide()) * WIDE + Math.max(0, strip - wide()) * NARROW;
    }

    private int width(int j) {
        return n - j >= WIDE ? WIDE : NARROW;
    }

    private int depth(int p) {
        return Math.min(DEPTH, k - p);
    }

    /** Where the strip of column j of the block of row p lies. */
    private long panel(int p, int j) {
        return panels.address() + 4 * ((long) p * columns() + (long) j * depth(p));
    }

    private void pack(Matrix b, int p, int j) {
        long to = panel(p, j);
        Matrix from = b.from(p, j, 4);
        int width = width(j);
        int filled = Math.min(width, n - j);
        if (filled < width) Raw.zero(to, 4L * width * depth(p));
        if (from.transposed()) turn(from, to, width, filled, depth(p));
        else for (int i = 0; i < depth(p); i++) FloatLoops.copy(from.address() + 4L * i * from.ld(), to + 4L * i * width, filled);
    }

    /** Rows of {@code width} numbers from what lies by columns, in square tiles as far as they go. */
    private static void turn(Matrix from, long to, int width, int columns, int rows) {
        int lanes = FloatMath.LANES;
        int whole = columns / lanes * lanes;
        int down = rows / lanes * lanes;
        long apart = 4L * from.ld();
        for (int j = 0; j < whole; j += lanes) {
            for (int i = 0; i < down; i += lanes) FloatTranspose.tile(to + 4L * (i * width + j), 4L * width, from.address() + 4L * i + j * apart, apart);
        }
        for (int j = 0; j < columns; j++) {
            for (int i = j < whole ? down : 0; i < rows; i++) Raw.i32(to + 4L * (i * width + j), Raw.i32(from.address() + j * apart + 4L * i));
        }
    }

    // ---- products ----

    void multiply(int m, Matrix a, double beta, long c, int ldc, boolean shared) {
        Product product = new Product(m, a, beta == 0, c, 4L * ldc);
        int groups = (m + ROWS - 1) / ROWS;
        int strips = strips();
        if (!shared) product.run(0, groups, 0, strips);
        else if (m >= n) Threads.parallel(groups, grain((long) ROWS * n), (lo, hi) -> product.run((int) lo, (int) hi, 0, strips));
        else Threads.parallel(strips, grain((long) WIDE * m), (lo, hi) -> product.run(0, groups, (int) lo, (int) hi));
    }

    private long grain(long each) {
        return Math.max(1, GRAIN / (each * k));
    }

    private final class Product {
        private final int m;
        private final Matrix a;
        private final boolean fresh;
        private final long c;
        private final long ldc;

        /** Of c with rows {@code ldc} bytes apart, to be overwritten if {@code fresh}. */
        Product(int m, Matrix a, boolean fresh, long c, long ldc) {
            this.m = m;
            this.a = a;
            this.fresh = fresh;
            this.c = c;
            this.ldc = ldc;
        }

        /** The groups of rows from lo to hi, in the strips from left to right. */
        void run(int lo, int hi, int left, int right) {
            for (int p = 0; p < k; p += DEPTH) {
                for (int group = lo; group < hi; group += SLAB / ROWS) {
                    Source from = source(ROWS * group, Math.min(m, ROWS * hi), p);
                    for (int strip = left; strip < right; strip++) from.tiles(start(strip), p);
                }
            }
        }

        /** Rows i to at most {@code end} of a from column p on; those of a transposed a are laid out first, as each strip reads them again. */
        private Source source(int i, int end, int p) {
            int rows = Math.min(SLAB, end - i);
            Matrix from = a.from(i, p, 4);
            if (!from.transposed()) return new Source(i, rows, from.address(), 4L * from.ld());
            long slab = Scratch.get().slab(4 * SLAB * DEPTH);
            turn(from, slab, DEPTH, depth(p), rows);
            return new Source(i, rows, slab, 4L * DEPTH);
        }

        /** Some rows of a from row i on: row r starts at {@code a + r row}. */
        private final class Source {
            private final int i;
            private final int rows;
            private final long a;
            private final long row;

            Source(int i, int rows, long a, long row) {
                this.i = i;
                this.rows = rows;
                this.a = a;
                this.row = row;
            }

            void tiles(int j, int p) {
                for (int r = 0; r < rows; r += ROWS) tile(r, j, p);
            }

            private void tile(int r, int j, int p) {
                boolean first = fresh && p == 0;
                int width = width(j);
                long to = c + (i + r) * ldc + 4L * j;
                if (r + ROWS > rows || j + width > n) {
                    edge(r, j, p, first, to);
                    return;
                }
                if (first) clear(to, ldc, width);
                add(r, j, p, to, ldc);
            }

            private void add(int r, int j, int p, long to, long apart) {
                long a0 = a + r * row;
                long a1 = r + 1 < rows ? a0 + row : a0;
                long a2 = r + 2 < rows ? a1 + row : a0;
                long a3 = r + 3 < rows ? a2 + row : a0;
                if (width(j) == WIDE) FloatPanels.wide(a0, a1, a2, a3, panel(p, j), depth(p), to, apart);
                else FloatPanels.narrow(a0, a1, a2, a3, panel(p, j), depth(p), to, apart);
            }

            /** A tile that reaches over the rows or columns of c: into a whole one first, from which what belongs to c is taken. */
            private void edge(int r, int j, int p, boolean first, long to) {
                long apart = 4L * WIDE;
                long own = Scratch.get().address(4);
                int some = Math.min(ROWS, rows - r);
                long columns = Math.min(width(j), n - j);
                clear(own, apart, WIDE);
                if (!first) for (int q = 0; q < some; q++) FloatLoops.copy(to + q * ldc, own + q * apart, columns);
                add(r, j, p, own, apart);
                for (int q = 0; q < some; q++) FloatLoops.copy(own + q * apart, to + q * ldc, columns);
            }
        }

        private void clear(long to, long apart, int width) {
            for (int r = 0; r < ROWS; r++) FloatPanels.clear(to + r * apart, width);
        }
    }
}
