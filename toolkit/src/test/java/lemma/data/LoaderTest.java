package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import lemma.train.Batch;
import lemma.train.TrainingData;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LoaderTest {
    @Property(tries = 50)
    void anEpochHasEveryExampleOnceWithItsOwnTarget(@ForAll @IntRange(min = 1, max = 60) int examples, @ForAll @IntRange(min = 1, max = 20) int batch, @ForAll long seed) {
        Loader loader = numbered(examples).batch(batch).shuffle(Random.seed(seed));
        List<Long> seen = new ArrayList<>();
        int batches = 0;
        for (Batch b : loader.epoch(2)) {
            assertThat(b.x().toDoubles()).containsExactly(b.y().to(DType.FLOAT64).mul(10).toDoubles());
            for (long y : b.y().toLongs()) seen.add(y);
            batches++;
        }
        assertThat(seen.stream().sorted()).containsExactlyElementsOf(LongStream.range(0, examples).boxed().toList());
        assertThat(batches).isEqualTo(loader.batches()).isEqualTo((examples + batch - 1) / batch);
    }

    @Test
    void withoutShufflingTheOrderIsThatOfTheData() {
        assertThat(targets(numbered(7).batch(3), 5)).containsExactly(List.of(0L, 1L, 2L), List.of(3L, 4L, 5L), List.of(6L));
        assertThat(targets(numbered(7).batch(3).dropLast(), 0)).containsExactly(List.of(0L, 1L, 2L), List.of(3L, 4L, 5L));
    }

    @Test
    void anEpochDependsOnSeedAndNumberAlone() {
        Loader loader = numbered(100).batch(10).shuffle(Random.seed(3));
        List<List<Long>> fourth = targets(loader, 4);
        targets(loader, 0);
        assertThat(targets(loader, 4)).isEqualTo(fourth);
        assertThat(targets(numbered(100).batch(10).shuffle(Random.seed(3)), 4)).isEqualTo(fourth);
        assertThat(targets(loader, 5)).isNotEqualTo(fourth);
        assertThat(targets(numbered(100).batch(10).shuffle(Random.seed(4)), 4)).isNotEqualTo(fourth);
    }

    @Test
    void shufflingIsUniform() {
        Loader loader = numbered(10).batch(10).shuffle(Random.seed(1));
        int[] first = new int[10];
        int epochs = 5000;
        for (int e = 0; e < epochs; e++) first[(int) loader.rows(e)[0]]++;
        double chi = 0;
        for (int n : first) chi += Math.pow(n - epochs / 10.0, 2) / (epochs / 10.0);
        assertThat(chi).isLessThan(27.88); // the 0.1 % point of chi squared with 9 degrees of freedom
    }

    @Test
    void aDatasetGivesItsFeaturesAndLabels() {
        Batch batch = Loader.of(Datasets.iris().examples()).batch(5).epoch(0).iterator().next();
        assertThat(batch.x().shape().dims()).containsExactly(5, 4);
        assertThat(batch.x().toFloats()).startsWith(5.1f, 3.5f, 1.4f, 0.2f);
        assertThat(batch.y().toLongs()).containsExactly(0, 0, 0, 0, 0);
    }

    @Test
    void aBatchSizeBelowOneIsQuoted() {
        assertThatThrownBy(() -> numbered(3).batch(0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("batch is 0");
    }

    private static Loader numbered(int examples) {
        long[] y = LongStream.range(0, examples).toArray();
        double[] x = LongStream.range(0, examples).mapToDouble(i -> 10.0 * i).toArray();
        return Loader.of(TrainingData.of(Tensor.of(x, examples, 1), Tensor.of(y)));
    }

    private static List<List<Long>> targets(Loader loader, long epoch) {
        List<List<Long>> batches = new ArrayList<>();
        for (Batch batch : loader.epoch(epoch)) batches.add(LongStream.of(batch.y().toLongs()).boxed().toList());
        return batches;
    }
}
