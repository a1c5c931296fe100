package lemma.nn;

import lemma.tensor.Functional;
import lemma.tensor.Tensor;

/** Means over {@code length} windows that cover the axis: {@code x (n, c, l) -> (n, c, length)}; 1 is global pooling. */
public record AdaptiveAvgPool1d(int length) implements Module {
    public AdaptiveAvgPool1d {
        if (length < 1) throw new IllegalArgumentException("AdaptiveAvgPool1d: length " + length + ", expected at least 1");
    }

    public static AdaptiveAvgPool1d of(int length) {
        return new AdaptiveAvgPool1d(length);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return Functional.adaptiveAvgPool1d(x, length);
    }
}
