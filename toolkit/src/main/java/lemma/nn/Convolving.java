package lemma.nn;

import lemma.tensor.Functional;
import lemma.tensor.Functional.PadMode;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/** What the convolutions over one and two axes share. */
final class Convolving {
    private Convolving() {}

    static void check(String layer, int in, int out, int kernel, int stride, int padding, int dilation, int groups) {
        if (in < 1 || out < 1 || kernel < 1 || stride < 1 || dilation < 1 || groups < 1) {
            throw new IllegalArgumentException(layer + ": in " + in + ", out " + out + ", kernel " + kernel + ", stride " + stride + ", dilation " + dilation + ", groups " + groups + "; expected positive numbers");
        }
        if (padding < 0 && padding != Conv2d.SAME) throw new IllegalArgumentException(layer + ": padding " + padding + ", expected at least 0, or SAME");
        if (padding == Conv2d.SAME && stride > 1) throw new IllegalArgumentException(layer + ": padding SAME with stride " + stride + ", expected stride 1");
        if (in % groups != 0 || out % groups != 0) throw new IllegalArgumentException(layer + ": groups " + groups + " does not divide in " + in + " and out " + out);
    }

    /** Weight of {@code shape}, and a bias for {@code out}, both uniform in {@code +-1/sqrt(fanIn)}. */
    static Params params(Random random, int fanIn, int out, boolean bias, int... shape) {
        Params weight = Params.of("weight", Init.fanInUniform(random, fanIn, shape));
        return bias ? weight.with("bias", Init.fanInUniform(random, fanIn, out)) : weight;
    }

    /** The last {@code axes} axes of x padded; with SAME by {@code dilation (kernel - 1)} in all, the odd one at the end. */
    static Tensor padded(Tensor x, int axes, int kernel, int padding, int dilation, PadMode mode) {
        int both = padding == Conv2d.SAME ? dilation * (kernel - 1) : 2 * padding;
        int[] lengths = new int[2 * axes];
        for (int i = 0; i < axes; i++) {
            lengths[2 * i] = both / 2;
            lengths[2 * i + 1] = both - both / 2;
        }
        return Functional.pad(x, mode, 0, lengths);
    }

    /** The padding that the convolution itself can do, or -1 if {@link #padded} must. */
    static int own(int kernel, int padding, int dilation, PadMode mode) {
        if (mode != PadMode.CONSTANT) return -1;
        if (padding != Conv2d.SAME) return padding;
        int both = dilation * (kernel - 1);
        return both % 2 == 0 ? both / 2 : -1;
    }
}
