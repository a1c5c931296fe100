package lemma.nn;

import lemma.tensor.DType;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Functions with steps whose gradient is that of a smooth stand-in, so that networks with discrete values can be trained.
 *
 * @see <a href="https://arxiv.org/abs/1308.3432">Bengio, Leonard, Courville (2013), Estimating or propagating gradients through stochastic neurons</a>
 */
public final class StraightThrough {
    private StraightThrough() {}

    /** {@code round(x)} with the gradient of the identity. */
    public static Tensor round(Tensor x) {
        return Functional.straightThrough(x.detach().round(), x);
    }

    /**
     * -1 where {@code x < 0}, else 1, with the gradient of {@code clamp(x, -1, 1)}.
     *
     * @see <a href="https://arxiv.org/abs/1602.02830">Courbariaux et al. (2016), Binarized neural networks, eq. 1 and 4</a>
     */
    public static Tensor sign(Tensor x) {
        Tensor value = x.detach().ge(0).to(x.dtype()).mul(2).sub(1);
        return Functional.straightThrough(value, x.clamp(-1, 1));
    }

    /**
     * Samples from the classes of {@code logits (..., classes)}: {@code y = softmax((logits + gumbel noise) / temperature)}; a hard sample is
     * the one-hot vector of the largest, with the gradient of y.
     *
     * @see <a href="https://arxiv.org/abs/1611.01144">Jang, Gu, Poole (2017), Categorical reparameterization with Gumbel-softmax</a>
     */
    public static Tensor gumbelSoftmax(Tensor logits, double temperature, boolean hard, Random random) {
        if (!(temperature > 0)) throw new IllegalArgumentException("gumbelSoftmax: temperature is " + temperature + ", expected above 0");
        // 1 - u lies in (0, 1]; the exponential variable -log(1 - u) is 0 with probability 2^-53, and then this class wins
        Tensor exponential = random.uniform(logits.shape(), DType.FLOAT64).neg().log1p().neg();
        Tensor noise = exponential.log().neg().to(logits.dtype()).to(logits.backend());
        Tensor soft = logits.add(noise).div(temperature).softmax(-1);
        if (!hard) return soft;
        Tensor winner = soft.detach().argmax(-1).oneHot(logits.dim(-1)).to(logits.dtype());
        return Functional.straightThrough(winner, soft);
    }
}
