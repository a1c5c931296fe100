package lemma.loss;

import lemma.tensor.Tensor;

/**
 * The label-distributionally robust loss with a KL regulariser: the worst weighting p of the classes,
 * {@code max over p of sum_k p_k d_k - lambda KL(p, 1/K) = lambda log((1/K) sum_k exp(d_k / lambda))} with
 * {@code d_k = h_k - h_y + margin [k != y]}.
 *
 * <p>Lambda 1 without margin is cross-entropy less {@code log K}; lambda to 0 gives {@link CrammerSingerLoss}, to infinity the mean of
 * the differences.
 *
 * <p>Shapes: logits {@code (n, classes)}, labels {@code (n)} integers, result {@code (n)}.
 *
 * @see <a href="https://arxiv.org/abs/2112.14869">Zhu, Ying, Yang (2023), Label distributionally robust losses for multi-class
 *     classification, eq. 3</a>
 */
public record LdrKlLoss(double lambda, double margin) implements Loss {
    public LdrKlLoss {
        if (!(lambda > 0 && Double.isFinite(lambda))) throw new IllegalArgumentException("LdrKlLoss: lambda is " + lambda + ", expected above 0");
        if (!(margin >= 0 && Double.isFinite(margin))) throw new IllegalArgumentException("LdrKlLoss: margin is " + margin + ", expected at least 0");
    }

    /** Without margin. */
    public static LdrKlLoss of(double lambda) {
        return new LdrKlLoss(lambda, 0);
    }

    public LdrKlLoss withMargin(double m) {
        return new LdrKlLoss(lambda, m);
    }

    @Override
    public Tensor each(Tensor logits, Tensor labels) {
        Tensor d = Classes.differences("LdrKlLoss", logits, labels, margin);
        return d.div(lambda).logsumexp(1).sub(Math.log(logits.dim(1))).mul(lambda);
    }
}
