package lemma.scaling;

import java.util.Arrays;
import lemma.data.PowerLawTeacher;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Noiseless ridgeless kernel regression on Gaussian features with a given spectrum: {@code phi_i = sqrt(l_i) g_i},
 * {@code y = sum_i v_i g_i}, {@code g_i ~ N(0, 1)}, kernel {@code phi . phi'}. The test error
 * {@code sum_i (v_i - sqrt(l_i) w_i)^2} is exact, not sampled. A seed draws as many samples as
 * the largest size; the error at a smaller size n is the mean over all disjoint runs of n of them.
 *
 * <p>With {@code l_i = i^-a}, {@code v_i^2 = i^-b} and {@code 1 < b < 2a + 1} the error falls as {@code n^-(b-1)}.
 *
 * @param spectrum l (M)
 * @param power v squared (M)
 * @param solver of the n by n system
 * @see <a href="https://arxiv.org/abs/2102.06701">Bahri et al. (2021), Explaining Neural Scaling Laws</a>
 */
public record KernelRegressionTask(double[] spectrum, double[] power, KernelRidge.Solver solver) implements LearningCurve.Task {
    /** @throws IllegalArgumentException if the lengths differ */
    public KernelRegressionTask {
        if (spectrum.length != power.length) throw new IllegalArgumentException("KernelRegressionTask: " + spectrum.length + " eigenvalues and " + power.length + " powers, expected the same number");
    }

    /** With a Cholesky solver that is good to a few hundred samples. */
    public static KernelRegressionTask of(double[] spectrum, double[] power) {
        return new KernelRegressionTask(spectrum, power, KernelRidge.CHOLESKY);
    }

    /** On the samples of {@code teacher}, whose {@link PowerLawTeacher#testError(int)} is the theory of this curve. */
    public static KernelRegressionTask of(PowerLawTeacher teacher) {
        return of(teacher.spectrum(), teacher.power());
    }

    @Override
    public double[] errors(int[] sizes, long seed) {
        return Scope.run(() -> errors(sizes, Normals.matrix(seed, Arrays.stream(sizes).max().orElseThrow(), spectrum.length)));
    }

    private double[] errors(int[] sizes, Tensor g) {
        Tensor root = Tensor.of(spectrum).sqrt();
        Tensor v = Tensor.of(power).sqrt();
        Tensor x = g.mul(root);
        double[] y = g.matmul(v).toDoubles();
        double[][] gram = KernelRidge.gram(x);
        double[] errors = new double[sizes.length];
        for (int k = 0; k < sizes.length; k++) {
            int n = sizes[k];
            int runs = y.length / n;
            for (int from = 0; from < runs * n; from += n) {
                double[] dual = KernelRidge.fit(block(gram, from, n), Arrays.copyOfRange(y, from, from + n), 0, solver);
                Tensor rows = x.narrow(0, from, from + n);
                errors[k] += Scope.run(() -> v.sub(root.mul(KernelRidge.weights(rows, dual))).square().sum().item()) / runs;
            }
        }
        return errors;
    }

    private static double[][] block(double[][] matrix, int from, int n) {
        return Arrays.stream(matrix, from, from + n).map(row -> Arrays.copyOfRange(row, from, from + n)).toArray(double[][]::new);
    }
}
