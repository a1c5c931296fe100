package lemma.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import lemma.autodiff.Autodiff;
import lemma.nn.Model;
import lemma.nn.Params;
import lemma.nn.Pass;
import lemma.optim.Optimiser;
import lemma.optim.ReduceOnPlateau;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Trains a model on mini-batches: shuffled anew every epoch, memory constant, with a live bar.
 *
 * <pre>{@code
 * History h = Trainer.of(net, Adam.of(1e-3)).loss(Losses::crossEntropy).epochs(10).fit(data);
 * Model trained = h.model();
 * }</pre>
 *
 * <p>The order of the data and the numbers for dropout depend only on the seed and on the number of the epoch and step, so that a run
 * resumed from a checkpoint has the same bits as an unbroken one. A trainer is immutable; each method gives another.
 */
public final class Trainer {
    private static final long DROPOUT = 1L << 40;
    private static final long AUGMENTATION = 1L << 41;

    private final Model model;
    private final Optimiser optimiser;
    private final Options options;

    private Trainer(Model model, Optimiser optimiser, Options options) {
        this.model = model;
        this.optimiser = optimiser;
        this.options = options;
    }

    /** A measure of predictions against targets, averaged over examples. */
    @FunctionalInterface
    public interface Metric {
        /** Mean over the examples of one batch. */
        double of(Tensor prediction, Tensor target);
    }

    /** Looks at a model while it is trained. */
    @FunctionalInterface
    public interface Watcher {
        /** After {@code step} steps; what is to outlive the call needs {@link Tensor#keep()}. */
        void see(long step, Model model);
    }

    /** A random change of the examples of a batch before the model sees them. */
    @FunctionalInterface
    public interface Augmentation {
        /** The changed batch; random numbers are those of the step. */
        Batch apply(Batch batch, Random random);
    }

    private static final class Options implements Cloneable {
        BiFunction<Tensor, Tensor, Tensor> loss;
        BiFunction<Tensor, Tensor, Tensor> validationLoss;
        Augmentation augmentation = (batch, random) -> batch;
        long epochs = 1;
        long steps;
        int batchSize = 64;
        int parts = 1;
        long seed;
        boolean dropLast;
        TrainingData validation;
        Map<String, Metric> metrics = Map.of();
        long evaluateEvery;
        Watcher watcher;
        long watchEvery;
        int patience;
        ReduceOnPlateau plateau;
        Path checkpoint;
        long checkpointEvery;
        Path resume;
        boolean quiet;

