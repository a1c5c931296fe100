package lemma.nn;

import lemma.tensor.Backend;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Series-informed activation: a weighted sum of shifted activations in a neighbourhood, {@code y_{h,w,c} = sum_{i,j = -n}^{n} a_{ijc} relu(x_{i+h,j+w,c} + b_c)},
 * zeros beyond the border. It makes a layer more non-linear, and lets a channel see around it, at the price of a depthwise convolution.
 *
 * <p>Shapes: {@code x (n, c, h, w) -> (n, c, h, w)}; {@code weight a (c, 1, 2n + 1, 2n + 1)} starts normal with standard deviation 0.02 (follow it by
 * batch normalisation), {@code offset b (c)} at zero. With {@code shift} there is a {@code bias (c)} added at the end, which {@link BatchNormFolding} needs.
 *
 * @param reach n, how many pixels to each side
 * @see <a href="https://arxiv.org/abs/2305.12972">Chen et al. (2023), VanillaNet, eq. 6</a>
 */
public record SeriesActivation(int channels, int reach, boolean shift) implements Module {
    public SeriesActivation {
        if (channels < 1 || reach < 0) throw new IllegalArgumentException("SeriesActivation: channels " + channels + ", reach " + reach + "; expected at least 1 and 0");
    }

    /** The paper's reach of 3. */
    public static SeriesActivation of(int channels) {
        return new SeriesActivation(channels, 3, false);
    }

    public SeriesActivation withReach(int reach) {
        return new SeriesActivation(channels, reach, shift);
    }

    /** With a bias after the sum. */
    public SeriesActivation withShift() {
        return new SeriesActivation(channels, reach, true);
    }

    @Override
    public Params params(Random random) {
        int side = 2 * reach + 1;
        Params all = Params.of("weight", random.normal(channels, 1, side, side).mul(0.02)).with("offset", Tensor.zeros(channels));
        return shift ? all.with("bias", Tensor.zeros(channels)) : all;
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 4 || x.dim(1) != channels) throw new IllegalArgumentException("SeriesActivation: x is " + x.shape() + ", expected (n, " + channels + ", h, w)");
        Tensor activated = x.add(at.param("offset").reshape(channels, 1, 1)).relu();
        return Functional.conv2d(activated, at.param("weight"), at.paramOrNull("bias"), new Backend.Conv2d(1, 1, reach, reach, 1, 1, channels));
    }
}
