package lemma.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import lemma.nn.Params;
import lemma.tensor.Random;
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

    /** The parameters to evaluate with, and those of the trained model: the parameters themselves unless the optimiser averages. */
    default Params forEvaluation(Params params, State state) {
        return params;
    }

    /**
     * This optimiser with an exponential moving average of the weights, {@code a = decay a + (1 - decay) p} after each step, beside them.
     * Evaluation and the trained model use the average, {@link #forEvaluation}. Decays of 0.99 to 0.9999 are usual.
     */
    default Optimiser withEma(double decay) {
        return WeightAverage.exponential(this, decay);
    }

    /** This optimiser with the plain mean of the weights after step {@code start} and all later ones (stochastic weight averaging) beside them, used as in {@link #withEma}. */
    default Optimiser withSwa(long start) {
        return WeightAverage.uniform(this, start);
    }

    /** This optimiser on gradients scaled down, where necessary, to the Euclidean norm {@code limit}. */
    default Optimiser withClipNorm(double limit) {
        return new ClipNorm(this, limit);
    }

    /**
     * This optimiser on gradients with Gaussian noise of variance {@code eta / (1 + t)^gamma} at step t, drawn from {@code random}; see
     * {@link GradientNoise}. Call {@link #withClipNorm} after it to clip before the noise.
     */
    default Optimiser withGradientNoise(double eta, double gamma, Random random) {
        return new GradientNoise(this, eta, gamma, random);
    }
}
