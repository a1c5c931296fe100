package lemma.nn;

import lemma.tensor.Functional;
import lemma.tensor.Tensor;

/** Channels to places: {@code (..., c r^2, h, w) -> (..., c, h r, w r)}. */
public record PixelShuffle(int r) implements Module {
    public PixelShuffle {
        if (r < 1) throw new IllegalArgumentException("PixelShuffle: r " + r + ", expected at least 1");
    }

    public static PixelShuffle of(int r) {
        return new PixelShuffle(r);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return Functional.pixelShuffle(x, r);
    }
}
