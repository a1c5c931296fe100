package lemma.nn;

import lemma.tensor.Tensor;

/**
 * In training {@code x + sigma N(0, I)}; in evaluation the identity. A network whose layers are noisy is a channel: the information between its
 * input and a layer is finite, which that of a deterministic layer of a continuous input is not. To draw from it, apply the model in
 * {@code Pass.train(random)}.
 *
 * @param sigma standard deviation, at least 0, in the units of x
 * @see <a href="https://arxiv.org/abs/1810.05728">Goldfeld et al. (2019), Estimating Information Flow in Deep Neural Networks, section 2</a>
 */
public record GaussianNoise(double sigma) implements Module {
    public GaussianNoise {
        if (!(sigma >= 0) || sigma == Double.POSITIVE_INFINITY) throw new IllegalArgumentException("GaussianNoise: sigma is " + sigma + ", expected at least 0");
    }

    public static GaussianNoise of(double sigma) {
        return new GaussianNoise(sigma);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (sigma == 0 || !at.pass().isTraining()) return x;
        return x.add(at.pass().random().normal(x.shape(), x.dtype()).to(x.backend()).mul(sigma));
    }
}
