package lemma.scaling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@code L(N, D) = ((N_c / N)^(alpha_N / alpha_D) + D_c / D)^alpha_D}: loss limited by parameters and by data, without an irreducible part.
 *
 * @see <a href="https://arxiv.org/abs/2001.08361">Kaplan et al. (2020), Scaling Laws for Neural Language Models, eq. 1.5</a>
 */
public final class KaplanLaw implements Law {
    private static final List<Parameter> PARAMETERS = List.of(Parameter.positive("N_c"), Parameter.positive("D_c"), Parameter.positive("alpha_N"), Parameter.positive("alpha_D"));

    @Override
    public String name() {
        return "Kaplan";
    }

    @Override
    public String formula() {
        return "L = ((N_c/N)^(alpha_N/alpha_D) + D_c/D)^alpha_D";
    }

    @Override
    public List<String> inputs() {
        return List.of("N", "D");
    }

    @Override
    public List<Parameter> parameters() {
        return PARAMETERS;
    }

    @Override
    public int distinctValuesNeeded() {
        return 2;
    }

    @Override
    public double logPrediction(double[] coordinates, double[] features, double[] gradient) {
        double alphaN = Math.exp(coordinates[2]);
        double alphaD = Math.exp(coordinates[3]);
        double logN = coordinates[0] - features[0];
        double model = alphaN / alphaD * logN;
        double data = coordinates[1] - features[1];
        double top = Math.max(model, data);
        double sum = Math.exp(model - top) + Math.exp(data - top);
        double share = Math.exp(model - top) / sum;
        double log = top + Math.log(sum);
        gradient[0] = share * alphaN;
        gradient[1] = (1 - share) * alphaD;
        gradient[2] = share * alphaN * logN;
        gradient[3] = alphaD * log - share * alphaN * logN;
        return alphaD * log;
    }

    /** Exponents 0.03 to 1, and for each the N_c and D_c with which either term alone gives the mean loss at the mean size. */
    @Override
    public List<double[]> starts(double[][] features, double[] logTargets) {
        double loss = Arrays.stream(logTargets).average().orElseThrow();
        double n = Arrays.stream(features).mapToDouble(f -> f[0]).average().orElseThrow();
        double d = Arrays.stream(features).mapToDouble(f -> f[1]).average().orElseThrow();
        List<double[]> starts = new ArrayList<>();
        double[] exponents = {0.03, 0.08, 0.2, 0.5, 1};
        for (double alphaN : exponents) for (double alphaD : exponents) starts.add(new double[] {n + loss / alphaN, d + loss / alphaD, Math.log(alphaN), Math.log(alphaD)});
        return starts;
    }
}
