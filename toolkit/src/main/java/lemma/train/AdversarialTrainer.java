package lemma.train;

import java.util.List;
import lemma.autodiff.Autodiff;
import lemma.loss.AdversarialLoss;
import lemma.loss.Losses;
import lemma.loss.PgdAttack;
import lemma.nn.Model;
import lemma.nn.Params;
import lemma.nn.Pass;
import lemma.optim.Optimiser;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Trains a model on inputs that an attack moves anew at every step, against the model as it is then.
 *
 * <p>The model sees each batch twice, as it is and moved. Modules that keep running statistics are refused: their state would mix the two.
 *
 * @param optimiser of the parameters
 * @param attack how inputs are moved
 * @param loss what attack and training pull at
 * @param epochs passes over the data
 * @param batchSize examples a step
 * @see <a href="https://arxiv.org/abs/1706.06083">Madry et al. (2018), Towards deep learning models resistant to adversarial attacks</a>
 */
public record AdversarialTrainer(Optimiser optimiser, PgdAttack attack, AdversarialLoss loss, int epochs, int batchSize) {
    public AdversarialTrainer {
        if (epochs < 1 || batchSize < 1) throw new IllegalArgumentException("AdversarialTrainer: epochs " + epochs + ", batch size " + batchSize + "; expected at least 1");
    }

    private record Moved(Params params, Optimiser.State state) {}

    /** The model after training on inputs x (n, ...) with labels y (n). */
    public Model fit(Model start, Tensor x, Tensor y, long seed) {
        if (!start.state().names().isEmpty()) throw new IllegalArgumentException("AdversarialTrainer: the model has running statistics " + start.state().names() + "; use a normalisation without them");
        TrainingData data = TrainingData.of(x, y);
        Random random = Random.seed(seed);
        return Scope.run(() -> {
            Moved now = new Moved(start.params(), optimiser.init(start.params()));
            long step = 0;
            for (int epoch = 0; epoch < epochs; epoch++) {
                Tensor order = random.fork(2L * epoch).permutation(data.size());
                for (int from = 0; from < data.size(); from += batchSize) {
                    Tensor index = order.narrow(0, from, Math.min(data.size(), from + batchSize));
                    Random own = random.fork(2 * step++ + 1);
                    Moved before = now;
                    now = Scope.run(() -> step(start, before, data.batch(index), own));
                    Scope.replace(before, List.of(now, start));
                }
                Scope.replace(order, null);
            }
            return start.with(optimiser.forEvaluation(now.params, now.state));
        });
    }

    private Moved step(Model model, Moved now, Batch batch, Random random) {
        Model fixed = model.with(now.params);
        Tensor clean = fixed.apply(batch.x());
        Tensor moved = attack.perturb(z -> loss.attacked(fixed.apply(z), clean, batch.y()), batch.x(), random.fork(0));
        Pass pass = Pass.train(random.fork(1));
        Params g = Autodiff.grad((Params p) -> {
            Model free = model.with(p);
            return loss.trained(free.apply(batch.x(), pass), free.apply(moved, pass), batch.y());
        }, now.params);
        Optimiser.Update update = optimiser.step(now.params, g, now.state);
        return new Moved(update.params(), update.state());
    }

    /** Share of inputs that are still classified right when the attack makes the cross-entropy large. */
    public static double robustAccuracy(Model model, PgdAttack attack, Tensor x, Tensor y, long seed) {
        return Scope.run(() -> Metrics.accuracy(model.apply(attack.perturb(z -> Losses.crossEntropy(model.apply(z), y), x, Random.seed(seed))), y));
    }
}
