package lemma.loss;

import lemma.tensor.Tensor;

/**
 * One temperature for all logits, {@code softmax(h / T)}, chosen by the least cross-entropy on held-out data. It changes confidences and
 * no prediction.
 *
 * <p>The cross-entropy is convex in {@code b = 1 / T}, with slope {@code mean(E_p h - h_y)} and curvature {@code mean(Var_p h)}: found by
 * Newton's method within a bracket.
 *
 * @param temperature T
 * @see <a href="https://arxiv.org/abs/1706.04599">Guo et al. (2017), On calibration of modern neural networks, eq. 9</a>
 */
public record TemperatureScaling(double temperature) {
    private static final double LOWEST = 1e-4;
    private static final double HIGHEST = 1e4;

    public TemperatureScaling {
        if (!(temperature > 0 && Double.isFinite(temperature))) throw new IllegalArgumentException("TemperatureScaling: the temperature is " + temperature + ", expected above 0");
    }

    /**
     * Fitted to logits (n, classes) and labels (n).
     *
     * @throws ArithmeticException if no finite temperature is best: every example is right, or none beats a constant
     */
    public static TemperatureScaling fit(Tensor logits, Tensor labels) {
        Classes.check("TemperatureScaling", logits, labels);
        if (logits.dim(0) == 0) throw new IllegalArgumentException("TemperatureScaling: no examples in logits " + logits.shape());
        double[] h = logits.toDoubles();
        int[] y = labels.toInts();
        for (double v : h) if (!Double.isFinite(v)) throw new IllegalArgumentException("TemperatureScaling: a logit is " + v + ", expected finite numbers");
        double largest = logits.abs().max().item();
        double low = LOWEST / Math.max(1, largest);
        double high = HIGHEST / Math.clamp(largest, Double.MIN_NORMAL, 1);
        if (slope(h, y, low)[0] >= 0) throw new ArithmeticException("TemperatureScaling: the logits say nothing about the labels; the best temperature is infinite");
        if (slope(h, y, high)[0] <= 0) throw new ArithmeticException("TemperatureScaling: every example is classified right; the best temperature is 0, so fit on held-out data");
        double b = 1;
        for (int i = 0; i < 200; i++) {
            double[] s = slope(h, y, b);
            if (s[0] > 0) high = b;
            else low = b;
            double next = b - s[0] / s[1];
            if (!(next > low && next < high)) next = Math.sqrt(low * high);
            if (Math.abs(next - b) <= 1e-14 * b) break;
            b = next;
        }
        return new TemperatureScaling(1 / b);
    }

    /** Slope and curvature of the cross-entropy in b. */
    private static double[] slope(double[] h, int[] y, double b) {
        int classes = h.length / y.length;
        double slope = 0;
        double curvature = 0;
        for (int i = 0; i < y.length; i++) {
            int row = i * classes;
            double top = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < classes; k++) top = Math.max(top, h[row + k]);
            double total = 0;
            double mean = 0;
            double square = 0;
            for (int k = 0; k < classes; k++) {
                double d = h[row + k] - top;
                double p = Math.exp(b * d);
                total += p;
                mean += p * d;
                square += p * d * d;
            }
            mean /= total;
            slope += mean - (h[row + y[i]] - top);
            curvature += square / total - mean * mean;
        }
        return new double[] {slope / y.length, curvature / y.length};
    }

    /** The logits divided by the temperature. */
    public Tensor apply(Tensor logits) {
        return logits.div(temperature);
    }
}
