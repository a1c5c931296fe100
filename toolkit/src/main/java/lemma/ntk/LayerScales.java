package lemma.ntk;

import java.util.Map;
import lemma.nn.Params;
import lemma.optim.MuP.Role;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * A layer of known size in its {@link Parametrization}: {@code y = weight W x + bias b} with W of deviation {@code weightStart} and b of
 * {@code biasStart}, and {@code bias = 0} in a layer without biases.
 *
 * @param rate what the learning rate of SGD is multiplied by, for the whole network
 * @param weightAdam what that of Adam is multiplied by for W
 * @param biasAdam for b
 */
record LayerScales(int fanIn, boolean hasBias, double weight, double weightStart, double bias, double biasStart, double rate, double weightAdam, double biasAdam) {
    private static final int HIDDEN_LAYERS = 2;

    static LayerScales of(Scales scales, int fanIn, int in, int out) {
        boolean hasBias = scales.hasBias();
        double w = scales.wStd() / Math.sqrt(fanIn);
        double b = hasBias ? scales.bStd() : 0;
        if (scales.parametrization() == Parametrization.STANDARD) return new LayerScales(fanIn, hasBias, 1, w, hasBias ? 1 : 0, b, 1, 1, 1);
        if (scales.role() == Role.FIXED) return new LayerScales(fanIn, hasBias, w, 1, b, 1, 1, 1, 1);
        AbcParametrization abc = scales.parametrization().abc(HIDDEN_LAYERS);
        boolean output = scales.role() == Role.OUTPUT;
        Factor units = Factor.of(abc, 1, out, 1);
        Factor weights = switch (scales.role()) {
            case INPUT, FIXED -> units;
            case HIDDEN -> Factor.of(abc, 2, in, in);
            case OUTPUT -> Factor.of(abc, HIDDEN_LAYERS + 1, in, in);
        };
        Factor biases = output ? weights : units;
        boolean maximal = scales.parametrization().dependsOnPlace();
        return new LayerScales(fanIn, hasBias, w * weights.size, weights.start, b * biases.size, biases.start, output ? abc.learningRate(1, in) : 1,
                maximal ? 1 / (weights.size * Math.sqrt(weights.terms)) : 1, maximal ? 1 / biases.size : 1);
    }

    /**
     * @param size the multiplier over that of the NTK parametrisation
     * @param start initial deviation
     * @param terms of the growing sum in which the weights stand
     */
    private record Factor(double size, double start, int terms) {
        static Factor of(AbcParametrization abc, int layer, int width, int terms) {
            return new Factor(abc.multiplier(layer, width) * Math.sqrt(terms), abc.deviation(layer, width), terms);
        }
    }

    /** Of {@code weight} and, if there is one, {@code bias}. */
    Map<String, Double> adamFactors() {
        return hasBias ? Map.of("weight", weightAdam, "bias", biasAdam) : Map.of("weight", weightAdam);
    }

    // ---- finite width ----

    /** Initial {@code weight} of this shape and, if there is one, {@code bias}. */
    Params params(Random random, int... shape) {
        Params p = Params.of("weight", weights(random, shape));
        return hasBias ? p.with("bias", biases(random, shape[0])) : p;
    }

    Tensor weights(Random random, int... shape) {
        return times(random.normal(Shape.of(shape), DType.FLOAT32), weightStart);
    }

    Tensor biases(Random random, int count) {
        return times(random.normal(Shape.of(count), DType.FLOAT32), biasStart);
    }

    /** {@code weight x}. */
    Tensor scaled(Tensor x) {
        return times(x, weight);
    }

    /** {@code bias b}. */
    Tensor added(Tensor b) {
        return times(b, bias);
    }

    private static Tensor times(Tensor x, double by) {
        return by == 1 ? x : x.mul(by);
    }

    // ---- infinite width ----

    /** {@code K' = weightVariance S(K) + biasVariance}. */
    double weightVariance() {
        return weightGain() * weightStart * weightStart;
    }

    double biasVariance() {
        return biasGain() * biasStart * biasStart;
    }

    /** The squared derivative of an output by the layer's weights is {@code weightGain S(K)}, by its bias {@code biasGain}. */
    double weightGain() {
        return weight * weight * fanIn;
    }

    double biasGain() {
        return bias * bias;
    }
}
