package lemma.probe;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import lemma.tensor.Tensor;

/**
 * Information of activations whose values are put into equal cells, unit by unit: T is the pattern of cells of an example. In bits. For a
 * deterministic network {@code I(T; X) = H(T)} and {@code I(T; Y) = H(T) - H(T | Y)}, exact when all inputs are enumerated; otherwise H(T) saturates
 * at log2 n as soon as every example has a pattern of its own, which with many units is at once. Values depend on the cells: state them.
 * Time and memory O(n d).
 *
 * @see <a href="https://arxiv.org/abs/1703.00810">Shwartz-Ziv, Tishby (2017), Opening the Black Box of Deep Neural Networks via Information</a>
 */
public final class BinnedInformation {
    private BinnedInformation() {}

    /**
     * The number of each row's pattern, in the order of first sight; equal patterns have equal numbers.
     *
     * @param x (n, d)
     * @param bins cells a unit
     * @param low start of the first cell; what lies below counts as in it
     * @param high end of the last cell, above low; what lies above counts as in it
     */
    public static int[] codes(Tensor x, int bins, double low, double high) {
        if (bins < 1 || !(high > low)) throw new IllegalArgumentException("BinnedInformation: " + bins + " bins from " + low + " to " + high + ", expected at least 1 and low < high");
        Tensor z = Features.of("BinnedInformation", x, 1);
        int[] cells = z.sub(low).mul(bins / (high - low)).floor().clamp(0, bins - 1).toInts();
        int d = x.dim(1);
        Map<IntBuffer, Integer> seen = new HashMap<>();
        int[] codes = new int[x.dim(0)];
        for (int i = 0; i < codes.length; i++) codes[i] = seen.computeIfAbsent(IntBuffer.wrap(Arrays.copyOfRange(cells, i * d, (i + 1) * d)), unseen -> seen.size());
        return codes;
    }

    /** H(T) in bits with cells over the range of x, the same for all units. */
    public static double entropy(Tensor x, int bins) {
        Tensor z = Features.of("BinnedInformation", x, 1);
        double low = z.min().item();
        double high = z.max().item();
        return high > low ? entropy(x, bins, low, high) : 0;
    }

    /** H(T) in bits. */
    public static double entropy(Tensor x, int bins, double low, double high) {
        return entropyOf(codes(x, bins, low, high));
    }

    static double entropyOf(int[] codes) {
        double[] counts = new double[Arrays.stream(codes).max().orElseThrow() + 1];
        for (int c : codes) counts[c]++;
        return DiscreteInformation.entropy(counts);
    }

    /** I(T; Y) in bits of rows with classes y (n). */
    public static double mutualInformation(Tensor x, Tensor y, int bins, double low, double high) {
        return DiscreteInformation.mutualInformation(DiscreteInformation.counts(codes(x, bins, low, high), Features.labels("BinnedInformation", y, x.dim(0), 0)));
    }

    /** I(T; Y) in bits of equally likely inputs whose label is drawn from known {@code p(y | x)} (n, classes): exact over the rows. */
    public static double mutualInformation(Tensor x, double[][] conditional, int bins, double low, double high) {
        if (conditional.length != x.dim(0)) throw new IllegalArgumentException("BinnedInformation: " + conditional.length + " distributions of the label for x " + x.shape());
        return informationOf(codes(x, bins, low, high), conditional);
    }

    static double informationOf(int[] codes, double[][] conditional) {
        double[][] joint = new double[Arrays.stream(codes).max().orElseThrow() + 1][conditional[0].length];
        for (int i = 0; i < codes.length; i++) for (int k = 0; k < joint[0].length; k++) joint[codes[i]][k] += conditional[i][k];
        return DiscreteInformation.mutualInformation(joint);
    }
}
