package lemma.stats;

import org.hipparchus.stat.correlation.SpearmansCorrelation;

/** Correlation of ranks, ties sharing their mean rank. */
public final class Spearman {
    private Spearman() {}

    /** @throws IllegalArgumentException if lengths differ, there are fewer than 3 pairs, or a number is not finite */
    public static double of(double[] a, double[] b) {
        if (a.length != b.length || a.length < 3) throw new IllegalArgumentException("Spearman: " + a.length + " and " + b.length + " values; expected at least 3 pairs");
        for (int i = 0; i < a.length; i++) if (!Double.isFinite(a[i]) || !Double.isFinite(b[i])) throw new IllegalArgumentException("Spearman: pair " + i + " is " + a[i] + ", " + b[i] + ", expected finite numbers");
        return new SpearmansCorrelation().correlation(a, b);
    }
}
