package lemma.nn;

import java.util.List;
import lemma.tensor.Tensor;

/**
 * B-splines of one order on even knots, and beside them {@code silu(x)}, which carries on where the splines end.
 *
 * <p>With knots {@code t_i = low + (i - order) h}, {@code h = (high - low) / grid}, and {@code v = |(x - t_i) / h - c|}, {@code c = (order + 1) / 2},
 * a spline is {@code B_i(x) = 1/order! sum_{j < c} (-1)^j binom(order + 1, j) max(0, c - j - v)^order}. On [low, high] they add up to 1.
 *
 * @param grid intervals between low and high
 * @param order degree of the pieces, at least 1
 * @param silu whether silu(x) is the last function
 * @see <a href="https://arxiv.org/abs/2404.19756">Liu et al. (2024), KAN: Kolmogorov-Arnold networks, section 2.2</a>
 */
public record BSplineBasis(int grid, int order, double low, double high, boolean silu) implements KanBasis {
    public BSplineBasis {
        if (grid < 1 || order < 1) throw new IllegalArgumentException("BSplineBasis: grid " + grid + ", order " + order + ", expected at least 1");
        if (!(low < high)) throw new IllegalArgumentException("BSplineBasis: from " + low + " to " + high + ", expected an interval");
    }

    /** On [-1, 1], with silu(x); the paper has grid 5 and order 3. */
    public static BSplineBasis of(int grid, int order) {
        return new BSplineBasis(grid, order, -1, 1, true);
    }

    public BSplineBasis withRange(double low, double high) {
        return new BSplineBasis(grid, order, low, high, silu);
    }

    /** The splines alone. */
    public BSplineBasis withoutSilu() {
        return new BSplineBasis(grid, order, low, high, false);
    }

    @Override
    public int size() {
        return splines() + (silu ? 1 : 0);
    }

    private int splines() {
        return grid + order;
    }

    @Override
    public Tensor expand(Tensor x) {
        Tensor row = x.unsqueeze(-2);
        return silu ? Tensor.concat(List.of(splines(row), row.silu()), -2) : splines(row);
    }

    /** The factor 1/order! is drawn into the argument, whose power takes it out again. */
    private Tensor splines(Tensor row) {
        double h = (high - low) / grid;
        double unit = Math.pow(factorial(order), -1.0 / order);
        double half = (order + 1) / 2.0;
        double[] middles = new double[splines()];
        for (int i = 0; i < middles.length; i++) middles[i] = (low / h + i - order + half) * unit;
        Tensor inside = row.mul(unit / h).sub(KanBasis.column(row, middles)).abs().rsub(half * unit);
        Tensor sum = power(inside.relu());
        double binomial = 1;
        for (int j = 1; j < half; j++) {
            binomial *= -(order + 2.0 - j) / j;
            sum = sum.add(power(inside.sub(j * unit).relu()).mul(binomial));
        }
        return sum;
    }

    private Tensor power(Tensor a) {
        Tensor p = order == 1 ? a : a.square();
        for (int i = 2; i < order; i++) p = p.mul(a);
        return p;
    }

    private static double factorial(int n) {
        double f = 1;
        for (int i = 2; i <= n; i++) f *= i;
        return f;
    }
}
