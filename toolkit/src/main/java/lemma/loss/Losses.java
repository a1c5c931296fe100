package lemma.loss;

import lemma.tensor.DType;
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

    /** {@code mean(-logProbabilities[label])} in nats: log-probabilities (n, classes), labels integers (n). */
    public static Tensor nll(Tensor logProbabilities, Tensor labels) {
        Classes.check("nll", logProbabilities, labels);
        return logProbabilities.gather(1, labels.to(DType.INT64).unsqueeze(1)).neg().mean();
    }

    /** Mean of {@code -t log p - (1 - t) log(1 - p)} for probabilities p, logarithms not below -100 as in PyTorch; in nats. */
    public static Tensor binaryCrossEntropy(Tensor probabilities, Tensor target) {
        checkSame("binaryCrossEntropy", probabilities, target);
        Tensor yes = probabilities.log().maximum(-100);
        Tensor no = probabilities.neg().log1p().maximum(-100);
        return target.mul(yes).add(target.rsub(1).mul(no)).mean().neg();
    }

    /** Mean of {@code r^2 / (2 beta)} where {@code |r| < beta}, else {@code |r| - beta/2}: {@link #huber} divided by beta. */
    public static Tensor smoothL1(Tensor prediction, Tensor target, double beta) {
        if (!(beta > 0)) throw new IllegalArgumentException("smoothL1: beta is " + beta + ", expected above 0");
        return huber(prediction, target, beta).div(beta);
    }

    /** Mean of {@code log cosh(prediction - target)}, as {@code |r| + softplus(-2 |r|) - log 2}. */
    public static Tensor logCosh(Tensor prediction, Tensor target) {
        checkSame("logCosh", prediction, target);
        Tensor r = prediction.sub(target).abs();
        return r.add(r.mul(-2).softplus()).sub(Math.log(2)).mean();
    }

    /**
     * Pinball loss: mean of {@code q r} for {@code r = target - prediction >= 0}, else {@code (q - 1) r}; least at the q-quantile.
     *
     * @see <a href="https://doi.org/10.2307/1913643">Koenker, Bassett (1978), Regression quantiles</a>
     */
    public static Tensor quantile(Tensor prediction, Tensor target, double q) {
        checkSame("quantile", prediction, target);
        if (!(q > 0 && q < 1)) throw new IllegalArgumentException("quantile: q is " + q + ", expected between 0 and 1");
        Tensor r = target.sub(prediction);
        return r.mul(q).maximum(r.mul(q - 1)).mean();
    }

    /** {@code sum t (log t - logProbabilities) / n} over the first axis, {@code 0 log 0} being 0: the divergence of the target from the prediction, in nats. */
    public static Tensor klDivergence(Tensor logProbabilities, Tensor target) {
        checkSame("klDivergence", logProbabilities, target);
        Tensor zero = target.eq(0);
        Tensor entropy = target.mul(target.maskedFill(zero, 1).log());
        return entropy.sub(target.mul(logProbabilities)).sum().div(logProbabilities.dim(0));
    }

    /** Mean of {@code exp(logRate) - count logRate}: negative log-likelihood of Poisson counts without the factorial. */
    public static Tensor poissonNll(Tensor logRate, Tensor count) {
        checkSame("poissonNll", logRate, count);
        return logRate.exp().sub(count.mul(logRate)).mean();
    }

    /** Mean of {@code (log v + (target - mean)^2 / v) / 2} with the variance v not below 1e-6: negative log-likelihood without its constant. */
    public static Tensor gaussianNll(Tensor mean, Tensor target, Tensor variance) {
        checkSame("gaussianNll", mean, target);
        checkSame("gaussianNll", mean, variance);
        Tensor v = variance.maximum(1e-6);
        return v.log().add(target.sub(mean).square().div(v)).mean().mul(0.5);
    }

    /** Mean of {@code 1 - cos(a, b)} where the target is 1, of {@code max(0, cos(a, b) - margin)} where it is -1: a, b (n, d), target (n). */
    public static Tensor cosineEmbedding(Tensor a, Tensor b, Tensor target, double margin) {
        checkSame("cosineEmbedding", a, b);
        if (a.rank() != 2 || target.rank() != 1 || target.dim(0) != a.dim(0)) {
            throw new IllegalArgumentException("cosineEmbedding: a is " + a.shape() + ", the target " + target.shape() + "; expected (n, d) and (n)");
        }
        Tensor lengths = a.square().sum(1).mul(b.square().sum(1)).sqrt().maximum(1e-8);
        Tensor cosine = a.mul(b).sum(1).div(lengths);
        return Tensor.where(target.gt(0), cosine.rsub(1), cosine.sub(margin).relu()).mean();
    }

    /** Mean of {@code max(0, -target (a - b) + margin)} where the target is 1 if a should rank higher, -1 if b. */
    public static Tensor marginRanking(Tensor a, Tensor b, Tensor target, double margin) {
        checkSame("marginRanking", a, b);
        checkSame("marginRanking", a, target);
        return target.mul(b.sub(a)).add(margin).relu().mean();
    }

    /** Mean of {@code max(0, |a - p| - |a - n| + margin)} with Euclidean distances over the last axis. */
    public static Tensor tripletMargin(Tensor anchor, Tensor positive, Tensor negative, double margin) {
        checkSame("tripletMargin", anchor, positive);
        checkSame("tripletMargin", anchor, negative);
        return distance(anchor, positive).sub(distance(anchor, negative)).add(margin).relu().mean();
    }

    // PyTorch adds 1e-6 to each difference, so that the distance of equal vectors has a gradient
    private static Tensor distance(Tensor a, Tensor b) {
        return a.sub(b).add(1e-6).norm(-1);
    }

    /**
     * One minus the soft Dice coefficient, {@code 1 - (2 sum p t + 1) / (sum p + sum t + 1)} over all axes but the first, then the mean:
     * probabilities and targets in [0, 1].
     *
     * @see <a href="https://arxiv.org/abs/1606.04797">Milletari, Navab, Ahmadi (2016), V-Net</a>
     */
    public static Tensor dice(Tensor probabilities, Tensor target) {
        checkSame("dice", probabilities, target);
        if (probabilities.rank() < 2) throw new IllegalArgumentException("dice: probabilities are " + probabilities.shape() + ", expected (n, ...)");
        Tensor p = probabilities.flatten(1);
        Tensor t = target.flatten(1);
        return p.mul(t).sum(1).mul(2).add(1).div(p.sum(1).add(t.sum(1)).add(1)).mean().rsub(1);
    }

    // broadcasting here hides the commonest mistake: (n, 1) against (n)
    private static void checkSame(String loss, Tensor a, Tensor b) {
        if (!a.shape().equals(b.shape())) throw new IllegalArgumentException(loss + ": the prediction is " + a.shape() + ", the target " + b.shape() + "; they must be equal");
    }
}
