package lemma.nn;

import lemma.tensor.Tensor;

/** All axes but the first as one: {@code x (n, ...) -> (n, d)}. */
public record Flatten() implements Module {
    @Override
    public Tensor forward(Tensor x, Bound at) {
        return x.flatten(1);
    }
}
