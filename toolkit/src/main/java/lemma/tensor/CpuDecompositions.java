package lemma.tensor;

/**
 * Factorizations of the last two axes by LAPACK. A row-major matrix is the transpose of a column-major one, so most of these work on the
 * transpose and exchange the roles of rows and columns instead of copying.
 */
final class CpuDecompositions {
    private CpuDecompositions() {}

    /** Matrices in {@code a}, whose last two axes they are. */
    private static long count(Tensor a) {
        long area = (long) a.dim(-1) * a.dim(-2);
        if (area > 0) return a.size() / area;
        long n = 1;
        for (int i = 0; i < a.rank() - 2; i++) n *= a.shape().raw()[i];
        return n;
    }

    /** The batch index of matrix {@code k}, for messages. */
    private static String which(Tensor a, long k) {
        if (a.rank() == 2) return "the matrix";
        int[] at = new int[a.rank() - 2];
        long rest = k;
        for (int i = at.length - 1; i >= 0; i--) {
            at[i] = (int) (rest % a.shape().raw()[i]);
            rest /= a.shape().raw()[i];
        }
        return "batch element " + java.util.Arrays.toString(at) + " of " + a.shape();
    }

    private static void checkFinite(String op, Tensor a, long k, DType t, long at, long n) {
        if (t == DType.FLOAT64 && areFinite(at, n)) return;
        for (long i = 0; i < n; i++) {
            double v = Raw.real(t, at, i);
            if (!Double.isFinite(v)) throw new IllegalArgumentException(op + ": " + which(a, k) + " contains " + v + "; there is no decomposition of it");
        }
    }

    private static boolean areFinite(long at, long n) {
        boolean all = true;
        for (long i = 0; i < n; i++) all &= Math.abs(Raw.f64(at + 8 * i)) <= Double.MAX_VALUE;
        return all;
    }

    private interface Task {
        void run(long from, long to, long work, long integers);
    }

    /** Runs over the matrices with work space of its own for each thread. */
    private static void each(long count, int order, DType t, long numbers, long integers, Task task) {
        Lapack.parallel(count, order, (from, to) -> {
            Storage.Host work = MemoryPool.allocate(Shape.of(Math.toIntExact(Math.max(1, numbers))), t);
            Storage.Host ints = MemoryPool.allocate(Shape.of(Math.toIntExact(Math.max(1, integers))), DType.INT32);
            try {
                task.run(from, to, work.address, ints.address);
            } finally {
                work.release();
                ints.release();
            }
        });
    }

    // ---- eigenvalues ----

    /** Eigenvalues into w; the rows of v, which holds a copy of a, become the eigenvectors if asked for. */
    static void eigh(Tensor w, Tensor v, boolean vectors) {
        int n = v.dim(-1);
        if (v.size() == 0) return;
        if (!vectors && n >= BandEigenvalues.LEAST) {
            eigenvaluesOfLarge(w, v);
            return;
        }
        DType t = v.dtype();
        int size = t.bytes();
        long[] sizes = Lapack.syevdWork(n, vectors);
        long values = w.address();
        long matrices = v.address();
        each(count(v), n, t, sizes[0], sizes[1], (from, to, work, integers) -> {
            for (long k = from; k < to; k++) {
                long at = matrices + k * n * n * size;
                checkLower(v, k, t, at, n);
                int info = Lapack.syevd(t, vectors, n, at, values + k * n * size, work, sizes, integers);
                checkConverged(v, k, info);
                if (vectors) for (long i = 0; i < n; i++) orient(t, at + i * n * size, 1, n, 0, 0, 0);
            }
        });
    }

    /** One after another, each on all threads. */
    private static void eigenvaluesOfLarge(Tensor w, Tensor a) {
        int n = a.dim(-1);
        DType t = a.dtype();
        long values = w.address();
        long matrices = a.address();
        for (long k = 0; k < count(a); k++) {
            long at = matrices + k * n * n * t.bytes();
            checkLower(a, k, t, at, n);
            checkConverged(a, k, BandEigenvalues.of(t, n, at, values + k * n * t.bytes()));
        }
    }

    private static void checkConverged(Tensor a, long k, int info) {
        if (info > 0) throw new ArithmeticException("eigh: " + which(a, k) + " did not converge; " + info + " elements of the tridiagonal form stayed");
    }

    private static void checkLower(Tensor a, long k, DType t, long at, long n) {
        for (long i = 0; i < n; i++) checkFinite("eigh", a, k, t, at + i * n * t.bytes(), i + 1);
    }

