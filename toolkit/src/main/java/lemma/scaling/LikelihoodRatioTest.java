package lemma.scaling;

import java.util.Arrays;
import java.util.Locale;
import org.hipparchus.distribution.continuous.ChiSquaredDistribution;
import org.hipparchus.distribution.continuous.FDistribution;

/**
 * Does the larger of two nested laws fit better than chance? {@code statistic = n ln(RSS_0 / RSS_1)}, under the smaller law chi-squared with
 * as many degrees of freedom as it has fewer parameters; for few observations the F test beside it is the exact one of linear models.
 *
 * @param statistic twice the difference of the log-likelihoods
 * @param df difference in parameters
 * @param p probability of a statistic at least as large under the smaller law
 * @param F {@code ((RSS_0 - RSS_1) / df) / (RSS_1 / (n - p_1))}
 * @param pF its probability
 */
public record LikelihoodRatioTest(double statistic, int df, double p, double F, double pF) {
    /**
     * @param smaller a fit of the law that the larger one contains
     * @param larger a fit to the same targets
     * @throws IllegalArgumentException if the targets differ or the larger law has no more parameters
     * @throws IllegalStateException if a fit is not plain least squares
     */
    public static LikelihoodRatioTest of(ScalingFit smaller, ScalingFit larger) {
        if (!Arrays.equals(smaller.target(), larger.target())) throw new IllegalArgumentException("LikelihoodRatioTest: the two fits have different targets, expected the same observations");
        int df = larger.law().parameters().size() - smaller.law().parameters().size();
        if (df < 1) throw new IllegalArgumentException("LikelihoodRatioTest: " + larger.law().name() + " has " + -df + " parameters fewer than " + smaller.law().name() + ", expected the smaller law first");
        int n = smaller.observations();
        int rest = n - larger.law().parameters().size();
        double statistic = Math.max(0, 2 * (larger.logLikelihood() - smaller.logLikelihood()));
        double f = Math.expm1(statistic / n) / df * rest;
        return new LikelihoodRatioTest(statistic, df, 1 - new ChiSquaredDistribution(df).cumulativeProbability(statistic), f, 1 - new FDistribution(df, rest).cumulativeProbability(f));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "Likelihood ratio: chi2(%d) = %.4g, p = %.4g; F = %.4g, p = %.4g", df, statistic, p, F, pF);
    }
}
