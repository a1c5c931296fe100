package lemma.linalg;

import java.util.Arrays;
import lemma.tensor.Batching;
import lemma.tensor.DType;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/** Checks and small pieces that the decompositions share. */
final class Matrices {
    private Matrices() {}

    static void check(String op, Tensor a) {
        if (a.rank() < 2) throw new IllegalArgumentException(op + ": shape " + a.shape() + ", expected a matrix or a batch of them: at least two axes");
        if (!a.dtype().isFloat()) throw new IllegalArgumentException(op + ": dtype is " + a.dtype() + ", expected FLOAT32 or FLOAT64; convert with to(DType)");
    }

    static void checkSquare(String op, Tensor a) {
        check(op, a);
        if (a.dim(-1) != a.dim(-2)) throw new IllegalArgumentException(op + ": shape " + a.shape() + " has matrices of " + a.dim(-2) + " x " + a.dim(-1) + ", expected square ones");
    }

    static Shape batch(Tensor a) {
        return Shape.of(Arrays.copyOf(a.shape().dims(), a.rank() - 2));
    }

    /** {@code a} with the batch axes {@code batch}. */
    static Tensor expandBatch(Tensor a, Shape batch) {
        int[] d = Arrays.copyOf(batch.dims(), batch.rank() + 2);
        d[batch.rank()] = a.dim(-2);
        d[batch.rank() + 1] = a.dim(-1);
        return a.expand(d);
    }

    /** True on the diagonal of (n, n). */
    static Tensor diagonalMask(Tensor like, int n) {
        Tensor i = like.backend().arange(0, 1, n, DType.INT64);
        return i.reshape(n, 1).eq(i.reshape(1, n));
    }

    static Tensor scalar(Tensor like, double value) {
        return like.backend().full(Shape.SCALAR, like.dtype(), value);
    }

    /** The identity (n, n) in the type of {@code like}. */
    static Tensor eye(Tensor like, int n) {
        return diagonalMask(like, n).to(like.dtype());
    }

    /** The diagonals of square matrices: (..., n, n) to (..., n). */
    static Tensor diagonal(Tensor a) {
        return Tensor.where(diagonalMask(a, a.dim(-1)), a, scalar(a, 0)).sum(-1);
    }

    /** {@code x_j - x_i} with infinity for i = j: what a division by vanishes on the diagonal. */
    static Tensor gaps(Tensor x) {
        Tensor d = x.unsqueeze(-2).sub(x.unsqueeze(-1));
        return Tensor.where(diagonalMask(x, x.dim(-1)), scalar(x, Double.POSITIVE_INFINITY), d);
    }

    /** Distance from 1 to the next number of this type. */
    static double eps(DType type) {
        return type == DType.FLOAT32 ? Math.ulp(1f) : Math.ulp(1.0);
    }

    /** True if some element of {@code t}, of any example, is zero. */
    static boolean hasZero(Tensor t) {
        return t.size() > 0 && Batching.allOf(t).eq(0).any().item() != 0;
    }
}
