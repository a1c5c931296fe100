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
}
