package lemma.loss;

import lemma.tensor.Tensor;

/**
 * Positive scores whose mean over the classes is 1, {@code softplus(h_k) / ((1/K) sum_j softplus(h_j))}: what the public code of the
 * label-distributionally robust losses gives them in the place of logits. A net can then not escape a small temperature by larger logits, since no
 * score exceeds K.
 *
 * <pre>{@code
 * Trainer.of(net, sgd).loss((h, y) -> LdrKlLoss.of(0.1).apply(NormalisedScores.of(h), y));
 * }</pre>
 *
 * <p>Computed as {@code K softmax(log softplus(h))} with {@code log softplus(h) = h - e^h / 2} to the last digit where h is far below 0, so that
 * logits of -1e4 everywhere neither vanish nor lose their gradient.
 *
 * @see <a href="https://arxiv.org/abs/2112.14869">Zhu, Ying, Yang (2023), Label distributionally robust losses for multi-class classification</a>
 */
public final class NormalisedScores {
    private static final double FAR = -20;

    private NormalisedScores() {}

    /** Logits (..., classes) to scores of the same shape. */
    public static Tensor of(Tensor logits) {
        if (logits.rank() == 0 || logits.dim(-1) == 0) throw new IllegalArgumentException("NormalisedScores: logits are " + logits.shape() + ", expected (..., classes)");
        return logSoftplus(logits).softmax(-1).mul(logits.dim(-1));
    }

    private static Tensor logSoftplus(Tensor x) {
        Tensor far = x.lt(FAR);
        Tensor low = x.minimum(FAR);
        return Tensor.where(far, low.sub(low.exp().mul(0.5)), x.maskedFill(far, 0).softplus().log());
    }
}
