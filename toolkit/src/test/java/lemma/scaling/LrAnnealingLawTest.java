package lemma.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import lemma.optim.Schedule;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;

class LrAnnealingLawTest {
    private static final double[] PLANTED = {2.2, 1.4, 0.45, 0.9};
    private static final int[] STEPS = IntStream.range(1, 113).map(i -> 30 * i).toArray();
    private static final Schedule CONSTANT = Schedule.constant(2e-2);
    private static final Schedule COSINE = Schedule.cosine(2e-2, 2e-3, 3360);
    private static final Schedule WSD = Schedule.wsd(2e-2, 2e-4, 2700, 3360);

    @Property(tries = 30)
    void recursionIsTheDoubleSum(@ForAll @DoubleRange(min = 0, max = 0.9999) @Scale(4) double lambda, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] rates = random.doubles(60).toArray();
        LrAnnealingLaw.Areas areas = LrAnnealingLaw.of(lambda).areas(t -> rates[(int) t], 1, 7, 60);
        int[] steps = {1, 7, 60};
        for (int k = 0; k < 3; k++) {
            double forward = 0;
            double annealing = 0;
            for (int i = 1; i <= steps[k]; i++) {
                forward += rates[i - 1];
                for (int j = 2; j <= i; j++) annealing += (rates[j - 2] - rates[j - 1]) * Math.pow(lambda, i - j);
            }
            assertThat(areas.forward()[k]).isCloseTo(forward, within(1e-12 * (1 + forward)));
            assertThat(areas.annealing()[k]).isCloseTo(annealing, within(1e-12 * (1 + Math.abs(annealing))));
        }
    }

    @Test
    void warmUpCountsInNeitherArea() {
        LrAnnealingLaw.Areas without = LrAnnealingLaw.of(0.9).areas(COSINE, 10, 500);
        LrAnnealingLaw.Areas with = LrAnnealingLaw.of(0.9).withWarmUp(40).areas(COSINE.withWarmUp(40), 50, 540);
        assertThat(with.forward()).containsExactly(without.forward(), within(1e-12));
        assertThat(with.annealing()).containsExactly(without.annealing(), within(1e-12));
    }

    @Test
    void recoversPlantedParametersWithoutNoise() {
        LrAnnealingLaw.Fit fit = LrAnnealingLaw.of(0.99).fit(List.of(curve("constant", CONSTANT, 0, 1), curve("cosine", COSINE, 0, 2)));
        assertThat(fit.scalingFit().observations()).isEqualTo(224);
        String[] names = {"L0", "A", "alpha", "C"};
        for (int j = 0; j < 4; j++) assertThat(fit.parameter(names[j])).as(names[j]).isCloseTo(PLANTED[j], withinPercentage(0.1));
        assertThat(fit.meanRelativeError(curve("wsd", WSD, 0, 3))).isLessThan(1e-5);
    }

    @Test
    void choosesTheMomentumAndPredictsAScheduleNeverRun() {
        double[] lambdas = {0.9, 0.95, 0.98, 0.99, 0.995, 0.998};
        LrAnnealingLaw.Fit fit = LrAnnealingLaw.fit(lambdas, 0, List.of(curve("constant", CONSTANT, 0.002, 1), curve("cosine", COSINE, 0.002, 2)));
        assertThat(fit.law().lambda()).isEqualTo(0.99);
        assertThat(fit.meanRelativeError(curve("wsd", WSD, 0, 3))).isLessThan(0.005);
        assertThat(fit.figure(curve("wsd", WSD, 0, 3)).plotly().get("data").toString()).contains("constant", "cosine", "wsd", "predicted");
        assertThat(fit.toString()).contains("lambda 0.99, fitted to constant, cosine");
    }

    @Test
    void saysThatAnnealingDidNotHelp() {
        LrAnnealingLaw law = LrAnnealingLaw.of(0.99);
        double[] rising = law.areas(COSINE, STEPS).annealing();
        double[] loss = IntStream.range(0, STEPS.length).mapToDouble(i -> 2 + Math.pow(law.areas(COSINE, STEPS).forward()[i], -0.4) + 0.1 * rising[i]).toArray();
        ScalingFit fit = law.fit(List.of(new LrAnnealingLaw.Curve("cosine", COSINE, STEPS, loss))).scalingFit();
        assertThat(fit.parameter("C")).isZero();
        assertThat(fit.warnings()).anyMatch(w -> w.startsWith("C stands at its bound 0.0"));
    }

    @Test
    void refusesWhatSaysNothing() {
        assertThatThrownBy(() -> LrAnnealingLaw.of(1)).hasMessageContaining("lambda is 1.0");
        assertThatThrownBy(() -> LrAnnealingLaw.of(0.9).withWarmUp(50).areas(COSINE, 50)).hasMessageContaining("step 50 lies within the warm-up of 50");
        assertThatThrownBy(() -> LrAnnealingLaw.of(0.99).fit(List.of(curve("constant", CONSTANT, 0, 1)))).hasMessageContaining("S2 takes 1 different value");
    }

    private static LrAnnealingLaw.Curve curve(String name, Schedule schedule, double noise, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LrAnnealingLaw law = LrAnnealingLaw.of(0.99);
        LrAnnealingLaw.Areas areas = law.areas(schedule, STEPS);
        double[] loss = IntStream.range(0, STEPS.length).mapToDouble(i -> law.predict(PLANTED, areas.forward()[i], areas.annealing()[i]) * Math.exp(noise * random.nextGaussian())).toArray();
        return new LrAnnealingLaw.Curve(name, schedule, STEPS, loss);
    }
}
