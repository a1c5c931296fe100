package lemma.loss;

import lemma.tensor.Tensor;

/**
 * {@link LdrKlLoss} with a temperature for each example that adapts to how sure the model is:
 * {@code max over p, lambda of sum_k p_k d_k - lambda KL(p, 1/K) - (alpha log K / (2 lambda0)) (lambda - lambda0)^2}.
 *
 * <p>Its maximisation alternates between {@code p = softmax(h / lambda)} and {@code lambda = lambda0 - lambda0 KL(p, 1/K) / (alpha log K)},
 * which {@link #lambdas} gives: the caller keeps a temperature for each example, {@code lambda0} at first, and renews it when the
 * example comes by. The temperatures take no part in the gradient.
 *
 * <p>Shapes: logits {@code (n, classes)}, labels {@code (n)} integers, temperatures {@code (n)}, result {@code (n)}.
 *
 * @param lambda0 the temperature of an example about which nothing is known
 * @param alpha above 1, so that temperatures stay positive; larger alphas keep them nearer to lambda0
 * @see <a href="https://arxiv.org/abs/2112.14869">Zhu, Ying, Yang (2023), Label distributionally robust losses for multi-class
 *     classification, eq. 9 and algorithm 1</a>
 */
public record AdaptiveLdrKlLoss(double lambda0, double alpha, double margin) {
    public AdaptiveLdrKlLoss {
        if (!(lambda0 > 0 && Double.isFinite(lambda0))) throw new IllegalArgumentException("AdaptiveLdrKlLoss: lambda0 is " + lambda0 + ", expected above 0");
        if (!(alpha > 1)) throw new IllegalArgumentException("AdaptiveLdrKlLoss: alpha is " + alpha + ", expected above 1");
        if (!(margin >= 0 && Double.isFinite(margin))) throw new IllegalArgumentException("AdaptiveLdrKlLoss: margin is " + margin + ", expected at least 0");
    }

    /** Without margin. */
    public static AdaptiveLdrKlLoss of(double lambda0, double alpha) {
        return new AdaptiveLdrKlLoss(lambda0, alpha, 0);
    }

    public AdaptiveLdrKlLoss withMargin(double m) {
        return new AdaptiveLdrKlLoss(lambda0, alpha, m);
    }

    /** The temperatures after one step of the alternation from {@code lambdas}, without gradient. */
    public Tensor lambdas(Tensor logits, Tensor lambdas) {
        Tensor scaled = logits.detach().div(lambdas.unsqueeze(1));
        Tensor log = scaled.logSoftmax(-1);
        double uniform = Math.log(logits.dim(1));
        Tensor kl = log.exp().mul(log.add(uniform)).sum(1); // KL(p, 1/K)
        return kl.mul(-lambda0 / (alpha * uniform)).add(lambda0);
    }

    /** The loss of each example at its temperature. */
    public Tensor each(Tensor logits, Tensor labels, Tensor lambdas) {
        Tensor d = Classes.differences("AdaptiveLdrKlLoss", logits, labels, margin);
        if (lambdas.rank() != 1 || lambdas.dim(0) != d.dim(0)) {
            throw new IllegalArgumentException("AdaptiveLdrKlLoss: temperatures are " + lambdas.shape() + " for logits " + logits.shape() + "; expected one an example");
        }
        double uniform = Math.log(logits.dim(1));
        Tensor l = lambdas.detach();
        Tensor robust = d.div(l.unsqueeze(1)).logsumexp(1).sub(uniform).mul(l);
        return robust.sub(l.sub(lambda0).square().mul(alpha * uniform / (2 * lambda0)));
    }
}
