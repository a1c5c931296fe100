package lemma.train;

import java.util.List;
import lemma.autodiff.Autodiff;
import lemma.loss.EmpiricalProbability;
import lemma.loss.Losses;
import lemma.nn.Model;
import lemma.nn.Params;
import lemma.nn.Pass;
import lemma.optim.Optimiser;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Calibrated probability estimation (CaPE): from a model that was stopped early, epochs of cross-entropy with the outcomes take turns with epochs of
 * cross-entropy with empirical probabilities, which the model's own forecasts define and which are made anew every few rounds. The model with the
 * least cross-entropy on validation outcomes is kept, the first one included.
 *
 * @param optimiser of the parameters
 * @param empirical targets of the calibration epochs
 * @param rounds how often the two take turns
 * @param calibrationEpochs epochs with empirical probabilities after each with outcomes
 * @param renewEvery rounds from one computation of empirical probabilities to the next
 * @param batchSize examples a step
 * @see <a href="https://arxiv.org/abs/2111.10734">Liu et al. (2022), Deep probability estimation, algorithm 1</a>
 */
public record CalibratedProbabilityTrainer(Optimiser optimiser, EmpiricalProbability empirical, int rounds, int calibrationEpochs, int renewEvery, int batchSize) {
    public CalibratedProbabilityTrainer {
        if (rounds < 1 || calibrationEpochs < 1 || renewEvery < 1 || batchSize < 1) {
            throw new IllegalArgumentException("CalibratedProbabilityTrainer: rounds " + rounds + ", calibration epochs " + calibrationEpochs + ", renewed every " + renewEvery
                    + ", batch size " + batchSize + "; expected at least 1");
        }
    }

    private record Moved(Params params, Optimiser.State state) {}

    /** Trains a model with one logit an input on inputs (n, ...) and outcomes (n, 1), 0 or 1 in the type of the logits. */
    public Model fit(Model start, TrainingData train, TrainingData validation, long seed) {
        if (!start.state().names().isEmpty()) throw new IllegalArgumentException("CalibratedProbabilityTrainer: the model has running statistics " + start.state().names());
        return Scope.run(() -> {
            Random random = Random.seed(seed);
            Batch all = whole(train);
            Batch held = whole(validation);
            Moved now = new Moved(start.params(), optimiser.init(start.params()));
            Params best = start.params();
            double least = loss(start, held);
            Tensor targets = null;
            for (int round = 0; round < rounds; round++) {
                now = epoch(start, now, best, all.x(), all.y(), random.fork(3L * round));
                if (round % renewEvery == 0) {
                    Scope.replace(targets, null);
                    targets = targets(start.with(now.params), all);
                }
                for (int k = 0; k < calibrationEpochs; k++) now = epoch(start, now, best, all.x(), targets, random.fork(3L * round + 1).fork(k));
                double value = loss(start.with(now.params), held);
                if (!Double.isFinite(value)) throw new ArithmeticException("CalibratedProbabilityTrainer: the validation loss is " + value + " in round " + round + "; lower the learning rate");
                if (value >= least) continue;
                least = value;
                if (best != start.params()) Scope.replace(best, now);
                best = now.params;
            }
            return start.with(best);
        });
    }

    private static Batch whole(TrainingData data) {
        return data.batch(Tensor.arange(0, data.size(), 1, DType.INT64));
    }

    private static double loss(Model model, Batch data) {
        return Scope.run(() -> Losses.binaryCrossEntropyWithLogits(model.apply(data.x()), data.y()).item());
    }

    private Tensor targets(Model model, Batch all) {
        return Scope.run(() -> {
            double[] forecasts = model.apply(all.x()).sigmoid().reshape(-1).toDoubles();
            return Tensor.of(empirical.of(forecasts, all.y().reshape(-1).gt(0.5).toBooleans())).to(all.y().dtype()).reshape(all.y().shape().dims());
        });
    }

    private Moved epoch(Model model, Moved start, Params best, Tensor x, Tensor y, Random random) {
        int n = x.dim(0);
        Tensor order = random.fork(0).permutation(n);
        Moved now = start;
        for (int from = 0; from < n; from += batchSize) {
            Tensor index = order.narrow(0, from, Math.min(n, from + batchSize));
            Pass pass = Pass.train(random.fork(1 + from));
            Moved before = now;
            now = Scope.run(() -> {
                Tensor bx = x.indexSelect(0, index);
                Tensor by = y.indexSelect(0, index);
                Params g = Autodiff.grad((Params p) -> Losses.binaryCrossEntropyWithLogits(model.with(p).apply(bx, pass), by), before.params);
                Optimiser.Update update = optimiser.step(before.params, g, before.state);
                return new Moved(update.params(), update.state());
            });
            Scope.replace(before, List.of(now, model, best));
        }
        Scope.replace(order, null);
        return now;
    }
}
