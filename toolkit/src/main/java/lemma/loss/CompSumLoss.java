package lemma.loss;

import lemma.tensor.Tensor;

/**
 * The family of comp-sum losses: with {@code u = sum over k != y of exp(h_k - h_y)}, {@code ((1 + u)^(1 - tau) - 1) / (1 - tau)}, and
 * {@code log(1 + u)} at {@code tau = 1}.
 *
 * <p>{@code tau} 0 is the sum of exponentials, 1 the cross-entropy (in nats), between 1 and 2 the generalised cross-entropy, 2 the mean
 * absolute error of the label's probability, {@code 1 - p_y}. A larger tau trusts the labels less. Computed from the cross-entropy
 * {@code c = log(1 + u)} as {@code (exp((1 - tau) c) - 1) / (1 - tau)}, which loses nothing where u is tiny or, for tau of 1 and
 * above, huge.
 *
 * <p>Shapes: logits {@code (n, classes)}, labels {@code (n)} integers, result {@code (n)}.
 *
 * @see <a href="https://arxiv.org/abs/2304.07288">Mao, Mohri, Zhong (2023), Cross-Entropy Loss Functions, eq. 4</a>
 */
public record CompSumLoss(double tau) implements Loss {
    public CompSumLoss {
        if (!(tau >= 0 && Double.isFinite(tau))) throw new IllegalArgumentException("CompSumLoss: tau is " + tau + ", expected at least 0");
    }

    public static CompSumLoss of(double tau) {
        return new CompSumLoss(tau);
    }

    /**
     * {@code (1 - p_y^q) / q}, which is the loss of {@code tau = 1 + q}; the paper's default is 0.7.
     *
     * @see <a href="https://arxiv.org/abs/1805.07836">Zhang, Sabuncu (2018), Generalized Cross Entropy Loss, eq. 6</a>
     */
    public static CompSumLoss generalizedCrossEntropy(double q) {
        if (!(q > 0 && q <= 1)) throw new IllegalArgumentException("generalizedCrossEntropy: q is " + q + ", expected above 0 and at most 1");
        return new CompSumLoss(1 + q);
    }

    /** {@code 1 - p_y}: half the L1 distance between the probabilities and the one-hot label. */
    public static CompSumLoss meanAbsoluteError() {
        return new CompSumLoss(2);
    }

    @Override
    public Tensor each(Tensor logits, Tensor labels) {
        Tensor c = Classes.crossEntropy("CompSumLoss", logits, labels);
        return tau == 1 ? c : c.mul(1 - tau).expm1().div(1 - tau);
    }
}
