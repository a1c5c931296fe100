package lemma.scaling;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lemma.data.Bitext;
import lemma.data.SentenceTransducer;
import lemma.nn.BeamSearch;
import lemma.nn.Model;
import lemma.nn.Seq2SeqTransformer;
import lemma.optim.Adam;
import lemma.optim.Optimiser;
import lemma.optim.Schedule;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.train.BleuScore;
import lemma.train.Trainer;

/**
 * Translation models trained on sentences of natural and of simplified origin, half each and unmarked, and measured on both apart: the loss of the
 * reference translations, and the BLEU of the model's own translations against them.
 *
 * @param natural translator
 * @param simplified translator of the same language
 * @param steps of Adam with betas (0.9, 0.98) and gradients clipped to norm 1; the rate rises over a tenth of them and falls along a cosine to a hundredth
 * @param batch sentences a step, none seen twice
 * @param rate peak learning rate
 * @param tests sentences of each test set, the same for all models
 * @see <a href="https://arxiv.org/abs/2109.07740">Ghorbani et al. (2021), Scaling Laws for Neural Machine Translation, sections 5 and 6</a>
 */
public record OriginTask(SentenceTransducer natural, SentenceTransducer simplified, int steps, int batch, double rate, int tests) {
    private static final int BEAM = 4;
    private static final int HEADS = 2;
    private static final long TEST_SEED = 1 << 20;

    public OriginTask {
        if (steps < 10 || batch < 2 || batch % 2 != 0 || !(rate > 0) || tests < 1) {
            throw new IllegalArgumentException("OriginTask: " + steps + " steps, batch " + batch + ", rate " + rate + ", " + tests + " tests, expected at least 10 steps, an even batch and positive numbers");
        }
    }

    /**
     * A trained model.
     *
     * @param params its parameters
     * @param training mean loss of the last tenth of the steps, nats a word
     * @param natural on the test set of natural origin
     * @param simplified on that of simplified origin
     */
    public record Run(double params, double training, Score natural, Score simplified) {}

    /**
     * On one test set.
     *
     * @param loss nats a word, ends of sentences counted as words
     * @param bleu 0 to 100, from a beam of four
     */
    public record Score(double loss, double bleu) {}

    /** Trains a transformer whose vectors have length {@code dim}. */
    public Run train(int dim, long seed) {
        Random random = Random.seed(seed).fork(1 << 20); // the trainer orders its batches by the first forks of the seed
        int sentences = steps * batch / 2;
        Bitext data = natural.sample(sentences, random.fork(0)).and(simplified.sample(sentences, random.fork(1)));
        Model start = Seq2SeqTransformer.of(natural.sourceWords(), natural.targetWords(), natural.longest(), dim, HEADS).init(random.fork(2));
        int warmUp = steps / 10;
        Optimiser adam = Adam.of(Schedule.cosine(rate, rate / 100, steps - warmUp).withWarmUp(warmUp)).withBetas(0.9, 0.98).withClipNorm(1);
        var history = Trainer.of(start, adam).loss(Seq2SeqTransformer::loss).batchSize(batch).steps(steps).seed(seed).quiet().fit(data);
        double[] losses = history.losses();
        double last = Arrays.stream(losses, losses.length - steps / 10, losses.length).average().orElseThrow();
        return new Run(start.params().count(), last, score(history.model(), test(natural)), score(history.model(), test(simplified)));
    }

    /** The test set of one origin. */
    public Bitext test(SentenceTransducer origin) {
        if (origin != natural && origin != simplified) throw new IllegalArgumentException("OriginTask: " + origin + " is neither the natural nor the simplified translator of this task");
        return origin.sample(tests, Random.seed(TEST_SEED).fork(origin == natural ? 0 : 1));
    }

    private static Score score(Model model, Bitext test) {
        double loss = Trainer.evaluate(model, test, Seq2SeqTransformer::loss, Map.of(), test.size()).get("val_loss");
        List<int[]> written = Scope.run(() -> Seq2SeqTransformer.translate(model, test.sourceTensor(), new BeamSearch(BEAM, test.targetLength(), 0)));
        return new Score(loss, BleuScore.of(written, test.targets()).score());
    }

    /**
     * What the best possible model reaches on the test set of one origin: the loss of the exact mixture of both translators, since nothing but the
     * words tells them apart, and the BLEU of the likeliest translations under the law of that origin.
     */
    public Score best(SentenceTransducer origin) {
        Bitext test = test(origin);
        double sum = 0;
        for (int i = 0; i < test.size(); i++) {
            double a = natural.logProbability(test.sources().get(i), test.targets().get(i));
            double b = simplified.logProbability(test.sources().get(i), test.targets().get(i));
            double top = Math.max(a, b);
            sum -= top + Math.log(0.5 * Math.exp(a - top) + 0.5 * Math.exp(b - top));
        }
        List<int[]> written = origin.translate(test.sources(), new BeamSearch(BEAM, test.targetLength(), 0));
        return new Score(sum / test.words(), BleuScore.of(written, test.targets()).score());
    }
}
