package lemma.linalg;

import lemma.tensor.Tensor;

/**
 * Linear algebra of the last two axes, with the names and the meaning of {@code torch.linalg}; all axes before them are a batch.
 * FLOAT32 and FLOAT64. Everything has gradients made of differentiable operations, so higher derivatives exist too.
 *
 * <p>Computed by LAPACK (OpenBLAS): a single matrix of 256 rows and columns or more on all threads, where the bits depend on how many
 * there are, and all others on one thread a matrix.
 *
 * <p>Eigenvectors and singular vectors are unique up to their sign at best. Here the first of the elements that are largest in magnitude
 * but for rounding is positive: in each eigenvector, and in each column of U, whose sign the row of V^T shares. Their derivatives exist
 * where eigenvalues or singular values are distinct (and, for matrices that are not square, not zero); a function of them must not depend
 * on signs or it has no derivative in the sense meant.
 */
public final class Linalg {
    private Linalg() {}

    // ---- decompositions ----

    /**
     * {@code a = vectors diag(values) vectors^T}.
     *
     * @param values (..., n), ascending
     * @param vectors (..., n, n), one in each column, orthonormal
     */
    public record Eigh(Tensor values, Tensor vectors) {}

    /**
     * Eigenvalues and eigenvectors of symmetric matrices; only the lower triangle of a (..., n, n) is read.
     *
     * <p>The gradient is that of a symmetric function: if the matrix depends on parameters, make it symmetric from them.
     *
     * @throws IllegalArgumentException if a matrix is not square or holds NaN or infinity
     * @throws ArithmeticException if the iteration does not converge
     */
    public static Eigh eigh(Tensor a) {
        return SymmetricEigen.eigh(a);
    }

    /**
     * The eigenvalues of {@link #eigh} alone, faster when no gradient is asked for: matrices of 256 rows or more go by way of a band, by matrix products on
     * all threads, in half the time at 5,000 rows, and their bits do not depend on how many threads there are.
     */
    public static Tensor eigvalsh(Tensor a) {
        return SymmetricEigen.eigvalsh(a);
    }

    /**
     * {@code a = u diag(s) vh}.
     *
     * @param u (..., m, k), orthonormal columns
     * @param s (..., k), descending, k the smaller of m and n
     * @param vh (..., k, n), orthonormal rows
     */
    public record Svd(Tensor u, Tensor s, Tensor vh) {}

    /** The reduced singular value decomposition of a (..., m, n). */
    public static Svd svd(Tensor a) {
        return SingularValues.svd(a, false);
    }

    /**
     * The singular value decomposition of a (..., m, n); with {@code fullMatrices} u is (..., m, m) and vh (..., n, n), and then they have
     * no derivative unless m = n.
     *
     * @throws IllegalArgumentException if a matrix holds NaN or infinity
     * @throws ArithmeticException if the iteration does not converge
     */
    public static Svd svd(Tensor a, boolean fullMatrices) {
        return SingularValues.svd(a, fullMatrices);
    }

    /** The singular values of {@link #svd} alone, faster when no gradient is asked for. */
    public static Tensor svdvals(Tensor a) {
        return SingularValues.svdvals(a);
    }

    /**
     * The lower triangle L with {@code a = L L^T}; only the lower triangle of a is read, and the gradient is symmetric.
     *
     * @throws ArithmeticException if a matrix is not positive definite, naming the batch element and the pivot
     */
    public static Tensor cholesky(Tensor a) {
        return LinearSystems.cholesky(a);
    }

    /**
     * {@code a = q r}.
     *
     * @param q (..., m, k), orthonormal columns
     * @param r (..., k, n), upper triangular; signs are those of Householder's reflections
     */
    public record Qr(Tensor q, Tensor r) {}

    /** The reduced QR decomposition of a (..., m, n): k is the smaller of m and n. */
    public static Qr qr(Tensor a) {
        return LinearSystems.qr(a, false);
    }

    /** The QR decomposition; with {@code complete} k is m, which has no derivative if m is larger than n. */
    public static Qr qr(Tensor a, boolean complete) {
        return LinearSystems.qr(a, complete);
    }

    // ---- equations ----

    /**
     * {@code a^-1 b} for a (..., n, n) and b (..., n, k), or vectors b (n) or (..., n) with the batch axes of a. Batch axes broadcast.
     *
     * @throws ArithmeticException if a matrix is singular, naming the batch element and the pivot
     */
    public static Tensor solve(Tensor a, Tensor b) {
        return LinearSystems.solve(a, b);
    }

