package lemma.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AurocTest {
    @Test
    void itIsHowOftenAPositiveCaseScoresHigher() {
        SplittableRandom random = new SplittableRandom(1);
        int n = 60;
        double[] s = new double[n];
        boolean[] yes = new boolean[n];
        for (int i = 0; i < n; i++) {
            yes[i] = random.nextBoolean();
            s[i] = random.nextInt(8) + (yes[i] ? 1 : 0); // with ties
        }
        double wins = 0;
        int pairs = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                if (!yes[i] || yes[j]) continue;
                wins += s[i] > s[j] ? 1 : s[i] == s[j] ? 0.5 : 0;
                pairs++;
            }
        }
        assertThat(Auroc.of(s, yes)).isCloseTo(wins / pairs, within(1e-12));
    }

    @Test
    void badInputIsRefused() {
        assertThatThrownBy(() -> Auroc.of(new double[] {1, 2}, new boolean[] {true, true})).hasMessageContaining("0 negative");
        assertThatThrownBy(() -> Auroc.of(new double[] {1, Double.NaN}, new boolean[] {true, false})).hasMessageContaining("score 1 is NaN");
    }
}
