package lemma.nn;

import lemma.tensor.Functional;
import lemma.tensor.Tensor;

/** Mean of each window: {@code x (n, c, l)}; the stride is the window's length unless given. */
public record AvgPool1d(int kernel, int stride, int padding) implements Module {
    public AvgPool1d {
        if (kernel < 1 || stride < 1 || padding < 0) throw new IllegalArgumentException("AvgPool1d: kernel " + kernel + ", stride " + stride + ", padding " + padding);
    }

    public static AvgPool1d of(int kernel) {
        return new AvgPool1d(kernel, kernel, 0);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return Functional.avgPool1d(x, kernel, stride, padding);
    }
}
