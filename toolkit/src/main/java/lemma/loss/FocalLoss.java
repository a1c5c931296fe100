package lemma.loss;

import lemma.tensor.Tensor;

/**
 * Focal loss {@code (1 - p_y)^gamma (-log p_y)}: cross-entropy in which examples that are right already count less.
 *
 * <p>Shapes: logits {@code (n, classes)}, labels {@code (n)} integers, result {@code (n)}.
 *
 * @param gamma how much less; 0 is cross-entropy, the paper takes 2
 * @see <a href="https://arxiv.org/abs/1708.02002">Lin et al. (2017), Focal loss for dense object detection, eq. 4</a>
 */
public record FocalLoss(double gamma) implements Loss {
    // below gamma 1 the weight has an infinite slope at 0; the loss is nothing there
    private static final double SURE = 1e-12;

    public FocalLoss {
        if (!(gamma >= 0 && Double.isFinite(gamma))) throw new IllegalArgumentException("FocalLoss: gamma is " + gamma + ", expected at least 0");
    }

    public static FocalLoss of(double gamma) {
        return new FocalLoss(gamma);
    }

    @Override
    public Tensor each(Tensor logits, Tensor labels) {
        Tensor c = Classes.crossEntropy("FocalLoss", logits, labels);
        return gamma == 0 ? c : c.neg().expm1().neg().maximum(SURE).pow(gamma).mul(c);
    }
}
