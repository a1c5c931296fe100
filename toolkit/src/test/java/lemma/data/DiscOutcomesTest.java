package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import lemma.stats.Spearman;
import lemma.tensor.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DiscOutcomesTest {
    @ParameterizedTest
    @EnumSource(DiscOutcomes.Psi.class)
    void outcomesComeAboutAsOftenAsTheirProbabilitySays(DiscOutcomes.Psi psi) {
        int n = 5000;
        var s = DiscOutcomes.of(psi).sample(n, Random.seed(1));
        assertThat(s.outcomes().sub(s.probabilities()).mul(s.probabilities()).mean().item()).isCloseTo(0, within(4 * 0.5 / Math.sqrt(n)));
        assertThat(s.outcomes().mean().item()).isCloseTo(s.probabilities().mean().item(), within(4 * 0.5 / Math.sqrt(n)));
    }

    @Test
    void theAreaOfADiscIsThatOfItsRadius() {
        var s = new DiscOutcomes(DiscOutcomes.Psi.LINEAR, 16, 0, 0).sample(50, Random.seed(2));
        double[] area = s.x().sum(1).toDoubles();
        double[] u = s.probabilities().reshape(-1).toDoubles();
        for (int i = 0; i < 50; i++) {
            double r = 2 + 5 * u[i];
            assertThat(area[i]).isCloseTo(Math.PI * r * r, within(0.05 * Math.PI * r * r));
        }
        assertThat(Spearman.of(area, u)).isGreaterThan(0.999);
        assertThat(Spearman.of(new double[] {1, 2, 2, 4}, new double[] {4, 3, 3, 1})).isCloseTo(-1, within(1e-12));
        assertThat(Spearman.of(new double[] {1, 2, 3, 4}, new double[] {1, 3, 2, 4})).isCloseTo(0.8, within(1e-12)); // 1 - 6 * 2 / 60
    }
}
