package lemma.ntk;

import java.util.function.UnaryOperator;
import lemma.nn.Bound;
import lemma.nn.Module;
import lemma.nn.Params;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/** {@code y = W_std / sqrt(n) W x + b_std b}; {@link Stax#dense}. */
record DenseLayer(int width, Scales scales) implements Network {
    DenseLayer {
        if (width < 1) throw new IllegalArgumentException("Stax.dense: width " + width + ", expected at least 1");
    }

    @Override
    public Module module(Shape in) {
        return new Finite(check(in), width, scales);
    }

    @Override
    public Shape out(Shape in) {
        check(in);
        return Shape.of(width);
    }

    @Override
    public Covariance covariance(Covariance k) {
        return k.affine(scales, check(k.shape()), UnaryOperator.identity(), out(k.shape()));
    }

    private static int check(Shape in) {
        if (in.rank() != 1) throw new IllegalArgumentException("Stax.dense: an example is " + in + ", expected a vector; put flatten() or globalAvgPool() before it");
        return in.dim(0);
    }

    /** weight (width, in), bias (width). */
    private record Finite(int in, int width, Scales scales) implements Module {
        @Override
        public Params params(Random random) {
            Params p = Params.of("weight", scales.weight(random, in, width, in));
            return scales.hasBias() ? p.with("bias", scales.bias(random, width)) : p;
        }

        @Override
        public Tensor forward(Tensor x, Bound at) {
            double factor = scales.inputFactor(in);
            return Functional.linear(factor == 1 ? x : x.mul(factor), at.param("weight"), scales.hasBias() ? scales.added(at.param("bias")) : null);
        }
    }
}
