package lemma.nn;

import lemma.tensor.Functional;
import lemma.tensor.Tensor;

/** Places to channels: {@code (..., c, h r, w r) -> (..., c r^2, h, w)}. */
public record PixelUnshuffle(int r) implements Module {
    public PixelUnshuffle {
        if (r < 1) throw new IllegalArgumentException("PixelUnshuffle: r " + r + ", expected at least 1");
    }

    public static PixelUnshuffle of(int r) {
        return new PixelUnshuffle(r);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return Functional.pixelUnshuffle(x, r);
    }
}
