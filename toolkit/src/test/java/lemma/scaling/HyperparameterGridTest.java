package lemma.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import lemma.sweep.Grid;
import lemma.sweep.Sweep;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class HyperparameterGridTest {
    private static final double[] RATES = {1e-3, 2e-3, 4e-3, 8e-3, 1.6e-2, 3.2e-2};
    private static final int[] BATCHES = {16, 64, 256, 1024};

    /** A loss that is quadratic in the logarithms, with its minimum of 2 at the given point. */
    private static Table runs(double rate, double batch, double curvature) {
        return Sweep.of(Grid.of("rate", RATES).with("batch", BATCHES)).quiet().run("loss", c -> {
            double x = Math.log(c.number("rate") / rate);
            double y = Math.log(c.number("batch") / batch);
            return 2 + 0.1 * x * x - 0.02 * x * y + curvature * y * y;
        });
    }

    @Test
    void findsAnOptimumBetweenTheMeasuredPoints() {
        HyperparameterGrid grid = HyperparameterGrid.of(runs(5e-3, 100, 0.03), "rate", "batch", "loss");
        assertThat(grid.best()).isEqualTo(new StepLaw.Hyperparameters(4e-3, 64));
        assertThat(grid.optimum().learningRate()).isCloseTo(5e-3, withinPercentage(1e-6));
        assertThat(grid.optimum().batchTokens()).isCloseTo(100, withinPercentage(1e-6));
        assertThat(grid.isConvex()).isTrue();
        assertThat(grid.isAtEdge()).isFalse();
        assertThat(grid.responseSurface().hessian()[0]).containsExactly(new double[] {0.2, -0.02}, within(1e-9));
    }

    @Test
    void anOptimumBeyondTheGridStaysOnItsEdge() {
        HyperparameterGrid grid = HyperparameterGrid.of(runs(5e-3, 1, 0.03), "rate", "batch", "loss");
        assertThat(grid.isAtEdge()).isTrue();
        assertThat(grid.optimum().batchTokens()).isCloseTo(16, withinPercentage(1e-6));
    }

    @Test
    void saysWhatAnotherChoiceCosts() {
        HyperparameterGrid grid = HyperparameterGrid.of(runs(4e-3, 64, 0.03), "rate", "batch", "loss");
        assertThat(grid.regret(new StepLaw.Hyperparameters(4.5e-3, 70))).isZero();
        assertThat(grid.regret(new StepLaw.Hyperparameters(9e-3, 64))).isCloseTo(0.1 * Math.log(2) * Math.log(2) / 2, within(1e-12));
        assertThat(grid.plateau(0.0)).isEqualTo(1.0 / 24);
        assertThat(grid.plateau(10)).isEqualTo(1);
    }

    @Test
    void aSaddleIsNotConvexAndItsOptimumIsTheBestMeasured() {
        HyperparameterGrid grid = HyperparameterGrid.of(runs(4e-3, 64, -0.03), "rate", "batch", "loss");
        assertThat(grid.isConvex()).isFalse();
        assertThat(grid.optimum()).isEqualTo(grid.best());
        assertThat(grid.toString()).contains("not convex there");
    }

    @Test
    void runsThatDivergedAreNeverTheBest() {
        Table runs = runs(4e-3, 64, 0.03);
        for (int i = 0; i < runs.rowCount(); i++) if (runs.doubleColumn("rate").getDouble(i) > 0.01) runs.doubleColumn("loss").set(i, Double.NaN);
        HyperparameterGrid grid = HyperparameterGrid.of(runs, "rate", "batch", "loss");
        assertThat(grid.optimum().learningRate()).isCloseTo(4e-3, withinPercentage(1e-6));
        assertThat(grid.regret(new StepLaw.Hyperparameters(1.6e-2, 64))).isInfinite();
    }

    @Test
    void refusesAGridWithHoles() {
        Table runs = runs(4e-3, 64, 0.03);
        assertThatThrownBy(() -> HyperparameterGrid.of(runs.dropRows(0), "rate", "batch", "loss")).hasMessageContaining("no run with rate 0.001 and batch 16.0");
        assertThatThrownBy(() -> HyperparameterGrid.of(runs.where(runs.intColumn("batch").isLessThan(100)), "rate", "batch", "loss")).hasMessageContaining("three or more of each");
    }
}
