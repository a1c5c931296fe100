package lemma.nn;

import java.util.List;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Convolutional block attention module: weights of the channels, {@code x' = sigmoid(mlp(mean_hw x) + mlp(max_hw x)) x}, then weights of the places,
 * {@code y = sigmoid(conv([mean_c x', max_c x'])) x'}.
 *
 * <p>Shapes: {@code x (n, c, h, w) -> (n, c, h, w)}; {@code mlp.0} is linear from c to {@code max(1, c / reduction)}, {@code mlp.2} back; {@code conv} goes
 * from two planes to one, with padding that keeps the size and without bias.
 *
 * @param kernel of the convolution, odd
 * @see <a href="https://arxiv.org/abs/1807.06521">Woo et al. (2018), CBAM: Convolutional block attention module, eq. 2 and 3</a>
 */
public record Cbam(int channels, int reduction, int kernel) implements ImageAttention {
    public Cbam {
        if (channels < 1 || reduction < 1 || kernel < 1 || kernel % 2 == 0) {
            throw new IllegalArgumentException("Cbam: channels " + channels + ", reduction " + reduction + ", kernel " + kernel + "; expected at least 1, and an odd kernel");
        }
    }

    /** The paper's reduction by 16 and kernel 7 x 7. */
    public static Cbam of(int channels) {
        return new Cbam(channels, 16, 7);
    }

    public Cbam withReduction(int reduction) {
        return new Cbam(channels, reduction, kernel);
    }

    public Cbam withKernel(int kernel) {
        return new Cbam(channels, reduction, kernel);
    }

    private int hidden() {
        return Math.max(1, channels / reduction);
    }

    private Sequential mlp() {
        return Mlp.of(Activation.RELU, channels, hidden(), channels);
    }

    private Conv2d conv() {
        return Conv2d.of(2, 1, kernel).withPadding(kernel / 2).withoutBias();
    }

    @Override
    public Params params(Random random) {
        return Params.EMPTY.withChild("mlp", mlp().params(random)).withChild("conv", conv().params(random));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        check(x);
        Tensor ofMean = mlp().forward(x.mean(2, 3), at.child("mlp"));
        Tensor ofMax = mlp().forward(x.max(2, 3), at.child("mlp"));
        Tensor weighed = x.mul(ofMean.add(ofMax).sigmoid().reshape(x.dim(0), channels, 1, 1));
        Tensor planes = Tensor.concat(List.of(weighed.meanKeep(1), weighed.maxKeep(1)), 1);
        return weighed.mul(conv().forward(planes, at.child("conv")).sigmoid());
    }

    @Override
    public long flops(int height, int width) {
        return 8L * channels * hidden() + 4L * kernel * kernel * height * width;
    }
}
