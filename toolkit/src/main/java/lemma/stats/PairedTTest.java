package lemma.stats;

import java.util.Arrays;
import java.util.Locale;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * Do two treatments differ on the same units? {@code t = mean(a - b) / (sd(a - b) / sqrt(n))}, two-sided, under independent normal
 * differences Student's t with n - 1 degrees of freedom.
 *
 * @param difference mean of {@code a_i - b_i}
 * @param standardError of that mean
 * @param t the statistic
 * @param df degrees of freedom, n - 1
 * @param p two-sided probability of a t at least as large without a difference
 */
public record PairedTTest(double difference, double standardError, double t, int df, double p) {
    /** @throws IllegalArgumentException if lengths differ, there are fewer than two pairs, a number is not finite, or all differences are equal */
    public static PairedTTest of(double[] a, double[] b) {
        if (a.length != b.length) throw new IllegalArgumentException("PairedTTest: " + a.length + " and " + b.length + " values, expected pairs");
        int n = a.length;
        if (n < 2) throw new IllegalArgumentException("PairedTTest: " + n + " pairs, expected at least 2");
        double[] d = new double[n];
        for (int i = 0; i < n; i++) {
            d[i] = a[i] - b[i];
            if (!Double.isFinite(d[i])) throw new IllegalArgumentException("PairedTTest: pair " + i + " is " + a[i] + ", " + b[i] + ", expected finite numbers");
        }
        double mean = Arrays.stream(d).average().orElseThrow();
        double standardError = Math.sqrt(Arrays.stream(d).map(v -> (v - mean) * (v - mean)).sum() / (n - 1) / n);
        if (!(standardError > 0)) throw new IllegalArgumentException("PairedTTest: all differences are " + mean + ", so there is no noise to test against");
        double t = mean / standardError;
        return new PairedTTest(mean, standardError, t, n - 1, 2 * new TDistribution(n - 1).cumulativeProbability(-Math.abs(t)));
    }

    /** The interval of the mean difference at {@code level}. */
    public Interval interval(double level) {
        double reach = new TDistribution(df).inverseCumulativeProbability(0.5 + Interval.checkedLevel(level) / 2) * standardError;
        return new Interval(difference - reach, difference + reach, level, "paired t");
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "Paired t: mean difference %.5g (std. error %.2g), t(%d) = %.4g, p = %.4g", difference, standardError, df, t, p);
    }
}
