package lemma.loss;

import lemma.tensor.Tensor;

/**
 * Cross-entropy and its reverse, {@code alpha (-log p_y) + beta (-A) (1 - p_y)}, where A stands for the logarithm of 0 in the one-hot
 * label.
 *
 * <p>Shapes: logits {@code (n, classes)}, labels {@code (n)} integers, result {@code (n)}.
 *
 * @param alpha weight of the cross-entropy, 0.1 in the paper
 * @param beta weight of the reverse one, 1 in the paper
 * @param logZero A, -4 in the paper
 * @see <a href="https://arxiv.org/abs/1908.06112">Wang et al. (2019), Symmetric cross entropy for robust learning with noisy labels</a>
 */
public record SymmetricCrossEntropyLoss(double alpha, double beta, double logZero) implements Loss {
    public SymmetricCrossEntropyLoss {
        if (!(alpha >= 0 && beta >= 0)) throw new IllegalArgumentException("SymmetricCrossEntropyLoss: alpha is " + alpha + ", beta " + beta + ", expected at least 0");
        if (!(logZero < 0)) throw new IllegalArgumentException("SymmetricCrossEntropyLoss: logZero is " + logZero + ", expected below 0");
    }

    /** With A = -4. */
    public static SymmetricCrossEntropyLoss of(double alpha, double beta) {
        return new SymmetricCrossEntropyLoss(alpha, beta, -4);
    }

    @Override
    public Tensor each(Tensor logits, Tensor labels) {
        Tensor c = Classes.crossEntropy("SymmetricCrossEntropyLoss", logits, labels);
        return c.mul(alpha).add(c.neg().expm1().mul(beta * logZero));
    }
}
