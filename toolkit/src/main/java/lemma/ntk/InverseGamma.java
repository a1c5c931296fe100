package lemma.ntk;

import java.util.stream.IntStream;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.hipparchus.distribution.continuous.GammaDistribution;
import org.hipparchus.special.Gamma;

/**
 * The inverse-gamma distribution of a scale {@code s^2 > 0}, density {@code b^a / Gamma(a) s^(-2(a+1)) e^(-b / s^2)}: a normal number of variance s^2 then
 * has Student's t distribution with 2a degrees of freedom, times {@code sqrt(b/a)}.
 *
 * @param a shape, above 0
 * @param b scale, above 0
 */
public record InverseGamma(double a, double b) {
    public InverseGamma {
        if (!(a > 0 && b > 0)) throw new IllegalArgumentException("InverseGamma: a is " + a + ", b " + b + ", expected both above 0");
    }

    /** The logarithm of the density at s^2. */
    public double logDensity(double s2) {
        return a * Math.log(b) - Gamma.logGamma(a) - (a + 1) * Math.log(s2) - b / s2;
    }

    /** Independent draws (n), FLOAT64. */
    public Tensor sample(Random random, int n) {
        return random.gamma(a, 1, n).to(DType.FLOAT64).reciprocal().mul(b);
    }

    /** The quantiles of {@code (i + 1/2) / n}, ascending: nodes of equal weight. */
    public double[] quantiles(int n) {
        if (n < 1) throw new IllegalArgumentException("InverseGamma: " + n + " quantiles, expected at least 1");
        GammaDistribution inverse = new GammaDistribution(a, 1 / b);
        return IntStream.range(0, n).mapToDouble(i -> 1 / inverse.inverseCumulativeProbability(1 - (i + 0.5) / n)).toArray();
    }
}
