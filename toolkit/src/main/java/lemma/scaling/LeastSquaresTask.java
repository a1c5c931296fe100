package lemma.scaling;

import java.util.Arrays;
import lemma.tensor.Scope;

/**
 * Ordinary least squares on d standard normal features with noise: {@code y = w . x + sigma e}. The error is the excess risk
 * {@code |w_hat - w|^2}, whose expectation over the data is exactly {@code sigma^2 d / (n - d - 1)} for {@code n > d + 1}: a slope
 * that tends to -1. The risk does not depend on w, so w = 0. A seed draws as many samples as
 * the largest size; the error at a smaller size n is the mean over all disjoint runs of n of them.
 *
 * @param d number of features
 * @param sigma standard deviation of the noise
 */
public record LeastSquaresTask(int d, double sigma) implements LearningCurve.Task {
    public LeastSquaresTask {
        if (d < 1) throw new IllegalArgumentException("LeastSquaresTask: d is " + d + ", expected at least 1");
        if (!(sigma > 0)) throw new IllegalArgumentException("LeastSquaresTask: sigma is " + sigma + ", expected a positive number");
    }

    /** The exact expectation {@code sigma^2 d / (n - d - 1)}. */
    public double expectedError(double n) {
        if (!(n > d + 1)) throw new IllegalArgumentException("LeastSquaresTask: n is " + n + ", the expected error is finite from n = " + (d + 2) + " for d = " + d);
        return sigma * sigma * d / (n - d - 1);
    }

    @Override
    public double[] errors(int[] sizes, long seed) {
        int samples = Arrays.stream(sizes).max().orElseThrow();
        double[] rows = Scope.run(() -> Normals.matrix(seed, samples, d + 1).toDoubles());
        double[] errors = new double[sizes.length];
        for (int k = 0; k < sizes.length; k++) {
            int n = sizes[k];
            if (n < d + 2) throw new IllegalArgumentException("LeastSquaresTask: size " + n + ", expected at least " + (d + 2) + " for d = " + d);
            int runs = samples / n;
            for (int run = 0; run < runs; run++) errors[k] += excessRisk(rows, run * n, n) / runs;
        }
        return errors;
    }

    /** From n samples that hold the features and then the unit noise, by the normal equations. */
    private double excessRisk(double[] rows, int first, int n) {
        double[][] gram = new double[d][d];
        double[] xy = new double[d];
        for (int row = first * (d + 1); row < (first + n) * (d + 1); row += d + 1) {
            for (int i = 0; i < d; i++) {
                xy[i] += sigma * rows[row + d] * rows[row + i];
                for (int j = 0; j < d; j++) gram[i][j] += rows[row + i] * rows[row + j];
            }
        }
        return Arrays.stream(KernelRidge.fit(gram, xy, 0, KernelRidge.CHOLESKY)).map(e -> e * e).sum();
    }
}
