package lemma.nn;

import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Affine map {@code y = x W^T + b}.
 *
 * <p>Shapes: {@code x (..., in) -> (..., out)}; {@code weight (out, in)}, {@code bias (out)}. Both start uniform in
 * {@code +-1/sqrt(in)}, as in PyTorch.
 */
public record Linear(int in, int out, boolean bias) implements Module {
    public Linear {
        if (in < 1 || out < 1) throw new IllegalArgumentException("Linear: in " + in + ", out " + out + ", expected at least 1");
    }

    public static Linear of(int in, int out) {
        return new Linear(in, out, true);
    }

    /** The same map without a bias. */
    public Linear withoutBias() {
        return new Linear(in, out, false);
    }

    @Override
    public Params params(Random random) {
        Params p = Params.of("weight", Init.fanInUniform(random, in, out, in));
        return bias ? p.with("bias", Init.fanInUniform(random, in, out)) : p;
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() == 0 || x.dim(-1) != in) throw new IllegalArgumentException("Linear: last axis of x is " + (x.rank() == 0 ? "absent" : x.dim(-1)) + ", expected " + in + " (x is " + x.shape() + ")");
        return Functional.linear(x, at.param("weight"), bias ? at.param("bias") : null);
    }
}
