package lemma.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongToDoubleFunction;
import lemma.nn.Params;
import lemma.tensor.Tensor;

/**
 * An optimiser that keeps an average of the weights beside them, {@code a += (1 - keep) (p - a)} after each step, which starts as the
 * weights after the first step. Evaluation and the trained model use the average.
 *
 * @see <a href="https://doi.org/10.1137/0330046">Polyak, Juditsky (1992), Acceleration of stochastic approximation by averaging</a>
 * @see <a href="https://arxiv.org/abs/1803.05407">Izmailov et al. (2018), Averaging weights leads to wider optima and better generalization</a>
 */
final class WeightAverage implements Optimiser {
    private final Optimiser inner;
    private final LongToDoubleFunction keep;

    private WeightAverage(Optimiser inner, LongToDoubleFunction keep) {
        this.inner = inner;
        this.keep = keep;
    }

    static WeightAverage exponential(Optimiser inner, double decay) {
        if (!(decay >= 0 && decay < 1)) throw new IllegalArgumentException("withEma: decay is " + decay + ", expected 0 to less than 1");
        return new WeightAverage(inner, t -> t == 0 ? 0 : decay);
    }

    static WeightAverage uniform(Optimiser inner, long start) {
        if (start < 0) throw new IllegalArgumentException("withSwa: start is " + start + ", expected at least 0");
        return new WeightAverage(inner, t -> t <= start ? 0 : (t - start) / (t - start + 1.0));
    }

    @Override
    public double learningRate(long step) {
        return inner.learningRate(step);
    }

    @Override
    public State init(Params params) {
        return with(inner.init(params), params.map(t -> t.add(0)));
    }

    private static State with(State state, Params average) {
        List<Params> slots = new ArrayList<>(state.slots());
        slots.add(average);
        return new State(state.step(), slots);
    }

    private static State without(State state) {
        return new State(state.step(), state.slots().subList(0, state.slots().size() - 1));
    }

    @Override
    public Update step(Params params, Params gradients, State state) {
        Update update = inner.step(params, gradients, without(state));
        double part = 1 - keep.applyAsDouble(state.step());
        Params average = state.slots().getLast().zip(update.params(), (a, p) -> part == 1 ? p.add(0) : mix(a, p, part));
        return new Update(update.params(), with(update.state(), average));
    }

    private static Tensor mix(Tensor a, Tensor p, double part) {
        return a.add(p.sub(a).mul(part));
    }

    @Override
    public Params forEvaluation(Params params, State state) {
        return state.slots().getLast();
    }
}
