package lemma.train;

import lemma.autodiff.Autodiff;
import lemma.nn.Model;
import lemma.nn.Params;
import lemma.optim.Optimiser;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Training on a loss that is another at each step, where {@link Trainer} does not fit: batches of inputs of different lengths, which no one tensor
 * holds, or examples drawn anew. Memory is constant.
 *
 * <pre>{@code
 * Model trained = StepwiseTraining.of(Adam.of(1e-3), 1500).fit(net, (model, step) -> PointingModule.loss(model, batch(step).points(), batch(step).targets()));
 * }</pre>
 */
public record StepwiseTraining(Optimiser optimiser, int steps) {
    public StepwiseTraining {
        if (steps < 0) throw new IllegalArgumentException("StepwiseTraining: steps is " + steps + ", expected at least 0");
    }

    public static StepwiseTraining of(Optimiser optimiser, int steps) {
        return new StepwiseTraining(optimiser, steps);
    }

    /** The loss of a step. */
    @FunctionalInterface
    public interface Loss {
        /**
         * @param model with the parameters to differentiate by
         * @param step from 0
         * @return a scalar
         */
        Tensor at(Model model, int step);
    }

    private record At(Params params, Optimiser.State state) {}

    private record Next(double loss, At at) {}

    /**
     * The trained model; its state is that of {@code start}.
     *
     * @throws ArithmeticException if the loss stops being finite; the message names the step
     */
    public Model fit(Model start, Loss loss) {
        At at = new At(start.params(), optimiser.init(start.params()));
        for (int t = 0; t < steps; t++) {
            At here = at;
            int step = t;
            Next next = Scope.run(() -> {
                var slope = Autodiff.valueAndGrad((Params p) -> loss.at(start.with(p), step), here.params);
                Optimiser.Update update = optimiser.step(here.params, slope.grad(), here.state);
                return new Next(slope.value().item(), new At(update.params(), update.state()));
            });
            if (!Double.isFinite(next.loss)) throw new ArithmeticException("StepwiseTraining: the loss is " + next.loss + " at step " + step + " (learning rate " + optimiser.learningRate(step) + "); lower the rate or clip gradients");
            Scope.replace(t == 0 ? here.state : here, next);
            at = next.at;
        }
        return start.with(optimiser.forEvaluation(at.params, at.state));
    }
}
