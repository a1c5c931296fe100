package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import lemma.tensor.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class MarkovSourceTest {
    /** Cover and Thomas, example 4.1.1 and equation 4.40: two states that change with probability p and q. */
    @Property(tries = 50)
    void twoStatesHaveTheirClosedForm(@ForAll @DoubleRange(min = 0.01, max = 0.99) double p, @ForAll @DoubleRange(min = 0.01, max = 0.99) double q) {
        MarkovSource source = twoStates(p, q);
        assertThat(source.stationary()).containsExactly(new double[] {q / (p + q), p / (p + q)}, within(1e-11));
        assertThat(source.entropyRate()).isCloseTo((q * entropy(p) + p * entropy(q)) / (p + q), within(1e-11));
    }

    @Test
    void withoutMemoryTheRateIsTheEntropyOfALetter() {
        MarkovSource source = MarkovSource.of("abc", 0, new double[][] {{0.5, 0.25, 0.25}});
        assertThat(source.entropyRate()).isCloseTo(1.5 * Math.log(2), within(1e-15));
    }

    @Test
    void aContextThatAddsNothingLeavesTheRateAlone() {
        double[] stay = {0.9, 0.1};
        double[] change = {0.3, 0.7};
        double rate = twoStates(0.1, 0.3).entropyRate();
        MarkovSource latest = MarkovSource.of("01", 2, new double[][] {stay, change, stay, change}); // the last letter decides
        MarkovSource oldest = MarkovSource.of("01", 2, new double[][] {stay, stay, change, change}); // two chains that take turns
        assertThat(latest.entropyRate()).isCloseTo(rate, within(1e-11));
        assertThat(oldest.entropyRate()).isCloseTo(rate, within(1e-11));
        assertThat(latest.stationary()[0]).isCloseTo(0.75 * 0.9, within(1e-11)); // the pair 00
        assertThat(oldest.stationary()[0]).isCloseTo(0.75 * 0.75, within(1e-11));
    }

    /** By the Shannon-McMillan-Breiman theorem -(1/n) ln p(text) tends to the rate; a hundred stretches give its standard error. */
    @Test
    void aSampledTextHasTheEntropyRateAndTheStationaryLaw() {
        MarkovSource source = MarkovSource.random("abcdef", 2, 1.5, Random.seed(5));
        int n = 200_000;
        String text = source.sample(n, Random.seed(6));
        double[] batches = new double[100];
        int[] contexts = new int[36];
        for (int t = 2; t < n; t++) {
            int c = 6 * (text.charAt(t - 2) - 'a') + text.charAt(t - 1) - 'a';
            contexts[c]++;
            batches[t * 100 / n] -= Math.log(source.probability(c, text.charAt(t) - 'a')) / (n / 100.0);
        }
        double mean = Arrays.stream(batches).average().orElseThrow();
        double error = Math.sqrt(Arrays.stream(batches).map(x -> (x - mean) * (x - mean)).sum() / 99 / 100);
        assertThat(mean).isCloseTo(source.entropyRate(), within(4 * error));
        assertThat(error).isLessThan(0.01);
        for (int c = 0; c < 36; c++) assertThat(contexts[c] / (double) n).isCloseTo(source.stationary()[c], within(0.01));
    }

    @Test
    void theFirstCharactersFollowTheStationaryLawToo() {
        MarkovSource source = twoStates(0.01, 0.04);
        int zeros = 0;
        for (int seed = 0; seed < 2000; seed++) zeros += source.sample(1, Random.seed(seed)).equals("0") ? 1 : 0;
        assertThat(zeros / 2000.0).isCloseTo(0.8, within(4 * Math.sqrt(0.8 * 0.2 / 2000)));
    }

    @Test
    void aFlatRandomSourceHasTheLogOfTheAlphabet() {
        assertThat(MarkovSource.random("abcd", 2, 0, Random.seed(1)).entropyRate()).isCloseTo(Math.log(4), within(1e-12));
        assertThat(MarkovSource.random("abcd", 2, 3, Random.seed(1)).entropyRate()).isBetween(0.2, 1.2);
    }

    @Test
    void badInputIsQuoted() {
        double[][] fair = {{0.5, 0.5}, {0.5, 0.5}};
        assertThatThrownBy(() -> MarkovSource.of("a", 1, fair)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("'a', expected at least 2");
        assertThatThrownBy(() -> MarkovSource.of("aa", 1, fair)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("repeats a character");
        assertThatThrownBy(() -> MarkovSource.of("ab", -1, fair)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("order is -1");
        assertThatThrownBy(() -> MarkovSource.of("ab", 40, fair)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("2^40 contexts are more than");
        assertThatThrownBy(() -> MarkovSource.of("ab", 2, fair)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("2 rows, expected 2^2 = 4");
        assertThatThrownBy(() -> MarkovSource.of("ab", 1, new double[][] {{1, 0}, {0.5, 0.5}})).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("row 0 has the probability 0.0");
        assertThatThrownBy(() -> MarkovSource.of("ab", 1, new double[][] {{0.5, 0.5}, {0.5, 0.4}})).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("row 1 sums to 0.9");
    }

    private static MarkovSource twoStates(double p, double q) {
        return MarkovSource.of("01", 1, new double[][] {{1 - p, p}, {q, 1 - q}});
    }

    private static double entropy(double p) {
        return -p * Math.log(p) - (1 - p) * Math.log(1 - p);
    }
}
