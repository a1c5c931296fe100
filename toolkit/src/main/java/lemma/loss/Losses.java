package lemma.loss;

import lemma.tensor.Functional;
import lemma.tensor.Tensor;

/** Losses that reduce to their mean, as PyTorch's functions do by default. The prediction comes first, the target second. */
public final class Losses {
    private Losses() {}

    /**
     * {@code mean(-log softmax(logits)[label])} in nats: logits (..., classes), labels integers (...).
     *
     * @throws IndexOutOfBoundsException if a label is outside 0 to classes - 1
     */
    public static Tensor crossEntropy(Tensor logits, Tensor labels) {
        if (logits.rank() == 0) throw new IllegalArgumentException("crossEntropy: logits are a scalar, expected (..., classes)");
        return Functional.crossEntropy(logits.reshape(-1, logits.dim(-1)), labels.reshape(-1)).mean();
    }

    /** {@code mean((prediction - target)^2)}; the shapes must be equal. */
    public static Tensor mse(Tensor prediction, Tensor target) {
        checkSame("mse", prediction, target);
        return prediction.sub(target).square().mean();
    }

    /** {@code mean(|prediction - target|)}; the shapes must be equal. */
    public static Tensor l1(Tensor prediction, Tensor target) {
        checkSame("l1", prediction, target);
        return prediction.sub(target).abs().mean();
    }

    /**
     * Mean of {@code r^2/2} where {@code |r| <= delta}, else {@code delta (|r| - delta/2)}, of the residuals r.
     *
     * @see <a href="https://doi.org/10.1214/aoms/1177703732">Huber (1964), Robust estimation of a location parameter</a>
     */
    public static Tensor huber(Tensor prediction, Tensor target, double delta) {
        checkSame("huber", prediction, target);
        if (!(delta > 0)) throw new IllegalArgumentException("huber: delta is " + delta + ", expected above 0");
        Tensor r = prediction.sub(target).abs();
        Tensor inner = r.minimum(delta);
        return inner.square().mul(0.5).add(r.sub(inner).mul(delta)).mean();
    }

    /** Mean of {@code softplus(logit) - target * logit}: cross-entropy of a Bernoulli target in [0, 1], in nats. */
    public static Tensor binaryCrossEntropyWithLogits(Tensor logits, Tensor target) {
        checkSame("binaryCrossEntropyWithLogits", logits, target);
        return logits.softplus().sub(logits.mul(target)).mean();
    }

    // broadcasting here hides the commonest mistake: (n, 1) against (n)
    private static void checkSame(String loss, Tensor a, Tensor b) {
        if (!a.shape().equals(b.shape())) throw new IllegalArgumentException(loss + ": the prediction is " + a.shape() + ", the target " + b.shape() + "; they must be equal");
    }
}
