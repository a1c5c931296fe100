package lemma.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import lemma.nn.FixtureFile;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against SciPy and NumPy; src/test/python/training_dynamics_fixtures.py. */
class RefinedScheduleTest {
    private static final FixtureFile NUMPY = FixtureFile.of("training-dynamics.safetensors");
    private static final double[] NORMS = NUMPY.get("median/values").toDoubles();

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 31})
    void mediansAreThoseOfSciPy(int width) {
        assertThat(new MedianFilter(width).apply(NORMS)).containsExactly(NUMPY.get("median/" + width).toDoubles());
    }

    @Test
    void widthsAreOddAndNearTheShare() {
        assertThat(MedianFilter.ofShare(0.1, 60).width()).isEqualTo(7);
        assertThat(MedianFilter.ofShare(0.1, 1000).width()).isEqualTo(101);
        assertThat(MedianFilter.ofShare(0, 10).width()).isEqualTo(1);
        assertThatThrownBy(() -> new MedianFilter(4)).hasMessageContaining("width is 4");
        assertThatThrownBy(() -> new MedianFilter(9).apply(1, 2, 3)).hasMessageContaining("a window of 9 for 3 values");
    }

    @Test
    void schedulesAreThoseOfNumPy() {
        assertThat(RefinedSchedule.ofNorms(NORMS).rates()).containsExactly(NUMPY.get("refined/l2").toDoubles(), within(1e-14));
        assertThat(RefinedSchedule.ofL1Norms(NORMS).rates()).containsExactly(NUMPY.get("refined/l1").toDoubles(), within(1e-14));
    }

    @Test
    void constantNormsGiveLinearDecay() {
        double[] norms = new double[500];
        Arrays.fill(norms, 3.7);
        Schedule refined = RefinedSchedule.ofNorms(norms);
        Schedule linear = Schedule.linear(1, 0, 499);
        for (int t = 0; t < 520; t++) assertThat(refined.at(t)).as("step " + t).isCloseTo(linear.at(t), within(1e-12));
    }

    @Test
    void theScaleIsAppliedToEveryRate() {
        Schedule half = RefinedSchedule.ofWeights(1, 2, 3).times(0.5);
        assertThat(new double[] {half.at(0), half.at(1), half.at(2), half.at(3)}).containsExactly(new double[] {0.5 * 5 / 6, 0.5, 0, 0}, within(1e-15));
        assertThatThrownBy(() -> half.times(-1)).hasMessageContaining("-1.0");
    }

    /** The inequality of the harmonic and the quadratic mean. */
    @Property(tries = 50)
    void theRefinedBoundIsNeverAboveThatOfLinearDecay(@ForAll @Size(min = 2, max = 40) double @DoubleRange(min = 0.01, max = 100) [] norms) {
        assertThat(RefinedSchedule.bound(2, norms)).isLessThanOrEqualTo(RefinedSchedule.linearBound(2, norms) * (1 + 1e-12));
    }

    @Test
    void equalNormsGiveTheWorstCaseRate() {
        double[] norms = IntStream.range(0, 100).mapToDouble(t -> 3).toArray();
        assertThat(RefinedSchedule.bound(2, norms)).isCloseTo(2 * 3 / 10.0, within(1e-14));
        assertThat(RefinedSchedule.linearBound(2, norms)).isCloseTo(2 * 3 / 10.0, within(1e-14));
    }

    @Test
    void normsOfZeroAreNamed() {
        double[] norms = new double[50];
        Arrays.fill(norms, 0, 30, 1);
        assertThatThrownBy(() -> RefinedSchedule.ofNorms(norms)).hasMessageContaining("around step 30 is 0.0");
        assertThatThrownBy(() -> RefinedSchedule.ofWeights(1, Double.NaN)).hasMessageContaining("step 1 is NaN");
    }
}
