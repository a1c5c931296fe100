package lemma.ntk;

import lemma.nn.Bound;
import lemma.nn.Module;
import lemma.tensor.Functional;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/** Layer normalisation over channels; {@link Stax#layerNorm}. */
record Normalizing(double eps) implements Network {
    Normalizing {
        if (!(eps >= 0)) throw new IllegalArgumentException("Stax.layerNorm: eps " + eps + ", expected at least 0");
    }

    @Override
    public Module module(Shape in) {
        return new Finite(eps);
    }

    @Override
    public Shape out(Shape in) {
        return in;
    }

    @Override
    public Covariance covariance(Covariance k) {
        if (!k.isGaussian()) throw new IllegalArgumentException("Stax.layerNorm: its input is not Gaussian, so that the mean over channels need not be zero; put it right behind a dense or conv layer");
        return k.normalized(eps);
    }

    private record Finite(double eps) implements Module {
        @Override
        public Tensor forward(Tensor x, Bound at) {
            if (x.rank() == 2) return Functional.layerNorm(x, null, null, eps);
            return Functional.layerNorm(x.movedim(1, -1), null, null, eps).movedim(-1, 1);
        }
    }
}
