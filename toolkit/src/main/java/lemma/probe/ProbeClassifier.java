package lemma.probe;

import java.util.Arrays;
import java.util.stream.IntStream;
import lemma.tensor.DType;
import lemma.tensor.Functional;
import lemma.tensor.Tensor;

/** A classifier that was fitted on frozen features. */
public interface ProbeClassifier {
    /** Logits (n, classes) of features (n, d). */
    Tensor logits(Tensor x);

    /** Part of the examples that it classifies right. */
    default double accuracy(Tensor x, Tensor y) {
        return logits(x).argmax(1).eq(y.to(DType.INT64)).to(DType.FLOAT64).mean().item();
    }

    /** Mean negative log likelihood in nats. */
    default double loss(Tensor x, Tensor y) {
        return Functional.crossEntropy(logits(x), y.to(DType.INT64)).mean().item();
    }

    /**
     * A kind of probe, such as {@link LinearProbe#family} and {@link MlpProbe#family}. A good probe alone says little: a strong enough one learns anything. Hold it
     * against a control task ({@link #selectivity}) or ask how few bits send the labels ({@link #descriptionLength}).
     */
    @FunctionalInterface
    interface Family {
        /** A probe for features (n, d) with classes y (n) in 0..classes-1. */
        ProbeClassifier fit(Tensor x, Tensor y, int classes);

        /**
         * Accuracy on the task less that on the control task, both fitted on the first and measured on the other rows: what is in the features and not in the
         * probe.
         *
         * @param control classes (n) of {@link LinearProbe#controlTask}
         * @param train how many rows are fitted
         * @see <a href="https://arxiv.org/abs/1909.03368">Hewitt, Liang (2019), Designing and Interpreting Probes with Control Tasks</a>
         */
        default double selectivity(Tensor x, Tensor y, Tensor control, int train, int classes) {
            return heldOut(x, y, train, classes) - heldOut(x, control, train, classes);
        }

        private double heldOut(Tensor x, Tensor y, int train, int classes) {
            return fit(x.narrow(0, 0, train), y.narrow(0, 0, train), classes).accuracy(x.narrow(0, train, x.dim(0)), y.narrow(0, train, x.dim(0)));
        }

        /**
         * The bits that send the labels to one who has the features, by the online code: the first block uniformly, each next one by the probe
         * fitted on all before.
         *
         * @param ends row numbers at which blocks end, rising, the last n; the paper takes 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.25, 12.5, 25, 50 and 100 %
         * @see <a href="https://arxiv.org/abs/2003.12298">Voita, Titov (2020), Information-Theoretic Probing with Minimum Description Length, section 2.2</a>
         */
        default double descriptionLength(Tensor x, Tensor y, int classes, int... ends) {
            if (ends.length == 0 || ends[0] < 1 || ends[ends.length - 1] != x.dim(0) || IntStream.range(1, ends.length).anyMatch(i -> ends[i] <= ends[i - 1])) {
                throw new IllegalArgumentException("descriptionLength: blocks end at " + Arrays.toString(ends) + ", expected rising numbers up to " + x.dim(0));
            }
            double bits = ends[0] * Math.log(classes) / Math.log(2);
            for (int i = 1; i < ends.length; i++) {
                ProbeClassifier probe = fit(x.narrow(0, 0, ends[i - 1]), y.narrow(0, 0, ends[i - 1]), classes);
                bits += (ends[i] - ends[i - 1]) * probe.loss(x.narrow(0, ends[i - 1], ends[i]), y.narrow(0, ends[i - 1], ends[i])) / Math.log(2);
            }
            return bits;
        }
    }
}
