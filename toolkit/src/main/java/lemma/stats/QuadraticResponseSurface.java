package lemma.stats;

import java.util.Arrays;
import java.util.Locale;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.QRDecomposition;

/**
 * The second-order model of a response around its optimum, {@code z = c + g.x + x.H x / 2}, fitted by least squares. Its Hessian says
 * whether the response is convex there, its minimiser where the optimum lies between measured points.
 *
 * @see <a href="https://doi.org/10.1111/j.2517-6161.1951.tb00067.x">Box, Wilson (1951), On the experimental attainment of optimum conditions</a>
 */
public final class QuadraticResponseSurface {
    private static final double SINGULAR = 1e-10;
    private static final int SWEEPS = 10_000;

    private final double[] centre;
    private final double constant;
    private final double[] gradient;
    private final double[][] hessian;
    private final double rSquared;

    private QuadraticResponseSurface(double[] centre, double constant, double[] gradient, double[][] hessian, double rSquared) {
        this.centre = centre;
        this.constant = constant;
        this.gradient = gradient;
        this.hessian = hessian;
        this.rSquared = rSquared;
    }

    /**
     * Fits the surface.
     *
     * @param x points (n, d), at least {@code (d + 1)(d + 2) / 2} of them
     * @param z responses (n)
     * @throws IllegalArgumentException if lengths differ, points are too few or lie so that they do not determine the surface (fewer than
     *     three different values of a coordinate, say), or a number is not finite
     */
    public static QuadraticResponseSurface of(double[][] x, double[] z) {
        int d = x.length == 0 ? 0 : x[0].length;
        int terms = (d + 1) * (d + 2) / 2;
        if (x.length != z.length || d == 0 || x.length < terms) {
            throw new IllegalArgumentException("QuadraticResponseSurface: " + x.length + " points of dimension " + d + " and " + z.length + " responses, expected the same number, at least " + terms);
        }
        for (int i = 0; i < x.length; i++) {
            if (x[i].length != d || !Arrays.stream(x[i]).allMatch(Double::isFinite) || !Double.isFinite(z[i])) {
                throw new IllegalArgumentException("QuadraticResponseSurface: point " + i + " is " + Arrays.toString(x[i]) + " with the response " + z[i] + ", expected " + d + " finite numbers and a finite response");
            }
        }
        double[] centre = new double[d];
        for (double[] point : x) for (int j = 0; j < d; j++) centre[j] += point[j] / x.length;
        double[][] design = Arrays.stream(x).map(point -> terms(minus(point, centre))).toArray(double[][]::new);
        double[] fitted = solve(design, z);
        double[] gradient = Arrays.copyOfRange(fitted, 1, d + 1);
        double[][] hessian = new double[d][d];
        for (int j = 0, k = d + 1; j < d; j++) for (int l = j; l < d; l++, k++) hessian[j][l] = hessian[l][j] = fitted[k];
        return new QuadraticResponseSurface(centre, fitted[0], gradient, hessian, rSquared(design, fitted, z));
    }

    private static double[] solve(double[][] design, double[] z) {
        try {
            return new QRDecomposition(new Array2DRowRealMatrix(design, false), SINGULAR).getSolver().solve(new ArrayRealVector(z)).toArray();
        } catch (MathRuntimeException e) {
            throw new IllegalArgumentException("QuadraticResponseSurface: " + z.length + " points do not determine the surface; give each coordinate three different values or more, not all on a curve", e);
        }
    }

    private static double rSquared(double[][] design, double[] fitted, double[] z) {
        double mean = Arrays.stream(z).average().orElseThrow();
        double rest = 0;
        double total = 0;
        for (int i = 0; i < z.length; i++) {
            double predicted = 0;
            for (int k = 0; k < fitted.length; k++) predicted += design[i][k] * fitted[k];
            rest += (z[i] - predicted) * (z[i] - predicted);
            total += (z[i] - mean) * (z[i] - mean);
        }
        return 1 - rest / total;
    }

    /** 1, x_j, then x_j^2 / 2 and x_j x_l in the order of the upper triangle. */
    private static double[] terms(double[] x) {
        int d = x.length;
        double[] terms = new double[(d + 1) * (d + 2) / 2];
        terms[0] = 1;
        System.arraycopy(x, 0, terms, 1, d);
        for (int j = 0, k = d + 1; j < d; j++) for (int l = j; l < d; l++, k++) terms[k] = j == l ? x[j] * x[j] / 2 : x[j] * x[l];
        return terms;
    }

    private static double[] minus(double[] a, double[] b) {
        double[] difference = new double[a.length];
        for (int j = 0; j < a.length; j++) difference[j] = a[j] - b[j];
        return difference;
    }

    /** H (d, d). */
    public double[][] hessian() {
        return Arrays.stream(hessian).map(double[]::clone).toArray(double[][]::new);
    }

    /** Eigenvalues of the Hessian, ascending. */
    public double[] eigenvalues() {
        double[] values = new EigenDecompositionSymmetric(new Array2DRowRealMatrix(hessian)).getEigenvalues();
        Arrays.sort(values);
        return values;
    }

    /** Whether the Hessian is positive definite. */
    public boolean isConvex() {
        return eigenvalues()[0] > 0;
    }

    /** Share of the variance of the responses that the surface explains. */
    public double rSquared() {
        return rSquared;
    }

    /** The surface at {@code x}. */
    public double predict(double... x) {
        double[] at = minus(x, centre);
        double z = constant;
        for (int j = 0; j < at.length; j++) {
            z += gradient[j] * at[j];
            for (int l = 0; l < at.length; l++) z += hessian[j][l] * at[j] * at[l] / 2;
        }
        return z;
    }

    /**
     * Where the surface is least within {@code low <= x <= high}.
     *
     * @throws IllegalStateException if it is not convex
     */
    public double[] minimiser(double[] low, double[] high) {
        if (!isConvex()) throw new IllegalStateException("QuadraticResponseSurface: the Hessian has the eigenvalues " + Arrays.toString(eigenvalues()) + ", so there is no minimum");
        double[] x = new double[centre.length];
        double change = 1;
        for (int sweep = 0; sweep < SWEEPS && change > 0; sweep++) { // coordinate descent ends at the minimum of a convex quadratic in a box
            change = 0;
            for (int j = 0; j < x.length; j++) {
                double slope = gradient[j];
                for (int l = 0; l < x.length; l++) if (l != j) slope += hessian[j][l] * x[l];
                double best = Math.clamp(-slope / hessian[j][j], low[j] - centre[j], high[j] - centre[j]);
                change = Math.max(change, Math.abs(best - x[j]));
                x[j] = best;
            }
        }
        for (int j = 0; j < x.length; j++) x[j] += centre[j];
        return x;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "Quadratic response surface: Hessian eigenvalues %s, R2 %.4f", Arrays.toString(eigenvalues()), rSquared);
    }
}
