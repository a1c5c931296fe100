package lemma.probe;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * {@code X ~ W H} with nonnegative parts: k directions H into which activations fall apart, and how much W of each an example has. The squared error falls
 * with each of Lee and Seung's steps {@code W <- W (X H^T) / (W H H^T)}, {@code H <- H (W^T X) / (W^T W H)}, to a local minimum.
 *
 * @param codes W (n, k)
 * @param dictionary H (k, d)
 * @see <a href="https://papers.nips.cc/paper/1861-algorithms-for-non-negative-matrix-factorization">Lee, Seung (2001), Algorithms for Non-negative Matrix Factorization, eq. 4</a>
 */
public record NonNegativeMatrixFactorization(Tensor codes, Tensor dictionary) {
    private static final String NAME = "NonNegativeMatrixFactorization";

    /** From random parts at the scale of X. Time O(iterations n d k). Arguments as below. */
    public static NonNegativeMatrixFactorization fit(Tensor x, int k, int iterations, Random random) {
        if (k < 1) throw new IllegalArgumentException(NAME + ": k is " + k + ", expected at least 1");
        double scale = Math.sqrt(checked(x).mean().item() / k);
        Tensor w = random.fork(0).normal(Shape.of(x.dim(0), k), DType.FLOAT64).abs().mul(scale);
        return fit(x, w, random.fork(1).normal(Shape.of(k, x.dim(1)), DType.FLOAT64).abs().mul(scale), iterations);
    }

    /**
     * From given parts.
     *
     * @param x (n, d), nothing below zero
     * @param codes (n, k) nonnegative; where there is a zero it stays
     * @param dictionary (k, d) likewise
     */
    public static NonNegativeMatrixFactorization fit(Tensor x, Tensor codes, Tensor dictionary, int iterations) {
        Tensor data = checked(x);
        if (iterations < 1) throw new IllegalArgumentException(NAME + ": " + iterations + " iterations, expected at least 1");
        if (codes.rank() != 2 || dictionary.rank() != 2 || codes.dim(0) != x.dim(0) || dictionary.dim(1) != x.dim(1) || codes.dim(1) != dictionary.dim(0)) {
            throw new IllegalArgumentException(NAME + ": x is " + x.shape() + ", codes " + codes.shape() + ", dictionary " + dictionary.shape() + "; expected (n, d), (n, k) and (k, d)");
        }
        NonNegativeMatrixFactorization at = new NonNegativeMatrixFactorization(checked(codes), checked(dictionary));
        for (int i = 0; i < iterations; i++) {
            NonNegativeMatrixFactorization before = at;
            Tensor[] next = Scope.run(() -> {
                Tensor w = stepped(data, before.codes, before.dictionary);
                return new Tensor[] {w, stepped(data.t(), before.dictionary.t(), w.t()).t().contiguous()};
            });
            at = new NonNegativeMatrixFactorization(next[0], next[1]);
        }
        return at;
    }

    /** {@code W (X H^T) / (W H H^T)}. */
    private static Tensor stepped(Tensor x, Tensor w, Tensor h) {
        Tensor below = w.matmul(h.matmul(h.t()));
        return w.mul(x.matmul(h.t()).div(below.add(below.eq(0).to(DType.FLOAT64).mul(Math.ulp(1.0f)))));
    }

    private static Tensor checked(Tensor t) {
        Tensor x = Features.of(NAME, t, 1);
        if (x.min().item() < 0) throw new IllegalArgumentException(NAME + ": the least element is " + x.min().item() + ", expected none below zero");
        return x;
    }

    /** {@code |X - W H|}, over the square root of the number of elements. */
    public double error(Tensor x) {
        return Scope.run(() -> Math.sqrt(checked(x).sub(codes.matmul(dictionary)).square().mean().item()));
    }
}
