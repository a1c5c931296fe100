package lemma.ntk;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How a network of L hidden layers of width n scales with n: weights {@code W^l = n^(-a_l) w^l}, {@code w^l ~ N(0, n^(-2 b_l))} for l = 1 to L + 1, trained
 * by SGD of learning rate {@code eta n^(-c)}. In training hidden coordinates move by {@code Theta(n^(-r))}: with r = 0 the limit of infinite width learns
 * features, with r > 0 it is a kernel method.
 *
 * @param a exponents of the multipliers (L + 1)
 * @param b exponents of the initial standard deviations (L + 1)
 * @param c exponent of the learning rate
 * @see <a href="https://arxiv.org/abs/2011.14522">Yang, Hu (2021), Feature learning in infinite-width neural networks, section 3</a>
 */
public record AbcParametrization(double[] a, double[] b, double c) {
    public AbcParametrization {
        if (a.length < 2 || a.length != b.length) throw new IllegalArgumentException("AbcParametrization: " + a.length + " and " + b.length + " exponents, expected two or more and as many of both");
        a = a.clone();
        b = b.clone();
    }

    /** The maximal-update parametrisation, {@code a = (-1/2, 0, .., 0, 1/2), b = 1/2, c = 0}: r = 0. */
    public static AbcParametrization muP(int hidden) {
        double[] a = filled(hidden, 0);
        a[0] = -0.5;
        a[hidden] = 0.5;
        return new AbcParametrization(a, filled(hidden, 0.5), 0);
    }

    /** The NTK parametrisation, {@code a = (0, 1/2, .., 1/2), b = 0, c = 0}: r = 1/2. */
    public static AbcParametrization ntk(int hidden) {
        double[] a = filled(hidden, 0.5);
        a[0] = 0;
        return new AbcParametrization(a, filled(hidden, 0), 0);
    }

    /** The standard parametrisation with the largest stable learning rate, {@code a = 0, b = (0, 1/2, .., 1/2), c = 1}: r = 1/2. */
    public static AbcParametrization standard(int hidden) {
        double[] b = filled(hidden, 0.5);
        b[0] = 0;
        return new AbcParametrization(filled(hidden, 0), b, 1);
    }

    /** Mean field, for one hidden layer: {@code a = (0, 1), b = 0, c = -1}, the maximal update once more. */
    public static AbcParametrization meanField() {
        return meanField(1);
    }

    /**
     * Outputs that are means over n units behind the NTK parametrisation: {@code a = (0, 1/2, .., 1/2, 1), b = 0, c = -1}. It is {@link #muP}, as
     * {@code a + t, b - t, c - 2t} is the same network for every t.
     */
    public static AbcParametrization meanField(int hidden) {
        double[] a = filled(hidden, 0.5);
        a[0] = 0;
        a[hidden] = 1;
        return new AbcParametrization(a, filled(hidden, 0), -1);
    }

    private static double[] filled(int hidden, double value) {
        if (hidden < 1) throw new IllegalArgumentException("AbcParametrization: " + hidden + " hidden layers, expected at least 1");
        double[] x = new double[hidden + 1];
        Arrays.fill(x, value);
        return x;
    }

    /** L. */
    public int hidden() {
        return a.length - 1;
    }

    /** {@code r = min(a_(L+1) + b_(L+1), 2 a_(L+1) + c) + c - 1 + min_(l <= L) (2 a_l + [l = 1])}. */
    public double r() {
        int last = hidden();
        double least = IntStream.range(0, last).mapToDouble(l -> 2 * a[l] + (l == 0 ? 1 : 0)).min().orElseThrow();
        return Math.min(a[last] + b[last], 2 * a[last] + c) + c - 1 + least;
    }

    /** Whether coordinates of hidden layers move by as much at any width, r = 0. */
    public boolean learnsFeatures() {
        return r() == 0;
    }

    /** {@code eta n^(-c)}. */
    public double learningRate(double eta, int width) {
        return eta * Math.pow(width, -c);
    }

    /** {@code n^(-a_l)}, l from 1. */
    double multiplier(int l, int width) {
        return Math.pow(width, -a[l - 1]);
    }

    /** {@code n^(-b_l)}, l from 1. */
    double deviation(int l, int width) {
        return Math.pow(width, -b[l - 1]);
    }
}
