package lemma.probe;

import lemma.linalg.Linalg;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * The matrix nuclear-norm metric of hidden states: the sum of the {@code D = min(m, n)} largest column norms of the (m tokens, n width) matrix
 * with column means taken off and then rows of length one, divided by the number of tokens. Without units; a stand-in for the nuclear
 * norm {@code |X|_* = sum s_i} that needs no decomposition, time O(m n).
 *
 * <p>{@code |X|_F <= |X|_* <= sum_j |X_j|}, with equality on the right iff the columns are orthogonal. So unlike the nuclear norm it depends
 * on the basis: a rotation of the columns changes it.
 *
 * @see <a href="https://arxiv.org/abs/2410.10672">Li, Xia, Chen, Li (2024), Large Language Model Evaluation via Matrix Nuclear-Norm, eq. 11 to 13</a>
 */
public final class MatrixNuclearNorm {
    private MatrixNuclearNorm() {}

    /**
     * The L1,2 approximation a token.
     *
     * @param x (m, n): one row a token
     * @throws IllegalArgumentException if m is less than 2, a row equals the mean, or a number is not finite
     */
    public static double of(Tensor x) {
        return Scope.run(() -> {
            // of z = c / |c_i|, squares of column j: sum_i c_ij^2 / |c_i|^2, without making z
            Tensor squares = Features.centred("MatrixNuclearNorm", x).square();
            Tensor norms = Features.inverse("MatrixNuclearNorm", squares.sum(1)).matmul(squares).sqrt();
            Tensor largest = x.dim(1) <= x.dim(0) ? norms : norms.topk(x.dim(0), 0).values();
            return largest.sum().item() / x.dim(0);
        });
    }

    /** The nuclear norm itself a token, by singular values: time O(m n min(m, n)). */
    public static double exact(Tensor x) {
        return Scope.run(() -> Linalg.matrixNorm(MatrixEntropy.normalisedStates("MatrixNuclearNorm.exact", x), "nuc").item() / x.dim(0));
    }
}
