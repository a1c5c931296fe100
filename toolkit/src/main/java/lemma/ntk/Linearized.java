package lemma.ntk;

import lemma.autodiff.Autodiff;
import lemma.nn.Bound;
import lemma.nn.Model;
import lemma.nn.Module;
import lemma.nn.Params;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * A network's first-order Taylor expansion in its parameters, {@code f_lin(p, x) = f(p_0, x) + df/dp (p - p_0)}: linear in p, with the tangent
 * kernel of f at {@code p_0} for ever. It trains like any module; the parameters start at {@code p_0}.
 *
 * @see <a href="https://arxiv.org/abs/1902.06720">Lee et al. (2019), Wide neural networks of any depth evolve as linear models</a>
 */
public record Linearized(Model origin) implements Module {
    /** Of the model at its parameters, as a model with the same parameters. */
    public static Model of(Model model) {
        return new Model(new Linearized(model), model.params(), model.state());
    }

    @Override
    public Params params(Random random) {
        return origin.params();
    }

    @Override
    public Params state() {
        return origin.state();
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        Params point = origin.params();
        Params step = point.mapNamed((name, p) -> at.param(name).sub(p));
        Autodiff.Jvp j = Autodiff.jvp((Params p) -> origin.with(p).apply(x), point, step);
        return j.value().add(j.tangent());
    }

    @Override
    public String toString() {
        return "Linearized(" + origin.module() + ")";
    }
}
