package lemma.probe;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
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
