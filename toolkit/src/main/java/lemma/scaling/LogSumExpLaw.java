package lemma.scaling;

import java.util.Arrays;
import java.util.List;

/**
 * A law that is a sum of power-law terms: {@code y = sum_k c_k x_1^{s p_1k} ... x_n^{s p_nk}} with positive factors, of which the last term
 * is a constant. With {@code z_k = log c_k + s sum_j p_jk log x_j} it is fitted as {@code log y = log sum_k exp z_k}; a fit evaluates all
 * observations of such a law at once.
 */
public interface LogSumExpLaw extends SeparableLaw {
    /**
     * One term.
     *
     * @param factor index of the parameter c, which is fitted as its logarithm
     * @param exponents for each input the index of the parameter that is its exponent, or -1 where the input does not enter
     * @param sign s: -1 where the parameter is the exponent of a denominator, 1 otherwise
     */
    record Term(int factor, int[] exponents, int sign) {
        static Term constant(int factor, int inputs) {
            int[] none = new int[inputs];
            Arrays.fill(none, -1);
            return new Term(factor, none, 1);
        }
    }

    /** The terms, of which the last has no exponents. */
    List<Term> terms();

    @Override
    default int[] factors() {
        return terms().stream().mapToInt(Term::factor).toArray();
    }

    @Override
    default void terms(double[] coordinates, double[] features, double[] terms) {
        List<Term> all = terms();
        for (int k = 0; k < terms.length; k++) terms[k] = Math.exp(exponent(all.get(k), coordinates, features));
    }

    @Override
    default double logPrediction(double[] coordinates, double[] features, double[] gradient) {
        List<Term> all = terms();
        double[] shares = new double[all.size()];
        double top = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < shares.length; k++) {
            Term term = all.get(k);
            shares[k] = coordinates[term.factor] + exponent(term, coordinates, features);
            top = Math.max(top, shares[k]);
        }
        double sum = 0;
        for (int k = 0; k < shares.length; k++) {
            shares[k] = Math.exp(shares[k] - top);
            sum += shares[k];
        }
        Arrays.fill(gradient, 0);
        for (int k = 0; k < shares.length; k++) {
            Term term = all.get(k);
            double share = shares[k] / sum;
            gradient[term.factor] += share;
            for (int j = 0; j < features.length; j++) if (term.exponents[j] >= 0) gradient[term.exponents[j]] += term.sign * share * features[j];
        }
        return top + Math.log(sum);
    }

    private static double exponent(Term term, double[] coordinates, double[] features) {
        double z = 0;
        for (int j = 0; j < features.length; j++) if (term.exponents[j] >= 0) z += term.sign * coordinates[term.exponents[j]] * features[j];
        return z;
    }
}
