package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lemma.tensor.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SplitTest {
    @Property(tries = 100)
    void everyRowIsInExactlyOnePart(@ForAll @IntRange(min = 1, max = 300) int rows, @ForAll @IntRange(max = 10) int validation,
            @ForAll @IntRange(max = 9) int test, @ForAll long seed) {
        int tenths = Math.min(validation, 9 - test);
        double[] shares = {(10 - tenths - test) / 10.0, tenths / 10.0, test / 10.0};
        int[] labels = IntStream.range(0, rows).map(i -> i % 3).toArray();
        assertThat(all(Split.random(rows, shares[0], shares[1], shares[2], Random.seed(seed)))).containsExactly(IntStream.range(0, rows).toArray());
        assertThat(all(Split.stratified(labels, shares[0], shares[1], shares[2], Random.seed(seed)))).containsExactly(IntStream.range(0, rows).toArray());
        assertThat(all(Split.inOrder(rows, shares[0], shares[1], shares[2]))).containsExactly(IntStream.range(0, rows).toArray());
    }

    @Test
    void theSizesAreTheSharesRounded() {
        Split split = Split.random(150, 0.6, 0.25, 0.15, Random.seed(1));
        assertThat(new int[] {split.train().length, split.validation().length, split.test().length}).containsExactly(89, 38, 23);
    }

    @Test
    void stratifiedPartsHaveTheClassesOfTheWhole() {
        Dataset.Parts parts = Datasets.iris().split(Split.stratified(Datasets.iris().labels(), 0.6, 0.2, 0.2, Random.seed(1)));
        assertThat(counts(parts.train())).containsExactly(30, 30, 30);
        assertThat(counts(parts.validation())).containsExactly(10, 10, 10);
        assertThat(counts(parts.test())).containsExactly(10, 10, 10);
        assertThat(Arrays.copyOf(parts.train().labels(), 30)).contains(0, 1, 2); // the classes are mixed
    }

    @Test
    void theSeedDecides() {
        Split first = Split.random(50, 0.8, 0, 0.2, Random.seed(3));
        assertThat(Split.random(50, 0.8, 0, 0.2, Random.seed(3))).isEqualTo(first);
        assertThat(Split.random(50, 0.8, 0, 0.2, Random.seed(4))).isNotEqualTo(first);
    }

    @Test
    void inOrderKeepsThePastBeforeTheFuture() {
        Split split = Split.inOrder(10, 0.5, 0.2, 0.3);
        assertThat(split.train()).containsExactly(0, 1, 2, 3, 4);
        assertThat(split.validation()).containsExactly(5, 6);
        assertThat(split.test()).containsExactly(7, 8, 9);
    }

    @Test
    void sharesThatDoNotSumToOneAreQuoted() {
        assertThatThrownBy(() -> Split.inOrder(10, 0.5, 0.2, 0.2)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("0.5, 0.2, 0.2");
        assertThatThrownBy(() -> Split.inOrder(10, 0, 0.5, 0.5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Split.random(0, 1, 0, 0, Random.seed(1))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("rows is 0");
    }

    private static int[] all(Split split) {
        return Stream.of(split.train(), split.validation(), split.test()).flatMapToInt(Arrays::stream).sorted().toArray();
    }

    private static int[] counts(Dataset set) {
        int[] counts = new int[3];
        for (int label : set.labels()) counts[label]++;
        return counts;
    }
}
