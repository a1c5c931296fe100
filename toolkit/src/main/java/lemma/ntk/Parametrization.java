package lemma.ntk;

import java.util.function.IntFunction;

/**
 * Where the scale of a layer's weights stands: in the equation, in the initial distribution or in the learning rate. With standard deviations
 * {@code W_std, b_std} of the description, d numbers that a unit sees, of n channels in a layer behind the first one, and N units:
 *
 * <table>
 * <caption>factor of {@code W_std / sqrt(d) W x}, initial deviation of W, and rates</caption>
 * <tr><th></th><th>input layer</th><th>hidden layers</th><th>output layer</th><th>rate of SGD</th><th>rates of Adam</th></tr>
 * <tr><td>{@link #NTK}</td><td>1; 1</td><td>1; 1</td><td>1; 1</td><td>1</td><td>1</td></tr>
 * <tr><td>{@link #MEAN_FIELD}</td><td>1; 1</td><td>1; 1</td><td>{@code 1/sqrt(n)}; 1</td><td>n of the output layer</td><td>{@code 1, 1/sqrt(n), 1}</td></tr>
 * <tr><td>{@link #MUP}</td><td>{@code sqrt(N); 1/sqrt(N)}</td><td>{@code sqrt(n); 1/sqrt(n)}</td><td>{@code 1; 1/sqrt(n)}</td><td>1</td><td>{@code 1/sqrt(N), 1/n, 1/sqrt(n)}</td></tr>
 * </table>
 *
 * <p>These are the exponents of {@link #abc}. Biases {@code b_std b} of input and hidden layers go with the input layer's row at their own N, that of the
 * output layer with its weights, but for Adam at the rate of one over its factor. {@link Network#parametrized} finds each layer's place;
 * {@link Network#sgdFactor} and {@link Network#adamFactors} are the rates.
 *
 * <p>In infinite width hidden units are the same Gaussian process in all of them. The tangent kernel here is the one that training follows at first,
 * {@code sum_p eta_p df/dp df'/dp} with the factors eta of SGD. With equal widths it has one limit in NTK, MEAN_FIELD and MUP: every layer's part is of
 * order one. Outputs differ: in MEAN_FIELD and MUP their variance falls as 1/n, so that the NNGP, which is given for the n of the description,
 * vanishes; and hidden units then move by as much at any width, so that the kernel is that of the start only ({@link AbcParametrization#r}).
 *
 * @see <a href="https://arxiv.org/abs/2011.14522">Yang, Hu (2021), Feature learning in infinite-width neural networks, table 1</a>
 * @see <a href="https://arxiv.org/abs/2203.03466">Yang et al. (2022), Tensor programs V, table 9</a>
 * @see <a href="https://arxiv.org/abs/1804.06561">Mei, Montanari, Nguyen (2018), A mean field view of the landscape of two-layer neural networks</a>
 */
public enum Parametrization {
    /** {@code y = W_std / sqrt(d) W x + b_std b}, all of W and b standard normal: the NTK has a limit. */
    NTK(AbcParametrization::ntk),
    /**
     * {@code y = W x + b}, W of variance {@code W_std^2 / d}, b of {@code b_std^2}, and equal rates: the NTK grows with the widths that the
     * description names.
     */
    STANDARD(AbcParametrization::standard),
    /** {@link #NTK} with outputs that are means over n units, {@code y = W_std / n W x}, at n times the rate. By SGD and Adam it learns the functions that {@link #MUP} learns. */
    MEAN_FIELD(AbcParametrization::meanField),
    /** The maximal update: of all stable parametrisations the one in which every layer learns features; rates tuned at one width serve at any. */
    MUP(AbcParametrization::muP);

    private final IntFunction<AbcParametrization> abc;

    Parametrization(IntFunction<AbcParametrization> abc) {
        this.abc = abc;
    }

    /** The exponents of the width in a perceptron of {@code hidden} hidden layers of one width. */
    public AbcParametrization abc(int hidden) {
        return abc.apply(hidden);
    }

    /** Whether layers are scaled by their place, so that {@link Network#parametrized} must set it. */
    boolean dependsOnPlace() {
        return this == MEAN_FIELD || this == MUP;
    }
}
