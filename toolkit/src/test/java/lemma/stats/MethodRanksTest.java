package lemma.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.hipparchus.stat.ranking.NaturalRanking;
import org.hipparchus.stat.ranking.TiesStrategy;
import org.junit.jupiter.api.Test;

class MethodRanksTest {
    private static final List<String> METHODS = List.of("a", "b", "c", "d");

    @Test
    void equalLossesShareTheirRanks() {
        MethodRanks ranks = new MethodRanks(METHODS, new double[][] {{1, 2, 2, Double.POSITIVE_INFINITY}, {3, 3.02, 4, 5}});
        assertThat(METHODS.stream().map(ranks::meanRank)).containsExactly(1.0, 2.25, 2.75, 4.0);
        assertThat(METHODS.stream().map(m -> ranks.shareWithin(m, 0.01))).containsExactly(1.0, 0.5, 0.0, 0.0);
        assertThat(ranks.lowestOther("a")).isEqualTo(2.25);
        assertThat(ranks.ranks("c")).containsExactly(2.5, 3);
    }

    @Property(tries = 100)
    void ranksAreThoseOfHipparchus(@ForAll @Size(4) List<@IntRange(max = 5) Integer> drawn) {
        double[] row = drawn.stream().mapToDouble(i -> i).toArray();
        double[] expected = new NaturalRanking(TiesStrategy.AVERAGE).rank(row);
        MethodRanks ranks = new MethodRanks(METHODS, new double[][] {row});
        for (int j = 0; j < 4; j++) assertThat(ranks.meanRank(METHODS.get(j))).isCloseTo(expected[j], within(1e-15));
    }

    @Test
    void badInputIsNamed() {
        assertThatThrownBy(() -> new MethodRanks(METHODS, new double[][] {{1, 2}})).hasMessageContaining("2 losses for the methods [a, b, c, d]");
        assertThatThrownBy(() -> new MethodRanks(METHODS, new double[][] {{1, 2, Double.NaN, 0}})).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new MethodRanks(METHODS, new double[][] {{1, 2, 3, 4}}).meanRank("e")).hasMessageContaining("no method e");
    }
}
