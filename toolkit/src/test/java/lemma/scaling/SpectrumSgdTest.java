package lemma.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import lemma.optim.Schedule;
import org.junit.jupiter.api.Test;

class SpectrumSgdTest {
    @Test
    void isTheMeanOfSampledDescents() {
        double[] spectrum = {1, 0.5, 0.2, 0.05};
        double[] power = {0.3, 0.4, 0.2, 0.1};
        int batch = 2;
        double noise = 0.2;
        Schedule schedule = Schedule.cosine(0.3, 0.03, 20);
        double exact = new SpectrumSgd(spectrum, power, noise, batch).losses(schedule, 20)[0];
        int runs = 40_000;
        SplittableRandom random = new SplittableRandom(1);
        double sum = 0;
        double squares = 0;
        for (int run = 0; run < runs; run++) {
            double loss = sampled(spectrum, power, noise, batch, schedule, random);
            sum += loss;
            squares += loss * loss;
        }
        double mean = sum / runs;
        double standardError = Math.sqrt((squares / runs - mean * mean) / runs);
        assertThat(standardError / mean).isLessThan(0.01);
        assertThat(mean).isCloseTo(exact, within(4 * standardError));
    }

    private static double sampled(double[] spectrum, double[] power, double noise, int batch, Schedule schedule, SplittableRandom random) {
        int m = spectrum.length;
        double[] error = IntStream.range(0, m).mapToDouble(i -> Math.sqrt(power[i] / spectrum[i])).toArray();
        for (int s = 0; s < 20; s++) {
            double[] gradient = new double[m];
            for (int b = 0; b < batch; b++) {
                double[] x = IntStream.range(0, m).mapToDouble(i -> Math.sqrt(spectrum[i]) * random.nextGaussian()).toArray();
                double residual = Math.sqrt(noise) * random.nextGaussian();
                for (int i = 0; i < m; i++) residual += x[i] * error[i];
                for (int i = 0; i < m; i++) gradient[i] += residual * x[i] / batch;
            }
            for (int i = 0; i < m; i++) error[i] -= schedule.at(s) * gradient[i];
        }
        double loss = noise;
        for (int i = 0; i < m; i++) loss += spectrum[i] * error[i] * error[i];
        return loss / 2;
    }

    @Test
    void aLargeBatchIsGradientDescent() {
        double[] losses = new SpectrumSgd(new double[] {1, 0.1}, new double[] {2, 1}, 0.5, 1 << 30).losses(Schedule.constant(0.2), 0, 1, 10);
        assertThat(losses[0]).isEqualTo(1.75);
        assertThat(losses[1]).isCloseTo((0.5 + 2 * 0.64 + 0.98 * 0.98) / 2, withinPercentage(1e-6));
        assertThat(losses[2]).isCloseTo((0.5 + 2 * Math.pow(0.8, 20) + Math.pow(0.98, 20)) / 2, withinPercentage(1e-6));
    }

    @Test
    void alongAPowerLawItFallsAsAPowerLaw() {
        double[] losses = SpectrumSgd.powerLaw(1.5, 2, 20_000, 64).losses(Schedule.constant(0.1), 1000, 8000); // exponent (b - 1) / a
        assertThat(Math.log(losses[0] / losses[1]) / Math.log(8)).isCloseTo(2.0 / 3, within(0.03));
    }

    @Test
    void saysWhatIsWrong() {
        SpectrumSgd sgd = SpectrumSgd.powerLaw(1, 2, 10, 1);
        assertThatThrownBy(() -> sgd.losses(Schedule.constant(3), 2000)).isInstanceOf(ArithmeticException.class).hasMessageContaining("with the rate 3.0; lower it");
        assertThatThrownBy(() -> sgd.losses(Schedule.constant(0.1), 5, 3, 9)).hasMessageContaining("[5, 3, 9] do not ascend");
        assertThatThrownBy(() -> sgd.withNoise(-1)).hasMessageContaining("noise is -1.0");
        assertThatThrownBy(() -> new SpectrumSgd(new double[] {1}, new double[2], 0, 1)).hasMessageContaining("1 eigenvalues and 2 powers");
        assertThatThrownBy(() -> new SpectrumSgd(new double[] {0}, new double[1], 0, 1)).hasMessageContaining("eigenvalue 0.0");
    }
}
