package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Spectral normalisation: {@code w / sigma}, with the largest singular value {@code sigma = u^T W v} of the weight as a matrix (first axis,
 * all others). u and v follow it by one step of power iteration at each application in training, {@code u = W v / |W v|;
 * v = W^T u / |W^T u|}; in evaluation they stay. Parameter {@code original}, state {@code 0._u} and {@code 0._v}, as in PyTorch's
 * {@code parametrizations.spectral_norm}, which takes fifteen steps when it is made; here they start at random and are close after
 * as many training steps.
 *
 * @see <a href="https://arxiv.org/abs/1802.05957">Miyato et al. (2018), Spectral normalization for generative adversarial networks, algorithm 1</a>
 */
public final class SpectralNorm implements Parametrized.Parametrization {
    private static final double EPS = 1e-12;

    private SpectralNorm() {}

    /** {@code module} with its parameter {@code weight} normalised. */
    public static Parametrized of(Module module) {
        return of(module, "weight");
    }

    /** {@code module} with its parameter {@code name} normalised. */
    public static Parametrized of(Module module, String name) {
        return Parametrized.of(module, name, new SpectralNorm());
    }

    @Override
    public Params params(Tensor start) {
        if (start.rank() < 2) throw new IllegalArgumentException("SpectralNorm: the parameter is " + start.shape() + ", expected at least two axes");
        return Params.of("original", start);
    }

    @Override
    public Params state(Tensor start) {
        Tensor matrix = start.flatten(1);
        return Params.of("0._u", unit(Random.seed(0).normal(matrix.dim(0)))).with("0._v", unit(Random.seed(1).normal(matrix.dim(1))));
    }

    @Override
    public Tensor weight(Bound at) {
        Tensor w = at.param("original");
        Tensor matrix = w.flatten(1);
        Tensor u = at.state("0._u");
        Tensor v = at.state("0._v");
        if (at.pass().isTraining()) {
            Tensor fixed = matrix.detach();
            u = unit(fixed.matmul(v));
            v = unit(u.matmul(fixed));
            at.update("0._u", u);
            at.update("0._v", v);
        }
        return w.div(u.matmul(matrix).mul(v).sum());
    }

    private static Tensor unit(Tensor x) {
        return x.div(x.norm().maximum(EPS));
    }
}
