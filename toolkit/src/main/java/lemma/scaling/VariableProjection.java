package lemma.scaling;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import lemma.optim.Lbfgs;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.DecompositionSolver;
import org.hipparchus.linear.QRDecomposition;

/**
 * {@code min over shapes of min over c >= 0 of 1/2 sum_i (1 - sum_k c_k t_k(x_i; shape) / y_i)^2}: the relative least squares of a
 * {@link SeparableLaw}, its factors projected out. By the envelope theorem the gradient of the inner minimum is the partial derivative at
 * the factors that attain it.
 *
 * @see <a href="https://doi.org/10.1137/0710036">Golub, Pereyra (1973), The differentiation of pseudo-inverses and nonlinear least squares problems whose variables separate</a>
 */
final class VariableProjection implements Lbfgs.Objective {
    private static final Lbfgs.Options SHORT = Lbfgs.Options.DEFAULT.withMaxIterations(40).withGradientTolerance(1e-8);
    private static final double LEAST_SHARE = 1e-4;

    private final SeparableLaw law;
    private final double[][] features;
    private final double[] target;
    private final int[] factors;
    private final double[][] relative;
    private final double[] row;
    private double[] found;

    private VariableProjection(SeparableLaw law, double[][] features, double[] target) {
        this.law = law;
        this.features = features;
        this.target = target;
        this.factors = law.factors();
        this.relative = new double[target.length][factors.length];
        this.row = new double[law.parameters().size()];
    }

    /** For every shape of the law the point where a short descent over shapes ends, factors and all. */
    static List<double[]> starts(SeparableLaw law, double[][] features, double[] logTargets) {
        double[] target = Arrays.stream(logTargets).map(Math::exp).toArray();
        return law.shapes(features, logTargets).parallelStream().map(shape -> new VariableProjection(law, features, target).descend(shape)).toList();
    }

    private double[] descend(double[] shape) {
        double[] from = shape.clone();
        for (int j : factors) from[j] = 0;
        double[] end = Lbfgs.minimize(this, from, SHORT).x();
        for (int j = 0; j < end.length; j++) end[j] = law.parameters().get(j).nearest(end[j]);
        project(end);
        for (int k = 0; k < factors.length; k++) end[factors[k]] = coordinate(k);
        return end;
    }

    /** A factor of zero has no logarithm: such a start is given a small share of the prediction. */
    private double coordinate(int k) {
        Parameter parameter = law.parameters().get(factors[k]);
        if (!parameter.logarithmic()) return parameter.nearest(found[k]);
        double typical = Arrays.stream(relative).mapToDouble(terms -> Math.abs(terms[k])).average().orElseThrow();
        return parameter.coordinate(Math.max(found[k], LEAST_SHARE / typical));
    }

    @Override
    public double valueAndGradient(double[] x, double[] gradient) {
        project(x);
        double[] full = x.clone();
        for (int k = 0; k < factors.length; k++) full[factors[k]] = law.parameters().get(factors[k]).coordinate(found[k]);
        Arrays.fill(gradient, 0);
        double sum = 0;
        for (int i = 0; i < target.length; i++) {
            double prediction = Math.exp(law.logPrediction(full, features[i], row)) / target[i];
            double r = prediction - 1;
            sum += 0.5 * r * r;
            for (int j = 0; j < gradient.length; j++) gradient[j] += r * prediction * row[j];
        }
        for (int j : factors) gradient[j] = 0;
        return sum;
    }

    private void project(double[] x) {
        for (int i = 0; i < target.length; i++) {
            law.terms(x, features[i], relative[i]);
            for (int k = 0; k < factors.length; k++) relative[i][k] /= target[i];
        }
        found = nonNegative(relative);
    }

    /** The {@code c >= 0} with the least {@code sum_i (1 - a_i . c)^2}: the best of all sets of positive factors, of which there are few. */
    static double[] nonNegative(double[][] a) {
        int n = a[0].length;
        double[] best = new double[n];
        double least = a.length;
        for (int set = 1; set < 1 << n; set++) {
            double[] c = leastSquares(a, set);
            if (c == null || Arrays.stream(c).anyMatch(v -> v < 0)) continue;
            double sum = residual(a, c);
            if (sum < least) {
                least = sum;
                best = c;
            }
        }
        return best;
    }

    /** Least squares with the factors of {@code set} alone, or null where they are collinear. */
    private static double[] leastSquares(double[][] a, int set) {
        int[] kept = IntStream.range(0, a[0].length).filter(k -> (set >> k & 1) == 1).toArray();
        double[] scale = Arrays.stream(kept).mapToDouble(k -> Math.sqrt(Arrays.stream(a).mapToDouble(r -> r[k] * r[k]).sum())).toArray();
        double[][] design = new double[a.length][kept.length];
        for (int i = 0; i < a.length; i++) for (int k = 0; k < kept.length; k++) design[i][k] = a[i][kept[k]] / scale[k];
        double[] ones = new double[a.length];
        Arrays.fill(ones, 1);
        DecompositionSolver solver = new QRDecomposition(new Array2DRowRealMatrix(design, false), 1e-12).getSolver();
        if (Arrays.stream(scale).anyMatch(s -> !(s > 0)) || !solver.isNonSingular()) return null;
        double[] solution = solver.solve(new ArrayRealVector(ones, false)).toArray();
        double[] c = new double[a[0].length];
        for (int k = 0; k < kept.length; k++) c[kept[k]] = solution[k] / scale[k];
        return c;
    }

    private static double residual(double[][] a, double[] c) {
        double sum = 0;
        for (double[] row : a) {
            double r = 1;
            for (int k = 0; k < c.length; k++) r -= row[k] * c[k];
            sum += r * r;
        }
        return sum;
    }
}
