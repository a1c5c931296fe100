package lemma.scaling;

import java.util.Arrays;
import java.util.Locale;
import org.hipparchus.distribution.continuous.FDistribution;

/**
 * Do several power laws {@code error_k = alpha_k m^beta_k} have one exponent? Compares least squares of {@code log error} on
 * {@code log m} with k intercepts and one slope (residual sum of squares RSS0) against k intercepts and k slopes (RSS1):
 * {@code F = ((RSS0 - RSS1) / (k - 1)) / (RSS1 / (n - 2k))}, which under one common slope and independent normal residuals of one
 * spread follows the F distribution with k - 1 and n - 2k degrees of freedom.
 *
 * <p>Use it where the curves are straight on log-log axes; a large p does not prove equal slopes, so look at {@link #slopes} too.
 *
 * @param F the statistic
 * @param df1 numerator degrees of freedom, k - 1
 * @param df2 denominator degrees of freedom, n - 2k
 * @param p probability of an F at least as large under one common slope
 * @param slope the common slope
 * @param slopes the separate slopes, one a curve
 */
public record SharedSlopeTest(double F, int df1, int df2, double p, double slope, double[] slopes) {
    /** Compares two curves. */
    public static SharedSlopeTest of(double[] m1, double[] error1, double[] m2, double[] error2) {
        return of(new double[][] {m1, m2}, new double[][] {error1, error2});
    }

    /** Compares measured curves, every seed a point at its size. */
    public static SharedSlopeTest of(LearningCurve... curves) {
        return of(Arrays.stream(curves).map(LearningCurve::points).toArray(double[][]::new), Arrays.stream(curves).map(LearningCurve::allErrors).toArray(double[][]::new));
    }

    /**
     * Compares two or more curves; a size may occur more than once in a curve.
     *
     * @param m sizes, one array a curve
     * @param error errors, arrays of the same lengths
     * @throws IllegalArgumentException if there are fewer than two curves, lengths differ, a number is not positive and finite, a
     *     curve has fewer than two different sizes, all curves together have no more than two points each, or all points lie
     *     exactly on their lines
     */
    public static SharedSlopeTest of(double[][] m, double[][] error) {
        int k = m.length;
        if (k < 2 || error.length != k) throw new IllegalArgumentException("SharedSlopeTest: " + k + " arrays of sizes and " + error.length + " of errors, expected the same number, at least 2");
        double[] slopes = new double[k];
        double sxx = 0;
        double sxy = 0;
        double syy = 0;
        double separate = 0;
        int n = 0;
        for (int g = 0; g < k; g++) {
            Moments moments = Moments.of(g, m[g], error[g]);
            slopes[g] = moments.sxy / moments.sxx;
            separate += moments.syy - slopes[g] * moments.sxy;
            sxx += moments.sxx;
            sxy += moments.sxy;
            syy += moments.syy;
            n += m[g].length;
        }
        int df2 = n - 2 * k;
        if (df2 < 1) throw new IllegalArgumentException("SharedSlopeTest: " + n + " points for " + k + " lines, expected more than " + 2 * k);
        if (!(separate > 1e-24 * syy)) throw new IllegalArgumentException("SharedSlopeTest: every point lies on its line (residual sum of squares " + separate + "), so there is no noise to test against");
        double slope = sxy / sxx;
        double together = syy - slope * sxy;
        double f = Math.max(0, together - separate) / (k - 1) / (separate / df2);
        double p = 1 - new FDistribution(k - 1, df2).cumulativeProbability(f);
        return new SharedSlopeTest(f, k - 1, df2, p, slope, slopes);
    }

    /** Centred second moments of one curve on log axes. */
    private record Moments(double sxx, double sxy, double syy) {
        static Moments of(int curve, double[] m, double[] error) {
            if (m.length != error.length) throw new IllegalArgumentException("SharedSlopeTest: curve " + curve + " has " + m.length + " sizes and " + error.length + " errors");
            double[] x = logs(curve, "size", m);
            double[] y = logs(curve, "error", error);
            double meanX = Arrays.stream(x).average().orElse(Double.NaN);
            double meanY = Arrays.stream(y).average().orElse(Double.NaN);
            double sxx = 0;
            double sxy = 0;
            double syy = 0;
            for (int i = 0; i < x.length; i++) {
                sxx += (x[i] - meanX) * (x[i] - meanX);
                sxy += (x[i] - meanX) * (y[i] - meanY);
                syy += (y[i] - meanY) * (y[i] - meanY);
            }
            if (Arrays.stream(m).distinct().count() < 2) throw new IllegalArgumentException("SharedSlopeTest: curve " + curve + " has sizes " + Arrays.toString(m) + ", expected at least 2 different ones");
            return new Moments(sxx, sxy, syy);
        }

        private static double[] logs(int curve, String what, double[] values) {
            double[] logs = new double[values.length];
            for (int i = 0; i < logs.length; i++) {
                if (!(values[i] > 0) || Double.isInfinite(values[i])) {
                    throw new IllegalArgumentException("SharedSlopeTest: " + what + " is " + values[i] + " at point " + i + " of curve " + curve + ", expected a positive finite number");
                }
                logs[i] = Math.log(values[i]);
            }
            return logs;
        }
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "Shared slope: F(%d, %d) = %.4g, p = %.4g%ncommon slope %.4f; separate %s", df1, df2, F, p, slope,
                String.join(", ", Arrays.stream(slopes).mapToObj(b -> String.format(Locale.ROOT, "%.4f", b)).toList()));
    }
}
