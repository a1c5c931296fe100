package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Squeeze and excitation: {@code y = sigmoid(W_2 relu(W_1 mean_hw(x))) x}, a weight for each channel.
 *
 * <p>Shapes: {@code x (n, c, h, w) -> (n, c, h, w)}; {@code fc.0} is linear from c to {@code max(1, c / reduction)}, {@code fc.2} back.
 *
 * @see <a href="https://arxiv.org/abs/1709.01507">Hu, Shen, Sun (2018), Squeeze-and-excitation networks, eq. 2-4</a>
 */
public record SqueezeExcite(int channels, int reduction) implements ImageAttention {
    public SqueezeExcite {
        if (channels < 1 || reduction < 1) {
            throw new IllegalArgumentException("SqueezeExcite: channels " + channels + ", reduction " + reduction + "; expected at least 1");
        }
    }

    /** The paper's reduction by 16. */
    public static SqueezeExcite of(int channels) {
        return new SqueezeExcite(channels, 16);
    }

    public SqueezeExcite withReduction(int reduction) {
        return new SqueezeExcite(channels, reduction);
    }

    private int hidden() {
        return Math.max(1, channels / reduction);
    }

    private Sequential fc() {
        return Mlp.of(Activation.RELU, channels, hidden(), channels);
    }

    @Override
    public Params params(Random random) {
        return Params.EMPTY.withChild("fc", fc().params(random));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        check(x);
        return x.mul(fc().forward(x.mean(2, 3), at.child("fc")).sigmoid().reshape(x.dim(0), channels, 1, 1));
    }

    @Override
    public long flops(int height, int width) {
        return 4L * channels * hidden();
    }
}