    /**
     * Turns a vector round if the first of its elements that are largest but for rounding is negative, and with it {@code other}. Strides
     * are in elements.
     */
    private static void orient(DType t, long at, long stride, long n, long other, long otherStride, long otherLength) {
        double top = 0;
        for (long i = 0; i < n; i++) top = Math.max(top, Math.abs(Raw.real(t, at, i * stride)));
        double tie = top * (t == DType.FLOAT32 ? 1 - 4e-4 : 1 - 2e-8);
        long first = 0;
        while (first < n - 1 && Math.abs(Raw.real(t, at, first * stride)) < tie) first++;
        if (n == 0 || Raw.real(t, at, first * stride) >= 0) return;
        negate(t, at, stride, n);
        negate(t, other, otherStride, otherLength);
    }

    private static void negate(DType t, long at, long stride, long n) {
        for (long i = 0; i < n; i++) Raw.real(t, at, i * stride, -Raw.real(t, at, i * stride));
    }

    // ---- singular values ----

    /** Of {@code a}, a copy that is overwritten: u (m, ku), s, vh (kv, n); u and vh null for the singular values alone. */
    static void svd(Tensor u, Tensor s, Tensor vh, Tensor a) {
        int m = a.dim(-2);
        int n = a.dim(-1);
        long count = count(a);
        DType t = a.dtype();
        if (a.size() == 0) {
            if (u != null) identities(u);
            if (vh != null) identities(vh);
            return;
        }
        int size = t.bytes();
        int k = Math.min(m, n);
        int ku = u == null ? 1 : u.dim(-1);
        int kv = vh == null ? 1 : vh.dim(-2);
        char job = u == null ? 'N' : ku == k && kv == k ? 'S' : 'A';
        long work = Lapack.gesddWork(m, n);
        long from = a.address();
        long us = u == null ? from : u.address();
        long values = s.address();
        long vs = vh == null ? from : vh.address();
        each(count, k, t, work, 8L * k, (lo, hi, space, integers) -> {
            for (long i = lo; i < hi; i++) {
                long at = from + i * m * n * size;
                long left = us + (u == null ? 0 : i * m * ku * size);
                long right = vs + (vh == null ? 0 : i * kv * n * size);
                checkFinite("svd", a, i, t, at, (long) m * n);
                int info = Lapack.gesdd(t, job, n, m, at, values + i * k * size, right, left, ku, space, work, integers);
                if (info > 0) throw new ArithmeticException("svd: " + which(a, i) + " did not converge");
                if (u == null) continue;
                for (int j = 0; j < ku; j++) orient(t, left + (long) j * size, ku, m, right + (long) j * n * size, 1, j < k ? n : 0);
                for (int j = k; j < kv; j++) orient(t, right + (long) j * n * size, 1, n, 0, 0, 0);
            }
        });
    }

    /** Every matrix as far as it goes the identity: the orthogonal factors of matrices without elements. */
    private static void identities(Tensor y) {
        CpuCopy.fill(y, 0);
        long n = Math.min(y.dim(-1), y.dim(-2));
        long area = (long) y.dim(-1) * y.dim(-2);
        long to = y.address();
        for (long k = 0; k * area < y.size(); k++) for (long i = 0; i < n; i++) Raw.real(y.dtype(), to, k * area + i * y.dim(-1) + i, 1);
    }

    // ---- triangles ----

    /** The lower factor in place of y, a copy of the matrices of which it reads the lower triangle. */
    static void cholesky(Tensor y) {
        int n = y.dim(-1);
        if (y.size() == 0) return;
        DType t = y.dtype();
        long to = y.address();
        Lapack.parallel(count(y), n, (from, end) -> {
            for (long k = from; k < end; k++) {
                long at = to + k * n * n * t.bytes();
                int info = Lapack.potrf(t, n, at);
                if (info > 0) throw new ArithmeticException("cholesky: " + which(y, k) + " is not positive definite: pivot " + (info - 1)
                        + " (counted from 0) is not positive; symmetric matrices need positive eigenvalues, adding a small multiple of the identity makes them so");
                for (long i = 0; i < n - 1; i++) Raw.zero(at + (i * n + i + 1) * t.bytes(), (n - 1 - i) * t.bytes());
            }
        });
    }

