package lemma.nn;

import lemma.tensor.Backend;
import lemma.tensor.Functional;
import lemma.tensor.Tensor;

/** Largest value of each window: {@code x (n, c, h, w)}; the stride is the window's length unless given. */
public record MaxPool2d(int kernel, int stride, int padding) implements Module {
    public MaxPool2d {
        if (kernel < 1 || stride < 1 || padding < 0) throw new IllegalArgumentException("MaxPool2d: kernel " + kernel + ", stride " + stride + ", padding " + padding);
    }

    public static MaxPool2d of(int kernel) {
        return new MaxPool2d(kernel, kernel, 0);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return Functional.maxPool2d(x, new Backend.Pool2d(kernel, kernel, stride, stride, padding, padding));
    }
}