        @Override
        public Options clone() {
            try {
                return (Options) super.clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** A trainer of one epoch with batches of 64 and seed 0; give it a loss. */
    public static Trainer of(Model model, Optimiser optimiser) {
        return new Trainer(model, optimiser, new Options());
    }

    private Trainer with(Consumer<Options> change) {
        Options o = options.clone();
        change.accept(o);
        return new Trainer(model, optimiser, o);
    }

    /** The loss of predictions and targets, a scalar, such as {@code Losses::crossEntropy}. */
    public Trainer loss(BiFunction<Tensor, Tensor, Tensor> loss) {
        return with(o -> o.loss = loss);
    }

    /** Passes over the data. */
    public Trainer epochs(int epochs) {
        if (epochs < 1) throw new IllegalArgumentException("Trainer: epochs is " + epochs + ", expected at least 1");
        return with(o -> {
            o.epochs = epochs;
            o.steps = 0;
        });
    }

    /** Optimiser steps, instead of epochs. */
    public Trainer steps(long steps) {
        if (steps < 1) throw new IllegalArgumentException("Trainer: steps is " + steps + ", expected at least 1");
        return with(o -> {
            o.epochs = 0;
            o.steps = steps;
        });
    }

    /** Examples a batch; the last batch of an epoch may be smaller. */
    public Trainer batchSize(int batchSize) {
        if (batchSize < 1) throw new IllegalArgumentException("Trainer: batch size is " + batchSize + ", expected at least 1");
        return with(o -> o.batchSize = batchSize);
    }

    /**
     * Computes the gradient of a batch in {@code parts} one after the other and adds them up, weighted by their sizes: the memory of a part,
     * and to rounding the result of the whole batch where the loss is a mean over examples and no layer mixes them.
     */
    public Trainer accumulate(int parts) {
        if (parts < 1) throw new IllegalArgumentException("Trainer: accumulate in " + parts + " parts, expected at least 1");
        return with(o -> o.parts = parts);
    }

    /** Leaves out the last batch of an epoch when it is smaller than the others. */
    public Trainer dropLast() {
        return with(o -> o.dropLast = true);
    }

    /** Seed of the order of the data and of dropout. */
    public Trainer seed(long seed) {
        return with(o -> o.seed = seed);
    }

    /** Data on which loss and metrics are measured after every epoch, or every {@link #evaluateEvery} steps. */
    public Trainer validation(TrainingData validation) {
        return with(o -> o.validation = validation);
    }

    /** The loss on the validation data, by which early stopping chooses; that of training unless given. */
    public Trainer validationLoss(BiFunction<Tensor, Tensor, Tensor> loss) {
        return with(o -> o.validationLoss = loss);
    }

    /** Changes every batch before the training loss is taken, such as by {@link Mixup}; validation sees the data as they are. */
    public Trainer augment(Augmentation augmentation) {
        return with(o -> o.augmentation = augmentation);
    }

    /** One more measure on the validation data. */
    public Trainer metric(String name, Metric metric) {
        Map<String, Metric> more = new LinkedHashMap<>(options.metrics);
        more.put(name, metric);
        return with(o -> o.metrics = more);
    }

    /** Steps from one evaluation to the next; an epoch unless given. */
    public Trainer evaluateEvery(long steps) {
        if (steps < 1) throw new IllegalArgumentException("Trainer: evaluateEvery is " + steps + ", expected at least 1");
        return with(o -> o.evaluateEvery = steps);
    }

    /**
     * Shows the model, as it would be evaluated, to {@code watcher} at the start, every {@code steps} steps and after the last one, for example to capture its
     * activations by {@code lemma.probe.Capture}. Training has the same bits with and without it.
     */
    public Trainer watch(long steps, Watcher watcher) {
        if (steps < 1) throw new IllegalArgumentException("Trainer: watch every " + steps + " steps, expected at least 1");
        return with(o -> {
            o.watchEvery = steps;
            o.watcher = watcher;
        });
    }

    /** Stops after {@code patience} evaluations without a smaller validation loss, and returns the best model. */
    public Trainer earlyStopping(int patience) {
        if (patience < 1) throw new IllegalArgumentException("Trainer: patience is " + patience + ", expected at least 1");
        return with(o -> o.patience = patience);
    }

    /** Lets {@code schedule}, which must be that of the optimiser, see the validation loss of every evaluation. */
    public Trainer reduceOnPlateau(ReduceOnPlateau schedule) {
        return with(o -> o.plateau = schedule);
    }

    /** Writes everything that a resume needs to {@code file} every {@code steps} steps and at the end. */
    public Trainer checkpoint(Path file, long steps) {
        if (steps < 1) throw new IllegalArgumentException("Trainer: checkpoint every " + steps + " steps, expected at least 1");
        return with(o -> {
            o.checkpoint = file;
            o.checkpointEvery = steps;
        });
    }

    /** Continues the run that wrote {@code file}: same model, optimiser, data and settings. */
    public Trainer resumeFrom(Path file) {
        return with(o -> o.resume = file);
    }

    /** Without the bar. */
    public Trainer quiet() {
        return with(o -> o.quiet = true);
    }

    /** Trains with inputs and targets along the first axes of two tensors. */
    public History fit(Tensor x, Tensor y) {
        return fit(TrainingData.of(x, y));
    }

    /**
     * Trains.
     *
     * @throws ArithmeticException if the loss stops being finite; the message names the step and the learning rate
     * @throws CancellationException if the thread is interrupted
     */
    public History fit(TrainingData data) {
        if (options.loss == null) throw new IllegalStateException("Trainer: no loss was given; call loss(...), for example loss(Losses::crossEntropy)");
        if (options.patience > 0 && options.validation == null) throw new IllegalStateException("Trainer: early stopping needs validation data; call validation(...)");
        if (options.plateau != null && options.validation == null) throw new IllegalStateException("Trainer: reduceOnPlateau needs validation data; call validation(...)");
        return Scope.run(() -> new Run(data).go());
    }

    /** One call of fit. */
    private final class Run {
        private final TrainingData data;
        private final long perEpoch;
        private final long total;
        private final long evaluateEvery;
        private final Random random = Random.seed(options.seed);
        private final long start = System.nanoTime();
        private final List<History.Evaluation> evaluations = new ArrayList<>();
        private double[] losses;
        private long step;
        private Params params = model.params();
        private Params state = model.state();
        private Optimiser.State optimiserState;
        private Params bestParams;
        private Params bestState;
        private double best = Double.POSITIVE_INFINITY;
        private int withoutGain;
        private long orderEpoch = -1;
        private Tensor order;

        Run(TrainingData data) {
            this.data = data;
            int n = data.size();
            perEpoch = options.dropLast ? n / options.batchSize : (n + options.batchSize - 1L) / options.batchSize;
            if (perEpoch == 0) throw new IllegalArgumentException("Trainer: " + n + " examples give no full batch of " + options.batchSize);
            total = options.steps > 0 ? options.steps : options.epochs * perEpoch;
            evaluateEvery = options.evaluateEvery > 0 ? options.evaluateEvery : perEpoch;
            losses = new double[(int) Math.min(total, 1 << 16)];
            optimiserState = optimiser.init(params);
        }

        History go() {
            if (options.plateau != null) options.plateau.reset();
            if (options.resume != null) restore(Checkpoint.read(options.resume));
            try (Progress bar = options.quiet ? null : new Progress("training", total)) {
                watch();
                while (step < total && !stopped()) {
                    trainStep();
                    if (options.watcher != null && (step % options.watchEvery == 0 || step == total)) watch();
                    if (step % evaluateEvery == 0) evaluate();
                    if (options.checkpoint != null && (step % options.checkpointEvery == 0 || step == total)) save();
                    if (bar != null) bar.at(step, note());
                }
                if (evaluations.isEmpty() || evaluations.getLast().step() != step) evaluate();
                if (bar != null) bar.at(step, note());
            }
            boolean useBest = options.patience > 0 && bestParams != null;
            Model trained = new Model(model.module(), useBest ? bestParams : toEvaluate(), useBest ? bestState : state);
            return new History(trained, Arrays.copyOf(losses, (int) step), evaluations, step, (System.nanoTime() - start) / 1e9);
        }

        private void watch() {
            if (options.watcher != null) Scope.run(() -> options.watcher.see(step, new Model(model.module(), toEvaluate(), state)));
        }

        private Params toEvaluate() {
            return optimiser.forEvaluation(params, optimiserState);
        }

        private boolean stopped() {
            return options.patience > 0 && withoutGain >= options.patience;
        }

        private record Step(Tensor loss, Params params, Params state, Optimiser.State optimiser) {}

        private void trainStep() {
            if (Thread.currentThread().isInterrupted()) throw new CancellationException("Trainer: interrupted at step " + step + " of " + total);
            Tensor index = batchIndex();
            Step next = Scope.run(() -> {
                Pass pass = Pass.train(random.fork(DROPOUT + step));
                var vg = lossAndGradient(index, pass);
                Optimiser.Update update = optimiser.step(params, vg.grad(), optimiserState);
                return new Step(vg.value(), update.params(), pass.state(state), update.state());
            });
            double loss = next.loss().item();
            if (!Double.isFinite(loss)) {
                throw new ArithmeticException("Trainer: the loss is " + loss + " at step " + step + " (learning rate " + optimiser.learningRate(step) + "); lower the rate, clip gradients, or look for NaN in the data");
            }
            Scope.replace(List.of(next.loss(), params, optimiserState), List.of(next.params(), next.optimiser(), model, bestParams == null ? List.of() : bestParams));
            params = next.params();
            state = next.state();
            optimiserState = next.optimiser();
            if (step == losses.length) losses = Arrays.copyOf(losses, (int) Math.min(total, 2L * losses.length));
            losses[(int) step++] = loss;
        }

        private Autodiff.ValueAndGrad<Params> lossAndGradient(Tensor index, Pass pass) {
            int n = index.dim(0);
            int parts = Math.min(options.parts, n);
            Autodiff.ValueAndGrad<Params> sum = null;
            for (int k = 0; k < parts; k++) {
                Tensor part = index.narrow(0, (int) ((long) n * k / parts), (int) ((long) n * (k + 1) / parts));
                Autodiff.ValueAndGrad<Params> before = sum;
                Random own = random.fork(AUGMENTATION + step).fork(k);
                sum = Scope.run(() -> add(before, lossAndGradientOf(part, pass, own), part.dim(0) / (double) n));
                Scope.replace(before, sum);
            }
            return sum;
        }

        private Autodiff.ValueAndGrad<Params> lossAndGradientOf(Tensor index, Pass pass, Random own) {
            Batch batch = options.augmentation.apply(data.batch(index), own);
            Model now = new Model(model.module(), params, state);
            return Autodiff.valueAndGrad((Params p) -> options.loss.apply(now.with(p).apply(batch.x(), pass), batch.y()), params);
        }

        private static Autodiff.ValueAndGrad<Params> add(Autodiff.ValueAndGrad<Params> sum, Autodiff.ValueAndGrad<Params> part, double weight) {
            if (weight == 1) return part;
            Autodiff.ValueAndGrad<Params> scaled = new Autodiff.ValueAndGrad<>(part.value().mul(weight), part.grad().map(g -> g.mul(weight)));
            if (sum == null) return scaled;
            return new Autodiff.ValueAndGrad<>(sum.value().add(scaled.value()), sum.grad().zip(scaled.grad(), Tensor::add));
        }

        private Tensor batchIndex() {
            long epoch = step / perEpoch;
            if (epoch != orderEpoch) {
                Scope.replace(order, null);
                order = Scope.run(() -> random.fork(epoch).permutation(data.size()));
                orderEpoch = epoch;
            }
            int from = (int) (step % perEpoch) * options.batchSize;
            return order.narrow(0, from, Math.min(data.size(), from + options.batchSize));
        }

        private void evaluate() {
            Map<String, Double> values = new LinkedHashMap<>();
            long since = evaluations.isEmpty() ? 0 : evaluations.getLast().step();
            values.put("loss", Arrays.stream(losses, (int) Math.min(since, step - 1), (int) step).average().getAsDouble());
            values.put("learning_rate", optimiser.learningRate(step - 1));
            if (options.validation != null) {
                BiFunction<Tensor, Tensor, Tensor> loss = options.validationLoss == null ? options.loss : options.validationLoss;
                values.putAll(Trainer.evaluate(new Model(model.module(), toEvaluate(), state), options.validation, loss, options.metrics, Math.max(512, options.batchSize)));
                note(values.get("val_loss"));
                if (options.plateau != null) options.plateau.observe(values.get("val_loss"));
            }
            evaluations.add(new History.Evaluation(step, values));
        }

        private void note(double validationLoss) {
            if (validationLoss < best) {
                best = validationLoss;
                withoutGain = 0;
                if (options.patience == 0) return;
                if (bestParams != null) Scope.replace(bestParams, List.of(params, optimiserState, model));
                bestParams = toEvaluate();
                bestState = state;
            } else {
                withoutGain++;
            }
        }

        private String note() {
            String text = String.format(Locale.ROOT, "loss %.4g", losses[(int) step - 1]);
            if (evaluations.isEmpty() || !evaluations.getLast().values().containsKey("val_loss")) return text;
            return text + String.format(Locale.ROOT, ", validation %.4g", evaluations.getLast().values().get("val_loss"));
        }

        private void save() {
            new Checkpoint(step, params, state, optimiserState, bestParams, bestState, best, withoutGain, Arrays.copyOf(losses, (int) step), evaluations, settings()).write(options.checkpoint);
        }

        private String settings() {
            return "seed " + options.seed + ", batch size " + options.batchSize + ", examples " + data.size() + ", drop last " + options.dropLast;
        }

        private void restore(Checkpoint c) {
            if (!c.settings().equals(settings())) {
                throw new IllegalArgumentException("Trainer: " + options.resume + " was written with " + c.settings() + ", this run has " + settings() + "; the order of the data would differ");
            }
            c.checkFits(options.resume, params, state, optimiserState);
            step = c.step();
            params = c.params();
            state = c.state();
            optimiserState = c.optimiser();
            bestParams = c.bestParams();
            bestState = c.bestState();
            best = c.best();
            withoutGain = c.withoutGain();
            losses = Arrays.copyOf(c.losses(), Math.max(losses.length, c.losses().length));
            evaluations.addAll(c.evaluations());
            if (options.plateau != null) evaluations.forEach(e -> options.plateau.observe(e.values().get("val_loss")));
        }
    }

    /** Mean loss ({@code val_loss}) and metrics of a model in evaluation, over all examples. */
    public static Map<String, Double> evaluate(Model model, TrainingData data, BiFunction<Tensor, Tensor, Tensor> loss, Map<String, Metric> metrics, int batchSize) {
        Map<String, Double> sums = new LinkedHashMap<>();
        int n = data.size();
        for (int from = 0; from < n; from += batchSize) {
            int first = from;
            int count = Math.min(batchSize, n - from);
            Scope.run(() -> {
                Batch batch = data.batch(Tensor.arange(first, first + count, 1, DType.INT64));
                Tensor prediction = model.apply(batch.x());
                sums.merge("val_loss", count * loss.apply(prediction, batch.y()).item(), Double::sum);
                metrics.forEach((name, metric) -> sums.merge(name, count * metric.of(prediction, batch.y()), Double::sum));
            });
        }
        sums.replaceAll((name, sum) -> sum / n);
        return sums;
    }
}
