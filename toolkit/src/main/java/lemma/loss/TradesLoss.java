package lemma.loss;

import lemma.tensor.Tensor;

/**
 * {@code CE(h(x), y) + beta max over x' of KL(softmax h(x) || softmax h(x'))}: accuracy against stability under an attack.
 *
 * @param beta weight of stability; 1 to 6 in the paper
 * @see <a href="https://arxiv.org/abs/1901.08573">Zhang et al. (2019), Theoretically principled trade-off between robustness and accuracy, eq. 5</a>
 */
public record TradesLoss(double beta) implements AdversarialLoss {
    public TradesLoss {
        if (!(beta >= 0 && Double.isFinite(beta))) throw new IllegalArgumentException("TradesLoss: beta is " + beta + ", expected at least 0");
    }

    public static TradesLoss of(double beta) {
        return new TradesLoss(beta);
    }

    @Override
    public Tensor attacked(Tensor moved, Tensor clean, Tensor labels) {
        return divergence(clean, moved);
    }

    @Override
    public Tensor trained(Tensor clean, Tensor moved, Tensor labels) {
        return Losses.crossEntropy(clean, labels).add(divergence(clean, moved).mul(beta));
    }

    private static Tensor divergence(Tensor clean, Tensor moved) {
        Tensor log = clean.logSoftmax(-1);
        return log.exp().mul(log.sub(moved.logSoftmax(-1))).sum(-1).mean();
    }
}
