package lemma.scaling;

import java.util.List;

/**
 * The Chinchilla law when tokens are repeated: of D training tokens only U are different, and each further pass is worth less,
 *
 * <pre>{@code
 * L = E + A / N'^alpha + B / D'^beta
 * D' = U + U R_D (1 - exp(-(D / U - 1) / R_D))          for D > U, else D
 * N' = U_N + U_N R_N (1 - exp(-(N / U_N - 1) / R_N))    for N > U_N, else N
 * }</pre>
 *
 * <p>where {@code U_N} is the model size for which U tokens are compute-optimal. E, A, B, alpha, beta come from a fit of runs without
 * repetition; the half-lives {@code R_D} and {@code R_N} are fitted here.
 *
 * @param constant E
 * @param a A
 * @param b B
 * @param alpha exponent of the parameters
 * @param beta exponent of the tokens
 * @see <a href="https://arxiv.org/abs/2305.16264">Muennighoff et al. (2023), Scaling Data-Constrained Language Models, eqs. 5 to 7</a>
 */
public record DataConstrainedLaw(double constant, double a, double b, double alpha, double beta) implements Law {
    private static final List<Parameter> PARAMETERS = List.of(Parameter.positive("R_D"), Parameter.positive("R_N"));

    public DataConstrainedLaw {
        if (!(constant >= 0 && a > 0 && b > 0 && alpha > 0 && beta > 0)) {
            throw new IllegalArgumentException("DataConstrainedLaw: E " + constant + ", A " + a + ", B " + b + ", alpha " + alpha + ", beta " + beta + ", expected positive numbers (E may be 0)");
        }
    }

    /** On the law that runs without repetition follow. */
    public static DataConstrainedLaw of(ScalingFit chinchilla) {
        if (!(chinchilla.law() instanceof Chinchilla)) throw new IllegalArgumentException("DataConstrainedLaw: the fit is of the law " + chinchilla.law().name() + ", expected Chinchilla");
        return new DataConstrainedLaw(chinchilla.parameter("E"), chinchilla.parameter("A"), chinchilla.parameter("B"), chinchilla.parameter("alpha"), chinchilla.parameter("beta"));
    }

    /** The model size for which {@code tokens} are compute-optimal: {@code alpha A / N^alpha = beta B / D^beta}. */
    public double matchedParams(double tokens) {
        return Math.pow(alpha * a / (beta * b) * Math.pow(tokens, beta), 1 / alpha);
    }

    @Override
    public String name() {
        return "data-constrained";
    }

    @Override
    public String formula() {
        return "L = %.4g + %.4g/N'^%.4g + %.4g/D'^%.4g".formatted(constant, a, alpha, b, beta);
    }

    @Override
    public List<String> inputs() {
        return List.of("N", "D", "U");
    }

    @Override
    public List<Parameter> parameters() {
        return PARAMETERS;
    }

    @Override
    public int distinctValuesNeeded() {
        return 1;
    }

    @Override
    public double[] features(double... inputs) {
        return new double[] {inputs[0], inputs[1], inputs[2], matchedParams(inputs[2])};
    }

    @Override
    public double logPrediction(double[] coordinates, double[] features, double[] gradient) {
        double model = a * Math.pow(effective(features[0], features[3], coordinates[1], gradient, 1), -alpha);
        double data = b * Math.pow(effective(features[1], features[2], coordinates[0], gradient, 0), -beta);
        double y = constant + model + data;
        gradient[0] *= -beta * data / y;
        gradient[1] *= -alpha * model / y;
        return Math.log(y);
    }

    /** The effective size; leaves its logarithmic derivative by the coordinate in {@code gradient[j]}. */
    private static double effective(double size, double different, double logHalfLife, double[] gradient, int j) {
        gradient[j] = 0;
        if (size <= different) return size;
        double halfLife = Math.exp(logHalfLife);
        double repeats = size / different - 1;
        double gone = Math.exp(-repeats / halfLife);
        double effective = different + different * halfLife * -Math.expm1(-repeats / halfLife);
        gradient[j] = different * (halfLife * (1 - gone) - repeats * gone) / effective;
        return effective;
    }

    @Override
    public List<double[]> starts(double[][] features, double[] logTargets) {
        return Starts.sobol(PARAMETERS, 32);
    }
}
