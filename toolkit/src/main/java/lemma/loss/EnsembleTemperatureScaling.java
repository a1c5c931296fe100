package lemma.loss;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import lemma.tensor.DType;
import lemma.tensor.Tensor;

/**
 * A mixture of three temperatures, {@code w1 softmax(h / T) + w2 softmax(h) + w3 / K}: T, 1 and infinity. It changes confidences and no
 * prediction, and by w3 it can keep the confidence of all cases below one.
 *
 * <p>As in the authors' code, T is that of {@link TemperatureScaling}, and the weights, at least 0 with sum 1, have the least cross-entropy on the
 * same held-out data. That is convex in them, so two nested bisections of its slope find the minimum.
 *
 * @param temperature T
 * @param tempered w1
 * @param plain w2
 * @param uniform w3
 * @see <a href="https://arxiv.org/abs/2003.07329">Zhang, Kailkhura, Han (2020), Mix-n-Match: ensemble and compositional methods for uncertainty calibration, eq. 8</a>
 */
public record EnsembleTemperatureScaling(double temperature, double tempered, double plain, double uniform) {
    private static final int HALVINGS = 50;

    public EnsembleTemperatureScaling {
        if (!(temperature > 0 && Double.isFinite(temperature))) throw new IllegalArgumentException("EnsembleTemperatureScaling: the temperature is " + temperature + ", expected above 0");
        if (!(tempered >= 0 && plain >= 0 && uniform >= 0 && Math.abs(tempered + plain + uniform - 1) < 1e-9)) {
            throw new IllegalArgumentException("EnsembleTemperatureScaling: weights " + tempered + ", " + plain + ", " + uniform + "; expected at least 0 with sum 1");
        }
    }

    /**
     * Fitted to logits (n, classes) and labels (n).
     *
     * @throws ArithmeticException if no finite temperature is best, as for {@link TemperatureScaling}
     */
    public static EnsembleTemperatureScaling fit(Tensor logits, Tensor labels) {
        double temperature = TemperatureScaling.fit(logits, labels).temperature();
        Tensor h = logits.to(DType.FLOAT64);
        double[] a = ofLabels(h.div(temperature), labels);
        double[] b = ofLabels(h, labels);
        double u = 1.0 / logits.dim(1);
        double w3 = root(w -> slopeOfUniform(a, b, u, w, share(a, b, u, w)));
        double s = share(a, b, u, w3);
        return new EnsembleTemperatureScaling(temperature, (1 - w3) * s, (1 - w3) * (1 - s), w3);
    }

    /** The probability of each label. */
    private static double[] ofLabels(Tensor logits, Tensor labels) {
        return Classes.crossEntropy("EnsembleTemperatureScaling", logits, labels).neg().exp().toDoubles();
    }

    /** The part of 1 - w3 that belongs to T: where the slope in it is 0, or the end towards which the loss falls. */
    private static double share(double[] a, double[] b, double u, double w3) {
        return root(s -> {
            double slope = 0;
            for (int i = 0; i < a.length; i++) slope -= (a[i] - b[i]) / mixed(a[i], b[i], u, w3, s);
            return slope;
        });
    }

    // the share is the best for this w3, so its own change adds nothing to the slope
    private static double slopeOfUniform(double[] a, double[] b, double u, double w3, double s) {
        double slope = 0;
        for (int i = 0; i < a.length; i++) slope -= (u - s * a[i] - (1 - s) * b[i]) / mixed(a[i], b[i], u, w3, s);
        return slope;
    }

    private static double mixed(double a, double b, double u, double w3, double s) {
        return (1 - w3) * (s * a + (1 - s) * b) + w3 * u;
    }

    /** Where a rising function on [0, 1] is 0, or the end that is nearest to it. */
    private static double root(DoubleUnaryOperator slope) {
        double low = 0;
        double high = 1;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (slope.applyAsDouble(middle) > 0) high = middle;
            else low = middle;
        }
        return (low + high) / 2;
    }

    /** Logarithms of the mixed probabilities, (..., classes), which are logits too. */
    public Tensor apply(Tensor logits) {
        List<Tensor> parts = new ArrayList<>();
        if (tempered > 0) parts.add(logits.div(temperature).logSoftmax(-1).add(Math.log(tempered)));
        if (plain > 0) parts.add(logits.logSoftmax(-1).add(Math.log(plain)));
        if (uniform > 0) parts.add(logits.zerosLike().add(Math.log(uniform / logits.dim(-1))));
        return Tensor.stack(parts, 0).logsumexp(0);
    }
}
