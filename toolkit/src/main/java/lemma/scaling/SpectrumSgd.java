package lemma.scaling;

import java.util.Arrays;
import java.util.stream.IntStream;
import lemma.optim.Schedule;

/**
 * The expected loss of stochastic gradient descent on least squares with Gaussian features, without sampling: a loss curve for any
 * schedule in a few milliseconds. With eigenvalues l_i of the feature covariance, batches of B and noise s^2, the mean squared error
 * c_i of weight i follows exactly
 *
 * <pre>{@code
 * c_i <- (1 - 2 eta l_i + eta^2 l_i^2 (1 + 1/B)) c_i + eta^2 l_i (sum_j l_j c_j + s^2) / B
 * loss = (sum_i l_i c_i + s^2) / 2
 * }</pre>
 *
 * @param spectrum l, positive (M)
 * @param power l_i c_i at the start: what each feature contributes to the variance of the target (M)
 * @param noise s^2, variance of the target that the features do not explain
 * @param batch B
 * @see <a href="https://arxiv.org/abs/2402.01092">Bordelon, Atanasov, Pehlevan (2024), A Dynamical Model of Neural Scaling Laws</a>
 */
public record SpectrumSgd(double[] spectrum, double[] power, double noise, int batch) {
    public SpectrumSgd {
        if (spectrum.length == 0 || spectrum.length != power.length) throw new IllegalArgumentException("SpectrumSgd: " + spectrum.length + " eigenvalues and " + power.length + " powers, expected the same number, at least one");
        for (double l : spectrum) if (!(l > 0) || Double.isInfinite(l)) throw new IllegalArgumentException("SpectrumSgd: eigenvalue " + l + ", expected a positive number");
        for (double p : power) if (!(p >= 0) || Double.isInfinite(p)) throw new IllegalArgumentException("SpectrumSgd: power " + p + ", expected at least 0");
        if (!(noise >= 0)) throw new IllegalArgumentException("SpectrumSgd: noise is " + noise + ", expected at least 0");
        if (batch < 1) throw new IllegalArgumentException("SpectrumSgd: batch is " + batch + ", expected at least 1");
    }

    /** The spectrum {@code i^-a} with the target {@code i^-b}, {@code features} of them, no noise. */
    public static SpectrumSgd powerLaw(double a, double b, int features, int batch) {
        double[] spectrum = IntStream.rangeClosed(1, features).mapToDouble(i -> Math.pow(i, -a)).toArray();
        double[] power = IntStream.rangeClosed(1, features).mapToDouble(i -> Math.pow(i, -b)).toArray();
        return new SpectrumSgd(spectrum, power, 0, batch);
    }

    public SpectrumSgd withNoise(double variance) {
        return new SpectrumSgd(spectrum, power, variance, batch);
    }

    /**
     * The expected loss after each of {@code steps} steps, ascending.
     *
     * @throws ArithmeticException if it grows without bound: the rate is too large
     */
    public double[] losses(Schedule schedule, int... steps) {
        double[] share = power.clone(); // l_i c_i
        double[] losses = new double[steps.length];
        double total = Arrays.stream(share).sum();
        int last = steps.length == 0 ? 0 : steps[steps.length - 1];
        for (int s = 0, k = 0; s <= last; s++) {
            for (; k < steps.length && steps[k] == s; k++) losses[k] = 0.5 * (total + noise);
            if (k < steps.length && steps[k] < s) throw new IllegalArgumentException("SpectrumSgd: steps " + Arrays.toString(steps) + " do not ascend from 0");
            total = step(share, total, schedule.at(s));
            if (!(total < Double.MAX_VALUE)) throw new ArithmeticException("SpectrumSgd: the loss is " + total + " after step " + (s + 1) + " with the rate " + schedule.at(s) + "; lower it");
        }
        return losses;
    }

    private double step(double[] share, double total, double rate) {
        double next = 0;
        for (int i = 0; i < share.length; i++) {
            double move = rate * spectrum[i];
            share[i] = (1 - 2 * move + move * move * (1 + 1.0 / batch)) * share[i] + move * move * (total + noise) / batch;
            next += share[i];
        }
        return next;
    }
}
