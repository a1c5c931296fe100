package lemma.nn;

import lemma.tensor.DType;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * {@code y = x} where positive, {@code y = weight x} elsewhere, with a slope that is learnt: one, or one for each channel of axis 1.
 *
 * <p>Shapes: {@code x (n, count, ...)}, or any for a single slope; {@code weight (count)}, 0.25 at start.
 *
 * @see <a href="https://arxiv.org/abs/1502.01852">He et al. (2015), Delving deep into rectifiers</a>
 */
public record PRelu(int count) implements Module {
    public PRelu {
        if (count < 1) throw new IllegalArgumentException("PRelu: count " + count + ", expected at least 1");
    }

    /** One slope for all elements. */
    public static PRelu of() {
        return new PRelu(1);
    }

    /** A slope for each of {@code count} channels. */
    public static PRelu of(int count) {
        return new PRelu(count);
    }

    @Override
    public Params params(Random random) {
        return Params.of("weight", Tensor.full(Shape.of(count), DType.FLOAT32, 0.25));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return Functional.prelu(x, at.param("weight"));
    }
}
