package lemma.scaling;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import lemma.data.ZipfContexts;
import lemma.nn.Bound;
import lemma.nn.Embedding;
import lemma.nn.Linear;
import lemma.nn.Module;
import lemma.nn.Params;
import lemma.optim.Adam;
import lemma.optim.Schedule;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import lemma.tensor.Threads;
import lemma.train.Batch;
import lemma.train.History;
import lemma.train.Trainer;
import lemma.train.TrainingData;

/**
 * Models of several widths trained on a {@link ZipfContexts} source: the network adds an embedding of each part of the context,
 * {@code h = gelu(E_a[a] + E_b[b])}, and reads the next token from {@code gelu(W h)}. The training targets are the laws themselves, the
 * measured loss is the exact expectation over all contexts, so that nothing but the model stands between loss and entropy.
 *
 * @param source of contexts
 * @param caption whether the model sees a; without it the best possible loss is {@code H(t | b)}
 * @param steps of Adam, on a cosine from {@code rate} to a hundredth of it
 * @param batch contexts a step
 * @param rate peak learning rate
 * @param evaluations how often the exact loss is measured
 */
public record ContextTask(ZipfContexts source, boolean caption, int steps, int batch, double rate, int evaluations) {
    public ContextTask {
        if (steps < 1 || batch < 1 || evaluations < 1 || evaluations > steps || !(rate > 0)) {
            throw new IllegalArgumentException("ContextTask: steps " + steps + ", batch " + batch + ", rate " + rate + ", evaluations " + evaluations + ", expected positive numbers, no more evaluations than steps");
        }
    }

    /** 2,000 steps of 256 contexts at rate 0.01, 40 evaluations. */
    public static ContextTask of(ZipfContexts source) {
        return new ContextTask(source, true, 2000, 256, 1e-2, 40);
    }

    /** The same task for models that do not see a. */
    public ContextTask withoutCaption() {
        return new ContextTask(source, false, steps, batch, rate, evaluations);
    }

    /** The network of a width. */
    public Module model(int width) {
        return new Network(source.side(), source.tokens(), width, caption);
    }

    /** Trains one width and returns its loss over training compute {@code C = 6 N D}, one point an evaluation. */
    public ComputeFrontier.Curve train(int width, long seed) {
        Random random = Random.seed(seed).fork(1 << 20); // the trainer orders its batches by the first forks of the seed
        Module model = model(width);
        TrainingData draws = draws(source.sample(steps * batch, random.fork(0)));
        History history = Trainer.of(model.init(random.fork(1)), Adam.of(Schedule.cosine(rate, rate / 100, steps))).loss(ContextTask::loss).batchSize(batch).steps(steps)
                .validation(everything()).evaluateEvery(steps / evaluations).seed(seed).quiet().fit(draws);
        double[] loss = history.evaluations().stream().mapToDouble(e -> e.values().get("val_loss")).toArray();
        double params = model.params(random).count();
        double[] flops = history.evaluations().stream().mapToDouble(e -> 6 * params * batch * e.step()).toArray();
        return new ComputeFrontier.Curve(params, flops, loss);
    }

    /** Trains every width with the seeds {@code first, first + 1, ...}, several runs at once: curves {@code [seed][width]}. */
    public ComputeFrontier.Curve[][] grid(int[] widths, int seeds, long first) {
        List<ComputeFrontier.Curve> curves = Threads.with(1, () -> IntStream.range(0, seeds * widths.length).parallel().mapToObj(i -> train(widths[i % widths.length], first + i / widths.length)).toList());
        return IntStream.range(0, seeds).mapToObj(k -> curves.subList(k * widths.length, (k + 1) * widths.length).toArray(ComputeFrontier.Curve[]::new)).toArray(ComputeFrontier.Curve[][]::new);
    }

    private TrainingData draws(Tensor contexts) {
        return new Draws(contexts, source.laws().to(DType.FLOAT32), source.side());
    }

    /** {@code - mean_i sum_t y_it log q_it}. */
    private static Tensor loss(Tensor logits, Tensor law) {
        return logits.logSoftmax(-1).mul(law).sum(-1).mean().neg();
    }

    /** All contexts, their laws weighted so that the mean loss is the expectation. */
    private TrainingData everything() {
        int contexts = source.side() * source.side();
        double[] p = source.probabilities();
        double[] weighted = source.laws().toDoubles();
        for (int k = 0; k < weighted.length; k++) weighted[k] *= contexts * p[k / source.tokens()];
        Tensor pairs = pairs(Tensor.of(IntStream.range(0, contexts).asLongStream().toArray()), source.side());
        return TrainingData.of(pairs, Tensor.of(weighted).reshape(contexts, source.tokens()).to(DType.FLOAT32));
    }

    private static Tensor pairs(Tensor contexts, int side) {
        long[] k = Arrays.stream(contexts.to(DType.INT64).toDoubles()).mapToLong(v -> (long) v).toArray();
        long[] both = new long[2 * k.length];
        for (int i = 0; i < k.length; i++) {
            both[2 * i] = k[i] / side;
            both[2 * i + 1] = side + k[i] % side;
        }
        return Tensor.of(both).reshape(k.length, 2);
    }

    /** Contexts drawn beforehand, their targets looked up when a batch is made. */
    private record Draws(Tensor contexts, Tensor laws, int side) implements TrainingData {
        @Override
        public int size() {
            return contexts.dim(0);
        }

        @Override
        public Batch batch(Tensor which) {
            Tensor chosen = contexts.indexSelect(0, which);
            return new Batch(pairs(chosen, side), laws.indexSelect(0, chosen));
        }
    }

    private record Network(int side, int tokens, int width, boolean caption) implements Module {
        @Override
        public Params params(Random random) {
            return Params.EMPTY.withChild("embedding", Embedding.of(2 * side, width).params(random.fork(0))).withChild("hidden", Linear.of(width, width).params(random.fork(1))).withChild("out", Linear.of(width, tokens).params(random.fork(2)));
        }

        @Override
        public Tensor forward(Tensor x, Bound at) {
            Tensor seen = caption ? x : x.narrow(1, 1, 2);
            Tensor h = Embedding.of(2 * side, width).forward(seen, at.child("embedding")).sum(1).gelu();
            return Linear.of(width, tokens).forward(Linear.of(width, width).forward(h, at.child("hidden")).gelu(), at.child("out"));
        }
    }
}
