package lemma.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.hipparchus.stat.correlation.SpearmansCorrelation;
import org.junit.jupiter.api.Test;

class SpearmanTest {
    /** scipy.stats.spearmanr of SciPy 1.17.1. */
    @Test
    void tiesShareTheirMeanRank() {
        assertThat(Spearman.of(new double[] {1, 2, 2, 3, -0.0, 0.0, -5}, new double[] {2, 1, 7, 7, 7, -3, 1e300})).isCloseTo(-0.16984155512168939, within(1e-15));
        assertThat(Spearman.of(new double[] {1, 1, 1}, new double[] {1, 2, 3})).isNaN();
    }

    @Property(tries = 200)
    void numbersOfEveryKindAreRankedAsHipparchusRanksThem(@ForAll @Size(min = 3, max = 40) double[] a, @ForAll @IntRange(max = 6) int shift) {
        double[] b = new double[a.length];
        for (int i = 0; i < a.length; i++) b[i] = Math.rint(Math.sin(i * 7.3 + shift) * 4) * Math.pow(10, shift - 3.0);
        double expected = new SpearmansCorrelation().correlation(withoutNegativeZero(a), withoutNegativeZero(b)); // which it ranks below 0
        if (Double.isNaN(expected)) assertThat(Spearman.of(a, b)).isNaN();
        else assertThat(Spearman.of(a, b)).isCloseTo(expected, within(1e-12));
    }

    private static double[] withoutNegativeZero(double[] a) {
        return Arrays.stream(a).map(v -> v + 0.0).toArray();
    }

    @Test
    void orderIsThatOfManyMagnitudes() {
        double[] a = new double[5000];
        double[] b = new double[5000];
        for (int i = 0; i < a.length; i++) {
            a[i] = (i - 2500) * Math.pow(2, (i * 37 % 100) - 50);
            b[i] = Math.cbrt(a[i]);
        }
        assertThat(Spearman.of(a, b)).isEqualTo(1);
        assertThat(Spearman.of(a, Arrays.stream(b).map(v -> -v).toArray())).isEqualTo(-1);
    }

    @Test
    void refusesWhatHasNoRank() {
        assertThatThrownBy(() -> Spearman.of(new double[] {1, 2, Double.NaN}, new double[3])).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("pair 2 is NaN");
        assertThatThrownBy(() -> Spearman.of(new double[2], new double[2])).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("at least 3 pairs");
    }
}
