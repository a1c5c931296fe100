package lemma.nn;

import java.util.function.UnaryOperator;
import lemma.tensor.Tensor;

/** Element-wise activation functions as modules. */
public enum Activation implements Module {
    RELU(Tensor::relu),
    GELU(Tensor::gelu),
    GELU_TANH(Tensor::geluTanh),
    SILU(Tensor::silu),
    TANH(Tensor::tanh),
    SIGMOID(Tensor::sigmoid),
    SOFTPLUS(Tensor::softplus),
    ERF(Tensor::erf),
    SIN(Tensor::sin),
    IDENTITY(x -> x);

    private final UnaryOperator<Tensor> function;

    Activation(UnaryOperator<Tensor> function) {
        this.function = function;
    }

    /** The function itself. */
    public Tensor apply(Tensor x) {
        return function.apply(x);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return function.apply(x);
    }
}
