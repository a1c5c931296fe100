package lemma.scaling;

import java.util.Arrays;
import java.util.List;
import lemma.plot.Figure;
import lemma.stats.Interval;
import org.hipparchus.analysis.differentiation.Gradient;

/**
 * A scaling law: a positive prediction from inputs (sizes, tokens, steps) and parameters. A law says how it looks in the
 * coordinates in which it is fitted; {@link LawFitter} does the rest. A law of one's own takes five lines:
 *
 * <pre>{@code
 * Law law = Law.of("saturating power law", "y = c - a exp(-b x)", List.of("x"),
 *     List.of(Parameter.positive("c").startingIn(0.1, 10), Parameter.positive("a").startingIn(0.1, 10), Parameter.positive("b").startingIn(0.01, 1)),
 *     (p, x) -> p[0].subtract(p[1].multiply(p[2].multiply(-x[0]).exp())));
 * ScalingFit fit = LawFitter.of(law).fit(y, x);
 * }</pre>
 */
public interface Law {
    /** The equation of a law of one's own, in numbers that carry their derivatives. */
    @FunctionalInterface
    interface Equation {
        /**
         * @param parameters the values, in the order of the law
         * @param inputs of one observation
         * @return the prediction
         */
        Gradient predict(Gradient[] parameters, double[] inputs);
    }

    /**
     * A law from its equation alone: the gradient is taken by automatic differentiation, and the fit starts from 256 Sobol points in the box
     * of the parameters' starting ranges.
     *
     * @param name such as {@code saturating power law}
     * @param formula such as {@code y = c - a exp(-b x)}
     * @param inputs names of the inputs, which may be any finite numbers
     * @param parameters in the order in which the equation gets them
     * @param equation the prediction
     */
    static Law of(String name, String formula, List<String> inputs, List<Parameter> parameters, Equation equation) {
        return new EquationLaw(name, formula, List.copyOf(inputs), List.copyOf(parameters), equation);
    }

    /** Name, such as {@code Chinchilla}. */
    String name();

    /** The equation, such as {@code L = E + A / N^alpha + B / D^beta}. */
    String formula();

    /** Names of the inputs. */
    List<String> inputs();

    /** The parameters, in the order of the coordinates. */
    List<Parameter> parameters();

    /** How many different values of each input are needed to identify the parameters. */
    int distinctValuesNeeded();

    /** Whether input {@code k} must be positive, as it must where it enters by its logarithm; otherwise any finite number will do. */
    default boolean positive(int k) {
        return true;
    }

    /** What enters the equation, computed once per observation: by default the logarithms of the inputs. */
    default double[] features(double... inputs) {
        return Arrays.stream(inputs).map(Math::log).toArray();
    }

    /**
     * Logarithm of the prediction and its gradient; NaN where the prediction is not positive, which the fit steps back from.
     *
     * @param coordinates the parameters, logarithmic ones as their logarithm
     * @param features of the observation, from {@link #features}
     * @param gradient receives the derivative by each coordinate
     */
    double logPrediction(double[] coordinates, double[] features, double[] gradient);

    /** Starting points for the fit of the given observations, in coordinates. */
    List<double[]> starts(double[][] features, double[] logTargets);

    /**
     * The fit beside its observations: for a law of one input the curve with its 95 % band, on log axes where all inputs are positive; for
     * one of several inputs the measured over the fitted values.
     */
    default Figure figure(ScalingFit fit) {
        if (inputs().size() > 1) return fit.measuredOverFitted();
        double[] input = fit.input(0);
        boolean log = Arrays.stream(input).allMatch(x -> x > 0);
        double[] x = log ? LogGrid.around(input, 1.3, 60) : LogGrid.even(input, 60);
        Interval[] band = Arrays.stream(x).mapToObj(m -> fit.interval(new double[] {m}, 0.95)).toArray(Interval[]::new);
        Figure axes = log ? Figure.of(formula()).xLog(inputs().getFirst()).yLog("y") : Figure.of(formula()).x(inputs().getFirst()).y("y");
        return axes.line("fit", x, Arrays.stream(x).map(m -> fit.predict(m)).toArray())
                .band("95% bootstrap", x, Arrays.stream(band).mapToDouble(Interval::low).toArray(), Arrays.stream(band).mapToDouble(Interval::high).toArray())
                .scatter("measured", input, fit.target());
    }

    /** The prediction at {@code inputs} from parameter values in the order of {@link #parameters()}. */
    default double predict(double[] values, double... inputs) {
        List<Parameter> parameters = parameters();
        if (values.length != parameters.size()) {
            throw new IllegalArgumentException(name() + ": " + values.length + " parameter values, expected " + parameters.size() + " for " + formula());
        }
        if (inputs.length != inputs().size()) {
            throw new IllegalArgumentException(name() + ": inputs are " + Arrays.toString(inputs) + ", expected one number for each of " + inputs());
        }
        double[] coordinates = new double[values.length];
        for (int j = 0; j < values.length; j++) coordinates[j] = parameters.get(j).coordinate(values[j]);
        return Math.exp(logPrediction(coordinates, features(inputs), new double[values.length]));
    }
}
