package lemma.scaling;

import java.util.List;

/**
 * {@code y = alpha m^beta}, a straight line on log-log axes. Learning curves have {@code beta < 0}; the model size needed for a
 * data size has {@code 0 < beta < 1}.
 *
 * @see <a href="https://arxiv.org/abs/1712.00409">Hestness et al. (2017), Deep Learning Scaling is Predictable, Empirically</a>
 */
public final class PowerLaw implements Law {
    private static final List<Parameter> PARAMETERS = List.of(
            Parameter.positive("alpha"), Parameter.between("beta", Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));

    @Override
    public String name() {
        return "power law";
    }

    @Override
    public String formula() {
        return "y = alpha m^beta";
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
        return 2;
    }

    @Override
    public double logPrediction(double[] coordinates, double[] features, double[] gradient) {
        gradient[0] = 1;
        gradient[1] = features[0];
        return coordinates[0] + coordinates[1] * features[0];
    }

    /** The least-squares line through {@code (log m, log y)}. */
    @Override
    public List<double[]> starts(double[][] features, double[] logTargets) {
        return List.of(line(features, logTargets));
    }

    /** Intercept and slope of the least-squares line. */
    static double[] line(double[][] features, double[] y) {
        double meanX = 0;
        double meanY = 0;
        for (int i = 0; i < y.length; i++) {
            meanX += features[i][0] / y.length;
            meanY += y[i] / y.length;
        }
        double sxx = 0;
        double sxy = 0;
        for (int i = 0; i < y.length; i++) {
            sxx += (features[i][0] - meanX) * (features[i][0] - meanX);
            sxy += (features[i][0] - meanX) * (y[i] - meanY);
        }
        double slope = sxx > 0 ? sxy / sxx : 0;
        return new double[] {meanY - slope * meanX, slope};
    }
}
