package lemma.probe;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import lemma.autodiff.Autodiff;
import lemma.tensor.DType;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Which units of a ReLU network are on: the code of an example in {0, 1}^M, one bit for each pre-activation above 0. Two examples with the same
 * code lie in the same linear region. Assumes ReLU, or another activation that is affine on either side of 0. Time and memory O(n M). Counts, without units.
 *
 * @param bits (n, M) of 0 and 1, FLOAT64
 * @see <a href="https://arxiv.org/abs/2101.06490">He et al. (2021), Neural networks behave as hash encoders: An empirical study</a>
 */
public record ActivationCodes(Tensor bits) {
    /** Part of the way by which a wall is stepped over. */
    private static final double PAST_THE_WALL = 1e-9;

    /** Of pre-activations (n, M), those of several layers side by side. */
    public static ActivationCodes of(Tensor preActivations) {
        return new ActivationCodes(Scope.run(() -> Features.of("ActivationCodes", preActivations, 1).gt(0).to(DType.FLOAT64)));
    }

    /** Number of different codes: of linear regions that hold an example. */
    public int distinct() {
        double[] all = bits.toDoubles();
        int width = bits.dim(1);
        Set<BitSet> codes = new HashSet<>();
        for (int i = 0; i < bits.dim(0); i++) {
            BitSet code = new BitSet(width);
            for (int j = 0; j < width; j++) code.set(j, all[i * width + j] > 0);
            codes.add(code);
        }
        return codes.size();
    }

    /** {@code 1 - distinct / n}: 0 when every example has a region of its own. */
    public double redundancy() {
        return 1 - (double) distinct() / bits.dim(0);
    }

    /** Number of differing bits between each code here and each of {@code other}: (n, m). Time O(n m M). */
    public Tensor hamming(ActivationCodes other) {
        if (bits.dim(1) != other.bits.dim(1)) throw new IllegalArgumentException("ActivationCodes: codes of " + bits.dim(1) + " and " + other.bits.dim(1) + " bits");
        return Scope.run(() -> Kernel.squaredDistances(bits, other.bits).round());
    }

    /**
     * Width of each row's linear region along a direction: the distance between the two points where a pre-activation first changes its sign, forwards
     * and backwards. It is exact, as pre-activations are affine inside a region; infinite where none changes.
     *
     * @param preActivations from inputs (n, d) to the pre-activations (n, M) of all layers, row by row
     * @param x (n, d)
     * @param directions (n, d), in whose lengths distances are measured
     * @return (n)
     */
    public static Tensor regionWidth(UnaryOperator<Tensor> preActivations, Tensor x, Tensor directions) {
        if (!x.shape().equals(directions.shape())) throw new IllegalArgumentException("ActivationCodes.regionWidth: x is " + x.shape() + ", directions are " + directions.shape() + ", expected the same");
        return Scope.run(() -> {
            Tensor at = zeros(preActivations, x, directions);
            return firstAhead(at).add(firstAhead(at.neg()));
        });
    }

    /**
     * How many linear regions the segment from each row of x to that of {@code ends} runs through, at least 1: from wall to wall, each found
     * as in {@link #regionWidth}; regions that take less than 1e-9 of the way are not told apart. Time: as many forward derivatives as the segment with
     * the most regions has.
     *
     * @param preActivations as in {@link #regionWidth}
     * @param x (n, d), FLOAT64
     * @param ends (n, d)
     * @return a count for each row
     * @see <a href="https://arxiv.org/abs/1901.09021">Hanin, Rolnick (2019), Complexity of Linear Regions in Deep Networks</a>
     */
    public static int[] regionsBetween(UnaryOperator<Tensor> preActivations, Tensor x, Tensor ends) {
        if (!x.shape().equals(ends.shape())) throw new IllegalArgumentException("ActivationCodes.regionsBetween: x is " + x.shape() + ", ends are " + ends.shape() + ", expected the same");
        Tensor from = Features.of("ActivationCodes.regionsBetween", x, 1);
        Tensor way = Features.of("ActivationCodes.regionsBetween", ends, 1).sub(from);
        int[] regions = new int[x.dim(0)];
        double[] passed = new double[x.dim(0)]; // part of the way, beyond the last wall
        for (boolean left = true; left;) {
            left = false;
            double[] next = Scope.run(() -> firstAhead(zeros(preActivations, from.add(way.mul(Tensor.of(passed).unsqueeze(1))), way))).toDoubles();
            for (int i = 0; i < regions.length; i++) {
                if (passed[i] >= 1) continue;
                regions[i]++;
                passed[i] += next[i] + PAST_THE_WALL;
                left |= passed[i] < 1;
            }
        }
        return regions;
    }

    /** Along a direction from each row of x, where each pre-activation is 0 while it goes on as it begins; NaN and infinite where it never is. */
    private static Tensor zeros(UnaryOperator<Tensor> preActivations, Tensor x, Tensor directions) {
        var moved = Autodiff.jvp(preActivations, x, directions);
        return moved.value().neg().div(moved.tangent());
    }

    private static Tensor firstAhead(Tensor zeros) {
        return Tensor.where(zeros.gt(0), zeros, zeros.onesLike().mul(Double.POSITIVE_INFINITY)).min(1);
    }

    /**
     * The most regions that {@code hyperplanes} can cut {@code dimensions} dimensions into, {@code sum_{i<=d} C(m, i)}, reached in general position.
     *
     * @see <a href="https://doi.org/10.1090/memo/0154">Zaslavsky (1975), Facing up to arrangements</a>
     */
    public static double zaslavsky(int hyperplanes, int dimensions) {
        if (hyperplanes < 0 || dimensions < 1) throw new IllegalArgumentException("ActivationCodes.zaslavsky: " + hyperplanes + " hyperplanes in " + dimensions + " dimensions");
        double[] choose = {1};
        return IntStream.rangeClosed(0, dimensions).mapToDouble(i -> {
            if (i > 0) choose[0] *= (double) (hyperplanes - i + 1) / i;
            return choose[0];
        }).sum();
    }
}
