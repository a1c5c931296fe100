package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import lemma.optim.Adam;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import lemma.train.Trainer;
import org.junit.jupiter.api.Test;

class Seq2SeqTransformerTest {
    private static final Model MODEL = Seq2SeqTransformer.of(7, 5, 4, 8, 2).withLayers(2, 2).init(Random.seed(1));
    private static final Tensor X = Tensor.of(new long[] {1, 2, 6, 0, 0, 3, 1, 5, 5, 4, 3, 0, 2, 4}).reshape(2, 7);

    @Test
    void laterTargetWordsDoNotMatter() {
        Tensor changed = Tensor.of(new long[] {1, 2, 6, 0, 0, 3, 4, 5, 5, 4, 3, 0, 2, 1}).reshape(2, 7);
        double[] before = MODEL.apply(X).narrow(1, 0, 2).toDoubles();
        double[] after = MODEL.apply(changed).narrow(1, 0, 2).toDoubles();
        assertThat(after).containsExactly(before, within(1e-6));
        assertThat(MODEL.apply(X).narrow(1, 2, 3).toDoubles()).isNotEqualTo(MODEL.apply(changed).narrow(1, 2, 3).toDoubles());
    }

    @Test
    void whatFillsUpTheSourceDoesNotMatterAndItsWordsDo() {
        Model longer = new Model(new Seq2SeqTransformer(7, 5, 6, 8, 2, 32, 2, 2), MODEL.params(), MODEL.state());
        Tensor filled = Tensor.of(new long[] {1, 2, 6, 0, 0, 0, 0, 3, 1, 5, 5, 4, 3, 0, 0, 0, 2, 4}).reshape(2, 9);
        assertThat(longer.apply(filled).toDoubles()).containsExactly(MODEL.apply(X).toDoubles(), within(1e-5));
        Tensor other = Tensor.of(new long[] {2, 1, 6, 0, 0, 3, 1, 5, 5, 4, 3, 0, 2, 4}).reshape(2, 7);
        assertThat(MODEL.apply(other).get(0).toDoubles()).isNotEqualTo(MODEL.apply(X).get(0).toDoubles());
    }

    @Test
    void theLossIsTheMeanOverTheWordsThatCount() {
        Tensor logits = MODEL.apply(X);
        double[] logs = logits.logSoftmax(-1).toDoubles();
        Tensor next = Tensor.of(new long[] {3, 0, -1, 2, 4, 0}).reshape(2, 3);
        double expected = -(logs[3] + logs[5] + logs[15 + 2] + logs[15 + 5 + 4] + logs[15 + 10]) / 5;
        assertThat(Seq2SeqTransformer.loss(logits, next).item()).isCloseTo(expected, within(1e-6));
    }

    @Test
    void learnsToReverseSentencesAndTranslatesThem() {
        int n = 2000;
        long[] words = Random.seed(3).integers(1, 5, n * 3).toLongs();
        long[] x = new long[n * 7];
        long[] next = new long[n * 4];
        for (int i = 0; i < n; i++) {
            for (int t = 0; t < 3; t++) {
                x[7 * i + t] = words[3 * i + t];
                x[7 * i + 4 + t] = words[3 * i + 2 - t];
                next[4 * i + t] = words[3 * i + 2 - t];
            }
        }
        Model start = Seq2SeqTransformer.of(5, 5, 3, 16, 2).init(Random.seed(4));
        Model trained = Trainer.of(start, Adam.of(1e-2)).loss(Seq2SeqTransformer::loss).batchSize(50).steps(200).quiet().fit(Tensor.of(x).reshape(n, 7), Tensor.of(next).reshape(n, 4)).model();
        Tensor sources = Tensor.of(new long[] {1, 2, 3, 4, 4, 1}).reshape(2, 3);
        for (BeamSearch beam : List.of(BeamSearch.greedy(6, 0), new BeamSearch(3, 6, 0))) {
            assertThat(Seq2SeqTransformer.translate(trained, sources, beam)).containsExactly(new int[] {3, 2, 1}, new int[] {1, 4, 4});
        }
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(() -> MODEL.apply(X.narrow(1, 0, 4))).hasMessageContaining("x is [2, 4], expected (batch, 4 + time)");
        assertThatThrownBy(() -> Seq2SeqTransformer.translate(Linear.of(2, 2).init(Random.seed(1)), X, BeamSearch.greedy(3, 0))).hasMessageContaining("expected a Seq2SeqTransformer");
        assertThatThrownBy(() -> Seq2SeqTransformer.of(1, 5, 4, 8, 2)).hasMessageContaining("1 source words");
    }
}
