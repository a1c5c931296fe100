package lemma.nn;

import java.util.List;
import java.util.function.UnaryOperator;
import lemma.display.Bundle;
import lemma.display.Rich;
import lemma.tensor.Tensor;
import lemma.tensor.Tree;

/**
 * A module with its parameters and state. Immutable: training gives another model.
 *
 * @param module what is computed
 * @param params what is learnt
 * @param state what training updates without gradients
 */
public record Model(Module module, Params params, Params state) implements Tree<Model>, Rich {
    /** The output in evaluation. */
    public Tensor apply(Tensor x) {
        return apply(x, Pass.eval());
    }

    /** The output in {@code pass}, which collects new state in training. */
    public Tensor apply(Tensor x, Pass pass) {
        return module.forward(x, bind(pass));
    }

    /** What the module sees of this model in {@code pass}, for methods of modules beside {@link Module#forward}. */
    public Bound bind(Pass pass) {
        return new Bound(params, state, pass, "");
    }

    /** This model with other parameters. */
    public Model with(Params other) {
        return new Model(module, other, state);
    }

    /** This model with other state. */
    public Model withState(Params other) {
        return new Model(module, params, other);
    }

    @Override
    public List<Tensor> tensors() {
        List<Tensor> all = params.tensors();
        all.addAll(state.tensors());
        return all;
    }

    @Override
    public Model map(UnaryOperator<Tensor> f) {
        return new Model(module, params.map(f), state.map(f));
    }

    /** The module and a table of parameters and state. */
    @Override
    public Bundle bundle() {
        return Summary.of(module, params, state).with(Bundle.TEXT, toString());
    }

    /** The module and the table of parameters. */
    @Override
    public String toString() {
        return module + "\n" + params;
    }
}
