package lemma.dynamics;

import java.util.Arrays;
import java.util.function.Function;
import lemma.autodiff.Autodiff;
import lemma.nn.Params;
import lemma.optim.Optimiser;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Training on all examples at once, with someone watching: plain gradient descent, or any other optimiser on the exact gradient.
 *
 * <pre>{@code
 * var path = FullBatchGradientDescent.of(loss, Sgd.of(0.1)).run(model.params(), 300, (t, p) -> sharpness.add(t, p));
 * }</pre>
 */
public final class FullBatchGradientDescent {
    private final Function<Params, Tensor> loss;
    private final Optimiser optimiser;

    private FullBatchGradientDescent(Function<Params, Tensor> loss, Optimiser optimiser) {
        this.loss = loss;
        this.optimiser = optimiser;
    }

    /** @param loss of all examples, a scalar */
    public static FullBatchGradientDescent of(Function<Params, Tensor> loss, Optimiser optimiser) {
        return new FullBatchGradientDescent(loss, optimiser);
    }

    /** Is shown the parameters before each step, and those at the end. */
    @FunctionalInterface
    public interface Observer {
        void at(int step, Params params);
    }

    /**
     * @param end parameters after the last step
     * @param losses before each step and at the end, infinite from the step on at which training has diverged
     */
    public record Path(Params end, double[] losses) {
        /** The last loss, infinite if training has diverged. */
        public double lastLoss() {
            return losses[losses.length - 1];
        }
    }

    /** {@code steps} steps from {@code start}. */
    public Path run(Params start, int steps) {
        return run(start, steps, (step, params) -> {});
    }

    /** {@code steps} steps from {@code start}, fewer if the loss is no longer finite. */
    public Path run(Params start, int steps, Observer observer) {
        if (steps < 0) throw new IllegalArgumentException("FullBatchGradientDescent: steps is " + steps + ", expected at least 0");
        double[] losses = new double[steps + 1];
        Arrays.fill(losses, Double.POSITIVE_INFINITY);
        Step at = new Step(start, optimiser.init(start));
        for (int t = 0; t < steps; t++) {
            Step here = at;
            Params p = here.params;
            Scored next = Scope.run(() -> {
                var slope = Autodiff.valueAndGrad(loss, p);
                Optimiser.Update update = optimiser.step(p, slope.grad(), here.state);
                return new Scored(slope.value().item(), new Step(update.params(), update.state()));
            });
            if (!Double.isFinite(next.loss)) {
                Scope.replace(next, here);
                return new Path(p, losses);
            }
            losses[t] = next.loss;
            observer.at(t, p);
            Scope.replace(t == 0 ? here.state : here, next);
            at = next.step;
        }
        Params end = at.params;
        double last = Scope.run(() -> loss.apply(end).item());
        if (Double.isFinite(last)) {
            losses[steps] = last;
            observer.at(steps, end);
        }
        return new Path(end, losses);
    }

    /** Where training is. */
    private record Step(Params params, Optimiser.State state) {}

    /** The loss at a step, and the next one. */
    private record Scored(double loss, Step step) {}
}