    /** {@code a^-1 b} in place of b for triangles a. */
    static void solveTriangular(Tensor a, Tensor b, boolean upper, boolean unit) {
        int n = a.dim(-1);
        int columns = b.dim(-1);
        if (b.size() == 0) return;
        DType t = b.dtype();
        Tensor c = CpuCopy.contiguous(a);
        try {
            long triangles = c.address();
            long to = b.address();
            long grain = Math.max(1, (1 << 18) / Math.max(1, (long) n * n * columns));
            Threads.parallel(count(c), grain, (from, end) -> {
                for (long k = from; k < end; k++) {
                    long at = triangles + k * n * n * t.bytes();
                    if (!unit) checkDiagonal(a, k, t, at, n);
                    Lapack.trsm(t, upper, unit, n, columns, at, to + k * n * columns * t.bytes());
                }
            });
        } finally {
            CpuCopy.drop(c, a);
        }
    }

    private static void checkDiagonal(Tensor a, long k, DType t, long at, long n) {
        for (long i = 0; i < n; i++) {
            if (Raw.real(t, at, i * n + i) == 0) throw new ArithmeticException("solveTriangular: " + which(a, k) + " is singular: element (" + i + ", " + i + ") of its diagonal is 0");
        }
    }

    // ---- LU and QR ----

    /** Column-major factors in place of lu, which holds the transposed matrices (n, m). */
    static void lu(Tensor lu, Tensor pivots, boolean regular) {
        int n = lu.dim(-2);
        int m = lu.dim(-1);
        if (lu.size() == 0) return;
        DType t = lu.dtype();
        int k = Math.min(m, n);
        long to = lu.address();
        long exchanges = pivots.address();
        Lapack.parallel(count(lu), k, (from, end) -> {
            for (long i = from; i < end; i++) {
                int info = Lapack.getrf(t, m, n, to + i * m * n * t.bytes(), exchanges + 4 * i * k);
                if (info > 0 && regular) throw new ArithmeticException("Linear system: " + which(lu, i) + " is singular: pivot " + (info - 1)
                        + " (counted from 0) is 0; use lstsq or pinv for a solution of least squares");
            }
        });
    }

    /** Solutions in place of the rows of b (k, n), with factors of {@link #lu}. */
    static void luSolve(Tensor lu, Tensor pivots, Tensor b, boolean transposed) {
        int n = lu.dim(-1);
        int rows = b.dim(-2);
        if (b.size() == 0) return;
        DType t = b.dtype();
        Tensor c = CpuCopy.contiguous(lu);
        Tensor p = CpuCopy.contiguous(pivots);
        try {
            long factors = c.address();
            long exchanges = p.address();
            long to = b.address();
            Lapack.parallel(count(c), Math.min(n, rows), (from, end) -> {
                for (long i = from; i < end; i++) Lapack.getrs(t, transposed, n, rows, factors + i * n * n * t.bytes(), exchanges + 4 * i * n, to + i * rows * n * t.bytes());
            });
        } finally {
            CpuCopy.drop(c, lu);
            CpuCopy.drop(p, pivots);
        }
    }

    /** Of the transposed matrices a (n, m), a copy that is overwritten: the rows of q are the columns of Q (m, kq), r is (kq, n). */
    static void qr(Tensor q, Tensor r, Tensor a) {
        int m = a.dim(-1);
        int n = a.dim(-2);
        int kq = q.dim(-2);
        int k = Math.min(m, n);
        if (a.size() == 0) {
            identities(q);
            CpuCopy.fill(r, 0);
            return;
        }
        DType t = a.dtype();
        int size = t.bytes();
        long work = Lapack.qrWork(m, Math.max(n, kq));
        long from = a.address();
        long qs = q.address();
        long rs = r.address();
        CpuCopy.fill(r, 0);
        each(count(a), k, t, work + k, 1, (lo, hi, space, none) -> {
            for (long i = lo; i < hi; i++) {
                long at = from + i * m * n * size;
                long qi = qs + i * m * kq * size;
                long tau = space + work * size;
                Lapack.geqrf(t, m, n, at, m, tau, space, work);
                for (long row = 0; row < k; row++) {
                    for (long column = row; column < n; column++) Raw.real(t, rs + i * kq * n * size, row * n + column, Raw.real(t, at, column * m + row));
                }
                Raw.copy(at, qi, (long) m * Math.min(n, kq) * size);
                Lapack.orgqr(t, m, kq, k, qi, tau, space, work);
            }
        });
    }
}
