package lemma.scaling;

import java.util.Arrays;
import java.util.List;
import lemma.plot.Figure;
import lemma.stats.Interval;

/**
 * A scaling law: a positive prediction from inputs (sizes, tokens, steps) and parameters. A law says how it looks in the
 * coordinates in which it is fitted; {@link LawFitter} does the rest.
 */
public interface Law {
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

    /** What enters the equation, computed once per observation: by default the logarithms of the inputs. */
    default double[] features(double... inputs) {
        return Arrays.stream(inputs).map(Math::log).toArray();
    }

    /**
     * Logarithm of the prediction and its gradient.
     *
     * @param coordinates the parameters, logarithmic ones as their logarithm
     * @param features of the observation, from {@link #features}
     * @param gradient receives the derivative by each coordinate
     */
    double logPrediction(double[] coordinates, double[] features, double[] gradient);

    /** Starting points for the fit of the given observations, in coordinates. */
    List<double[]> starts(double[][] features, double[] logTargets);

    /**
     * The fit beside its observations: for a law of one input the curve with its 95 % band on log axes.
     *
     * @throws UnsupportedOperationException if a law of several inputs does not say how to draw itself
     */
    default Figure figure(ScalingFit fit) {
        if (inputs().size() != 1) throw new UnsupportedOperationException(name() + ": no figure for a law of the inputs " + inputs());
        double[] x = LogGrid.around(fit.input(0), 1.3, 60);
        Interval[] band = Arrays.stream(x).mapToObj(m -> fit.interval(new double[] {m}, 0.95)).toArray(Interval[]::new);
        return Figure.of(formula()).xLog(inputs().getFirst()).yLog("y")
                .line("fit", x, Arrays.stream(x).map(m -> fit.predict(m)).toArray())
                .band("95% bootstrap", x, Arrays.stream(band).mapToDouble(Interval::low).toArray(), Arrays.stream(band).mapToDouble(Interval::high).toArray())
                .scatter("measured", fit.input(0), fit.target());
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
