package lemma.loss;

import lemma.tensor.DType;
import lemma.tensor.Functional;
import lemma.tensor.Tensor;

/** What losses over classes share: checks, and scores seen from the label. */
final class Classes {
    private Classes() {}

    static void check(String loss, Tensor logits, Tensor labels) {
        if (logits.rank() != 2 || labels.rank() != 1 || labels.dim(0) != logits.dim(0)) {
            throw new IllegalArgumentException(loss + ": logits are " + logits.shape() + ", labels " + labels.shape() + "; expected (n, classes) and (n)");
        }
        if (!labels.dtype().isInteger()) throw new IllegalArgumentException(loss + ": labels are " + labels.dtype() + ", expected integers");
    }

    /** {@code -log softmax(logits)[label]}, one number a row. */
    static Tensor crossEntropy(String loss, Tensor logits, Tensor labels) {
        check(loss, logits, labels);
        return Functional.crossEntropy(logits, labels);
    }

    /** {@code logits[k] - logits[label] + margin [k != label]}: (n, classes), 0 at the label. */
    static Tensor differences(String loss, Tensor logits, Tensor labels, double margin) {
        check(loss, logits, labels);
        Tensor own = logits.gather(1, labels.to(DType.INT64).unsqueeze(1));
        Tensor d = logits.sub(own);
        return margin == 0 ? d : d.add(others(logits, labels).mul(margin));
    }

    /** 1 at every class but the label, where it is 0, in the type of the logits. */
    static Tensor others(Tensor logits, Tensor labels) {
        return labels.oneHot(logits.dim(1)).to(logits.dtype()).rsub(1);
    }
}
