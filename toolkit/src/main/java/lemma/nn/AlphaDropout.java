package lemma.nn;

import lemma.tensor.Functional;
import lemma.tensor.Tensor;

/**
 * Dropout for networks of {@link Activation#SELU}: in training an element goes to selu's lower limit with probability p, and the whole is
 * scaled so that mean 0 and variance 1 stay; in evaluation the identity.
 *
 * @see <a href="https://arxiv.org/abs/1706.02515">Klambauer et al. (2017), Self-normalizing neural networks</a>
 */
public record AlphaDropout(double p) implements Module {
    public AlphaDropout {
        if (!(p >= 0 && p < 1)) throw new IllegalArgumentException("AlphaDropout: p is " + p + ", expected 0 to less than 1");
    }

    public static AlphaDropout of(double p) {
        return new AlphaDropout(p);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return p == 0 || !at.pass().isTraining() ? x : Functional.alphaDropout(at.pass().random(), x, p);
    }
}
