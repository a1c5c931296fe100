package lemma.scaling;

import java.util.Arrays;
import java.util.stream.IntStream;
import lemma.data.MarkovSource;
import lemma.loss.Losses;
import lemma.nn.Activation;
import lemma.nn.Embedding;
import lemma.nn.Flatten;
import lemma.nn.LayerNorm;
import lemma.nn.Linear;
import lemma.nn.Model;
import lemma.nn.Module;
import lemma.nn.Residual;
import lemma.nn.Sequential;
import lemma.optim.Adam;
import lemma.optim.Optimiser;
import lemma.optim.Schedule;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import lemma.train.Trainer;
import lemma.train.TrainingData;

/**
 * Small language models on a stream whose law is known: one pass over D tokens of a Markov source of order 2, and then the loss that the
 * model has in expectation over all contexts, without sampling error:
 *
 * <pre>{@code L = - sum_c pi(c) sum_x p(x|c) ln q(x|c) >= H}</pre>
 *
 * <p>The model reads two tokens: embeddings side by side, a layer to {@code width}, a residual block of twice that width, the next token.
 * Training is Adam with betas (0.9, 0.95) and gradients clipped to norm 1, the rate up over the first twentieth of the steps and down a cosine to 1e-5.
 *
 * @param source of the stream
 */
public record StreamTask(MarkovSource source) {
    private static final double LAST_RATE = 1e-5;

    public StreamTask {
        if (source.order() != 2) throw new IllegalArgumentException("StreamTask: the source has order " + source.order() + ", expected 2");
    }

    /**
     * A source in which contexts resemble each other, so that larger models generalise better: the logits of the next token are a random
     * network of one hidden layer on random vectors of both tokens, normalised over all contexts to standard deviation {@code sharpness}.
     */
    public static StreamTask of(int letters, int hidden, double sharpness, Random random) {
        double[] p = Scope.run(() -> {
            Tensor older = random.fork(0).normal(Shape.of(letters, hidden), DType.FLOAT64);
            Tensor newer = random.fork(1).normal(Shape.of(letters, hidden), DType.FLOAT64);
            Tensor h = older.unsqueeze(1).add(newer.unsqueeze(0)).tanh().reshape(letters * letters, hidden);
            Tensor logits = h.matmul(random.fork(2).normal(Shape.of(hidden, letters), DType.FLOAT64));
            return logits.mul(sharpness).div(logits.square().mean().sqrt()).softmax(1);
        }).toDoubles();
        double[][] rows = IntStream.range(0, letters * letters).mapToObj(c -> Arrays.copyOfRange(p, c * letters, (c + 1) * letters)).toArray(double[][]::new);
        String alphabet = IntStream.range(0, letters).mapToObj(i -> String.valueOf((char) ('!' + i))).reduce("", String::concat);
        return new StreamTask(MarkovSource.of(alphabet, 2, rows));
    }

    /** The model, without its weights. */
    public Module model(int width) {
        int letters = source.alphabet().length();
        return Sequential.of(Embedding.of(2 * letters, width), new Flatten(), Linear.of(2 * width, width),
                Residual.of(Sequential.of(LayerNorm.of(width), Linear.of(width, 2 * width), Activation.GELU, Linear.of(2 * width, width))), Linear.of(width, letters));
    }

    /** Parameters of the model without its embeddings. */
    public double params(int width) {
        return model(width).params(Random.seed(0)).count() - 2.0 * source.alphabet().length() * width;
    }

    /**
     * Trains a model and gives its expected loss, in nats a token.
     *
     * @param width of the model
     * @param tokens D, how many to train on, each once
     * @param batch B, tokens a step
     * @param rate peak learning rate
     * @param seed of the stream, the initial weights and the order
     */
    public double loss(int width, int tokens, int batch, double rate, long seed) {
        Random random = Random.seed(seed);
        long steps = (tokens + batch - 1L) / batch;
        long warmUp = (steps + 19) / 20;
        Optimiser optimiser = Adam.of(Schedule.cosine(rate, LAST_RATE, steps - warmUp).withWarmUp(warmUp)).withBetas(0.9, 0.95).withClipNorm(1);
        Model start = model(width).init(random.fork(1));
        return expected(Trainer.of(start, optimiser).loss(Losses::crossEntropy).batchSize(batch).steps(steps).seed(seed).quiet().fit(stream(tokens, random.fork(0))).model());
    }

    /** Contexts and what follows them; the newer token of a context has embeddings of its own. */
    private TrainingData stream(int tokens, Random random) {
        int[] ids = source.sample(tokens + 2, random).chars().map(source.alphabet()::indexOf).toArray();
        long[] contexts = IntStream.range(0, 2 * tokens).mapToLong(i -> i % 2 == 0 ? ids[i / 2] : source.alphabet().length() + ids[i / 2 + 1]).toArray();
        long[] next = IntStream.range(2, tokens + 2).mapToLong(i -> ids[i]).toArray();
        return TrainingData.of(Tensor.of(contexts).reshape(tokens, 2), Tensor.of(next));
    }

    /** The loss of a model over all contexts, each with its stationary probability. */
    public double expected(Model model) {
        int letters = source.alphabet().length();
        int contexts = letters * letters;
        long[] all = IntStream.range(0, 2 * contexts).mapToLong(i -> i % 2 == 0 ? i / 2 / letters : letters + i / 2 % letters).toArray();
        double[] logQ = Scope.run(() -> model.apply(Tensor.of(all).reshape(contexts, 2)).to(DType.FLOAT64).logSoftmax(1)).toDoubles();
        double[] stationary = source.stationary();
        double loss = 0;
        for (int c = 0; c < contexts; c++) for (int x = 0; x < letters; x++) loss -= stationary[c] * source.probability(c, x) * logQ[c * letters + x];
        return loss;
    }
}
