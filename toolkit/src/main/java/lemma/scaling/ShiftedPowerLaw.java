package lemma.scaling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@code y = alpha (m + shift)^beta + gamma} with {@code beta <= 0}: a power law that sets in only beyond a size of about {@code shift}, as a
 * learning curve that leaves its small-data regime.
 *
 * @see <a href="https://arxiv.org/abs/2001.08361">Kaplan et al. (2020), Scaling Laws for Neural Language Models, where steps are shifted so</a>
 */
public final class ShiftedPowerLaw implements SeparableLaw {
    private static final List<Parameter> PARAMETERS = List.of(Parameter.positive("alpha"),
            Parameter.between("beta", Double.NEGATIVE_INFINITY, 0), Parameter.positive("shift"), Parameter.positive("gamma"));

    @Override
    public String name() {
        return "shifted power law";
    }

    @Override
    public String formula() {
        return "y = alpha (m + shift)^beta + gamma";
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
        return 4;
    }

    @Override
    public double[] features(double... inputs) {
        return inputs.clone();
    }

    @Override
    public double logPrediction(double[] coordinates, double[] features, double[] gradient) {
        double shift = Math.exp(coordinates[2]);
        double logSize = Math.log(features[0] + shift);
        double power = coordinates[0] + coordinates[1] * logSize;
        double top = Math.max(power, coordinates[3]);
        double sum = Math.exp(power - top) + Math.exp(coordinates[3] - top);
        double share = Math.exp(power - top) / sum;
        gradient[0] = share;
        gradient[1] = share * logSize;
        gradient[2] = share * coordinates[1] * shift / (features[0] + shift);
        gradient[3] = 1 - share;
        return top + Math.log(sum);
    }

    @Override
    public int[] factors() {
        return new int[] {0, 3};
    }

    @Override
    public void terms(double[] coordinates, double[] features, double[] terms) {
        terms[0] = Math.pow(features[0] + Math.exp(coordinates[2]), coordinates[1]);
        terms[1] = 1;
    }

    /** Exponents from -0.1 to -2, shifts from a hundredth of the least size to ten times it. */
    @Override
    public List<double[]> shapes(double[][] features, double[] logTargets) {
        double least = Arrays.stream(features).mapToDouble(f -> f[0]).min().orElseThrow();
        List<double[]> shapes = new ArrayList<>();
        for (double beta : new double[] {-0.1, -0.3, -0.6, -1, -2}) for (double shift : new double[] {0.01, 0.3, 1, 3, 10}) shapes.add(new double[] {0, beta, Math.log(shift * least), 0});
        return shapes;
    }
}
