package lemma.nn;

import lemma.tensor.Functional;
import lemma.tensor.Tensor;

/** Means over h x w windows that cover the plane: {@code x (n, c, ., .) -> (n, c, h, w)}; one by one is global pooling. */
public record AdaptiveAvgPool2d(int h, int w) implements Module {
    public AdaptiveAvgPool2d {
        if (h < 1 || w < 1) throw new IllegalArgumentException("AdaptiveAvgPool2d: " + h + " x " + w + ", expected at least 1 x 1");
    }

    public static AdaptiveAvgPool2d of(int length) {
        return new AdaptiveAvgPool2d(length, length);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return Functional.adaptiveAvgPool2d(x, h, w);
    }
}
