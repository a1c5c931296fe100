package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * A module of which one parameter is computed from others: a weight that is normalised, masked, quantised, of low rank.
 *
 * <p>Names are those of PyTorch's {@code torch.nn.utils.parametrize}: what the parameter is made from stands under
 * {@code parametrizations.<name>}.
 */
public record Parametrized(Module module, String name, Parametrization by) implements Module {
    /** How a parameter is made. */
    public interface Parametrization {
        /** The parameters from which {@link #weight} makes {@code start}, or something like it. */
        Params params(Tensor start);

        /** State that training updates, for a parameter of the shape of {@code start}. */
        default Params state(Tensor start) {
            return Params.EMPTY;
        }

        /** The parameter; {@code at} gives what {@link #params} and {@link #state} hold. */
        Tensor weight(Bound at);
    }

    /** {@code module} with its parameter {@code name}, which may be a path such as {@code 0.weight}, made by {@code by}. */
    public static Parametrized of(Module module, String name, Parametrization by) {
        return new Parametrized(module, name, by);
    }

    private String path() {
        return "parametrizations." + name;
    }

    @Override
    public Params params(Random random) {
        Params all = module.params(random);
        return all.without(name).withChild(path(), by.params(all.get(name)));
    }

    @Override
    public Params state() {
        return module.state().withChild(path(), by.state(module.params(Random.seed(0)).get(name)));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return module.forward(x, at.withParam(name, by.weight(at.child(path()))));
    }
}
