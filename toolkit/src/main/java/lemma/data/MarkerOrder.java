package lemma.data;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * Which of two markers came first? Sequences of random symbols with the markers 0 and 1 at two different places drawn uniformly; the label is
 * 1 where marker 1 is the later one, and wrong with probability {@code flip}. No classifier has a log loss below {@link #floor}, the entropy of the flips.
 *
 * @param symbols number of symbols besides the two markers
 * @param flip probability of a wrong label
 */
public record MarkerOrder(int symbols, double flip) {
    public MarkerOrder {
        if (symbols < 1) throw new IllegalArgumentException("MarkerOrder: symbols is " + symbols + ", expected at least 1");
        if (!(flip >= 0 && flip <= 0.5)) throw new IllegalArgumentException("MarkerOrder: flip is " + flip + ", expected 0 to 0.5");
    }

    /**
     * Sequences and labels.
     *
     * @param tokens INT64 (sequences, length), 0 and 1 the markers
     * @param labels 0 or 1, INT64 (sequences)
     */
    public record Sample(Tensor tokens, Tensor labels) {}

    public Sample sample(int sequences, int length, Random random) {
        if (length < 2) throw new IllegalArgumentException("MarkerOrder: length is " + length + ", expected at least 2");
        long[] tokens = random.fork(0).integers(2, 2 + symbols, sequences, length).toLongs();
        double[] u = random.fork(1).uniform(Shape.of(sequences, 3), DType.FLOAT64).toDoubles();
        long[] labels = new long[sequences];
        for (int s = 0; s < sequences; s++) {
            int first = (int) (u[3 * s] * length);
            int second = (first + 1 + (int) (u[3 * s + 1] * (length - 1))) % length;
            tokens[s * length + first] = 0;
            tokens[s * length + second] = 1;
            boolean later = second > first;
            labels[s] = later == u[3 * s + 2] >= flip ? 1 : 0;
        }
        return new Sample(Tensor.of(tokens, sequences, length), Tensor.of(labels, sequences));
    }

    /** Entropy of a label given its sequence, in nats. */
    public double floor() {
        return flip == 0 ? 0 : -flip * Math.log(flip) - (1 - flip) * Math.log1p(-flip);
    }
}
