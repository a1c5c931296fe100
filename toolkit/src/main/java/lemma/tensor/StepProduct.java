package lemma.tensor;

import lemma.tensor.Blas.Matrix;

/**
 * A product with the same matrix at every time step: {@code c += a b} for few rows of a, on the calling thread. For FLOAT32 on machines
 * with 32 vector registers b is packed once into panels; OpenBLAS would pack it again at each step.
 */
abstract sealed class StepProduct {
    /** Rows of c are written in groups of this many. */
    static final int ROWS = 4;

    private StepProduct() {}

    /** For b (k, n) with any strides. */
    static StepProduct of(Tensor b) {
        boolean packed = b.dtype() == DType.FLOAT32 && Vectors.AVAILABLE && FloatMath.STEP == 64;
        return packed ? new Packed(b) : new Plain(b);
    }

    /** Length of a row of c with its padding. */
    abstract int columns();

    /** {@code c += a b}: m rows of a, {@code lda} bytes apart; c (m rounded up to {@link #ROWS}, {@link #columns}) row-major. */
    abstract void add(int m, long a, long lda, long c);

    abstract void close();

    private static final class Packed extends StepProduct {
        private static final int WIDE = 4 * FloatMath.LANES;
        private static final int NARROW = FloatMath.LANES;

        private final int k;
        private final int n;
        private final Tensor panels;

        Packed(Tensor b) {
            k = b.dim(0);
            n = b.dim(1);
            panels = CpuCopy.temporary(Shape.of(k, columns()), DType.FLOAT32);
            if (columns() > n) CpuCopy.fill(panels, 0);
            for (int j = 0; j < n; j += width(j)) {
                int filled = Math.min(width(j), n - j);
                Tensor strip = b.view(Shape.of(k, filled), b.strides(), b.offset() + j * b.strides()[1]);
                CpuCopy.copy(panels.view(Shape.of(k, filled), new long[] {width(j), 1}, (long) j * k), strip);
            }
        }

        /** Width of the panel that begins at column j. */
        private int width(int j) {
            return n - j >= WIDE ? WIDE : NARROW;
        }

        @Override
        int columns() {
            return (n + NARROW - 1) / NARROW * NARROW;
        }

        @Override
        void add(int m, long a, long lda, long c) {
            long ldc = 4L * columns();
            long b = panels.address();
            for (int j = 0; j < n; j += width(j)) {
                boolean wide = width(j) == WIDE;
                long panel = b + 4L * j * k;
                for (int i = 0; i < m; i += ROWS) {
                    long a0 = a + i * lda;
                    long a1 = i + 1 < m ? a0 + lda : a0;
                    long a2 = i + 2 < m ? a1 + lda : a0;
                    long a3 = i + 3 < m ? a2 + lda : a0;
                    long to = c + i * ldc + 4L * j;
                    if (wide) FloatPanels.wide(a0, a1, a2, a3, panel, k, to, ldc);
                    else FloatPanels.narrow(a0, a1, a2, a3, panel, k, to, ldc);
                }
            }
        }

        @Override
        void close() {
            CpuCopy.drop(panels);
        }
    }

    private static final class Plain extends StepProduct {
        private final Tensor given;
        private final Tensor b;
        private final Matrix matrix;

        Plain(Tensor b) {
            this.given = b;
            this.b = CpuMatrices.isMatrix(b) ? b : CpuCopy.copyOf(b);
            matrix = CpuMatrices.matrix(this.b, this.b.address());
        }

        @Override
        int columns() {
            return b.dim(1);
        }

        @Override
        void add(int m, long a, long lda, long c) {
            int k = b.dim(0);
            Blas.one(b.dtype(), m, columns(), k, new Matrix(a, (int) (lda / b.dtype().bytes()), false), matrix, 1, c, columns());
        }

        @Override
        void close() {
            CpuCopy.drop(b, given);
        }
    }
}
