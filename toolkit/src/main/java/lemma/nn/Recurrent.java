package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/** What the recurrent layers share: PyTorch's parameters of a layer with {@code gates} gates, and the check of the input. */
final class Recurrent {
    private Recurrent() {}

    static Params params(Random random, int in, int hidden, int gates) {
        return Params.of("weight_ih_l0", Init.fanInUniform(random, hidden, gates * hidden, in))
                .with("weight_hh_l0", Init.fanInUniform(random, hidden, gates * hidden, hidden))
                .with("bias_ih_l0", Init.fanInUniform(random, hidden, gates * hidden))
                .with("bias_hh_l0", Init.fanInUniform(random, hidden, gates * hidden));
    }

    static void check(String layer, Tensor x, int in) {
        if (x.rank() != 3 || x.dim(2) != in || x.dim(1) == 0) {
            throw new IllegalArgumentException(layer + ": x is " + x.shape() + ", expected (batch, at least one time step, " + in + ")");
        }
    }
}
