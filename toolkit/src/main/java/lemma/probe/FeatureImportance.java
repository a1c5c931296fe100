package lemma.probe;

import java.util.function.UnaryOperator;
import lemma.autodiff.Autodiff;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/** How much the units of a layer, or directions in it, matter for one output of the net: in the units of that output, to first order. Time: one gradient. */
public final class FeatureImportance {
    private FeatureImportance() {}

    /**
     * Gradient times input: the mean over the examples of {@code |df(h)/dh_j h_j|}, for each unit j. For a linear output w.h it is the mean of {@code |w_j h_j|}.
     *
     * @param h (n, d) activations
     * @param output from (n, d) to the output (n) of each example, which must depend on its own row only
     * @return (d)
     */
    public static Tensor gradientInput(Tensor h, UnaryOperator<Tensor> output) {
        return Scope.run(() -> contributions(h, output).abs().mean(0));
    }

    /**
     * The same for features along directions: h is taken as {@code codes . dictionary}, and feature i moves the output by {@code codes_i (gradient . dictionary_i)}.
     *
     * @param codes (n, k), as of a {@link NonNegativeMatrixFactorization}
     * @param dictionary (k, d)
     * @return (k)
     */
    public static Tensor gradientInput(Tensor codes, Tensor dictionary, UnaryOperator<Tensor> output) {
        if (codes.rank() != 2 || dictionary.rank() != 2 || codes.dim(1) != dictionary.dim(0)) throw new IllegalArgumentException("FeatureImportance: codes are " + codes.shape() + ", dictionary " + dictionary.shape() + ", expected (n, k) and (k, d)");
        return Scope.run(() -> contributions(codes, c -> output.apply(c.matmul(dictionary))).abs().mean(0));
    }

    private static Tensor contributions(Tensor h, UnaryOperator<Tensor> output) {
        if (h.rank() != 2) throw new IllegalArgumentException("FeatureImportance: activations are " + h.shape() + ", expected (n, d)");
        Tensor at = h.detach();
        return Autodiff.grad((Tensor x) -> checked(output.apply(x), at).sum(), at).mul(at);
    }

    private static Tensor checked(Tensor y, Tensor h) {
        if (y.rank() != 1 || y.dim(0) != h.dim(0)) throw new IllegalArgumentException("FeatureImportance: the output for " + h.shape() + " is " + y.shape() + ", expected (" + h.dim(0) + ")");
        return y;
    }
}
