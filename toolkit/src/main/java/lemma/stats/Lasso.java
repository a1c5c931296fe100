package lemma.stats;

import java.util.Arrays;
import java.util.stream.IntStream;
import lemma.tensor.DType;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Least squares with an L1 penalty, {@code min_{w, b} |y - X w - b|^2 / (2 n) + alpha |w|_1}, scikit-learn's objective, by cyclic coordinate
 * descent on {@code X^T X}. Columns are not scaled: give standardised ones where the penalty shall treat them alike.
 *
 * <p>Time O(n d^2) once and O(d^2) a sweep, memory O(d^2).
 *
 * @param weights w
 * @param intercept b
 * @param rSquared {@code 1 - |y - X w - b|^2 / |y - mean|^2} on the data of the fit
 * @see <a href="https://doi.org/10.18637/jss.v033.i01">Friedman, Hastie, Tibshirani (2010), Regularization Paths for Generalized Linear Models via Coordinate Descent</a>
 */
public record Lasso(double[] weights, double intercept, double rSquared) {
    private static final int SWEEPS = 100_000;
    private static final double TOLERANCE = 1e-12;

    /**
     * @param x (n, d)
     * @param y (n)
     * @param alpha penalty, at least 0
     * @throws IllegalArgumentException if shapes do not fit, a number is not finite, or y is constant
     * @throws ArithmeticException if 100,000 sweeps do not suffice
     */
    public static Lasso fit(Tensor x, Tensor y, double alpha) {
        return path(x, y, new double[] {alpha})[0];
    }

    /** One fit for each of {@code alphas}, each begun where the one before ended; put the largest first. */
    public static Lasso[] path(Tensor x, Tensor y, double[] alphas) {
        if (x.rank() != 2 || y.rank() != 1 || x.dim(0) != y.dim(0) || x.dim(0) < 2) throw new IllegalArgumentException("Lasso: x is " + x.shape() + ", y is " + y.shape() + ", expected (n, d) and (n) with n at least 2");
        return Scope.run(() -> {
            Problem p = Problem.of(x.detach().to(DType.FLOAT64), y.detach().to(DType.FLOAT64));
            double[] w = new double[x.dim(1)];
            return Arrays.stream(alphas).mapToObj(alpha -> p.fit(w, alpha)).toArray(Lasso[]::new);
        });
    }

    /** Number of weights that are not zero. */
    public int nonzeros() {
        return (int) Arrays.stream(weights).filter(w -> w != 0).count();
    }

    /** Second moments of centred data: {@code gram = X^T X / n}, {@code xy = X^T y / n}, {@code yy = y^T y / n}. */
    private record Problem(double[][] gram, double[] xy, double yy, double[] meanX, double meanY) {
        static Problem of(Tensor x, Tensor y) {
            double meanY = y.mean().item();
            Tensor z = x.sub(x.meanKeep(0));
            Tensor r = y.sub(meanY);
            int n = x.dim(0);
            int d = x.dim(1);
            double[] flat = z.t().matmul(z).div(n).toDoubles();
            double yy = r.square().mean().item();
            double[] xy = z.t().matmul(r).div(n).toDoubles();
            if (!Double.isFinite(yy) || Arrays.stream(flat).anyMatch(v -> !Double.isFinite(v))) throw new IllegalArgumentException("Lasso: x or y holds NaN or infinity");
            if (yy == 0) throw new IllegalArgumentException("Lasso: y is constant, there is nothing to predict");
            return new Problem(IntStream.range(0, d).mapToObj(i -> Arrays.copyOfRange(flat, i * d, (i + 1) * d)).toArray(double[][]::new), xy, yy, x.mean(0).toDoubles(), meanY);
        }

        Lasso fit(double[] w, double alpha) {
            if (!(alpha >= 0)) throw new IllegalArgumentException("Lasso: alpha is " + alpha + ", expected at least 0");
            double[] slope = xy.clone(); // X^T (y - X w) / n
            for (int j = 0; j < w.length; j++) subtract(slope, j, w[j]);
            int sweep = 0;
            while (sweep(w, slope, alpha) > TOLERANCE * Math.sqrt(yy)) {
                if (++sweep == SWEEPS) throw new ArithmeticException("Lasso: " + SWEEPS + " sweeps do not reach the minimum at alpha " + alpha + "; columns are nearly dependent, take a larger alpha");
            }
            double explained = 0;
            double b = meanY;
            for (int j = 0; j < w.length; j++) {
                explained += w[j] * (xy[j] + slope[j]);
                b -= w[j] * meanX[j];
            }
            return new Lasso(w.clone(), b, explained / yy);
        }

        /** One pass over the coordinates; returns the largest change of a prediction's standard deviation. */
        private double sweep(double[] w, double[] slope, double alpha) {
            double largest = 0;
            for (int j = 0; j < w.length; j++) {
                double curvature = gram[j][j];
                if (curvature == 0) continue;
                double pull = slope[j] + curvature * w[j];
                double next = Math.signum(pull) * Math.max(0, Math.abs(pull) - alpha) / curvature;
                double change = next - w[j];
                if (change == 0) continue;
                subtract(slope, j, change);
                w[j] = next;
                largest = Math.max(largest, Math.abs(change) * Math.sqrt(curvature));
            }
            return largest;
        }

        private void subtract(double[] slope, int j, double by) {
            if (by == 0) return;
            for (int i = 0; i < slope.length; i++) slope[i] -= gram[j][i] * by;
        }
    }

    @Override
    public String toString() {
        return "Lasso[" + nonzeros() + " of " + weights.length + " weights, R2 " + rSquared + "]";
    }
}
