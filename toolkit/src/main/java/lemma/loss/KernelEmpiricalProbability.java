package lemma.loss;

import java.util.Arrays;

/**
 * The frequency of the event among cases weighted by a Gaussian of the distance of their forecasts,
 * {@code sum_j k(f_i - f_j) y_j / sum_j k(f_i - f_j)} with {@code k(d) = exp(-d^2 / (2 width^2))}.
 *
 * @param width standard deviation of the kernel, in probability
 * @see <a href="https://arxiv.org/abs/2111.10734">Liu et al. (2022), Deep probability estimation, section 5</a>
 */
public record KernelEmpiricalProbability(double width) implements EmpiricalProbability {
    public KernelEmpiricalProbability {
        if (!(width > 0 && Double.isFinite(width))) throw new IllegalArgumentException("KernelEmpiricalProbability: width is " + width + ", expected above 0");
    }

    @Override
    public double[] of(double[] forecasts, boolean[] events) {
        EmpiricalProbability.check("KernelEmpiricalProbability", forecasts, events);
        double scale = -0.5 / (width * width);
        return Arrays.stream(forecasts).map(f -> {
            double all = 0;
            double came = 0;
            for (int j = 0; j < forecasts.length; j++) {
                double d = f - forecasts[j];
                double weight = Math.exp(scale * d * d);
                all += weight;
                if (events[j]) came += weight;
            }
            return came / all;
        }).toArray();
    }
}
