package lemma.scaling;

import java.util.stream.IntStream;
import lemma.data.AlignedTransducer;
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
import lemma.train.Batch;
import lemma.train.Trainer;
import lemma.train.TrainingData;

/**
 * Encoder-decoders of several sizes trained on an {@link AlignedTransducer}. The encoder reads the source word and the one before,
 * {@code code = W_2 gelu(W_1 gelu(E[x] + E'[x']))}; the decoder reads the code and the target word before,
 * {@code gelu(V_1 gelu(V_0 code + F[y']))}, and writes the next. As in {@link ContextTask} targets are laws and the measured loss is exact.
 *
 * @param source of contexts
 * @param code numbers that pass from encoder to decoder
 * @param steps of Adam, on a cosine from {@code rate} to a hundredth of it
 * @param batch contexts a step
 * @param rate peak learning rate
 */
public record TranslationTask(AlignedTransducer source, int code, int steps, int batch, double rate) {
    public TranslationTask {
        if (code < 1 || steps < 1 || batch < 1 || !(rate > 0)) throw new IllegalArgumentException("TranslationTask: code " + code + ", steps " + steps + ", batch " + batch + ", rate " + rate + ", expected positive numbers");
    }

    /**
     * A trained model.
     *
     * @param encoderParams N_e
     * @param decoderParams N_d
     * @param loss exact expected loss in nats
     */
    public record Run(double encoderParams, double decoderParams, double loss) {}

    /** Trains the network of these widths. */
    public Run train(int encoder, int decoder, long seed) {
        Random random = Random.seed(seed).fork(1 << 20); // the trainer orders its batches by the first forks of the seed
        Network network = new Network(source.words(), source.targets(), code, encoder, decoder);
        Tensor laws = source.laws().to(DType.FLOAT32);
        Tensor contexts = Tensor.of(source.sample(steps * batch, random.fork(0)));
        TrainingData draws = new Draws(contexts, laws, source.words(), source.targets());
        var history = Trainer.of(network.init(random.fork(1)), Adam.of(Schedule.cosine(rate, rate / 100, steps))).loss(TranslationTask::loss).batchSize(batch).steps(steps)
                .validation(everything()).seed(seed).quiet().fit(draws);
        Params params = network.params(random);
        double encoderParams = params.names().stream().filter(name -> name.startsWith("encoder")).mapToDouble(name -> params.get(name).size()).sum();
        return new Run(encoderParams, params.count() - encoderParams, history.last("val_loss"));
    }

    private static Tensor loss(Tensor logits, Tensor law) {
        return logits.logSoftmax(-1).mul(law).sum(-1).mean().neg();
    }

    private TrainingData everything() {
        int n = source.contexts();
        double[] p = source.probabilities();
        double[] weighted = source.laws().toDoubles();
        for (int i = 0; i < weighted.length; i++) weighted[i] *= n * p[i / source.targets()];
        Tensor inputs = inputs(IntStream.range(0, n).asLongStream().toArray(), source.words(), source.targets());
        return TrainingData.of(inputs, Tensor.of(weighted).reshape(n, source.targets()).to(DType.FLOAT32));
    }

    /** (n, 3): x, x' as a row of its own embedding, y'. */
    private static Tensor inputs(long[] contexts, int words, int targets) {
        long[] all = new long[3 * contexts.length];
        for (int i = 0; i < contexts.length; i++) {
            long pair = contexts[i] / targets;
            all[3 * i] = pair / words;
            all[3 * i + 1] = words + pair % words;
            all[3 * i + 2] = contexts[i] % targets;
        }
        return Tensor.of(all).reshape(contexts.length, 3);
    }

    private record Draws(Tensor contexts, Tensor laws, int words, int targets) implements TrainingData {
        @Override
        public int size() {
            return contexts.dim(0);
        }

        @Override
        public Batch batch(Tensor which) {
            Tensor chosen = contexts.indexSelect(0, which);
            double[] numbers = chosen.toDoubles();
            return new Batch(inputs(IntStream.range(0, numbers.length).mapToLong(i -> (long) numbers[i]).toArray(), words, targets), laws.indexSelect(0, chosen));
        }
    }

    private record Network(int words, int targets, int code, int encoder, int decoder) implements Module {
        @Override
        public Params params(Random random) {
            return Params.EMPTY.withChild("encoder.words", Embedding.of(2 * words, encoder).params(random.fork(0))).withChild("encoder.hidden", Linear.of(encoder, encoder).params(random.fork(1)))
                    .withChild("encoder.code", Linear.of(encoder, code).params(random.fork(2))).withChild("decoder.code", Linear.of(code, decoder).params(random.fork(3)))
                    .withChild("decoder.words", Embedding.of(targets, decoder).params(random.fork(4))).withChild("decoder.hidden", Linear.of(decoder, decoder).params(random.fork(5)))
                    .withChild("decoder.out", Linear.of(decoder, targets).params(random.fork(6)));
        }

        @Override
        public Tensor forward(Tensor x, Bound at) {
            Bound e = at.child("encoder");
            Tensor read = Embedding.of(2 * words, encoder).forward(x.narrow(1, 0, 2), e.child("words")).sum(1).gelu();
            Tensor message = Linear.of(encoder, code).forward(Linear.of(encoder, encoder).forward(read, e.child("hidden")).gelu(), e.child("code"));
            Bound d = at.child("decoder");
            Tensor before = Embedding.of(targets, decoder).forward(x.narrow(1, 2, 3), d.child("words")).sum(1);
            Tensor state = Linear.of(code, decoder).forward(message, d.child("code")).add(before).gelu();
            return Linear.of(decoder, targets).forward(Linear.of(decoder, decoder).forward(state, d.child("hidden")).gelu(), d.child("out"));
        }
    }
}