    /** {@code a^-1 b} for upper or lower triangles a, of which the other triangle is not read. */
    public static Tensor solveTriangular(Tensor a, Tensor b, boolean upper) {
        return LinearSystems.solveTriangular(a, b, upper, true, false);
    }

    /**
     * {@code a^-1 b}, or {@code b a^-1} unless {@code left}, for triangles a (..., n, n); with {@code unitriangular} their diagonal is not read and
     * taken as ones.
     *
     * @throws ArithmeticException if an element of the diagonal is zero, naming it and the batch element
     */
    public static Tensor solveTriangular(Tensor a, Tensor b, boolean upper, boolean left, boolean unitriangular) {
        return LinearSystems.solveTriangular(a, b, upper, left, unitriangular);
    }

    /**
     * The inverse. To apply it, {@link #solve} is faster and more exact.
     *
     * @throws ArithmeticException if a matrix is singular, naming the batch element and the pivot
     */
    public static Tensor inv(Tensor a) {
        return LinearSystems.inv(a);
    }

    /**
     * The x that minimises {@code |a x - b|} for a (..., m, n) of full rank and b (..., m, k) or (..., m): of wide matrices the shortest x. By QR.
     *
     * @throws ArithmeticException if a column depends on others; {@link #pinv} takes such matrices
     */
    public static Tensor lstsq(Tensor a, Tensor b) {
        return LinearSystems.lstsq(a, b);
    }

    /** The Moore-Penrose inverse (..., n, m); singular values up to {@code eps max(m, n)} times the largest count as zero. */
    public static Tensor pinv(Tensor a) {
        Matrices.check("pinv", a);
        return pinv(a, defaultTolerance(a));
    }

    /** The Moore-Penrose inverse; singular values up to {@code rtol} times the largest count as zero. Its gradient holds where the rank stays. */
    public static Tensor pinv(Tensor a, double rtol) {
        return SingularValues.pinv(a, rtol);
    }

    // ---- determinants ----

    /** The determinant (...) of square matrices; that of one without elements is 1. Singular matrices have a gradient, the matrix of cofactors. */
    public static Tensor det(Tensor a) {
        return LinearSystems.det(a);
    }

    /** Sign of the determinant, 0 for singular matrices, and the logarithm of its magnitude. */
    public record SlogDet(Tensor sign, Tensor logabsdet) {}

    /** {@code det(a) = sign exp(logabsdet)} without overflow; the gradient of a singular matrix is an ArithmeticException. */
    public static SlogDet slogdet(Tensor a) {
        return LinearSystems.slogdet(a);
    }

    /** {@code log(det(a))}: NaN where the determinant is negative, -infinity where it is zero. */
    public static Tensor logdet(Tensor a) {
        return LinearSystems.logdet(a);
    }

    // ---- functions of matrices ----

    /**
     * {@code sum_k a^k / k!}.
     *
     * @see <a href="https://doi.org/10.1137/04061101X">Higham (2005), The scaling and squaring method for the matrix exponential revisited</a>
     */
    public static Tensor matrixExp(Tensor a) {
        return LinearSystems.matrixExp(a);
    }

    // ---- norms ----

    /** The Frobenius norm of each matrix. */
    public static Tensor matrixNorm(Tensor a) {
        return Norms.frobenius(a);
    }

    /** The Frobenius norm {@code "fro"} or the sum of singular values {@code "nuc"}. */
    public static Tensor matrixNorm(Tensor a, String ord) {
        return Norms.matrix(a, ord);
    }

    /** Largest (smallest for negative {@code ord}) sum of magnitudes of a column (1, -1) or of a row (infinity), or singular value (2, -2). */
    public static Tensor matrixNorm(Tensor a, double ord) {
        return Norms.matrix(a, ord);
    }

    /** Ratio of the largest and the smallest singular value. */
    public static Tensor cond(Tensor a) {
        return cond(a, 2);
    }

    /** {@code |a| |a^-1|} in the norm {@code p} of {@link #matrixNorm(Tensor, double)}. */
    public static Tensor cond(Tensor a, double p) {
        return Norms.cond(a, p);
    }

    /** INT64 number of singular values above {@code eps max(m, n)} times the largest; not differentiable. */
    public static Tensor matrixRank(Tensor a) {
        Matrices.check("matrixRank", a);
        return matrixRank(a, defaultTolerance(a));
    }

    /** INT64 number of singular values above {@code rtol} times the largest; not differentiable. */
    public static Tensor matrixRank(Tensor a, double rtol) {
        return SingularValues.rank(a, rtol);
    }

    private static double defaultTolerance(Tensor a) {
        return Matrices.eps(a.dtype()) * Math.max(a.dim(-1), a.dim(-2));
    }
}
