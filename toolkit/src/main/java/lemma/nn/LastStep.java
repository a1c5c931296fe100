package lemma.nn;

import lemma.tensor.Slice;
import lemma.tensor.Tensor;

/** The last step of a sequence: {@code x (batch, time, d) -> (batch, d)}. */
public record LastStep() implements Module {
    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 3 || x.dim(1) == 0) throw new IllegalArgumentException("LastStep: x is " + x.shape() + ", expected (batch, at least one time step, d)");
        return x.get(Slice.all(), Slice.at(-1));
    }
}
