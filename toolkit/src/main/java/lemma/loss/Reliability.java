package lemma.loss;

import java.util.Arrays;
import java.util.stream.IntStream;
import lemma.tensor.Slice;
import lemma.tensor.Tensor;

/**
 * Forecast probabilities in bins, each with the mean forecast, the observed frequency and the number of cases: what a reliability diagram
 * draws, and the errors of calibration read from it.
 *
 * <p>For classes, the forecast of a case is the largest probability and the event that its class is the label. Bins have equal widths
 * in [0, 1], a forecast on an inner edge belonging to the bin below, or hold equally many cases. A bin without cases has NaN for its
 * means and counts for nothing.
 *
 * @param forecast mean forecast of each bin
 * @param observed share of cases in each bin in which the event came about
 * @param count cases in each bin
 * @see <a href="https://arxiv.org/abs/1706.04599">Guo et al. (2017), On calibration of modern neural networks, eq. 3 to 5</a>
 */
public record Reliability(double[] forecast, double[] observed, long[] count) {
    /** Bins of equal width by the confidence in the predicted class: probabilities (n, classes), labels (n) integers. */
    public static Reliability ofConfidence(Tensor probabilities, Tensor labels, int bins) {
        return equalWidth(confidence(probabilities, labels), hits(probabilities, labels), bins);
    }

    /** Bins of equal numbers of cases by the confidence in the predicted class. */
    public static Reliability ofConfidenceByMass(Tensor probabilities, Tensor labels, int bins) {
        return equalMass(confidence(probabilities, labels), hits(probabilities, labels), bins);
    }

    /** Bins of either kind: forecasts in [0, 1] and whether the event came about. */
    public static Reliability of(double[] forecasts, boolean[] events, Binning binning, int bins) {
        check(forecasts, events, bins);
        return inBins(forecasts, events, binning.assign(forecasts, bins), bins);
    }

    /** Bins of equal width. */
    public static Reliability equalWidth(double[] forecasts, boolean[] events, int bins) {
        return of(forecasts, events, Binning.EQUAL_WIDTH, bins);
    }

    /** Bins of equal numbers of cases, to within one, in the order of the forecasts. */
    public static Reliability equalMass(double[] forecasts, boolean[] events, int bins) {
        return of(forecasts, events, Binning.EQUAL_MASS, bins);
    }

    /**
     * As many bins of equal numbers of cases as leave the observed frequencies rising with the forecasts: the number grows by one until
     * the first that does not. The number of bins is then no choice of the reader's, and the expected error less biased.
     *
     * @see <a href="https://arxiv.org/abs/2012.08668">Roelofs et al. (2022), Mitigating bias in calibration error estimation, algorithm 1</a>
     */
    public static Reliability monotone(double[] forecasts, boolean[] events) {
        Reliability best = equalMass(forecasts, events, 1);
        for (int bins = 2; bins <= forecasts.length; bins++) {
            Reliability next = equalMass(forecasts, events, bins);
            double[] o = next.observed;
            if (IntStream.range(1, bins).anyMatch(b -> o[b] < o[b - 1])) return best;
            best = next;
        }
        return best;
    }

    static Reliability inBins(double[] forecasts, boolean[] events, int[] bin, int bins) {
        double[] forecast = new double[bins];
        double[] observed = new double[bins];
        long[] count = new long[bins];
        for (int i = 0; i < bin.length; i++) {
            forecast[bin[i]] += forecasts[i];
            observed[bin[i]] += events[i] ? 1 : 0;
            count[bin[i]]++;
        }
        for (int b = 0; b < bins; b++) {
            forecast[b] /= count[b];
            observed[b] /= count[b];
        }
        return new Reliability(forecast, observed, count);
    }

    /** Expected calibration error: {@code sum (count / n) |observed - forecast|}. */
    public double expectedError() {
        return IntStream.range(0, count.length).filter(b -> count[b] > 0).mapToDouble(b -> count[b] * gap(b)).sum() / cases();
    }

