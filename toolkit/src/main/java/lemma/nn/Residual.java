package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/** {@code y = x + f(x)}; f keeps the shape. Parameters are those of f. */
public record Residual(Module f) implements Module {
    public static Residual of(Module f) {
        return new Residual(f);
    }

    @Override
    public Params params(Random random) {
        return f.params(random);
    }

    @Override
    public Params state() {
        return f.state();
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        Tensor y = f.forward(x, at);
        if (!y.shape().equals(x.shape())) throw new IllegalArgumentException("Residual: f maps " + x.shape() + " to " + y.shape() + ", expected the same shape");
        return x.add(y);
    }
}
