package lemma.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class GridTest {
    @Test
    void givesEveryCombinationWithTheLastNameFastest() {
        Grid grid = Grid.of("width", 16, 32).with("rate", 1e-3, 0.01).with("schedule", "cosine");
        assertThat(grid.configs().stream().map(Config::toString)).containsExactly(
                "width=16, rate=0.001, schedule=cosine, seed=0", "width=16, rate=0.01, schedule=cosine, seed=0",
                "width=32, rate=0.001, schedule=cosine, seed=0", "width=32, rate=0.01, schedule=cosine, seed=0");
    }

    @Test
    void takesArraysAndCollections() {
        Grid grid = Grid.of("a", new int[] {1, 2}).with("b", new double[] {0.5}).with("c", List.of(true, false)).with("d", new long[] {1L << 40});
        assertThat(grid.size()).isEqualTo(4);
        Config first = grid.configs().getFirst();
        assertThat(first.integer("a")).isEqualTo(1);
        assertThat(first.number("a")).isEqualTo(1.0);
        assertThat(first.number("b")).isEqualTo(0.5);
        assertThat(first.flag("c")).isTrue();
        assertThat(first.get("d")).isEqualTo(1L << 40);
    }

    @Test
    void wholeNumbersAmongDoublesBecomeDoubles() {
        assertThat(Grid.of("rate", 1, 0.5).configs().getFirst().get("rate")).isEqualTo(1.0);
    }

    @Test
    void keepsAndJoinsConfigurations() {
        Grid grid = Grid.of("a", 1, 2, 3).with("b", 1, 2, 3).where(c -> c.integer("a") * c.integer("b") <= 3);
        assertThat(grid.size()).isEqualTo(5);
        assertThat(grid.and(Grid.of("a", 3).with("b", 1, 3)).size()).isEqualTo(6);
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(() -> Grid.of("a", 1, 1)).hasMessageContaining("\"a\" stands twice: [1, 1]");
        assertThatThrownBy(() -> Grid.of("a")).hasMessageContaining("no values for \"a\"");
        assertThatThrownBy(() -> Grid.of("a", 1, "x")).hasMessageContaining("mixes kinds of values: [1, x]");
        assertThatThrownBy(() -> Grid.of("a", Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> Grid.of("a", "x\ty")).hasMessageContaining("without tabs");
        assertThatThrownBy(() -> Grid.of("seed", 1)).hasMessageContaining("Sweep.seeds");
        assertThatThrownBy(() -> Grid.of("a", 1).with("a", 2)).hasMessageContaining("\"a\" stands twice");
        assertThatThrownBy(() -> Grid.of("a", 1).and(Grid.of("b", 1))).hasMessageContaining("[a] and one of [b]");
        assertThatThrownBy(() -> Grid.of("a", 1).and(Grid.of("a", 0.5))).hasMessageContaining("2 kinds");
        assertThatThrownBy(() -> Grid.of("a", 0.5).configs().getFirst().integer("a")).hasMessageContaining("\"a\" is 0.5, not an int");
        assertThatThrownBy(() -> Grid.of("a", 1).configs().getFirst().number("width")).hasMessageContaining("no \"width\", the grid has [a]");
    }
}
