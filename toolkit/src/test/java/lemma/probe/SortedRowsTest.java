package lemma.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Against all distances; values on a coarse grid, so that many are equal. */
class SortedRowsTest {
    @Property(tries = 100)
    void nearRowsAreThoseOfAllDistances(@ForAll @IntRange(min = 2, max = 60) int n, @ForAll @IntRange(min = 1, max = 5) int d, @ForAll @IntRange(min = 1, max = 9) int most, @ForAll long seed,
            @ForAll SortedRows.Metric metric, @ForAll boolean coarse) {
        double[] drawn = Random.seed(seed).normal(Shape.of(n, d), DType.FLOAT64).mul(3).toDoubles();
        double[] values = coarse ? Arrays.stream(drawn).map(Math::rint).toArray() : drawn;
        SortedRows rows = SortedRows.of(metric, values, d);
        int k = Math.min(most, n - 1);
        for (int i = 0; i < n; i++) {
            double[] all = distances(values, d, i, metric);
            double[] sorted = Arrays.stream(all).sorted().toArray();
            int[] found = new int[k];
            double[] far = new double[k];
            rows.nearest(i, found, far);
            assertThat(far).containsExactly(Arrays.copyOf(sorted, k));
            for (int m = 0; m < k; m++) assertThat(all[found[m]]).isEqualTo(far[m]);
            assertThat(Arrays.stream(found).distinct().count()).isEqualTo(k);
            assertThat(rows.closer(i, far[k - 1])).isEqualTo((int) Arrays.stream(all).filter(r -> r < far[k - 1]).count());
        }
    }

    /** That of a row from itself infinite. */
    private static double[] distances(double[] flat, int d, int i, SortedRows.Metric metric) {
        return IntStream.range(0, flat.length / d).mapToDouble(j -> {
            double[] gaps = IntStream.range(0, d).mapToDouble(c -> Math.abs(flat[i * d + c] - flat[j * d + c])).toArray();
            if (i == j) return Double.POSITIVE_INFINITY;
            double sum = 0;
            for (double g : gaps) sum += g * g;
            return metric == SortedRows.Metric.SQUARED ? sum : Arrays.stream(gaps).max().orElseThrow();
        }).toArray();
    }
}