    /** Largest {@code |observed - forecast|} of a bin with cases. */
    public double maximumError() {
        return IntStream.range(0, count.length).filter(b -> count[b] > 0).mapToDouble(this::gap).max().orElseThrow();
    }

    /** {@code sqrt(sum (count / n) (observed - forecast)^2)}. */
    public double rootMeanSquareError() {
        return Math.sqrt(IntStream.range(0, count.length).filter(b -> count[b] > 0).mapToDouble(b -> count[b] * gap(b) * gap(b)).sum() / cases());
    }

    /** Number of cases. */
    public long cases() {
        return Arrays.stream(count).sum();
    }

    private double gap(int bin) {
        return Math.abs(observed[bin] - forecast[bin]);
    }

    /** {@link #classwiseError(Tensor, Tensor, Binning, int)} in bins of equal width. */
    public static double classwiseError(Tensor probabilities, Tensor labels, int bins) {
        return classwiseError(probabilities, labels, Binning.EQUAL_WIDTH, bins);
    }

    /**
     * Mean over the classes of the expected calibration error of each class's probability. In bins of equal numbers of cases it is known as the
     * adaptive calibration error.
     *
     * @see <a href="https://arxiv.org/abs/1904.01685">Nixon et al. (2019), Measuring calibration in deep learning, eq. 3 and 4</a>
     */
    public static double classwiseError(Tensor probabilities, Tensor labels, Binning binning, int bins) {
        Classes.check("classwiseError", probabilities, labels);
        int[] y = labels.toInts();
        int classes = probabilities.dim(1);
        double sum = 0;
        for (int k = 0; k < classes; k++) {
            boolean[] events = new boolean[y.length];
            for (int i = 0; i < y.length; i++) events[i] = y[i] == k;
            sum += of(probabilities.get(Slice.all(), Slice.at(k)).toDoubles(), events, binning, bins).expectedError();
        }
        return sum / classes;
    }

    /**
     * Kolmogorov-Smirnov error: the largest distance between the running sums, over cases in the order of their forecasts, of forecasts
     * and of events, divided by the number of cases. It needs no bins.
     *
     * @see <a href="https://arxiv.org/abs/2006.12800">Gupta et al. (2021), Calibration of neural networks using splines, eq. 6</a>
     */
    public static double ksError(double[] forecasts, boolean[] events) {
        check(forecasts, events, 1);
        int[] order = Binning.order(forecasts);
        double gap = 0;
        double largest = 0;
        for (int i = 0; i < order.length; i++) {
            gap += forecasts[order[i]] - (events[order[i]] ? 1 : 0);
            boolean tied = i + 1 < order.length && forecasts[order[i + 1]] == forecasts[order[i]];
            if (!tied) largest = Math.max(largest, Math.abs(gap));
        }
        return largest / order.length;
    }

    /** The largest probability of each row. */
    public static double[] confidence(Tensor probabilities, Tensor labels) {
        Classes.check("Reliability", probabilities, labels);
        return probabilities.max(1).toDoubles();
    }

    /** Whether the class of the largest probability is the label. */
    public static boolean[] hits(Tensor probabilities, Tensor labels) {
        Classes.check("Reliability", probabilities, labels);
        return probabilities.argmax(1).eq(labels).toBooleans();
    }

    private static void check(double[] forecasts, boolean[] events, int bins) {
        if (forecasts.length != events.length || forecasts.length == 0) {
            throw new IllegalArgumentException("Reliability: " + forecasts.length + " forecasts and " + events.length + " events; expected equally many, at least one");
        }
        if (bins < 1) throw new IllegalArgumentException("Reliability: bins is " + bins + ", expected at least 1");
        for (int i = 0; i < forecasts.length; i++) {
            if (!(forecasts[i] >= 0 && forecasts[i] <= 1 + 1e-6)) throw new IllegalArgumentException("Reliability: forecast " + i + " is " + forecasts[i] + ", expected 0 to 1; softmax the logits first");
        }
    }
}
