package lemma.train;

import lemma.tensor.Tensor;

/** Measures of predictions against targets. */
public final class Metrics {
    private Metrics() {}

    /** Share of rows whose largest logit is at the label: logits (..., classes), labels integers (...). */
    public static double accuracy(Tensor logits, Tensor labels) {
        return logits.argmax(-1).eq(labels).mean().item();
    }

    /** Share of rows whose largest logit is not at the label. */
    public static double error(Tensor logits, Tensor labels) {
        return 1 - accuracy(logits, labels);
    }

    /** Share of rows whose label is among the k largest logits, of equal ones the first: logits (n, classes), labels (n). */
    public static double topKAccuracy(Tensor logits, Tensor labels, int k) {
        if (logits.rank() != 2 || labels.rank() != 1 || labels.dim(0) != logits.dim(0)) {
            throw new IllegalArgumentException("topKAccuracy: logits are " + logits.shape() + ", labels " + labels.shape() + "; expected (n, classes) and (n)");
        }
        if (k < 1 || k > logits.dim(1)) throw new IllegalArgumentException("topKAccuracy: k is " + k + " of " + logits.dim(1) + " classes");
        return logits.topk(k, 1).indices().eq(labels.unsqueeze(1)).any(1).mean().item();
    }
}
