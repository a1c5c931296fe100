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
 * code lie in the same linear region.
 *
 * @param bits (n, M) of 0 and 1, FLOAT64
 * @see <a href="https://arxiv.org/abs/2101.06490">He et al. (2021), Neural networks behave as hash encoders: An empirical study</a>
 */
public record ActivationCodes(Tensor bits) {
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
            var moved = Autodiff.jvp(preActivations, x, directions);
            Tensor at = moved.value().neg().div(moved.tangent()); // where each pre-activation is 0; NaN and infinite where it never is
            Tensor never = at.onesLike().mul(Double.POSITIVE_INFINITY);
            Tensor ahead = Tensor.where(at.gt(0), at, never).min(1);
            Tensor behind = Tensor.where(at.lt(0), at.neg(), never).min(1);
            return ahead.add(behind);
        });
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
