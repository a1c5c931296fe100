package lemma.tensor;

import java.util.Arrays;
import lemma.tensor.Blas.Matrix;

/** Matrix products: BLAS for floats, loops for integers. */
final class CpuMatrices {
    private CpuMatrices() {}

    static void matmul(Tensor y, Tensor a, Tensor b) {
        if (y.size() == 0) return;
        if (a.dim(-1) == 0) {
            CpuCopy.fill(y, 0);
        } else if (!y.dtype().hasGradient()) {
            integers(y, a, b);
        } else if (!isMatrix(a) || !isMatrix(b)) {
            ofCopies(y, a, b);
        } else {
            floats(y, a, b);
        }
    }

    private static void ofCopies(Tensor y, Tensor a, Tensor b) {
        Tensor c = isMatrix(a) ? a : CpuCopy.copyOf(a);
        Tensor d = isMatrix(b) ? b : CpuCopy.copyOf(b);
        try {
            floats(y, c, d);
        } finally {
            CpuCopy.drop(c, a);
            CpuCopy.drop(d, b);
        }
    }

    /** True if BLAS can read the last two axes in place. */
    static boolean isMatrix(Tensor a) {
        return leading(a) > 0;
    }

    /** The leading dimension for BLAS if rows or columns lie side by side, else 0. */
    private static long leading(Tensor a) {
        int r = a.rank();
        long rows = a.dim(-2);
        long columns = a.dim(-1);
        long rs = rows == 1 ? columns : a.strides()[r - 2];
        long cs = columns == 1 ? 1 : a.strides()[r - 1];
        if (cs == 1 && rs >= columns) return rs;
        if (columns == 1) return rs >= 1 ? rs : 0;
        long down = rows == 1 ? 1 : rs;
        return down == 1 && cs >= rows ? cs : 0;
    }

    static Matrix matrix(Tensor a, long address) {
        int r = a.rank();
        long columns = a.dim(-1);
        long rs = a.dim(-2) == 1 ? columns : a.strides()[r - 2];
        boolean plain = (columns == 1 || a.strides()[r - 1] == 1) && rs >= columns;
        return new Matrix(address, Math.toIntExact(leading(a)), !plain);
    }

    private static void floats(Tensor y, Tensor a, Tensor b) {
        DType t = y.dtype();
        int size = t.bytes();
        int m = a.dim(-2);
        int k = a.dim(-1);
        int n = b.dim(-1);
        Matrix p = matrix(a, a.address());
        Matrix q = matrix(b, b.address());
        long to = y.address();
        int batchRank = y.rank() - 2;
        long count = y.size() / ((long) m * n);
        if (count == 1) {
            Blas.multiply(t, m, n, k, p, q, 0, to, n);
            return;
        }
        Nest nest = Nest.of(Arrays.copyOf(y.shape().raw(), batchRank), a.strides(), b.strides());
        if ((long) m * n * k >= 1 << 22) {
            nestEach(nest, 0, count, (i, oa, ob) -> Blas.multiply(t, m, n, k, shift(p, oa * size), shift(q, ob * size), 0, to + i * m * n * size, n));
            return;
        }
        long grain = Math.max(1, (1 << 18) / ((long) m * n * k));
        Threads.parallel(count, grain, (lo, hi) ->
                nestEach(nest, lo, hi, (i, oa, ob) -> Blas.one(t, m, n, k, shift(p, oa * size), shift(q, ob * size), 0, to + i * m * n * size, n)));
    }

    private static Matrix shift(Matrix a, long bytes) {
        return new Matrix(a.address() + bytes, a.ld(), a.transposed());
    }

    @FunctionalInterface
    private interface Each {
        void at(long index, long offsetA, long offsetB);
    }

    private static void nestEach(Nest nest, long lo, long hi, Each body) {
        long sa = nest.innerStride(0);
        long sb = nest.innerStride(1);
        nest.runs(lo, hi, (i, oa, ob, x, n) -> {
            for (long j = 0; j < n; j++) body.at(i + j, oa + j * sa, ob + j * sb);
        });
    }

    private static void integers(Tensor y, Tensor a, Tensor b) {
        Tensor c = CpuCopy.contiguous(a);
        Tensor d = CpuCopy.contiguous(b);
        try {
            DType t = y.dtype();
            int m = a.dim(-2);
            int k = a.dim(-1);
            int n = b.dim(-1);
            long p = c.address();
            long q = d.address();
            long to = y.address();
            Threads.parallel(y.size(), Math.max(1, (1 << 15) / k), (lo, hi) -> {
                for (long i = lo; i < hi; i++) {
                    long row = i / n;
                    long column = row / m * k * n + i % n;
                    long s = 0;
                    for (long j = 0; j < k; j++) s += Raw.integer(t, p, row * k + j) * Raw.integer(t, q, column + j * n);
                    Raw.integer(t, to, i, s);
                }
            });
        } finally {
            CpuCopy.drop(c, a);
            CpuCopy.drop(d, b);
        }
    }

    /** {@code x w^T + b}: the rows of y start as b, and the product is added. */
    static void linear(Tensor y, Tensor x, Tensor w, Tensor b) {
        if (y.size() == 0) return;
        int m = x.dim(0);
        int n = w.dim(0);
        int k = x.dim(1);
        if (b != null) CpuCopy.copy(y, b.view(y.shape(), new long[] {0, b.strides()[0]}, b.offset()));
        else if (k == 0) CpuCopy.fill(y, 0);
        if (k == 0) return;
        Tensor c = isMatrix(x) ? x : CpuCopy.copyOf(x);
        Tensor d = isMatrix(w) ? w : CpuCopy.copyOf(w);
        try {
            Matrix q = matrix(d, d.address());
            Matrix turned = new Matrix(q.address(), q.ld(), !q.transposed());
            Blas.multiply(y.dtype(), m, n, k, matrix(c, c.address()), turned, b == null ? 0 : 1, y.address(), n);
        } finally {
            CpuCopy.drop(c, x);
            CpuCopy.drop(d, w);
        }
    }
}
