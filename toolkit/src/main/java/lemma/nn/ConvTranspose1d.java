package lemma.nn;

import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * The transpose of a convolution in its input, which makes an image larger: stride s gives about s times the length.
 *
 * <p>Shapes: {@code x (n, in, l) -> (n, out, l')} with {@code l' = (l - 1) stride - 2 padding + dilation (kernel - 1) + outputPadding + 1};
 * {@code weight (in, out/groups, kernel)}, {@code bias (out)}. Both start uniform in {@code +-1/sqrt(out/groups kernel)}, as in PyTorch.
 */
public record ConvTranspose1d(int in, int out, int kernel, int stride, int padding, int outputPadding, int dilation, int groups, boolean bias) implements Module {
    public ConvTranspose1d {
        Convolving.check("ConvTranspose1d", in, out, kernel, stride, padding, dilation, groups);
        if (padding == Conv2d.SAME) throw new IllegalArgumentException("ConvTranspose1d: padding " + padding + ", expected at least 0");
        if (outputPadding < 0 || outputPadding >= Math.max(stride, dilation)) {
            throw new IllegalArgumentException("ConvTranspose1d: outputPadding " + outputPadding + ", expected at least 0 and less than the stride " + stride + " or the dilation " + dilation);
        }
    }

    public static ConvTranspose1d of(int in, int out, int kernel) {
        return new ConvTranspose1d(in, out, kernel, 1, 0, 0, 1, 1, true);
    }

    public ConvTranspose1d withStride(int stride) {
        return new ConvTranspose1d(in, out, kernel, stride, padding, outputPadding, dilation, groups, bias);
    }

    public ConvTranspose1d withPadding(int padding) {
        return new ConvTranspose1d(in, out, kernel, stride, padding, outputPadding, dilation, groups, bias);
    }

    public ConvTranspose1d withOutputPadding(int outputPadding) {
        return new ConvTranspose1d(in, out, kernel, stride, padding, outputPadding, dilation, groups, bias);
    }

    public ConvTranspose1d withDilation(int dilation) {
        return new ConvTranspose1d(in, out, kernel, stride, padding, outputPadding, dilation, groups, bias);
    }

    public ConvTranspose1d withGroups(int groups) {
        return new ConvTranspose1d(in, out, kernel, stride, padding, outputPadding, dilation, groups, bias);
    }

    public ConvTranspose1d withoutBias() {
        return new ConvTranspose1d(in, out, kernel, stride, padding, outputPadding, dilation, groups, false);
    }

    @Override
    public Params params(Random random) {
        return Convolving.params(random, out / groups * kernel, out, bias, in, out / groups, kernel);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 3 || x.dim(1) != in) throw new IllegalArgumentException("ConvTranspose1d: x is " + x.shape() + ", expected (n, " + in + ", l)");
        return Functional.convTranspose1d(x, at.param("weight"), at.paramOrNull("bias"), stride, padding, outputPadding, dilation, groups);
    }
}
