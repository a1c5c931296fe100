package lemma.papers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BoundTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        ">= 0.97 | 0.97 | true", ">= 0.97 | 0.9699 | false", "> 0.05 | 0.05 | false", "> 0.05 | 0.0501 | true",
        "<= 0.1 | 0.1 | true", "<= 0.1 | 0.1001 | false", "< 1 | 1 | false", "< 1 | -5 | true",
        "in [-0.5, 2e-1] | -0.5 | true", "in [-0.5, 2e-1] | 0.2 | true", "in [-0.5, 2e-1] | 0.21 | false", "in [-0.5, 2e-1] | -0.51 | false",
        "= -1 +- 0.25 | -1.25 | true", "= -1 +- 0.25 | -0.75 | true", "= -1 +- 0.25 | -1.26 | false", "= -1 +- 0.25 | 1 | false",
        "= -200 +- 0.5% | -199 | true", "= -200 +- 0.5% | -201.1 | false", "= 3 +- 0 | 3 | true", "= 3 +- 0 | 3.0001 | false"})
    void holdsInsideAndOnClosedEndsOnly(String bound, double value, boolean holds) {
        assertThat(Bound.parse(bound).holds(value)).isEqualTo(holds);
    }

    @ParameterizedTest
    @ValueSource(strings = {">= 0", "<= 0", "> 0", "< 0", "in [0, 1]", "= 0 +- 1", "= 1 +- 5%"})
    void nothingThatIsNotFiniteHolds(String text) {
        Bound bound = Bound.parse(text);
        assertThat(bound.holds(Double.NaN)).isFalse();
        assertThat(bound.holds(Double.POSITIVE_INFINITY)).isFalse();
        assertThat(bound.holds(Double.NEGATIVE_INFINITY)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0.97", ">=0.97", ">=  0.97", "=> 0.97", "≥ 0.97", "in [0,1]", "in (0, 1)", "in [0, 1", "= 1 ± 2", "= 1 +- -2",
        "= 1 +- 2 %", "between 0 and 1", ">= NaN", ">= .5", "<= 1e+3", ">= 0.97 ", "!= 0"})
    void refusesEveryOtherWritingAndQuotesIt(String text) {
        assertThatThrownBy(() -> Bound.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'").hasMessageContaining("'in [-0.05, 0.05]'");
    }

    @Test
    void refusesAnEmptyInterval() {
        assertThatThrownBy(() -> Bound.parse("in [2, 1]")).hasMessageContaining("'in [2, 1]' holds for no number");
    }

    @Test
    void refusesANumberBeyondDouble() {
        assertThatThrownBy(() -> Bound.parse("<= 1e999")).hasMessageContaining("1e999 is beyond the range of a double");
    }

    @Property
    void plusMinusIsTheDistanceFromTheCentre(@ForAll @DoubleRange(min = -10, max = 10) double value) {
        assertThat(Bound.parse("= 2.5 +- 0.5").holds(value)).isEqualTo(Math.abs(value - 2.5) <= 0.5);
        assertThat(Bound.parse("= 2.5 +- 20%").holds(value)).isEqualTo(Math.abs(value - 2.5) <= 0.5);
    }
}
