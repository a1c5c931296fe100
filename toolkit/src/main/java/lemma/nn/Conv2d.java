package lemma.nn;

import lemma.tensor.Backend;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Two-dimensional cross-correlation.
 *
 * <p>Shapes: {@code x (n, in, h, w) -> (n, out, h', w')} with {@code h' = (h + 2 padding - dilation (kernel - 1) - 1) / stride + 1};
 * {@code weight (out, in/groups, kernel, kernel)}, {@code bias (out)}. Both start uniform in {@code +-1/sqrt(in/groups kernel^2)}.
 */
public record Conv2d(int in, int out, int kernel, int stride, int padding, int dilation, int groups) implements Module {
    public Conv2d {
        if (in < 1 || out < 1 || kernel < 1 || stride < 1 || padding < 0 || dilation < 1 || groups < 1) {
            throw new IllegalArgumentException("Conv2d: in " + in + ", out " + out + ", kernel " + kernel + ", stride " + stride + ", padding " + padding
                    + ", dilation " + dilation + ", groups " + groups + "; expected positive numbers");
        }
        if (in % groups != 0 || out % groups != 0) throw new IllegalArgumentException("Conv2d: groups " + groups + " does not divide in " + in + " and out " + out);
    }

    public static Conv2d of(int in, int out, int kernel) {
        return new Conv2d(in, out, kernel, 1, 0, 1, 1);
    }

    public Conv2d withStride(int stride) {
        return new Conv2d(in, out, kernel, stride, padding, dilation, groups);
    }

    public Conv2d withPadding(int padding) {
        return new Conv2d(in, out, kernel, stride, padding, dilation, groups);
    }

    public Conv2d withDilation(int dilation) {
        return new Conv2d(in, out, kernel, stride, padding, dilation, groups);
    }

    public Conv2d withGroups(int groups) {
        return new Conv2d(in, out, kernel, stride, padding, dilation, groups);
    }

    @Override
    public Params params(Random random) {
        int fanIn = in / groups * kernel * kernel;
        return Params.of("weight", Init.fanInUniform(random, fanIn, out, in / groups, kernel, kernel)).with("bias", Init.fanInUniform(random, fanIn, out));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 4 || x.dim(1) != in) throw new IllegalArgumentException("Conv2d: x is " + x.shape() + ", expected (n, " + in + ", h, w)");
        return Functional.conv2d(x, at.param("weight"), at.param("bias"), new Backend.Conv2d(stride, stride, padding, padding, dilation, dilation, groups));
    }
}
