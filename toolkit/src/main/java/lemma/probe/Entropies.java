package lemma.probe;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** Entropies of finite distributions. */
final class Entropies {
    private Entropies() {}

    /** Nonnegative numbers with sum one; what rounding made negative is zero. */
    static double[] normalised(double[] values) {
        double[] p = Arrays.stream(values).map(v -> Math.max(v, 0)).toArray();
        double sum = Arrays.stream(p).sum();
        return Arrays.stream(p).map(v -> v / sum).toArray();
    }

    /** {@code -sum p log p} in nats; {@code 0 log 0 = 0}. */
    static double shannon(double[] p) {
        return sum(p, v -> -v * Math.log(v));
    }

    /** Renyi's entropy of order q in nats: log of the support at 0, Shannon's at 1, {@code -log max p} at infinity. */
    static double renyi(double[] p, double q) {
        if (q == 1) return shannon(p);
        if (q == Double.POSITIVE_INFINITY) return -Math.log(Arrays.stream(p).max().orElseThrow());
        return Math.log(sum(p, v -> Math.pow(v, q))) / (1 - q);
    }

    private static double sum(double[] p, DoubleUnaryOperator term) {
        return Arrays.stream(p).filter(v -> v > 0).map(term).sum();
    }
}
