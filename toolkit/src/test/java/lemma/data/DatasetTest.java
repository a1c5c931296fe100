package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import lemma.tensor.DType;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class DatasetTest {
    private static Table fruit() {
        return Table.create("fruit", DoubleColumn.create("weight", 1, 2, Double.NaN, 6), DoubleColumn.create("size", 4, 5, 6, 7),
                StringColumn.create("kind", "pear", "apple", "pear", "apple"));
    }

    @Test
    void anyTableGivesFeaturesAndClassesInAlphabeticalOrder() {
        Dataset set = Dataset.of("fruit", fruit(), "kind");
        assertThat(set.features()).containsExactly("weight", "size");
        assertThat(set.classes()).containsExactly("apple", "pear");
        assertThat(set.labels()).containsExactly(1, 0, 1, 0);
    }

    @Test
    void aNumericTargetIsARegression() {
        Dataset set = Dataset.of("fruit", fruit(), "size");
        assertThat(set.features()).containsExactly("weight");
        assertThat(set.targets()).containsExactly(4, 5, 6, 7);
        assertThatThrownBy(set::labels).isInstanceOf(IllegalStateException.class).hasMessageContaining("size is a number, use targets()");
    }

    @Test
    void tensorsHaveTheTypesThatLayersAndLossesTake() {
        Dataset iris = Datasets.iris();
        assertThat(iris.x().dtype()).isEqualTo(DType.FLOAT32);
        assertThat(iris.x().shape().dims()).containsExactly(150, 4);
        assertThat(iris.x().get(149).toFloats()).containsExactly(5.9f, 3f, 5.1f, 1.8f);
        assertThat(iris.y().dtype()).isEqualTo(DType.INT64);
        assertThat(iris.y().toInts()).containsExactly(iris.labels());
        assertThat(Datasets.diabetes().y().shape().dims()).containsExactly(442, 1);
        assertThat(Datasets.diabetes().y().toFloats()).startsWith(151, 75, 141);
    }

    @Test
    void aMissingValueIsAnErrorThatSaysWhatToDo() {
        assertThatThrownBy(() -> Dataset.of("fruit", fruit(), "kind").rows()).isInstanceOf(IllegalStateException.class)
                .hasMessage("fruit: column weight misses 1 of 4 values; use dropMissing() or interpolateMissing()");
    }

    @Test
    void missingValuesAreDroppedOrFilledOnTheLineBetweenTheirNeighbours() {
        Dataset set = Dataset.of("fruit", fruit(), "kind");
        assertThat(set.dropMissing().size()).isEqualTo(3);
        assertThat(set.interpolateMissing().rows()[2]).containsExactly(4, 6);
        assertThat(set.table().doubleColumn("weight").countMissing()).isEqualTo(1);
    }

    @Test
    void aGapAtTheEndCannotBeInterpolated() {
        Dataset set = Dataset.of("fruit", fruit(), "kind").take(0, 1, 2);
        assertThatThrownBy(set::interpolateMissing).isInstanceOf(IllegalStateException.class).hasMessageContaining("first or last value");
    }

    @Test
    void takeGivesTheRowsInTheGivenOrder() {
        Dataset set = Dataset.of("fruit", fruit(), "kind").take(3, 0, 3);
        assertThat(set.rows()).isDeepEqualTo(new double[][] {{6, 7}, {1, 4}, {6, 7}});
        assertThat(set.labels()).containsExactly(0, 1, 0);
    }

    @Test
    void aRowOutsideTheTableIsNamed() {
        assertThatThrownBy(() -> Dataset.of("fruit", fruit(), "kind").take(4)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("fruit: no row 4, there are 4");
    }

    @Test
    void changingTheTableThatWentInOrCameOutLeavesTheSetAlone() {
        Table table = fruit();
        Dataset set = Dataset.of("fruit", table, "kind");
        table.doubleColumn("size").set(0, 99.0);
        set.table().doubleColumn("size").set(0, 99.0);
        assertThat(set.table().doubleColumn("size").get(0)).isEqualTo(4);
    }

    @Test
    void aWrongColumnIsNamedTogetherWithThoseThatExist() {
        assertThatThrownBy(() -> Dataset.of("fruit", fruit(), "colour")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("fruit: no column 'colour', there are [weight, size, kind]");
    }

    @Test
    void aTargetOutsideTheClassesIsQuoted() {
        assertThatThrownBy(() -> new Dataset("fruit", fruit(), List.of("size"), "kind", List.of("apple"), new Source("", "", "")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("'pear', expected one of [apple]");
    }
}
