package lemma.nn;

import lemma.tensor.Tensor;

/**
 * Weight normalisation: {@code w = g v / |v|}, the norm over all axes but the first, so that length and direction of the weights of each
 * output are learnt apart. Parameters {@code original0} (g) and {@code original1} (v), as in PyTorch's {@code parametrizations.weight_norm}.
 *
 * @see <a href="https://arxiv.org/abs/1602.07868">Salimans, Kingma (2016), Weight normalization, eq. 2</a>
 */
public final class WeightNorm implements Parametrized.Parametrization {
    private WeightNorm() {}

    /** {@code module} with its parameter {@code weight} normalised. */
    public static Parametrized of(Module module) {
        return of(module, "weight");
    }

    /** {@code module} with its parameter {@code name} normalised. */
    public static Parametrized of(Module module, String name) {
        return Parametrized.of(module, name, new WeightNorm());
    }

    @Override
    public Params params(Tensor start) {
        return Params.of("original0", length(start)).with("original1", start);
    }

    @Override
    public Tensor weight(Bound at) {
        Tensor v = at.param("original1");
        return v.mul(at.param("original0").div(length(v)));
    }

    private static Tensor length(Tensor v) {
        if (v.rank() < 2) throw new IllegalArgumentException("WeightNorm: the parameter is " + v.shape() + ", expected at least two axes");
        int[] axes = new int[v.rank() - 1];
        for (int i = 0; i < axes.length; i++) axes[i] = i + 1;
        return v.square().sumKeep(axes).sqrt();
    }
}
