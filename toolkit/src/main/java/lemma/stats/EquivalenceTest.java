package lemma.stats;

import java.util.Locale;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * Are two treatments the same to within a margin? Two one-sided t tests of paired differences: that their mean is not below {@code -margin} and not
 * above {@code margin}. A small p says equivalence; a large one says that equivalence was not shown, for difference or for noise.
 *
 * @param test the paired differences
 * @param margin how large a difference does not matter, in their units
 * @param p the larger of the two one-sided probabilities
 * @see <a href="https://doi.org/10.1007/BF01068419">Schuirmann (1987), A comparison of the two one-sided tests procedure and the power approach</a>
 */
public record EquivalenceTest(PairedTTest test, double margin, double p) {
    /**
     * The test of {@code a_i - b_i}.
     *
     * @throws IllegalArgumentException if the margin is not above 0, or for pairs that {@link PairedTTest#of} refuses
     */
    public static EquivalenceTest of(double[] a, double[] b, double margin) {
        if (!(margin > 0 && Double.isFinite(margin))) throw new IllegalArgumentException("EquivalenceTest: margin is " + margin + ", expected a finite number above 0");
        PairedTTest test = PairedTTest.of(a, b);
        double nearer = (Math.abs(test.difference()) - margin) / test.standardError();
        return new EquivalenceTest(test, margin, new TDistribution(test.df()).cumulativeProbability(nearer));
    }

    /** The interval of the mean difference that lies within the margins exactly when {@code p < alpha}: that at level {@code 1 - 2 alpha}. */
    public Interval interval(double alpha) {
        return test.interval(1 - 2 * alpha);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "Equivalence within %.4g: mean difference %.4g (std. error %.2g), p = %.4g", margin, test.difference(), test.standardError(), p);
    }
}
