package lemma.probe;

import lemma.tensor.Tensor;

/**
 * A point of the information plane: what a layer T keeps of the input and what it tells about the label, in bits.
 *
 * @param complexity I(T; X)
 * @param relevance I(T; Y)
 * @see <a href="https://arxiv.org/abs/1503.02406">Tishby, Zaslavsky (2015), Deep Learning and the Information Bottleneck Principle</a>
 */
public record InformationPlane(double complexity, double relevance) {
    /**
     * The point of a deterministic layer whose units are binned, {@code I(T; X) = H(T)}: exact when the rows are all inputs, equally likely. A binned
     * layer is no function of the binned layer before it, so the data processing inequality need not hold along binned layers; it holds between each
     * of them and the input. Time O(n (units + labels)).
     *
     * @param t (n, units)
     * @param conditional p(y | x), n rows
     * @param bins cells a unit, from {@code low} to {@code high}; see {@link BinnedInformation}
     */
    public static InformationPlane binned(Tensor t, double[][] conditional, int bins, double low, double high) {
        if (conditional.length != t.dim(0)) throw new IllegalArgumentException("InformationPlane: " + conditional.length + " distributions of the label for a layer " + t.shape());
        int[] codes = BinnedInformation.codes(t, bins, low, high);
        return new InformationPlane(BinnedInformation.entropyOf(codes), BinnedInformation.informationOf(codes, conditional));
    }
}
