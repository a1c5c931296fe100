package lemma.loss;

import lemma.tensor.DType;
import lemma.tensor.Functional;
import lemma.tensor.Tensor;

/**
 * Cross-entropy with PyTorch's options: {@code (1 - e) w_y (-log p_y) + (e / K) sum_k w_k (-log p_k)} in nats, over K classes with
 * weights w and smoothing e; labels equal to the ignored one give 0. The mean is weighted by {@code w_y} over the labels not ignored.
 *
 * <p>Shapes: logits {@code (n, classes)}, labels {@code (n)} integers, result {@code (n)}.
 *
 * @param smoothing e, 0 to 1
 * @param weights w (classes), or null for ones
 * @param ignored the label that stands for no label, -100 as in PyTorch
 * @see <a href="https://arxiv.org/abs/1512.00567">Szegedy et al. (2016), Rethinking the Inception architecture, section 7</a>
 */
public record CrossEntropyLoss(double smoothing, Tensor weights, long ignored) implements Loss {
    public CrossEntropyLoss {
        if (!(smoothing >= 0 && smoothing <= 1)) throw new IllegalArgumentException("CrossEntropyLoss: smoothing is " + smoothing + ", expected 0 to 1");
        if (weights != null && weights.rank() != 1) throw new IllegalArgumentException("CrossEntropyLoss: weights are " + weights.shape() + ", expected (classes)");
    }

    public static CrossEntropyLoss of() {
        return new CrossEntropyLoss(0, null, -100);
    }

    public CrossEntropyLoss withSmoothing(double e) {
        return new CrossEntropyLoss(e, weights, ignored);
    }

    public CrossEntropyLoss withWeights(Tensor w) {
        return new CrossEntropyLoss(smoothing, w, ignored);
    }

    public CrossEntropyLoss ignoring(long label) {
        return new CrossEntropyLoss(smoothing, weights, label);
    }

    @Override
    public Tensor each(Tensor logits, Tensor labels) {
        check(logits, labels);
        Tensor counted = labels.ne(ignored);
        Tensor known = Tensor.where(counted, labels, labels.zerosLike());
        Tensor own = Functional.crossEntropy(logits, known).mul(weightOf(known, logits.dtype()));
        Tensor loss = smoothing == 0 ? own : own.mul(1 - smoothing).add(spread(logits).mul(smoothing / logits.dim(1)));
        return Tensor.where(counted, loss, loss.zerosLike());
    }

    @Override
    public Tensor apply(Tensor logits, Tensor labels) {
        Tensor each = each(logits, labels);
        Tensor counted = labels.ne(ignored);
        Tensor known = Tensor.where(counted, labels, labels.zerosLike());
        return each.sum().div(weightOf(known, logits.dtype()).mul(counted.to(logits.dtype())).sum());
    }

    private void check(Tensor logits, Tensor labels) {
        Classes.check("CrossEntropyLoss", logits, labels);
        if (weights != null && weights.dim(0) != logits.dim(1)) {
            throw new IllegalArgumentException("CrossEntropyLoss: weights are " + weights.shape() + " for logits " + logits.shape() + "; expected one for each class");
        }
    }

    private Tensor weightOf(Tensor labels, DType type) {
        if (weights == null) return labels.onesLike().to(type);
        return weights.to(type).indexSelect(0, labels);
    }

    /** {@code sum_k w_k (-log p_k)}. */
    private Tensor spread(Tensor logits) {
        Tensor all = logits.logSoftmax(-1).neg();
        return (weights == null ? all : all.mul(weights.to(logits.dtype()))).sum(1);
    }
}
