package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Non-local block of the embedded Gaussian: {@code y = x + W (g(x) softmax(theta(x)^T phi(x))^T)}, every place attends to every place.
 *
 * <p>Shapes: {@code x (n, c, h, w) -> (n, c, h, w)}, c even. {@code theta, phi, g} are 1 x 1 convolutions to c/2 channels, {@code w} is one back that
 * starts at zero, so that the block starts as the identity. Time and memory grow with the square of the number of pixels.
 *
 * @see <a href="https://arxiv.org/abs/1711.07971">Wang et al. (2018), Non-local neural networks, eq. 6 and figure 2</a>
 */
public record NonLocalBlock(int channels) implements ImageAttention {
    public NonLocalBlock {
        if (channels < 2 || channels % 2 != 0) throw new IllegalArgumentException("NonLocalBlock: channels " + channels + ", expected an even number of at least 2");
    }

    public static NonLocalBlock of(int channels) {
        return new NonLocalBlock(channels);
    }

    private Conv2d toHalf() {
        return Conv2d.of(channels, channels / 2, 1);
    }

    private Conv2d back() {
        return Conv2d.of(channels / 2, channels, 1);
    }

    @Override
    public Params params(Random random) {
        Params all = Params.EMPTY;
        for (String name : new String[] {"theta", "phi", "g"}) all = all.withChild(name, toHalf().params(random));
        return all.withChild("w", Params.of("weight", Tensor.zeros(channels, channels / 2, 1, 1)).with("bias", Tensor.zeros(channels)));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        check(x);
        Tensor theta = toHalf().forward(x, at.child("theta")).flatten(2);
        Tensor phi = toHalf().forward(x, at.child("phi")).flatten(2);
        Tensor g = toHalf().forward(x, at.child("g")).flatten(2);
        Tensor weights = theta.transpose(1, 2).matmul(phi).softmax(-1);
        Tensor mixed = g.matmul(weights.transpose(1, 2)).reshape(x.dim(0), channels / 2, x.dim(2), x.dim(3));
        return x.add(back().forward(mixed, at.child("w")));
    }

    @Override
    public long flops(int height, int width) {
        long pixels = (long) height * width;
        return 4L * channels * channels * pixels + 2L * channels * pixels * pixels;
    }
}
