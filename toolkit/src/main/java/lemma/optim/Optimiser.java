package lemma.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import lemma.nn.Params;
import lemma.tensor.Tensor;
import lemma.tensor.Tree;

/** A rule that turns parameters and gradients into new parameters. Optimisers are immutable; what they remember is in {@link State}. */
public interface Optimiser {
    /**
     * What an optimiser remembers between steps.
     *
     * @param step number of steps done
     * @param slots moments and the like, each in the structure of the parameters
     */
    record State(long step, List<Params> slots) implements Tree<State> {
        public State {
            slots = List.copyOf(slots);
        }

        @Override
        public List<Tensor> tensors() {
            List<Tensor> all = new ArrayList<>();
            slots.forEach(s -> all.addAll(s.tensors()));
            return all;
        }

        @Override
        public State map(UnaryOperator<Tensor> f) {
            return new State(step, slots.stream().map(s -> s.map(f)).toList());
        }
    }

    /** New parameters and the state after the step. */
    record Update(Params params, State state) {}

    /** The state before the first step. */
    State init(Params params);

    /** One step. */
    Update step(Params params, Params gradients, State state);

    /** Learning rate of step {@code step}, counted from 0. */
    double learningRate(long step);

    /** This optimiser on gradients scaled down, where necessary, to the Euclidean norm {@code limit}. */
    default Optimiser withClipNorm(double limit) {
        return new ClipNorm(this, limit);
    }
}
