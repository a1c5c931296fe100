package lemma.data;

import java.util.Arrays;
import java.util.Objects;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import lemma.train.Batch;
import org.hipparchus.analysis.solvers.BracketingNthOrderBrentSolver;

/**
 * A regression task whose learning curve is known: Gaussian features with the spectrum {@code l_i = i^-a} and a noiseless linear target
 * with the power {@code v_i^2 = i^-b} in the i-th feature, {@code i = 1..M}:
 *
 * <pre>{@code X_ij = sqrt(l_j) g_ij,   y_i = sum_j v_j g_ij,   g_ij ~ N(0, 1)}</pre>
 *
 * <p>Ridgeless kernel regression on n samples with the kernel {@code X X^T} has, to leading order in n, the test error of
 * {@link #testError}, which falls as {@code n^-(b-1)} where {@code 1 < b < 2a + 1}. Use it to check a fitter of learning curves, or code
 * that measures them, against a truth.
 *
 * @see <a href="https://arxiv.org/abs/2002.02561">Bordelon, Canatar, Pehlevan (2020), Spectrum dependent learning curves in kernel regression</a>
 * @see <a href="https://arxiv.org/abs/2102.06701">Bahri et al. (2021), Explaining neural scaling laws</a>
 */
public final class PowerLawTeacher {
    private static final double RELATIVE_ACCURACY = 1e-14;

    private final double a;
    private final double b;
    private final double[] spectrum;
    private final double[] power;

    private PowerLawTeacher(double a, double b, int features) {
        this.a = a;
        this.b = b;
        this.spectrum = powers(-a, features);
        this.power = powers(-b, features);
    }

    /**
     * A teacher with {@code features} features (M).
     *
     * @throws IllegalArgumentException when {@code a} or {@code b} is negative or not finite, or {@code features < 1}
     */
    public static PowerLawTeacher of(double a, double b, int features) {
        if (!(a >= 0 && a < Double.POSITIVE_INFINITY)) throw new IllegalArgumentException("PowerLawTeacher: a is " + a + ", expected a finite number of at least 0");
        if (!(b >= 0 && b < Double.POSITIVE_INFINITY)) throw new IllegalArgumentException("PowerLawTeacher: b is " + b + ", expected a finite number of at least 0");
        if (features < 1) throw new IllegalArgumentException("PowerLawTeacher: features is " + features + ", expected at least 1");
        return new PowerLawTeacher(a, b, features);
    }

    /** Number of features M. */
    public int features() {
        return spectrum.length;
    }

    /** The variances {@code l_i} of the features. */
    public double[] spectrum() {
        return spectrum.clone();
    }

    /** The power {@code v_i^2} of the target in each feature; the sum is the variance of y. */
    public double[] power() {
        return power.clone();
    }

    /** The weights {@code w_i = v_i / sqrt(l_i)} with which {@code y = X w}. */
    public double[] weights() {
        double[] w = new double[features()];
        for (int i = 0; i < w.length; i++) w[i] = Math.sqrt(power[i] / spectrum[i]);
        return w;
    }

    /**
     * Draws samples: x is FLOAT64 (n, M), y is FLOAT64 (n, 1) and exact.
     *
     * @throws IllegalArgumentException when {@code n < 1}
     */
    public Batch sample(int n, Random random) {
        if (n < 1) throw new IllegalArgumentException("PowerLawTeacher: n is " + n + ", expected at least 1");
        Tensor g = random.normal(Shape.of(n, features()), DType.FLOAT64);
        Tensor v = Tensor.of(roots(power), features(), 1);
        return new Batch(g.mul(Tensor.of(roots(spectrum))), g.matmul(v));
    }

    /**
     * The effective ridge: the root {@code kappa} of {@code n = sum_i l_i / (l_i + kappa)}.
     *
     * @throws IllegalArgumentException unless {@code 1 <= n < M}; from n = M on the samples fix the target
     */
    public double kappa(int n) {
        if (n < 1 || n >= features()) throw new IllegalArgumentException("PowerLawTeacher: n is " + n + ", expected 1 to " + (features() - 1) + " (fewer samples than features)");
        double least = spectrum[features() - 1] * (features() - n) / n; // every l_i at the smallest one
        double most = Arrays.stream(spectrum).sum() / n; // l / (l + kappa) < l / kappa
        if (n - degrees(least) >= 0) return least; // a flat spectrum: the bracket is the root
        double low = Math.log(least);
        double high = Math.log(most);
        var solver = new BracketingNthOrderBrentSolver(RELATIVE_ACCURACY, RELATIVE_ACCURACY * Math.max(1, Math.abs(low)), 5);
        return Math.exp(solver.solve(1000, t -> n - degrees(Math.exp(t)), low, high));
    }

    /**
     * The test error of ridgeless kernel regression on n samples by its deterministic equivalent, the limit of many samples and features
     * in which the error no longer depends on the draw:
     *
     * <pre>{@code E(n) = sum_i v_i^2 kappa^2 / (l_i + kappa)^2  /  (1 - (1/n) sum_i l_i^2 / (l_i + kappa)^2)}</pre>
     *
     * @return mean squared error on a new sample
     * @throws IllegalArgumentException unless {@code 1 <= n < M}
     */
    public double testError(int n) {
        double kappa = kappa(n);
        double bias = 0;
        double squares = 0;
        for (int i = 0; i < spectrum.length; i++) {
            double kept = spectrum[i] / (spectrum[i] + kappa);
            double lost = kappa / (spectrum[i] + kappa);
            bias += power[i] * lost * lost;
            squares += kept * kept;
        }
        return bias / (1 - squares / n);
    }

    /**
     * The mean squared error of a linear model on a new sample, exactly: {@code sum_i l_i (w_i - fitted_i)^2}.
     *
     * @param fitted weights of the model, (M)
     */
    public double testError(double[] fitted) {
        Objects.requireNonNull(fitted, "fitted");
        if (fitted.length != features()) throw new IllegalArgumentException("PowerLawTeacher: fitted has " + fitted.length + " weights, expected " + features());
        double error = 0;
        for (int i = 0; i < fitted.length; i++) {
            double d = Math.sqrt(power[i]) - Math.sqrt(spectrum[i]) * fitted[i];
            error += d * d;
        }
        return error;
    }

    @Override
    public String toString() {
        return "PowerLawTeacher(a=" + a + ", b=" + b + ", features=" + features() + ")";
    }

    private double degrees(double kappa) {
        double sum = 0;
        for (double l : spectrum) sum += l / (l + kappa);
        return sum;
    }

    private static double[] roots(double[] values) {
        return Arrays.stream(values).map(Math::sqrt).toArray();
    }

    private static double[] powers(double exponent, int n) {
        double[] p = new double[n];
        for (int i = 0; i < n; i++) p[i] = Math.pow(i + 1, exponent);
        return p;
    }
}
