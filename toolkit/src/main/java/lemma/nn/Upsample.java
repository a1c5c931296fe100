package lemma.nn;

import lemma.tensor.Functional;
import lemma.tensor.Functional.Interpolation;
import lemma.tensor.Tensor;

/** The axes behind (n, c, ...) made {@code scale} times as long, by the nearest element or linearly (bilinear in a plane). */
public record Upsample(double scale, Interpolation mode, boolean alignCorners) implements Module {
    public Upsample {
        if (!(scale > 0)) throw new IllegalArgumentException("Upsample: scale " + scale + ", expected a positive number");
        if (alignCorners && mode == Interpolation.NEAREST) throw new IllegalArgumentException("Upsample: alignCorners has no meaning for NEAREST");
    }

    /** By the nearest element. */
    public static Upsample of(double scale) {
        return new Upsample(scale, Interpolation.NEAREST, false);
    }

    public static Upsample bilinear(double scale) {
        return new Upsample(scale, Interpolation.LINEAR, false);
    }

    /** With the first and the last places where they were. */
    public Upsample withAlignedCorners() {
        return new Upsample(scale, mode, true);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return Functional.interpolate(x, mode, alignCorners, scale);
    }
}
