package lemma.ntk;

import java.util.function.UnaryOperator;
import lemma.nn.Bound;
import lemma.nn.Module;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/** A nonlinearity with what it does to covariances. */
record Elementwise(String name, UnaryOperator<Tensor> function, DualActivation dual) implements Network {
    @Override
    public Module module(Shape in) {
        return new Finite(name, function);
    }

    @Override
    public Shape out(Shape in) {
        return in;
    }

    @Override
    public Covariance covariance(Covariance k) {
        return k.activation(dual);
    }

    private record Finite(String name, UnaryOperator<Tensor> function) implements Module {
        @Override
        public Tensor forward(Tensor x, Bound at) {
            return function.apply(x);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
