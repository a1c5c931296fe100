package lemma.probe;

import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Matrix entropy of the hidden states of a text, {@code -sum l log l} in nats with the eigenvalues l of {@code Z^T Z / tr(Z^T Z)}, where Z is
 * the (tokens, width) matrix with the column means taken off and then rows of length one. It falls when a model compresses its
 * states into few directions. It assumes nothing of the distribution, but needs more tokens than directions to tell them apart. Time O(m n min(m, n) + min(m, n)^3).
 *
 * @see <a href="https://arxiv.org/abs/2401.17139">Wei, Tan, Li, Wang, Huang (2024), Diff-eRank / Large Language Model Evaluation via Matrix Entropy</a>
 */
public final class MatrixEntropy {
    private MatrixEntropy() {}

    /**
     * In nats, between 0 and {@code log min(m, n)}.
     *
     * @param x (m, n): one row a token
     * @throws IllegalArgumentException if m is less than 2, a row equals the mean, or a number is not finite
     */
    public static double of(Tensor x) {
        return Scope.run(() -> {
            Tensor z = normalisedStates("MatrixEntropy", x);
            return Entropies.shannon(Entropies.normalised(Spectrum.descending(Spectrum.scatter(z).div(x.dim(0)))));
        });
    }

    /** Divided by {@code log n}, the entropy of states that fill their n columns evenly: in [0, 1]. */
    public static double normalised(Tensor x) {
        if (x.rank() == 2 && x.dim(1) == 1) throw new IllegalArgumentException("MatrixEntropy.normalised: one column has entropy 0 of at most 0");
        return of(x) / Math.log(x.dim(1));
    }

    /** Columns of mean zero, then rows of length one. */
    static Tensor normalisedStates(String metric, Tensor x) {
        return Features.unitRows(metric, Features.centred(metric, x));
    }
}
