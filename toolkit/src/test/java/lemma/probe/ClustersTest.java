package lemma.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against scikit-learn: {@code cluster_fixtures.py}. */
class ClustersTest {
    private static final Fixtures SKLEARN = Fixtures.read("cluster.json");

    @Test
    void kMeansFindsTheCentresOfScikitLearn() {
        KMeans found = KMeans.fit(SKLEARN.matrix("x"), 5, 100, Random.seed(1));
        assertThat(found.inertia()).isCloseTo(SKLEARN.number("inertia"), offset(1e-9));
        assertThat(sorted(found.centres())).isDeepEqualTo(sorted(SKLEARN.rows("centres")));
    }

    /** By the first coordinate, to nine digits. */
    private static double[][] sorted(double[][] centres) {
        return Arrays.stream(centres).map(c -> Arrays.stream(c).map(v -> Math.round(v * 1e9) / 1e9).toArray()).sorted(Comparator.comparingDouble((double[] c) -> c[0])).toArray(double[][]::new);
    }

    @Test
    void kMeansPutsNewRowsToTheNearestCentre() {
        KMeans found = new KMeans(SKLEARN.rows("centres"), 0);
        assertThat(found.labels(SKLEARN.matrix("queries"))).isEqualTo(SKLEARN.integers("clusters"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6})
    void nearestNeighboursVoteAsInScikitLearn(int k) {
        Tensor y = Tensor.of(SKLEARN.integers("y"));
        NearestNeighbourClassifier classifier = NearestNeighbourClassifier.of(SKLEARN.matrix("x"), y, k);
        int[] expected = SKLEARN.integers("neighbours_" + k);
        assertThat(classifier.predict(SKLEARN.matrix("queries"))).isEqualTo(expected);
        assertThat(classifier.accuracy(SKLEARN.matrix("queries"), Tensor.of(expected))).isEqualTo(1);
        int[] halfWrong = IntStream.range(0, expected.length).map(i -> i % 2 == 0 ? expected[i] : (expected[i] + 1) % 5).toArray();
        assertThat(classifier.accuracy(SKLEARN.matrix("queries"), Tensor.of(halfWrong))).isEqualTo(0.5);
    }

    @Test
    void sayWhatIsWrong() {
        Tensor x = SKLEARN.matrix("x");
        assertThatIllegalArgumentException().isThrownBy(() -> KMeans.fit(x, 301, 1, Random.seed(1))).withMessageContaining("301").withMessageContaining("300");
        assertThatIllegalArgumentException().isThrownBy(() -> KMeans.fit(x, 3, 0, Random.seed(1))).withMessageContaining("starts is 0");
        assertThatIllegalArgumentException().isThrownBy(() -> KMeans.fit(x, 3, 1, Random.seed(1)).labels(x.narrow(1, 0, 3))).withMessageContaining("[300, 3]");
        assertThatIllegalArgumentException().isThrownBy(() -> NearestNeighbourClassifier.of(x, Tensor.of(SKLEARN.integers("y")), 0)).withMessageContaining("k is 0");
        NearestNeighbourClassifier one = NearestNeighbourClassifier.of(x, Tensor.of(SKLEARN.integers("y")), 1);
        assertThatIllegalArgumentException().isThrownBy(() -> one.predict(x.narrow(1, 0, 3))).withMessageContaining("[300, 3]");
    }
}
