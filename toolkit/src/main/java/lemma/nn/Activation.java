package lemma.nn;

import java.util.function.UnaryOperator;
import lemma.tensor.Functional;
import lemma.tensor.Tensor;

/** Element-wise activation functions as modules, with PyTorch's default constants. */
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
    LEAKY_RELU(x -> Functional.leakyRelu(x, 0.01)),
    ELU(x -> Functional.elu(x, 1)),
    SELU(Functional::selu),
    CELU(x -> Functional.celu(x, 1)),
    RELU6(Functional::relu6),
    MISH(Functional::mish),
    HARDSWISH(Functional::hardswish),
    HARDSIGMOID(Functional::hardsigmoid),
    HARDTANH(x -> Functional.hardtanh(x, -1, 1)),
    SOFTSIGN(Functional::softsign),
    LOG_SIGMOID(Functional::logSigmoid),
    TANHSHRINK(Functional::tanhshrink),
    SOFTSHRINK(x -> Functional.softshrink(x, 0.5)),
    HARDSHRINK(x -> Functional.hardshrink(x, 0.5)),
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
