package lemma.tensor;

import lemma.tensor.Blas.Matrix;

/**
 * A product with the same matrix at every time step: {@code c += a b} for few rows of a, on the calling thread. Where
 * {@link PackedMatrix} serves, b is packed once; OpenBLAS would pack it again at each step.
 */
abstract sealed class StepProduct {
    private StepProduct() {}

    /** For b (k, n) with any strides, which will be multiplied by {@code rows} rows in all. */
    static StepProduct of(Tensor b, long rows) {
        return Blas.packs(b.dtype(), rows, b.dim(1), b.dim(0)) ? new Packed(b) : new Plain(b);
    }

    /** {@code c += a b}: m rows of a, {@code lda} bytes apart; c (m, n) row-major. */
    abstract void add(int m, long a, long lda, long c);

    abstract void close();

    private static Matrix rows(DType type, long a, long lda) {
        return new Matrix(a, (int) (lda / type.bytes()), false);
    }

    private static final class Packed extends StepProduct {
        private final PackedMatrix b;
        private final int n;

        Packed(Tensor b) {
            Tensor dense = CpuMatrices.isMatrix(b) ? b : CpuCopy.copyOf(b);
            this.b = new PackedMatrix(b.dim(0), b.dim(1), CpuMatrices.matrix(dense, dense.address()), true);
            this.n = b.dim(1);
            CpuCopy.drop(dense, b);
        }

        @Override
        void add(int m, long a, long lda, long c) {
            b.multiply(m, rows(DType.FLOAT32, a, lda), 1, c, n, false);
        }

        @Override
        void close() {
            b.close();
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
        void add(int m, long a, long lda, long c) {
            Blas.one(b.dtype(), m, b.dim(1), b.dim(0), rows(b.dtype(), a, lda), matrix, 1, c, b.dim(1));
        }

        @Override
        void close() {
            CpuCopy.drop(b, given);
        }
    }
}
