package lemma.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;

class TicksTest {
    @Test
    void takesTheSmallestStepOfOneTwoFiveThatIsNotTooFine() {
        assertThat(Ticks.step(0.13)).isEqualTo(0.2);
        assertThat(Ticks.step(0.21)).isEqualTo(0.5);
        assertThat(Ticks.step(0.51)).isEqualTo(1);
        assertThat(Ticks.step(3e6)).isEqualTo(5e6);
    }

    @Test
    void writesRoundLabels() {
        assertThat(labels(Ticks.linear(-0.5, 1.2, 10))).containsExactly("\u22120.4", "\u22120.2", "0", "0.2", "0.4", "0.6", "0.8", "1", "1.2").doesNotContain("0.6000000000000001");
        assertThat(labels(Ticks.linear(0, 20_000, 5))).containsExactly("0", "5,000", "10,000", "15,000", "20,000");
        assertThat(labels(Ticks.linear(0, 2e6, 5))).containsExactly("0", "0.5\u00d710<sup>6</sup>", "1\u00d710<sup>6</sup>", "1.5\u00d710<sup>6</sup>", "2\u00d710<sup>6</sup>");
        assertThat(labels(Ticks.linear(1e6, 1e6 + 4e-1, 4))).contains("1.0000002\u00d710<sup>6</sup>");
    }

    @Test
    void writesPowersOfTenRaisedWithMinorTicksBetween() {
        Ticks ticks = Ticks.log(0.005, 2000, 5, 8);
        assertThat(labels(ticks)).containsExactly("10<sup>\u22122</sup>", "10<sup>\u22121</sup>", "1", "10", "10<sup>2</sup>", "10<sup>3</sup>");
        assertThat(ticks.minor()).startsWith(0.005, 0.006).contains(20.0, 0.3, 2000.0).doesNotContain(10.0);
        assertThat(labels(Ticks.log(1, 1e12, 4, 4))).containsExactly("1", "10<sup>3</sup>", "10<sup>6</sup>", "10<sup>9</sup>", "10<sup>12</sup>");
    }

    @Test
    void labelsOneTwoFiveWhenTheAxisSpansFewDecades() {
        assertThat(labels(Ticks.log(0.003, 0.25, 5, 8))).containsExactly("0.005", "0.01", "0.02", "0.05", "0.1", "0.2");
        assertThat(labels(Ticks.log(2.1, 6.9, 6, 8))).containsExactly("3", "4", "5", "6");
    }

    @Property
    void linearTicksLieInsideAndAreEvenlySpacedMultiplesOfTheStep(@ForAll @DoubleRange(min = -1e6, max = 1e6) double offset, @ForAll @Scale(8) @DoubleRange(min = 1e-6, max = 1e9) double length, @ForAll @IntRange(min = 3, max = 15) int wanted) {
        double lo = offset * length;
        double hi = lo + length;
        Ticks ticks = Ticks.linear(lo, hi, wanted);
        List<Double> at = values(ticks);
        double step = Ticks.step((hi - lo) / ticks.hint());
        assertThat(at).hasSizeBetween(2, ticks.hint() + 1);
        assertThat(step).isBetween((hi - lo) / ticks.hint() * (1 - 1e-12), 2.5 * (hi - lo) / ticks.hint());
        for (int i = 0; i < at.size(); i++) {
            assertThat(at.get(i)).isBetween(lo - 1e-8 * length, hi + 1e-8 * length);
            assertThat(at.get(i) / step).isCloseTo(Math.rint(at.get(i) / step), within(1e-6));
        }
        assertThat(at.getFirst() - step).isLessThan(lo);
        assertThat(at.getLast() + step).isGreaterThan(hi);
    }

    @Property
    void labelsTellTheTicksApartAndReadBackAsTheirValue(@ForAll @DoubleRange(min = -1e7, max = 1e7) double lo, @ForAll @Scale(6) @DoubleRange(min = 1e-4, max = 1e9) double length, @ForAll @IntRange(min = 3, max = 12) int wanted) {
        Ticks ticks = Ticks.linear(lo, lo + length, wanted);
        assertThat(labels(ticks)).doesNotHaveDuplicates();
        double step = Ticks.step(length / ticks.hint());
        for (Ticks.Tick tick : ticks.major()) assertThat(read(tick.label())).isCloseTo(tick.value(), within(0.01 * step));
    }

    @Property
    void logTicksLieInsideAscendAndAreNeverFewerThanTwo(@ForAll @DoubleRange(min = -12, max = 12) double exponent, @ForAll @DoubleRange(min = 0.05, max = 20) double decades, @ForAll @IntRange(min = 3, max = 14) int wanted) {
        double lo = Math.pow(10, exponent);
        double hi = lo * Math.pow(10, decades);
        Ticks ticks = Ticks.log(lo, hi, wanted, wanted);
        List<Double> at = values(ticks);
        assertThat(at).hasSizeGreaterThanOrEqualTo(2).isSorted().allSatisfy(v -> assertThat(v).isBetween(lo * (1 - 1e-8), hi * (1 + 1e-8)));
        assertThat(ticks.minor()).allSatisfy(v -> assertThat(v).isBetween(lo * (1 - 1e-8), hi * (1 + 1e-8)));
    }

    /** Plotly's rule: with {@code decades / nticks > 0.7} the step is that ratio rounded up to whole decades. */
    @Property
    void theHintMakesPlotlyChooseTheSameDecades(@ForAll @DoubleRange(min = -12, max = 12) double exponent, @ForAll @DoubleRange(min = 1, max = 25) double decades, @ForAll @IntRange(min = 3, max = 14) int wanted) {
        Ticks ticks = Ticks.log(Math.pow(10, exponent), Math.pow(10, exponent + decades), wanted, wanted);
        if (ticks.minorStep().isEmpty()) return;
        double rough = decades / ticks.hint();
        double ours = Math.log10(ticks.major().get(1).value() / ticks.major().get(0).value());
        assertThat(rough).isGreaterThan(0.7);
        assertThat(Math.ceil(rough - 1e-9)).isEqualTo(Math.rint(ours));
    }

    private static List<String> labels(Ticks ticks) {
        return ticks.major().stream().map(Ticks.Tick::label).toList();
    }

    private static List<Double> values(Ticks ticks) {
        return ticks.major().stream().map(Ticks.Tick::value).toList();
    }

    private static double read(String label) {
        String plain = label.replace("\u2212", "-").replace(",", "").replace("\u00d710<sup>", "e").replace("</sup>", "");
        return Double.parseDouble(plain);
    }
}
