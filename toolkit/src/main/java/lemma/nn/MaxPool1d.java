package lemma.nn;

import lemma.tensor.Functional;
import lemma.tensor.Tensor;

/** Largest value of each window: {@code x (n, c, l)}; the stride is the window's length unless given. */
public record MaxPool1d(int kernel, int stride, int padding) implements Module {
    public MaxPool1d {
        if (kernel < 1 || stride < 1 || padding < 0) throw new IllegalArgumentException("MaxPool1d: kernel " + kernel + ", stride " + stride + ", padding " + padding);
    }

    public static MaxPool1d of(int kernel) {
        return new MaxPool1d(kernel, kernel, 0);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return Functional.maxPool1d(x, kernel, stride, padding);
    }
}
