package lemma.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EmpiricalProbabilityTest {
    @Test
    void binsHoldEquallyManyCasesInTheOrderOfTheirForecasts() {
        double[] f = {0.9, 0.1, 0.5, 0.2, 0.8, 0.6};
        boolean[] came = {true, false, true, true, true, false};
        // 0.1 and 0.2; 0.5 and 0.6; 0.8 and 0.9
        assertThat(new BinnedEmpiricalProbability(3).of(f, came)).containsExactly(1, 0.5, 0.5, 0.5, 1, 0.5);
        assertThat(new BinnedEmpiricalProbability(1).of(f, came)).containsOnly(4 / 6.0);
        assertThat(new BinnedEmpiricalProbability(6).of(f, came)).containsExactly(1, 0, 1, 1, 1, 0);
    }

    @Test
    void theKernelIsItsDefinitionAndItsLimits() {
        double[] f = {0.2, 0.3, 0.7};
        boolean[] came = {false, true, true};
        double near = Math.exp(-0.5);
        double far = Math.exp(-12.5);
        assertThat(new KernelEmpiricalProbability(0.1).of(f, came)[0]).isCloseTo((near + far) / (1 + near + far), within(1e-12));
        assertThat(new KernelEmpiricalProbability(1e-6).of(f, came)).containsExactly(0, 1, 1);
        assertThat(new KernelEmpiricalProbability(1e6).of(f, came)).containsExactly(new double[] {2 / 3.0, 2 / 3.0, 2 / 3.0}, within(1e-9));
    }

    @Test
    void bothFindTheProbabilityBehindMiscalibratedForecasts() {
        SplittableRandom random = new SplittableRandom(1);
        int n = 4000;
        double[] f = new double[n];
        boolean[] came = new boolean[n];
        for (int i = 0; i < n; i++) {
            f[i] = random.nextDouble();
            came[i] = random.nextDouble() < 0.25 + 0.5 * f[i];
        }
        for (EmpiricalProbability e : new EmpiricalProbability[] {new BinnedEmpiricalProbability(20), new KernelEmpiricalProbability(0.05)}) {
            double[] p = e.of(f, came);
            double square = 0;
            for (int i = 0; i < n; i++) square += Math.pow(p[i] - (0.25 + 0.5 * f[i]), 2) / n;
            assertThat(Math.sqrt(square)).isLessThan(0.05);
        }
    }

    @Test
    void badInputIsRefused() {
        assertThatThrownBy(() -> new BinnedEmpiricalProbability(0)).hasMessageContaining("bins is 0");
        assertThatThrownBy(() -> new KernelEmpiricalProbability(0)).hasMessageContaining("width is 0.0");
        assertThatThrownBy(() -> new BinnedEmpiricalProbability(2).of(new double[] {0.5, 2}, new boolean[2])).hasMessageContaining("forecast 1 is 2.0");
    }
}
