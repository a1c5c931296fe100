package lemma.ntk;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * Standard deviations of a layer's weights, times the square root of their fan-in, and of its biases.
 *
 * @param wStd at least 0
 * @param bStd at least 0; NaN for a layer without biases
 */
public record Scales(double wStd, double bStd, Parametrization parametrization) {
    public Scales {
        if (!(wStd >= 0)) throw new IllegalArgumentException("Stax: W_std is " + wStd + ", expected at least 0");
        if (bStd < 0) throw new IllegalArgumentException("Stax: b_std is " + bStd + ", expected at least 0");
    }

    double weightVariance() {
        return wStd * wStd;
    }

    double biasVariance() {
        return hasBias() ? bStd * bStd : 0;
    }

    boolean hasBias() {
        return !Double.isNaN(bStd);
    }

    /** Initial weights. */
    Tensor weight(Random random, int fanIn, int... shape) {
        Tensor w = random.normal(Shape.of(shape), DType.FLOAT32);
        return parametrization == Parametrization.NTK ? w : w.mul(wStd / Math.sqrt(fanIn));
    }

    /** Initial biases. */
    Tensor bias(Random random, int out) {
        Tensor b = random.normal(Shape.of(out), DType.FLOAT32);
        return parametrization == Parametrization.NTK ? b : b.mul(bStd);
    }

    /** What the input of a layer is multiplied by. */
    double inputFactor(int fanIn) {
        return parametrization == Parametrization.NTK ? wStd / Math.sqrt(fanIn) : 1;
    }

    /** The biases as they are added. */
    Tensor added(Tensor bias) {
        return parametrization == Parametrization.NTK && bStd != 1 ? bias.mul(bStd) : bias;
    }
}
