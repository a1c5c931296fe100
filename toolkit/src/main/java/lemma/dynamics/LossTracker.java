package lemma.dynamics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import lemma.autodiff.Autodiff;
import lemma.autodiff.SymmetricOperator;
import lemma.nn.Params;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;
import org.hipparchus.stat.correlation.PearsonsCorrelation;

/**
 * The loss of every example at every step of training, and what it shows without any knowledge of the data: which examples get worse while others
 * get better. Two groups have opposing signals if their losses move in antiphase and their gradients point apart.
 *
 * <pre>{@code
 * LossTracker tracker = LossTracker.of(p -> losses(p));
 * FullBatchGradientDescent.of(loss, Sgd.of(0.4)).run(start, 400, tracker);
 * for (int t : tracker.largestRises(10)) tracker.rising(t, 20) ...
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/2311.04163">Rosenfeld, Risteski (2023), Outliers with opposing signals have an outsized effect on neural network optimization, section 2</a>
 */
public final class LossTracker implements FullBatchGradientDescent.Observer {
    private final Function<Params, Tensor> losses;
    private final List<double[]> seen = new ArrayList<>();

    private LossTracker(Function<Params, Tensor> losses) {
        this.losses = losses;
    }

    /** @param losses of all examples, one each, (n) */
    public static LossTracker of(Function<Params, Tensor> losses) {
        return new LossTracker(losses);
    }

    @Override
    public void at(int step, Params params) {
        if (step != seen.size()) throw new IllegalArgumentException("LossTracker: step " + step + " after " + seen.size() + " steps; a tracker watches one path from its start");
        seen.add(Scope.run(() -> losses.apply(params).reshape(-1).toDoubles()));
    }

    /** How many steps there were: one less than states seen. */
    public int steps() {
        return Math.max(0, seen.size() - 1);
    }

    /** How much the loss of each example rose in step {@code step}. */
    public double[] change(int step) {
        if (step < 0 || step >= steps()) throw new IllegalArgumentException("LossTracker: step is " + step + ", there are " + steps());
        double[] before = seen.get(step);
        double[] after = seen.get(step + 1);
        return IntStream.range(0, before.length).mapToDouble(i -> after[i] - before[i]).toArray();
    }

    /** How much the mean loss of {@code examples} rose in each step. */
    public double[] changes(int... examples) {
        return IntStream.range(0, steps()).mapToDouble(t -> {
            double[] change = change(t);
            return Arrays.stream(examples).mapToDouble(i -> change[i]).average().orElseThrow();
        }).toArray();
    }

    /** How much the mean loss of all rose in each step. */
    public double[] changes() {
        return IntStream.range(0, steps()).mapToDouble(t -> Arrays.stream(change(t)).average().orElseThrow()).toArray();
    }

    /** The steps in which the mean loss of all rose by more than {@code share} of what it was at the start, in order; 1e-6 leaves rounding out. */
    public int[] rises(double share) {
        if (seen.isEmpty()) return new int[0];
        double[] changes = changes();
        double least = share * Arrays.stream(seen.getFirst()).average().orElseThrow();
        return IntStream.range(0, changes.length).filter(t -> changes[t] > least).toArray();
    }

    /** The {@code count} steps in which the mean loss of all rose most, the largest first; fewer if it rose less often. */
    public int[] largestRises(int count) {
        double[] changes = changes();
        return ordered(Arrays.stream(rises(0)), t -> -changes[t]).limit(count).toArray();
    }

    /** The {@code count} examples whose loss rose most in this step. */
    public int[] rising(int step, int count) {
        double[] change = change(step);
        return ordered(IntStream.range(0, change.length), i -> -change[i]).limit(count).toArray();
    }

    /** The {@code count} examples whose loss fell most in this step. */
    public int[] falling(int step, int count) {
        double[] change = change(step);
        return ordered(IntStream.range(0, change.length), i -> change[i]).limit(count).toArray();
    }

    private static IntStream ordered(IntStream numbers, IntToDoubleFunction key) {
        return numbers.boxed().sorted(Comparator.comparingDouble(key::applyAsDouble)).mapToInt(i -> i);
    }

    /** Pearson's correlation of the changes of two groups' mean losses over {@code length} steps from {@code from}: near -1 in antiphase. */
    public double correlation(int[] a, int[] b, int from, int length) {
        if (from < 0 || length < 2 || from + length > steps()) throw new IllegalArgumentException("LossTracker: steps " + from + " to " + (from + length) + ", expected two or more within " + steps());
        return new PearsonsCorrelation().correlation(Arrays.copyOfRange(changes(a), from, from + length), Arrays.copyOfRange(changes(b), from, from + length));
    }

    /** The cosine of the gradients of two groups' mean losses at {@code params}. */
    public double gradientCosine(Params params, int[] a, int[] b) {
        return Scope.run(() -> {
            Tensor g = gradient(params, a);
            Tensor h = gradient(params, b);
            return g.mul(h).sum().item() / (g.norm().item() * h.norm().item());
        });
    }

    private Tensor gradient(Params params, int[] examples) {
        Tensor chosen = Tensor.of(examples);
        return SymmetricOperator.flat(Autodiff.grad((Params p) -> losses.apply(p).reshape(-1).indexSelect(0, chosen).mean(), params));
    }
}
