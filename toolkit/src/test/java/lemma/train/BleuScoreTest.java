package lemma.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class BleuScoreTest {
    /** the cat sat on the mat / the cat is on the mat: 5 of 6 words, 3 of 5 pairs, 1 of 4 triples, 0 of 3 quadruples. */
    @Test
    void countsAsByHand() {
        BleuScore bleu = BleuScore.of(List.of(new int[] {0, 1, 2, 3, 0, 4}), List.of(new int[] {0, 1, 5, 3, 0, 4}));
        assertThat(bleu.precisions()).containsExactly(new double[] {5.0 / 6, 3.0 / 5, 1.0 / 4, 0}, within(1e-15));
        assertThat(bleu.brevityPenalty()).isEqualTo(1);
        assertThat(bleu.score()).isCloseTo(100 * Math.pow(5.0 / 6 * 3 / 5 / 4 * (1 / (2.0 * 3)), 0.25), within(1e-10));
    }

    @Test
    void aRepeatedWordCountsNoMoreOftenThanInTheReference() {
        assertThat(BleuScore.of(List.of(new int[] {0, 0, 0, 0}), List.of(new int[] {0, 1, 2, 0})).precisions()[0]).isEqualTo(0.5);
    }

    @Test
    void shortTranslationsArePenalised() {
        BleuScore bleu = BleuScore.of(List.of(new int[] {1, 2, 3, 4}), List.of(new int[] {1, 2, 3, 4, 5, 6, 7, 8}));
        assertThat(bleu.score()).isCloseTo(100 * Math.exp(-1), within(1e-10));
    }

    @Test
    void isAboutTheCorpusNotTheMeanOfSentences() {
        List<int[]> references = List.of(new int[] {1, 2, 3, 4, 5}, new int[] {6, 7, 8, 9});
        assertThat(BleuScore.of(references, references).score()).isCloseTo(100, within(1e-10));
        BleuScore one = BleuScore.of(List.of(new int[] {1, 2, 3, 4, 5}, new int[] {10, 11, 12, 13}), references);
        assertThat(one.precisions()).containsExactly(new double[] {5.0 / 9, 4.0 / 7, 3.0 / 5, 2.0 / 3}, within(1e-15));
    }

    @Test
    void refusesWhatCannotBeCompared() {
        assertThatThrownBy(() -> BleuScore.of(List.of(), List.of())).hasMessageContaining("0 hypotheses");
        assertThatThrownBy(() -> BleuScore.of(List.of(new int[0]), List.of(new int[] {1}))).hasMessageContaining("all hypotheses are empty");
        assertThat(BleuScore.of(List.of(new int[] {9}), List.of(new int[] {1})).score()).isZero();
    }
}
