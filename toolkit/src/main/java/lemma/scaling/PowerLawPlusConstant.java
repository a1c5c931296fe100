package lemma.scaling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@code y = alpha m^beta + gamma} with {@code beta <= 0} and irreducible error {@code gamma > 0}: the learning curve with its
 * last regime.
 *
 * @see <a href="https://arxiv.org/abs/1712.00409">Hestness et al. (2017), Deep Learning Scaling is Predictable, Empirically</a>
 */
public final class PowerLawPlusConstant implements LogSumExpLaw {
    private static final List<Parameter> PARAMETERS = List.of(
            Parameter.positive("alpha"), Parameter.between("beta", Double.NEGATIVE_INFINITY, 0), Parameter.positive("gamma"));
    private static final List<Term> TERMS = List.of(new Term(0, new int[] {1}, 1), Term.constant(2, 1));
    private static final double[] GAMMA_FRACTIONS = {0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 0.99};

    @Override
    public String name() {
        return "power law plus constant";
    }

    @Override
    public String formula() {
        return "y = alpha m^beta + gamma";
    }

    @Override
    public List<String> inputs() {
        return List.of("m");
    }

    @Override
    public List<Parameter> parameters() {
        return PARAMETERS;
    }

    @Override
    public int distinctValuesNeeded() {
        return 3;
    }

    @Override
    public List<Term> terms() {
        return TERMS;
    }

    /** For eight guesses of gamma as a fraction of the least target, the line through {@code (log m, log(y - gamma))}. */
    @Override
    public List<double[]> shapes(double[][] features, double[] logTargets) {
        double least = Arrays.stream(logTargets).min().orElseThrow();
        List<double[]> starts = new ArrayList<>();
        for (double fraction : GAMMA_FRACTIONS) {
            double gamma = fraction * Math.exp(least);
            double[] line = PowerLaw.line(features, Arrays.stream(logTargets).map(l -> Math.log(Math.exp(l) - gamma)).toArray());
            starts.add(new double[] {line[0], Math.min(line[1], -1e-3), Math.log(gamma)});
        }
        return starts;
    }
}
