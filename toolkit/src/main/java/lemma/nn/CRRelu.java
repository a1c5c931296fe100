package lemma.nn;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * Correction-regularised ReLU: {@code y = max(0, x) + eps x exp(-x^2 / 2)}, ReLU moved by one step towards lower entropy of its output for Gaussian input. The one
 * learnt number eps, parameter {@code eps (1)}, starts at 0.01; at 0 it is ReLU.
 *
 * <p>Slopes: {@code dy/dx = 1[x > 0] + eps (1 - x^2) exp(-x^2 / 2)}, {@code dy/deps = x exp(-x^2 / 2)}. Any shape, element by element.
 *
 * @param start eps at the start
 * @see <a href="https://arxiv.org/abs/2405.12954">Sun et al. (2024), A method on searching better activation functions</a>
 */
public record CRRelu(double start) implements Module {
    public CRRelu {
        if (!Double.isFinite(start)) throw new IllegalArgumentException("CRRelu: start is " + start + ", expected a number");
    }

    public static CRRelu of() {
        return new CRRelu(0.01);
    }

    @Override
    public Params params(Random random) {
        return Params.of("eps", Tensor.full(Shape.of(1), DType.FLOAT32, start));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return apply(x, at.param("eps"));
    }

    /** The function itself, with {@code eps} of a shape that broadcasts to x. */
    public static Tensor apply(Tensor x, Tensor eps) {
        return x.relu().add(x.square().mul(-0.5).exp().mul(x).mul(eps));
    }
}
