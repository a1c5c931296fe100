package lemma.nn;

import lemma.tensor.Backend;
import lemma.tensor.Functional;
import lemma.tensor.Functional.PadMode;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Two-dimensional cross-correlation.
 *
 * <p>Shapes: {@code x (n, in, h, w) -> (n, out, h', w')} with {@code h' = (h + 2 padding - dilation (kernel - 1) - 1) / stride + 1};
 * {@code weight (out, in/groups, kernel, kernel)}, {@code bias (out)}. Both start uniform in {@code +-1/sqrt(in/groups kernel^2)}.
 */
public record Conv2d(int in, int out, int kernel, int stride, int padding, int dilation, int groups, boolean bias, PadMode paddingMode) implements Module {
    /** Padding that keeps the length: {@code dilation (kernel - 1)} in all, where that is odd one more at the end. For stride 1. */
    public static final int SAME = -1;

    public Conv2d {
        Convolving.check("Conv2d", in, out, kernel, stride, padding, dilation, groups);
    }

    public static Conv2d of(int in, int out, int kernel) {
        return new Conv2d(in, out, kernel, 1, 0, 1, 1, true, PadMode.CONSTANT);
    }

    public Conv2d withStride(int stride) {
        return new Conv2d(in, out, kernel, stride, padding, dilation, groups, bias, paddingMode);
    }

    public Conv2d withPadding(int padding) {
        return new Conv2d(in, out, kernel, stride, padding, dilation, groups, bias, paddingMode);
    }

    /** With padding {@link #SAME}. */
    public Conv2d withSamePadding() {
        return withPadding(SAME);
    }

    public Conv2d withDilation(int dilation) {
        return new Conv2d(in, out, kernel, stride, padding, dilation, groups, bias, paddingMode);
    }

    public Conv2d withGroups(int groups) {
        return new Conv2d(in, out, kernel, stride, padding, dilation, groups, bias, paddingMode);
    }

    /** What the padding holds: zeros (CONSTANT), or what the image holds near its edge. */
    public Conv2d withPaddingMode(PadMode paddingMode) {
        return new Conv2d(in, out, kernel, stride, padding, dilation, groups, bias, paddingMode);
    }

    public Conv2d withoutBias() {
        return new Conv2d(in, out, kernel, stride, padding, dilation, groups, false, paddingMode);
    }

    @Override
    public Params params(Random random) {
        return Convolving.params(random, in / groups * kernel * kernel, out, bias, out, in / groups, kernel, kernel);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 4 || x.dim(1) != in) throw new IllegalArgumentException("Conv2d: x is " + x.shape() + ", expected (n, " + in + ", h, w)");
        int own = Convolving.own(kernel, padding, dilation, paddingMode);
        Tensor z = own < 0 ? Convolving.padded(x, 2, kernel, padding, dilation, paddingMode) : x;
        return Functional.conv2d(z, at.param("weight"), at.paramOrNull("bias"), new Backend.Conv2d(stride, stride, Math.max(0, own), Math.max(0, own), dilation, dilation, groups));
    }
}
