package lemma.dynamics;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import lemma.autodiff.Autodiff;
import lemma.loss.Losses;
import lemma.nn.Model;
import lemma.nn.Module;
import lemma.nn.Params;
import lemma.nn.Pass;
import lemma.optim.Optimiser;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;
import lemma.train.Batch;
import lemma.train.TrainingData;

/**
 * Concurrent adversarial learning (ConAdv): each batch also comes moved by one step of the sign of a gradient, which is taken at the parameters of
 * {@code staleness} steps ago, so that another worker can make it while the steps between are done:
 *
 * <pre>{@code
 * x' = x + eps sign(dL(theta_{t - staleness}; x, y) / dx)
 * theta_{t+1} = theta_t - step(d[L(theta_t; x, y) + weight L(theta_t; x', y)] / dtheta)
 * }</pre>
 *
 * Staleness 0 is adversarial training as usual. Clean and moved inputs go through two views of one network that share what they share by name, such as
 * networks with the two branches of a {@link lemma.nn.DualBatchNorm1d}; the moves are made with the view for moved inputs, and the statistics of the batch.
 *
 * @param optimiser of the parameters
 * @param eps largest change of an input coordinate
 * @param weight lambda, of the loss at moved inputs
 * @param staleness tau, in steps; the first steps use the start
 * @param epochs passes over the data
 * @param batchSize examples a step
 * @see <a href="https://arxiv.org/abs/2106.00221">Liu et al. (2021), Concurrent adversarial learning for large-batch training, section 3</a>
 */
public record ConcurrentAdversarialTrainer(Optimiser optimiser, double eps, double weight, int staleness, int epochs, int batchSize) {
    public ConcurrentAdversarialTrainer {
        if (!(eps >= 0) || !(weight >= 0)) throw new IllegalArgumentException("ConcurrentAdversarialTrainer: eps " + eps + ", weight " + weight + "; expected at least 0");
        if (staleness < 0) throw new IllegalArgumentException("ConcurrentAdversarialTrainer: staleness is " + staleness + ", expected at least 0");
        if (epochs < 1 || batchSize < 1) throw new IllegalArgumentException("ConcurrentAdversarialTrainer: epochs " + epochs + ", batch size " + batchSize + "; expected at least 1");
    }

    /**
     * What training gives.
     *
     * @param model for clean inputs
     * @param agreement cosine between the signs of stale and fresh gradients of the inputs, step by step
     * @param drift relative change of the parameters between the two, {@code |theta_t - theta_{t - staleness}| / |theta_t|}, step by step
     */
    public record Trained(Model model, double[] agreement, double[] drift) {}

    private record Now(Params params, Params state, Optimiser.State memory, double agreement, double drift) {}

    /**
     * Trains on inputs x (n, ...) with labels y (n).
     *
     * @param start for clean inputs
     * @param moved the same network for moved inputs
     */
    public Trained fit(Model start, Module moved, Tensor x, Tensor y, long seed) {
        if (!moved.params(Random.seed(0)).names().equals(start.params().names())) throw new IllegalArgumentException("ConcurrentAdversarialTrainer: the views have parameters of different names");
        TrainingData data = TrainingData.of(x, y);
        Random random = Random.seed(seed);
        List<Now> steps = new ArrayList<>();
        Model end = Scope.run(() -> {
            Now now = new Now(start.params(), start.state(), optimiser.init(start.params()), 1, 0);
            Deque<Params> store = new ArrayDeque<>();
            for (int epoch = 0; epoch < epochs; epoch++) {
                Tensor order = random.fork(2L * epoch).permutation(data.size());
                for (int from = 0; from < data.size(); from += batchSize) {
                    Tensor index = order.narrow(0, from, Math.min(data.size(), from + batchSize));
                    Random own = random.fork(2L * steps.size() + 1);
                    store.addLast(now.params);
                    Now before = now;
                    now = Scope.run(() -> step(start, moved, before, store.getFirst(), data.batch(index), own));
                    steps.add(new Now(Params.EMPTY, Params.EMPTY, null, now.agreement, now.drift));
                    Params oldest = store.size() > staleness ? store.removeFirst() : Params.EMPTY;
                    Scope.replace(List.of(before.memory, before.state, oldest), List.of(now.params, now.memory, now.state, List.copyOf(store), start));
                }
                Scope.replace(order, null);
            }
            return new Model(start.module(), optimiser.forEvaluation(now.params, now.memory), now.state);
        });
        return new Trained(end, steps.stream().mapToDouble(Now::agreement).toArray(), steps.stream().mapToDouble(Now::drift).toArray());
    }

    private Now step(Model start, Module moved, Now now, Params stale, Batch batch, Random random) {
        Tensor direction = direction(new Model(moved, stale, now.state), batch, random);
        Tensor fresh = staleness == 0 ? direction : direction(new Model(moved, now.params, now.state), batch, random);
        Tensor perturbed = batch.x().add(direction.mul(eps));
        Pass clean = Pass.train(random.fork(1));
        Pass adversarial = Pass.train(random.fork(2));
        Params g = Autodiff.grad((Params p) -> {
            Tensor ofClean = Losses.crossEntropy(new Model(start.module(), p, now.state).apply(batch.x(), clean), batch.y());
            Tensor ofMoved = Losses.crossEntropy(new Model(moved, p, now.state).apply(perturbed, adversarial), batch.y());
            return ofClean.add(ofMoved.mul(weight));
        }, now.params);
        Optimiser.Update update = optimiser.step(now.params, g, now.memory);
        Params state = adversarial.state(clean.state(now.state));
        return new Now(update.params(), state, update.state(), cosine(direction, fresh), now.params.zip(stale, Tensor::sub).norm() / now.params.norm());
    }

    /** The signs of the gradient of the loss of a training pass with respect to the inputs: where the fast gradient sign method moves them. */
    public static Tensor direction(Model model, Batch batch, Random random) {
        return Autodiff.grad((Tensor z) -> Losses.crossEntropy(model.apply(z, Pass.train(random.fork(0))), batch.y()), batch.x()).sign();
    }

    private static double cosine(Tensor a, Tensor b) {
        return a.mul(b).sum().item() / (a.norm().item() * b.norm().item());
    }
}
