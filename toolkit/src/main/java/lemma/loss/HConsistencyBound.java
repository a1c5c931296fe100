package lemma.loss;

import java.util.Arrays;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

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
    private static final double[] CONCENTRATIONS = {0.1, 1, 10};

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

    /**
     * How many of this many random inputs break the bound: class probabilities from Dirichlet distributions with the concentrations 0.1, 1 and 10
     * in turn, and two kinds of scores at each, Gaussian ones of deviation 3 and the {@linkplain ConditionalRegret#closest closest} with some class
     * on top, which lose least among those that put it there.
     */
    public int violations(int inputs, Random random) {
        double[] scores = random.fork(0).normal(Shape.of(inputs, classes), DType.FLOAT64).mul(3).toDoubles();
        double[][] draws = new double[CONCENTRATIONS.length][];
        for (int k = 0; k < draws.length; k++) {
            Tensor concentration = Tensor.full(Shape.of(inputs, classes), DType.FLOAT64, CONCENTRATIONS[k]);
            draws[k] = random.fork(k + 1).dirichlet(concentration).toDoubles();
        }
        int broken = 0;
        for (int i = 0; i < inputs; i++) {
            double[] p = Arrays.copyOfRange(draws[i % draws.length], i * classes, (i + 1) * classes);
            ConditionalRegret at = new ConditionalRegret(tau, p);
            double[] wild = Arrays.copyOfRange(scores, i * classes, (i + 1) * classes);
            if (!holds(at, wild) || !holds(at, at.closest(i % classes))) broken++;
        }
        return broken;
    }

    private boolean holds(ConditionalRegret at, double[] scores) {
        return holds(at.zeroOne(scores), at.surrogate(scores));
    }

    /** Least surrogate regret of the wrong class at the probabilities {@code ((1 + b) / 2, (1 - b) / 2, 0, ...)}: psi(b) where the bound is reached. */
    public double twoPointRegret(double b) {
        if (!(b >= 0 && b <= 1)) throw new IllegalArgumentException("HConsistencyBound: the zero-one regret is " + b + ", expected 0 to 1");
        double[] p = new double[classes];
        p[0] = (1 + b) / 2;
        p[1] = (1 - b) / 2;
        ConditionalRegret at = new ConditionalRegret(tau, p);
        return at.surrogate(at.closest(1));
    }

    private static double xLogX(double x) {
        return x == 0 ? 0 : x * Math.log(x);
    }
}
