package lemma.scaling;

import java.util.Arrays;
import java.util.List;

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
