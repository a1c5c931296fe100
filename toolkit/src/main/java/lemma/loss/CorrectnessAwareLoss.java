package lemma.loss;

import lemma.tensor.Tensor;

/**
 * The squared distance of the confidence from whether the prediction is right, {@code w_i (c_i - [argmax_k h_k = y])^2} with
 * {@code c = max_k softmax(h)_k}: for calibrators, which move confidences and leave predictions as they are.
 *
 * <p>Cross-entropy can lower the temperature, and so raise the confidence, on a wrong prediction whose label comes second:
 * {@code dCE/dT = (h_y - E_p h) / T^2} is positive wherever the label's logit is above the mean. This loss falls with a higher temperature on every
 * wrong prediction.
 *
 * <p>Balanced, right and wrong predictions weigh the same together: {@code w = n / (2 n_right)} or {@code n / (2 n_wrong)}; a batch of one
 * kind has weights 1.
 *
 * <p>Shapes: logits {@code (n, classes)}, labels {@code (n)} integers, result {@code (n)}.
 *
 * @see <a href="https://arxiv.org/abs/2404.13016">Liu et al. (2024), Optimizing calibration by gaining aware of prediction correctness</a>
 */
public record CorrectnessAwareLoss(boolean balanced) implements Loss {
    /** With all weights 1. */
    public static CorrectnessAwareLoss of() {
        return new CorrectnessAwareLoss(false);
    }

    /** With right and wrong predictions in balance. */
    public CorrectnessAwareLoss asBalanced() {
        return new CorrectnessAwareLoss(true);
    }

    @Override
    public Tensor each(Tensor logits, Tensor labels) {
        Classes.check("CorrectnessAwareLoss", logits, labels);
        Tensor right = logits.detach().argmax(1).eq(labels).to(logits.dtype());
        Tensor loss = logits.softmax(-1).max(1).sub(right).square();
        return balanced ? loss.mul(weights(right)) : loss;
    }

    private static Tensor weights(Tensor right) {
        double n = right.dim(0);
        double hits = right.sum().item();
        if (hits == 0 || hits == n) return right.onesLike();
        return right.mul(n / (2 * hits)).add(right.rsub(1).mul(n / (2 * (n - hits))));
    }
}
