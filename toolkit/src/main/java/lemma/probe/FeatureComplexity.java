package lemma.probe;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * How much computation a feature z takes: {@code K(z) = 1 - 1/L sum_l R^2_l}, with R^2_l how well a ridge regression on the activations of layer l tells z
 * (a {@link VInformation} of {@code -1/2 log(1 - R^2)}, brought to [0, 1]). Without units, and relative to what a linear read-out can use. 0 for what the first layer already shows, near 1 for what only the last one does.
 *
 * @param decodability R^2 of each layer from the first to the last, on rows that were not fitted, negative ones as 0
 * @see <a href="https://arxiv.org/abs/2407.06076">Fel, Bethune, Lampinen, Serre, Hermann (2024), Understanding Visual Feature Reliance through the Lens of Complexity, section 4</a>
 */
public record FeatureComplexity(double[] decodability) {
    /**
     * Units are standardised on the fitted rows; those that are constant there tell nothing. Time O(sum (n d^2 + d^3)).
     *
     * @param layers activations (n, d_l) of the same examples, from the first layer to the last
     * @param z (n) the feature
     * @param fitted how many of the first rows are fitted; the others are measured
     * @param ridge {@code lambda >= 0} on standardised units, see {@link VInformation#linear(Tensor, Tensor, double)}
     */
    public static FeatureComplexity of(List<Tensor> layers, Tensor z, int fitted, double ridge) {
        if (layers.isEmpty()) throw new IllegalArgumentException("FeatureComplexity: no layers were given");
        return new FeatureComplexity(layers.stream().mapToDouble(l -> Math.max(0, decoded(l, z, fitted, ridge).rSquared())).toArray());
    }

    /** What a layer tells of z: fitted on the first rows, measured on the others. Arguments as in {@link #of}. */
    public static VInformation decoded(Tensor layer, Tensor z, int fitted, double ridge) {
        Features.sameRows("FeatureComplexity", layer, z);
        int n = layer.dim(0);
        if (fitted < 2 || fitted > n - 2) throw new IllegalArgumentException("FeatureComplexity: " + fitted + " of " + n + " rows to be fitted, expected 2 to " + (n - 2));
        return Scope.run(() -> {
            Tensor x = Features.of("FeatureComplexity", layer);
            Tensor first = x.narrow(0, 0, fitted);
            Tensor spread = first.std(0, 0);
            Tensor dead = spread.lt(1e-12).to(spread.dtype());
            Tensor scaled = x.sub(first.mean(0)).div(spread.add(dead)).mul(dead.rsub(1));
            return VInformation.linear(scaled.narrow(0, 0, fitted), z.narrow(0, 0, fitted), scaled.narrow(0, fitted, n), z.narrow(0, fitted, n), ridge);
        });
    }

    /** K. */
    public double value() {
        return 1 - IntStream.range(0, decodability.length).mapToDouble(l -> decodability[l]).average().orElseThrow();
    }

    @Override
    public String toString() {
        return "FeatureComplexity[" + value() + ", decodability " + Arrays.toString(decodability) + "]";
    }
}
