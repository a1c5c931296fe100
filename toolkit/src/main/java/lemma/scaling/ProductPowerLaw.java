package lemma.scaling;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.QRDecomposition;

/**
 * {@code y = c x_1^{p_1} ... x_k^{p_k}}, a plane on log axes: how an optimal learning rate, a batch size or a model size moves with several
 * sizes at once. Its least-squares fit is linear regression of {@code log y} on the logarithms.
 *
 * @param target name of y
 * @param inputs names of x; the exponent of input {@code N} is the parameter {@code p_N}
 */
public record ProductPowerLaw(String target, List<String> inputs) implements Law {
    /** @throws IllegalArgumentException without inputs, or when one comes twice */
    public ProductPowerLaw {
        inputs = List.copyOf(inputs);
        if (inputs.isEmpty() || inputs.stream().distinct().count() < inputs.size()) throw new IllegalArgumentException("ProductPowerLaw: inputs are " + inputs + ", expected one or more different names");
    }

    public static ProductPowerLaw of(String target, String... inputs) {
        return new ProductPowerLaw(target, List.of(inputs));
    }

    @Override
    public String name() {
        return "power law of " + target;
    }

    @Override
    public String formula() {
        return target + " = c " + inputs.stream().map(x -> x + "^p_" + x).collect(Collectors.joining(" "));
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>(List.of(Parameter.positive("c")));
        for (String x : inputs) parameters.add(Parameter.between("p_" + x, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));
        return parameters;
    }

    @Override
    public int distinctValuesNeeded() {
        return 2;
    }

    @Override
    public double logPrediction(double[] coordinates, double[] features, double[] gradient) {
        double sum = coordinates[0];
        gradient[0] = 1;
        for (int k = 0; k < features.length; k++) {
            sum += coordinates[k + 1] * features[k];
            gradient[k + 1] = features[k];
        }
        return sum;
    }

    /** The least-squares plane; the origin where the inputs are collinear, which the fit then reports. */
    @Override
    public List<double[]> starts(double[][] features, double[] logTargets) {
        int k = inputs.size();
        double[][] design = IntStream.range(0, features.length).mapToObj(i -> {
            double[] row = new double[k + 1];
            row[0] = 1;
            System.arraycopy(features[i], 0, row, 1, k);
            return row;
        }).toArray(double[][]::new);
        var solver = new QRDecomposition(new Array2DRowRealMatrix(design, false), 1e-10).getSolver();
        return List.of(solver.isNonSingular() ? solver.solve(new ArrayRealVector(logTargets, false)).toArray() : new double[k + 1]);
    }
}
