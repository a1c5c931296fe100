package lemma.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;

class RunsTest {
    /** Validation is best at rate 0.2, the test at 0.1: choosing by one must not look at the other. */
    private static Runs runs() {
        return Runs.of(Sweep.of(Grid.of("loss", "CE", "MAE").with("rate", 0.1, 0.2, 0.4)).seeds(7, 8).quiet().run(List.of("validation", "test"), c -> {
            double noise = c.seed() == 7 ? 1 : -1;
            return new double[] {-Math.abs(c.number("rate") - 0.2) + noise, (c.text("loss").equals("CE") ? 10 : 20) - c.number("rate") + noise};
        }));
    }

    @Test
    void settingsAreChosenByTheMeanOverSeedsOfOneResult() {
        Runs best = runs().where("loss", "CE").best("validation");
        assertThat(best.configuration()).isEqualTo("loss = CE, rate = 0.2");
        assertThat(best.values("test")).containsExactly(new double[] {10.8, 8.8}, within(1e-12));
        assertThat(runs().where("loss", "MAE").least("validation").configuration()).contains("rate = 0.4");
    }

    @Test
    void resultsAreReadBySeedByValueAndAgainstOthers() {
        Runs all = runs();
        assertThat(all.where("loss", "CE").means("rate", "test")).containsExactly(new double[] {9.9, 9.8, 9.6}, within(1e-12));
        assertThat(all.where("loss", "MAE").where("rate", 0.1).minus(all.where("loss", "CE").where("rate", 0.1), "test")).containsExactly(new double[] {10, 10}, within(1e-12));
        assertThat(all.seed(8).where("rate", 0.4).where("loss", "CE").curve(List.of("validation", "test"))).containsExactly(new double[] {-1.2, 8.6}, within(1e-12));
        assertThat(all.toString()).isEqualTo("12 runs");
        assertThat(all.seed(7).where("rate", 0.4).toString()).isEqualTo("2 runs with rate = 0.4");
    }

    @Test
    void whatCannotBeReadIsRefused() {
        assertThatThrownBy(() -> runs().where("decay", 1)).hasMessageContaining("decay").hasMessageContaining("[loss, rate]");
        assertThatThrownBy(() -> runs().where("rate", 0.3)).hasMessageContaining("rate = 0.3");
        assertThatThrownBy(() -> runs().where("rate", 0.1).minus(runs().seed(7).where("rate", 0.1), "test")).hasMessageContaining("[7, 7]");
        assertThatThrownBy(() -> runs().curve(List.of("test"))).hasMessageContaining("12 runs");
        assertThatThrownBy(() -> Runs.of(Table.create("t", DoubleColumn.create("a")))).hasMessageContaining("[a]");
        Runs diverged = Runs.of(Sweep.of(Grid.of("rate", 1, 2)).quiet().run("loss", c -> Double.NaN));
        assertThatThrownBy(() -> diverged.least("loss")).hasMessageContaining("rate = 1").hasMessageContaining("NaN");
    }
}
