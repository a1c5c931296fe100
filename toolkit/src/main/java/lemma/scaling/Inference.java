package lemma.scaling;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import lemma.stats.Interval;
import org.hipparchus.distribution.continuous.FDistribution;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;

/**
 * What the curvature of the objective at its minimum says about the parameters. With residuals r, {@code psi = h'(r)} and the Jacobian J of
 * {@code log f}, the covariance of the coordinates is that of M-estimation,
 *
 * <pre>{@code
 * V = K^2 [sum w psi^2 / (n - p)] / [mean psi']^2 (J^T W J)^-1,   K = 1 + p / n var(psi') / mean(psi')^2
 * }</pre>
 *
 * <p>which for least squares is {@code s^2 (J^T W J)^-1}.
 *
 * @see <a href="https://doi.org/10.1002/9780470434697">Huber, Ronchetti (2009), Robust Statistics, section 7.6</a>
 */
final class Inference {
    private static final double SINGULAR = 1e-10;
    private static final int EXPANSIONS = 60;
    /** A logarithm this far off is as good as infinite: the term has vanished, or is all there is. */
    private static final double FAR = 40;
    private static final int REFINEMENTS = 60;

    private final LawFitter fitter;
    private final LogResiduals problem;
    private final LawFitter.Solution solution;
    private final int n;
    private final int[] free;
    private final double spread;
    private final double[] scale;
    private final EigenDecompositionSymmetric eigen;
    private final double variance;

    Inference(LawFitter fitter, LogResiduals problem, LawFitter.Solution solution, double[][] jacobian, double[] residuals) {
        this.fitter = fitter;
        this.problem = problem;
        this.solution = solution;
        this.n = residuals.length;
        this.free = IntStream.range(0, solution.coordinates().length).filter(j -> !solution.held().containsKey(j)).toArray();
        double[] w = problem.weights;
        double[][] information = new double[free.length][free.length];
        double squares = 0;
        double inside = 0;
        double total = 0;
        for (int i = 0; i < n; i++) {
            double weight = w == null ? 1 : w[i];
            double psi = problem.pull(residuals[i]);
            squares += weight * psi * psi;
            total += weight;
            if (Math.abs(residuals[i]) <= problem.delta) inside += weight;
            for (int a = 0; a < free.length; a++) for (int b = 0; b < free.length; b++) information[a][b] += weight * jacobian[i][free[a]] * jacobian[i][free[b]];
        }
        double mean = inside / total;
        double k = 1 + (double) free.length / n * (1 - mean) / mean;
        double pulled = squares / (n - free.length);
        variance = k * k * pulled / (mean * mean);
        spread = pulled / mean;
        scale = IntStream.range(0, free.length).mapToDouble(a -> Math.sqrt(information[a][a])).toArray();
        for (int a = 0; a < free.length; a++) for (int b = 0; b < free.length; b++) information[a][b] /= Math.max(Double.MIN_NORMAL, scale[a] * scale[b]);
        eigen = new EigenDecompositionSymmetric(new Array2DRowRealMatrix(information, false));
    }

    /** Number of parameters that are not held at a bound. */
    int freeParameters() {
        return free.length;
    }

    /** Which parameters the data cannot tell apart, in words with their correlation, or null when they can. */
    String unidentified() {
        double[] values = eigen.getEigenvalues();
        int least = IntStream.range(0, values.length).reduce((a, b) -> values[b] < values[a] ? b : a).orElseThrow();
        if (values[least] > SINGULAR) return null;
        double[] direction = eigen.getEigenvector(least).toArray();
        int[] order = IntStream.range(0, free.length).boxed().sorted((a, b) -> Double.compare(Math.abs(direction[b]), Math.abs(direction[a]))).mapToInt(Integer::intValue).toArray();
        String first = name(order[0]);
        if (free.length == 1 || Math.abs(direction[order[1]]) < 1e-3) return first + " does not change any prediction";
        double correlation = Math.signum(direction[order[0]] * direction[order[1]]) * (1 - values[least]);
        return "%s and %s cannot be told apart from these observations: the correlation of their estimates is %.10f".formatted(first, name(order[1]), correlation);
    }

    private String name(int a) {
        return fitter.law().parameters().get(free[a]).name();
    }

    /** The covariance of coordinates i and j; 0 for those at a bound. */
    double covariance(int i, int j) {
        String problem = unidentified();
        if (problem != null) throw new IllegalStateException(fitter.law().name() + ": " + problem + "; fix one of them, or vary the inputs independently");
        int a = Arrays.binarySearch(free, i);
        int b = Arrays.binarySearch(free, j);
        if (a < 0 || b < 0) return 0;
        double[] values = eigen.getEigenvalues();
        double sum = 0;
        for (int k = 0; k < values.length; k++) sum += eigen.getEigenvector(k).getEntry(a) * eigen.getEigenvector(k).getEntry(b) / values[k];
        return variance * sum / (scale[a] * scale[b]);
    }

