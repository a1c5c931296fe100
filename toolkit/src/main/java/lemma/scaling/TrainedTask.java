package lemma.scaling;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import lemma.nn.Module;
import lemma.optim.AdamW;
import lemma.optim.Schedule;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import lemma.tensor.Threads;
import lemma.train.Trainer;
import lemma.train.TrainingData;

/**
 * Models trained on nested random subsets of a training set: for each subset and each model the smallest validation loss met during
 * training, and as the error of a size that of the best model.
 *
 * <p>A seed draws the order of the examples, of which a subset of size m takes the first m, the initial weights and the order of the
 * batches. Training is AdamW on a one-cycle schedule with gradients clipped to norm 1.
 *
 * @param train examples to draw from
 * @param validation examples that measure
 * @param loss of predictions and targets
 * @param models the candidates, smallest first
 * @param options how long and how fast to train
 * @see <a href="https://arxiv.org/abs/1712.00409">Hestness et al. (2017), section 3: the search over model sizes</a>
 */
public record TrainedTask(TrainingData train, TrainingData validation, BiFunction<Tensor, Tensor, Tensor> loss, List<Module> models, Options options) implements LearningCurve.Task {
    /**
     * How to train one model.
     *
     * @param epochs passes over the subset, but no more than {@code mostSteps} steps
     * @param mostSteps steps at the most
     * @param batchSize examples a batch
     * @param peakRate largest learning rate of the cycle
     * @param evaluations how often the validation loss is measured
     * @param draws subsets, with initial weights of their own, whose losses are averaged for each seed
     */
    public record Options(int epochs, int mostSteps, int batchSize, double peakRate, int evaluations, int draws) {
        public static final Options DEFAULT = new Options(20, 1000, 128, 5e-3, 10, 1);

        public Options {
            if (epochs < 1 || mostSteps < 1 || batchSize < 1 || evaluations < 1 || draws < 1 || !(peakRate > 0)) {
                throw new IllegalArgumentException("TrainedTask: epochs " + epochs + ", steps " + mostSteps + ", batch size " + batchSize + ", evaluations " + evaluations
                        + ", draws " + draws + ", rate " + peakRate + "; expected positive numbers");
            }
        }

        /** Passes over the subset, but no more than {@code mostSteps} steps. */
        public Options withLength(int epochs, int mostSteps) {
            return new Options(epochs, mostSteps, batchSize, peakRate, evaluations, draws);
        }

        public Options withBatchSize(int batchSize) {
            return new Options(epochs, mostSteps, batchSize, peakRate, evaluations, draws);
        }

        public Options withRate(double peakRate) {
            return new Options(epochs, mostSteps, batchSize, peakRate, evaluations, draws);
        }

        public Options withDraws(int draws) {
            return new Options(epochs, mostSteps, batchSize, peakRate, evaluations, draws);
        }

        int steps(int examples) {
            int perEpoch = (examples + batchSize - 1) / batchSize;
            return (int) Math.min(mostSteps, (long) epochs * perEpoch);
        }
    }

    public TrainedTask {
        models = List.copyOf(models);
        if (models.isEmpty()) throw new IllegalArgumentException("TrainedTask: no models");
    }

    public static TrainedTask of(TrainingData train, TrainingData validation, BiFunction<Tensor, Tensor, Tensor> loss, Module... models) {
        return new TrainedTask(train, validation, loss, List.of(models), Options.DEFAULT);
    }

    public TrainedTask with(Options options) {
        return new TrainedTask(train, validation, loss, models, options);
    }

    /** Number of parameters of each model. */
    public double[] modelSizes() {
        return models.stream().mapToDouble(m -> m.params(Random.seed(0)).count()).toArray();
    }

    @Override
    public double[] errors(int[] sizes, long seed) {
        check(sizes);
        Tensor[] orders = orders(seed);
        return Arrays.stream(sizes).mapToDouble(m -> IntStream.range(0, models.size()).mapToDouble(j -> loss(orders, m, j, seed)).min().getAsDouble()).toArray();
    }

    /** Losses {@code [seed][size][model]} with the seeds {@code first, first + 1, ...}, several models at once. */
    public double[][][] grid(int[] sizes, int seeds, long first) {
        check(sizes);
        int each = sizes.length * models.size();
        Tensor[][] orders = LongStream.range(first, first + seeds).mapToObj(this::orders).toArray(Tensor[][]::new);
        // a model at a time: the seeds alone would leave a thread idle at the end
        double[] losses = Threads.with(1, () -> IntStream.range(0, seeds * each).parallel()
                .mapToDouble(i -> loss(orders[i / each], sizes[i % each / models.size()], i % models.size(), first + i / each)).toArray());
        double[][][] grid = new double[seeds][sizes.length][models.size()];
        for (int i = 0; i < losses.length; i++) grid[i / each][i % each / models.size()][i % models.size()] = losses[i];
        return grid;
    }

    private void check(int[] sizes) {
        for (int m : sizes) {
            if (m < 1 || m > train.size()) throw new IllegalArgumentException("TrainedTask: size " + m + ", expected 1 to " + train.size() + " examples");
        }
    }

    /** The order of the training examples in each draw; a subset is its beginning. */
    private Tensor[] orders(long seed) {
        return IntStream.range(0, options.draws).mapToObj(draw -> Random.seed(seed).fork(draw).fork(0).permutation(train.size())).toArray(Tensor[]::new);
    }

    /** Loss of model j on a subset of that size, the mean over draws. */
    private double loss(Tensor[] orders, int size, int j, long seed) {
        double sum = 0;
        for (int draw = 0; draw < options.draws; draw++) {
            Random random = Random.seed(seed).fork(draw);
            TrainingData subset = train.take(orders[draw].narrow(0, 0, size));
            sum += best(models.get(j), subset, random.fork(1 + j), seed) / options.draws;
        }
        return sum;
    }

    private double best(Module model, TrainingData subset, Random random, long seed) {
        int steps = options.steps(subset.size());
        return Trainer.of(model.init(random), AdamW.of(Schedule.oneCycle(options.peakRate, steps)).withClipNorm(1)).loss(loss).batchSize(options.batchSize).steps(steps)
                .validation(validation).evaluateEvery(Math.max(1, steps / options.evaluations)).seed(seed).quiet().fit(subset).best("val_loss");
    }
}
