package lemma.nn;

import lemma.tensor.Backend;
import lemma.tensor.Functional;
import lemma.tensor.Tensor;

/** Mean of each window: {@code x (n, c, h, w)}; the stride is the window's length unless given. */
public record AvgPool2d(int kernel, int stride, int padding) implements Module {
    public AvgPool2d {
        if (kernel < 1 || stride < 1 || padding < 0) throw new IllegalArgumentException("AvgPool2d: kernel " + kernel + ", stride " + stride + ", padding " + padding);
    }

    public static AvgPool2d of(int kernel) {
        return new AvgPool2d(kernel, kernel, 0);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return Functional.avgPool2d(x, new Backend.Pool2d(kernel, kernel, stride, stride, padding, padding));
    }
}