    private double quantile(double level) {
        if (!(level > 0 && level < 1)) throw new IllegalArgumentException("ScalingFit: level is " + level + ", expected a probability between 0 and 1 such as 0.95");
        return new TDistribution(n - free.length).inverseCumulativeProbability(0.5 + level / 2);
    }

    /** Coordinate j plus and minus Student's t times its standard error, as values. */
    Interval wald(int j, double level) {
        refuseHeld(j);
        double reach = quantile(level) * Math.sqrt(covariance(j, j));
        Parameter parameter = fitter.law().parameters().get(j);
        double at = solution.coordinates()[j];
        return new Interval(parameter.value(at - reach), parameter.value(at + reach), level, "delta method, t(" + (n - free.length) + ")");
    }

    /** The delta method for a quantity of the parameter values. */
    Interval wald(ToDoubleFunction<double[]> quantity, double level) {
        double at = quantity.applyAsDouble(values(solution.coordinates()));
        double reach = quantile(level) * Math.sqrt(variance(quantity));
        return new Interval(at - reach, at + reach, level, "delta method, t(" + (n - free.length) + ")");
    }

    private double variance(ToDoubleFunction<double[]> quantity) {
        double[] gradient = new double[solution.coordinates().length];
        for (int j : free) {
            double h = 1e-5 * Math.max(1, Math.abs(solution.coordinates()[j]));
            gradient[j] = (quantity.applyAsDouble(values(moved(j, h))) - quantity.applyAsDouble(values(moved(j, -h)))) / (2 * h);
        }
        double sum = 0;
        for (int i : free) for (int j : free) sum += gradient[i] * gradient[j] * covariance(i, j);
        return sum;
    }

    private double[] moved(int j, double by) {
        double[] x = solution.coordinates().clone();
        x[j] += by;
        return x;
    }

    private double[] values(double[] coordinates) {
        List<Parameter> parameters = fitter.law().parameters();
        return IntStream.range(0, coordinates.length).mapToDouble(j -> parameters.get(j).value(coordinates[j])).toArray();
    }

    /** The values at which the minimum over all others rises by less than the F quantile allows. */
    Interval profile(int j, double level) {
        refuseHeld(j);
        double limit = new FDistribution(1, n - free.length).inverseCumulativeProbability(level);
        Parameter parameter = fitter.law().parameters().get(j);
        String method = "profile likelihood, F(1, " + (n - free.length) + ")";
        return new Interval(parameter.value(end(j, -1, limit)), parameter.value(end(j, 1, limit)), level, method);
    }

    /** The coordinate in one direction where the profile crosses the limit, or the bound of the parameter if it does not. */
    private double end(int j, int sign, double limit) {
        double from = solution.coordinates()[j];
        double step = unidentified() == null ? Math.sqrt(covariance(j, j)) : 0.1;
        double inner = from;
        double innerRise = -limit;
        double[] near = solution.coordinates();
        Parameter parameter = fitter.law().parameters().get(j);
        for (int i = 0; i < EXPANSIONS && !(parameter.logarithmic() && step > FAR); i++) {
            double outer = parameter.nearest(from + sign * step);
            LawFitter.Solution at = fitter.solveAt(problem, near, j, outer);
            double rise = rise(at) - limit;
            if (rise > 0) return refine(j, limit, inner, innerRise, outer, rise, at.coordinates());
            if (outer != from + sign * step) return outer;
            inner = outer;
            innerRise = rise;
            near = at.coordinates();
            step *= 1.6;
        }
        return parameter.coordinate(sign < 0 ? parameter.lower() : parameter.upper());
    }

    /** False position with the Illinois rule. */
    private double refine(int j, double limit, double inner, double innerRise, double outer, double outerRise, double[] near) {
        double a = inner;
        double fa = innerRise;
        double b = outer;
        double fb = outerRise;
        int side = 0;
        for (int i = 0; i < REFINEMENTS && Math.abs(b - a) > 1e-9 * (1 + Math.abs(b)); i++) {
            double x = (fa * b - fb * a) / (fa - fb);
            double f = rise(fitter.solveAt(problem, near, j, x)) - limit;
            if (Math.abs(f) < 1e-7 * limit) return x;
            if (f > 0) {
                b = x;
                fb = f;
                if (side == 1) fa /= 2;
                side = 1;
            } else {
                a = x;
                fa = f;
                if (side == -1) fb /= 2;
                side = -1;
            }
        }
        return (a + b) / 2;
    }

    /** How far the objective has risen, in units in which one standard error is 1. */
    private double rise(LawFitter.Solution at) {
        return 2 * (at.objective() - solution.objective()) / spread;
    }

    private void refuseHeld(int j) {
        if (!solution.held().containsKey(j)) return;
        throw new IllegalStateException(fitter.law().name() + ": " + fitter.law().parameters().get(j).name() + " stands at its bound, where curvature says nothing; use the bootstrap interval");
    }
}
