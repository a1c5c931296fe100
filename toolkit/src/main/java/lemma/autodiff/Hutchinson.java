package lemma.autodiff;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Trace and diagonal of a {@link SymmetricOperator} from products with random signs: {@code E[v^T A v] = trace A} and
 * {@code E[v * A v] = diag A}. The variance of the first is {@code 2 sum_{i != j} A_ij^2} a probe.
 *
 * @see <a href="https://doi.org/10.1080/03610918908812806">Hutchinson (1989), A stochastic estimator of the trace of the influence matrix</a>
 * @see <a href="https://doi.org/10.1016/j.apnum.2007.01.003">Bekas, Kokiopoulou, Saad (2007), An estimator for the diagonal of a matrix</a>
 */
public final class Hutchinson {
    private Hutchinson() {}

    /**
     * @param mean the mean over probes
     * @param standardError its standard error; NaN with one probe
     */
    public record Estimate(double mean, double standardError) {}

    /** The trace. */
    public static Estimate trace(SymmetricOperator a, int probes, Random random) {
        check(probes);
        double sum = 0;
        double squares = 0;
        for (int p = 0; p < probes; p++) {
            double[] v = signs(a, random);
            double x = SymmetricOperator.dot(v, a.apply(v));
            double before = x - (p == 0 ? 0 : sum / p);
            sum += x;
            squares += p == 0 ? 0 : before * (x - sum / (p + 1));
        }
        return new Estimate(sum / probes, probes == 1 ? Double.NaN : Math.sqrt(squares / (probes - 1) / probes));
    }

    /** The diagonal, FLOAT64 (n). */
    public static Tensor diagonal(SymmetricOperator a, int probes, Random random) {
        check(probes);
        double[] sum = new double[a.size()];
        for (int p = 0; p < probes; p++) {
            double[] v = signs(a, random);
            double[] product = a.apply(v);
            for (int i = 0; i < sum.length; i++) sum[i] += v[i] * product[i];
        }
        return Tensor.of(SymmetricOperator.scaled(sum, 1.0 / probes));
    }

    private static double[] signs(SymmetricOperator a, Random random) {
        double[] v = new double[a.size()];
        boolean[] up = random.bernoulli(0.5, v.length).toBooleans();
        for (int i = 0; i < v.length; i++) v[i] = up[i] ? 1 : -1;
        return v;
    }

    private static void check(int probes) {
        if (probes < 1) throw new IllegalArgumentException("Hutchinson: probes is " + probes + ", expected at least 1");
    }
}
