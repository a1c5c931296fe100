package lemma.loss;

/**
 * The tight bound of a comp-sum loss on the zero-one loss: {@code psi(R01 - R01* + M01) <= R - R* + M} with the excess errors of a scorer
 * under both losses and their {@link MinimizabilityGap minimisability gaps}; so {@code R01 - R01* + M01 <= gamma(R - R* + M)} with
 * {@code gamma = psi^-1}.
 *
 * <p>With {@code q = 1 / (2 - tau)} and {@code A = (((1 + b)^q + (1 - b)^q) / 2)^(2 - tau)}, {@code psi(b)} is
 * {@code 2^(1 - tau) (1 - A) / (1 - tau)} for {@code tau < 1}; {@code ((1 + b) log(1 + b) + (1 - b) log(1 - b)) / 2} for {@code tau = 1};
 * {@code (A - 1) / ((tau - 1) n^(tau - 1))} for {@code 1 < tau < 2}; and {@code b / n} for {@code tau = 2}, over n classes. It is what a
 * surrogate must at least have lost where the zero-one loss has lost b.
 *
 * @param tau 0 to 2
 * @param classes n, at least 2
 * @see <a href="https://arxiv.org/abs/2304.07288">Mao, Mohri, Zhong (2023), Cross-Entropy Loss Functions, theorem 3.1</a>
 */
public record HConsistencyBound(double tau, int classes) {
    private static final double ROUNDING = 1e-12;

    public HConsistencyBound {
        if (!(tau >= 0 && tau <= 2)) throw new IllegalArgumentException("HConsistencyBound: tau is " + tau + ", expected 0 to 2");
        if (classes < 2) throw new IllegalArgumentException("HConsistencyBound: classes is " + classes + ", expected at least 2");
    }

    /** Of {@code loss} over so many classes. */
    public static HConsistencyBound of(CompSumLoss loss, int classes) {
        return new HConsistencyBound(loss.tau(), classes);
    }

    /** The least surrogate regret of a scorer whose zero-one regret is b, 0 to 1. */
    public double psi(double b) {
        if (!(b >= 0 && b <= 1)) throw new IllegalArgumentException("HConsistencyBound: the zero-one regret is " + b + ", expected 0 to 1");
        if (tau == 2) return b / classes;
        if (tau == 1) return (xLogX(1 + b) + xLogX(1 - b)) / 2;
        double q = 1 / (2 - tau);
        double a = Math.pow((Math.pow(1 + b, q) + Math.pow(1 - b, q)) / 2, 2 - tau);
        return tau < 1 ? Math.pow(2, 1 - tau) * (1 - a) / (1 - tau) : (a - 1) / ((tau - 1) * Math.pow(classes, tau - 1));
    }

    /** The largest zero-one regret of a scorer whose surrogate regret is {@code excess}, at least 0: the inverse of {@link #psi}, 1 beyond its end. */
    public double gamma(double excess) {
        if (!(excess >= 0)) throw new IllegalArgumentException("HConsistencyBound: the surrogate regret is " + excess + ", expected at least 0");
        double low = 0;
        double high = 1;
        if (psi(1) <= excess) return 1;
        while (high - low > 1e-15) {
            double middle = (low + high) / 2;
            if (middle == low || middle == high) break;
            if (psi(middle) <= excess) low = middle;
            else high = middle;
        }
        return high;
    }

    /** Whether regrets obey the bound, but for rounding of 1e-12 in either: psi is flat near 0 and, below tau 1, steep near 1. */
    public boolean holds(double zeroOne, double excess) {
        return psi(zeroOne) <= excess + ROUNDING || zeroOne <= gamma(Math.max(0, excess)) + ROUNDING;
    }

    private static double xLogX(double x) {
        return x == 0 ? 0 : x * Math.log(x);
    }
}
