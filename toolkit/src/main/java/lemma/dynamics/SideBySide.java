package lemma.dynamics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import lemma.autodiff.Autodiff;
import lemma.nn.Params;
import lemma.optim.Optimiser;
import lemma.optim.Schedule;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * A {@link LinearProblem} learnt with many schedules at once: all runs start at 0 and see the same batches, run j moves by its own rate,
 * {@code w_j -= eta_j(t) u_j}, along what the optimiser does at rate 1.
 *
 * @param unit an optimiser of rate 1 that treats coordinates alike, such as {@code Sgd.of(1)} or {@code Adam.of(1)}
 * @param steps of each run
 * @param batchSize examples a step, drawn with repetition
 */
public record SideBySide(Optimiser unit, int steps, int batchSize) {
    public SideBySide {
        if (steps < 1 || batchSize < 1) throw new IllegalArgumentException("SideBySide: steps " + steps + ", batch size " + batchSize + "; expected at least 1");
        if (unit.learningRate(0) != 1) throw new IllegalArgumentException("SideBySide: the optimiser has the rate " + unit.learningRate(0) + ", expected 1; the schedules have the rates");
    }

    /**
     * What came out.
     *
     * @param losses of each run over all examples after the last step; infinite where it diverged
     * @param norms (steps, k) norms of the gradients of the batches
     */
    public record Outcome(double[] losses, Tensor norms) {
        /** The norms of run j, step by step. */
        public double[] norms(int j) {
            return norms.narrow(1, j, j + 1).toDoubles();
        }
    }

    /**
     * A shape of schedules at the best of its rates.
     *
     * @param rate of the least mean loss
     * @param losses at that rate, a number a seed
     * @param norms root mean squares over the seeds of the gradient norms at that rate, step by step
     */
    public record Tuned(double rate, double[] losses, double[] norms) {}

    /**
     * Each shape with each of the rates and seeds, at the rate whose loss, averaged over the seeds, is least.
     *
     * @param order of the norms, as in {@link #run}
     */
    public Map<String, Tuned> tune(LinearProblem problem, Map<String, Schedule> shapes, double[] rates, double order, long... seeds) {
        List<Schedule> all = shapes.values().stream().flatMap(s -> Arrays.stream(rates).mapToObj(s::times)).toList();
        List<Outcome> outcomes = Arrays.stream(seeds).mapToObj(seed -> run(problem, all, order, Random.seed(seed))).toList();
        Map<String, Tuned> tuned = new LinkedHashMap<>();
        for (String shape : shapes.keySet()) {
            int first = tuned.size() * rates.length;
            int best = IntStream.range(first, first + rates.length).boxed().min(Comparator.comparingDouble(j -> mean(outcomes, j))).orElseThrow();
            tuned.put(shape, new Tuned(rates[best - first], outcomes.stream().mapToDouble(o -> o.losses[best]).toArray(), meanNorms(outcomes, best)));
        }
        return tuned;
    }

    private static double mean(List<Outcome> outcomes, int j) {
        return outcomes.stream().mapToDouble(o -> o.losses[j]).average().orElseThrow();
    }

    private static double[] meanNorms(List<Outcome> outcomes, int j) {
        double[][] norms = outcomes.stream().map(o -> o.norms(j)).toArray(double[][]::new);
        return IntStream.range(0, norms[0].length).mapToDouble(t -> Math.sqrt(Arrays.stream(norms).mapToDouble(n -> n[t] * n[t]).average().orElseThrow())).toArray();
    }

    private record Now(Params w, Optimiser.State state, Tensor norms) {}

    /**
     * Runs all schedules.
     *
     * @param order of the norm that is kept: 2, or 1 for the sum of absolute values
     */
    public Outcome run(LinearProblem problem, List<Schedule> schedules, double order, Random random) {
        return Scope.run(() -> {
            Params w = Params.of("w", Tensor.zeros(problem.x().dim(1), schedules.size()));
            Now now = new Now(w, unit.init(w), null);
            Tensor[] norms = new Tensor[steps];
            for (int t = 0; t < steps; t++) {
                Now before = now;
                int step = t;
                now = Scope.run(() -> step(problem, before, rates(schedules, step), order, random.fork(step)));
                Scope.replace(List.of(before.w, before.state), List.of());
                norms[t] = now.norms;
            }
            double[] losses = problem.losses(now.w.get("w")).toDoubles();
            for (int j = 0; j < losses.length; j++) if (!Double.isFinite(losses[j])) losses[j] = Double.POSITIVE_INFINITY;
            return new Outcome(losses, Tensor.stack(List.of(norms), 0));
        });
    }

    private static Tensor rates(List<Schedule> schedules, int step) {
        float[] rates = new float[schedules.size()];
        for (int j = 0; j < rates.length; j++) rates[j] = (float) schedules.get(j).at(step);
        return Tensor.of(rates, rates.length);
    }

    private Now step(LinearProblem problem, Now now, Tensor rates, double order, Random random) {
        Tensor rows = random.integers(0, problem.x().dim(0), batchSize);
        Params g = Autodiff.grad((Params p) -> problem.losses(p.get("w"), rows).sum(), now.w);
        Optimiser.Update update = unit.step(now.w, g, now.state);
        Params moved = now.w.zip(update.params(), (w, next) -> w.add(next.sub(w).mul(rates)));
        return new Now(moved, update.state(), g.get("w").vectorNorm(order, 0));
    }
}
