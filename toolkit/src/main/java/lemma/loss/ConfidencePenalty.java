package lemma.loss;

import lemma.tensor.Tensor;

/**
 * Cross-entropy less a multiple of the entropy of the prediction, {@code -log p_y - beta H(p)} with {@code H(p) = -sum_k p_k log p_k}, in nats: sure
 * predictions cost more.
 *
 * <p>Shapes: logits {@code (n, classes)}, labels {@code (n)} integers, result {@code (n)}.
 *
 * @param beta weight of the entropy; 0 is cross-entropy, the paper takes 0.1 to 2.5
 * @see <a href="https://arxiv.org/abs/1701.06548">Pereyra et al. (2017), Regularizing neural networks by penalizing confident output distributions, section 3</a>
 */
public record ConfidencePenalty(double beta) implements Loss {
    public ConfidencePenalty {
        if (!(beta >= 0 && Double.isFinite(beta))) throw new IllegalArgumentException("ConfidencePenalty: beta is " + beta + ", expected at least 0");
    }

    public static ConfidencePenalty of(double beta) {
        return new ConfidencePenalty(beta);
    }

    @Override
    public Tensor each(Tensor logits, Tensor labels) {
        Tensor c = Classes.crossEntropy("ConfidencePenalty", logits, labels);
        Tensor log = logits.logSoftmax(-1);
        return c.add(log.exp().mul(log).sum(1).mul(beta));
    }
}
