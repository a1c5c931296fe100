package lemma.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import lemma.stats.Lasso;
import lemma.stats.LinearAssignment;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lasso and the assignment of lemma.stats against scikit-learn and SciPy, on the fixtures of this package. */
class FittedUnitsTest {
    private static final Fixtures F = Fixtures.read("fixtures.json");
    private static final Tensor X = F.matrix("x");
    private static final Tensor STANDARD = X.sub(X.meanKeep(0)).div(X.std(0, 0));
    private static final Tensor Y = F.matrix("y").narrow(1, 0, 1).squeeze(1);

    @ParameterizedTest
    @ValueSource(strings = {"0.01", "0.1", "0.4"})
    void lassoIsScikitLearns(String alpha) {
        Lasso fit = Lasso.fit(STANDARD, Y, Double.parseDouble(alpha));
        double[] expected = F.numbers("lasso_" + alpha);
        assertThat(fit.weights()).containsExactly(Arrays.copyOf(expected, 8), within(1e-8));
        assertThat(new double[] {fit.intercept(), fit.rSquared()}).containsExactly(Arrays.copyOfRange(expected, 8, 10), within(1e-8));
        assertThat(fit.nonzeros()).isEqualTo((int) Arrays.stream(expected, 0, 8).filter(w -> w != 0).count());
    }

    @Test
    void aPathEndsWhereFitsFromZeroDo() {
        Lasso[] path = Lasso.path(STANDARD, Y, new double[] {0.4, 0.1, 0.01});
        assertThat(path[2].weights()).containsExactly(Lasso.fit(STANDARD, Y, 0.01).weights(), within(1e-9));
        assertThat(path[0].nonzeros()).isLessThan(path[2].nonzeros());
    }

    @Test
    void lassoRefusesWhatItCannotFit() {
        assertThatThrownBy(() -> Lasso.fit(X, Y.narrow(0, 0, 5), 0.1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[60, 8]");
        assertThatThrownBy(() -> Lasso.fit(X, Y.mul(0), 0.1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("constant");
        assertThatThrownBy(() -> Lasso.fit(X, Y, -1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("alpha is -1.0");
        assertThatThrownBy(() -> Lasso.fit(X, Y.div(0), 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("NaN or infinity");
    }

    @Test
    void assignmentCostsWhatSciPysDoes() {
        double[][] cost = F.rows("cost");
        assertThat(LinearAssignment.total(cost, LinearAssignment.minimise(cost))).isCloseTo(F.number("costTotal"), within(1e-12));
        double[][] tall = UnitMatching.rows(F.matrix("cost").t().contiguous());
        int[] columns = LinearAssignment.minimise(tall);
        assertThat(LinearAssignment.total(tall, columns)).isCloseTo(F.number("costTotalTall"), within(1e-12));
        assertThat(Arrays.stream(columns).filter(c -> c < 0).count()).isEqualTo(15);
    }

    @Test
    void assignmentIsTheBestOfAllPermutations() {
        for (int n = 1; n <= 7; n++) {
            double[][] profit = UnitMatching.rows(Random.seed(n).normal(n, n));
            double best = best(profit, 0, new boolean[n]);
            assertThat(LinearAssignment.total(profit, LinearAssignment.maximise(profit))).isCloseTo(best, within(1e-12));
        }
    }

    private static double best(double[][] profit, int row, boolean[] taken) {
        if (row == profit.length) return 0;
        double best = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < taken.length; j++) {
            if (taken[j]) continue;
            taken[j] = true;
            best = Math.max(best, profit[row][j] + best(profit, row + 1, taken));
            taken[j] = false;
        }
        return best;
    }

    /** Values of scikit-learn's mutual_info_score on cells cut by NumPy, in bits. */
    @Test
    void informationOfUnitsIsThatOfTheirCells() {
        Tensor a = Tensor.of(new double[][] {{0, 1}, {1, 2}, {2, 0}, {3, 5}, {4, 4}, {5, 3}, {6, 1}, {8, 0}});
        Tensor b = a.narrow(1, 0, 1).sub(4).square();
        double[][] bits = UnitMatching.information(a, b, 4);
        assertThat(bits[0][0]).isCloseTo(1.1556390622295665, within(1e-12));
        assertThat(bits[1][0]).isCloseTo(1.4056390622295665, within(1e-12));
        assertThat(UnitMatching.of(bits).oneToOne()).containsExactly(-1, 0);
        assertThatThrownBy(() -> UnitMatching.information(a, b.mul(0), 4)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("unit 0 is constant");
    }

    @Test
    void assignmentRefusesWhatIsNoMatrixOfCosts() {
        assertThatThrownBy(() -> LinearAssignment.minimise(new double[][] {{1, 2}, {3}})).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("row 1 has 1 elements");
        assertThatThrownBy(() -> LinearAssignment.minimise(new double[][] {{1, Double.NaN}})).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[0, 1] is NaN");
    }
}
