package lemma.nn;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/** Initial distributions of parameters, in FLOAT32, named as in PyTorch. */
public final class Init {
    private Init() {}

    /** Uniform in [-bound, bound). */
    public static Tensor uniform(Random random, double bound, int... shape) {
        return random.uniform(Shape.of(shape), DType.FLOAT32).mul(2 * bound).sub(bound);
    }

    /** Normal with mean 0 and standard deviation {@code std}. */
    public static Tensor normal(Random random, double std, int... shape) {
        return random.normal(Shape.of(shape), DType.FLOAT32).mul(std);
    }

    /** Uniform with {@code bound = sqrt(6 / (fanIn + fanOut))}. */
    public static Tensor xavierUniform(Random random, int fanIn, int fanOut, int... shape) {
        return uniform(random, Math.sqrt(6.0 / (fanIn + fanOut)), shape);
    }

    /** Normal with {@code std = sqrt(2 / fanIn)}, for relu. */
    public static Tensor kaimingNormal(Random random, int fanIn, int... shape) {
        return normal(random, Math.sqrt(2.0 / fanIn), shape);
    }

    /** Uniform with {@code bound = 1 / sqrt(fanIn)}: PyTorch's default for linear layers and convolutions. */
    public static Tensor fanInUniform(Random random, int fanIn, int... shape) {
        return uniform(random, 1 / Math.sqrt(fanIn), shape);
    }
}
