package lemma.scaling;

import java.util.List;
import org.hipparchus.analysis.differentiation.Gradient;

/** A law given by its equation, differentiated by forward-mode automatic differentiation. */
record EquationLaw(String name, String formula, List<String> inputs, List<Parameter> parameters, Law.Equation equation) implements Law {
    private static final int STARTS = 256;

    EquationLaw {
        if (inputs.isEmpty() || parameters.isEmpty()) throw new IllegalArgumentException("Law: " + name + " has the inputs " + inputs + " and the parameters " + parameters + ", expected at least one of each");
    }

    @Override
    public int distinctValuesNeeded() {
        return 2;
    }

    @Override
    public boolean positive(int k) {
        return false;
    }

    @Override
    public double[] features(double... inputs) {
        return inputs.clone();
    }

    @Override
    public double logPrediction(double[] coordinates, double[] features, double[] gradient) {
        int n = coordinates.length;
        Gradient[] values = new Gradient[n];
        for (int j = 0; j < n; j++) {
            Gradient coordinate = Gradient.variable(n, j, coordinates[j]);
            values[j] = parameters.get(j).logarithmic() ? coordinate.exp() : coordinate;
        }
        Gradient prediction = equation.predict(values, features);
        double y = prediction.getValue();
        if (!(y > 0)) return Double.NaN;
        for (int j = 0; j < n; j++) gradient[j] = prediction.getPartialDerivative(j) / y;
        return Math.log(y);
    }

    @Override
    public List<double[]> starts(double[][] features, double[] logTargets) {
        return Starts.sobol(parameters, STARTS);
    }
}
