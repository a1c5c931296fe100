package lemma.nn;

import lemma.display.Bundle;
import lemma.display.Rich;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * The description of a layer or a network, without weights. {@link #init} draws weights and gives a {@link Model}. Implementations are
 * immutable and name their parameters as PyTorch does.
 */
public interface Module extends Rich {
    /** Fresh parameters from PyTorch's default distributions. */
    default Params params(Random random) {
        return Params.EMPTY;
    }

    /** State that training updates without gradients, such as running statistics. */
    default Params state() {
        return Params.EMPTY;
    }

    /** The layer's equation: {@code at} gives its parameters, its state and the pass. */
    Tensor forward(Tensor x, Bound at);

    /** The description and a table of the parameters that {@link #init} would draw. */
    @Override
    default Bundle bundle() {
        return Summary.of(this, params(Random.seed(0)), state()).with(Bundle.TEXT, toString());
    }

    /** A model with fresh parameters. */
    default Model init(Random random) {
        return new Model(this, params(random), state());
    }
}
