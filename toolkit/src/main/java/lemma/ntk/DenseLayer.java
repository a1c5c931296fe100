package lemma.ntk;

import java.util.function.UnaryOperator;
import lemma.nn.Bound;
import lemma.nn.Module;
import lemma.nn.Params;
import lemma.optim.MuP.Role;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/** {@code y = W_std / sqrt(n) W x + b_std b}; {@link Stax#dense}. */
record DenseLayer(int width, Scales scales) implements AffineLayer {
    DenseLayer {
        if (width < 1) throw new IllegalArgumentException("Stax.dense: width " + width + ", expected at least 1");
    }

    @Override
    public Module module(Shape in) {
        return new Finite(check(in), width, at(in));
    }

    @Override
    public Shape out(Shape in) {
        check(in);
        return Shape.of(width);
    }

    @Override
    public Covariance covariance(Covariance k) {
        return k.affine(at(k.shape()), UnaryOperator.identity(), out(k.shape()));
    }

    @Override
    public Network parametrized(Parametrization parametrization, Role role) {
        return new DenseLayer(width, scales.parametrized(parametrization, role));
    }

    @Override
    public LayerScales at(Shape in) {
        int n = check(in);
        return scales.at(n, n, width);
    }

    private static int check(Shape in) {
        if (in.rank() != 1) throw new IllegalArgumentException("Stax.dense: an example is " + in + ", expected a vector; put flatten() or globalAvgPool() before it");
        return in.dim(0);
    }

    /** weight (width, in), bias (width). */
    private record Finite(int in, int width, LayerScales scales) implements Module {
        @Override
        public Params params(Random random) {
            return scales.params(random, width, in);
        }

        @Override
        public Tensor forward(Tensor x, Bound at) {
            return Functional.linear(scales.scaled(x), at.param("weight"), scales.hasBias() ? scales.added(at.param("bias")) : null);
        }
    }
}
