package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Moments and equations of the distribution. */
class OpposingSignalsTest {
    private static final OpposingSignals TASK = new OpposingSignals(5, 3, 0.1, 50, 2);

    @Test
    void outliersLieOnBothSidesOfOneDirection() {
        var s = TASK.sample(4000, Random.seed(1));
        int plus = s.group(1).length;
        int minus = s.group(-1).length;
        assertThat(plus + minus).isBetween(400 - 76, 400 + 76); // four standard deviations of a binomial number
        assertThat(Math.abs(plus - minus)).isLessThan(4 * (int) Math.sqrt(400));
        Tensor rare = s.x().narrow(1, 5, 8);
        assertThat(rare.sub(s.sign().unsqueeze(1).mul(s.u()).mul(Math.sqrt(50))).abs().max().item()).isLessThan(1e-12);
        assertThat(s.u().norm().item()).isCloseTo(1, within(1e-12));
        assertThat(rare.indexSelect(0, Tensor.of(s.group(0))).abs().max().item()).isZero();
    }

    @Test
    void targetsAreEvenInTheOutlyingPart() {
        var s = TASK.sample(500, Random.seed(2));
        Tensor rest = s.y().sub(s.x().narrow(1, 0, 5).matmul(s.beta()));
        assertThat(rest.toDoubles()).containsExactly(s.sign().abs().mul(2).toDoubles(), within(1e-12));
        assertThat(s.beta().norm().item()).isCloseTo(1, within(1e-12));
        assertThat(s.withoutOutliers().x().dim(0)).isEqualTo(s.group(0).length);
        assertThat(s.withoutOutliers().sign().abs().sum().item()).isZero();
    }

    @Test
    void balancedGroupsAreOfOneSize() {
        var s = TASK.balanced(310, Random.seed(3));
        assertThat(s.group(1)).hasSize(16);
        assertThat(s.group(-1)).hasSize(16);
        Tensor rest = s.y().sub(s.x().narrow(1, 0, 5).matmul(s.beta()));
        assertThat(rest.sum().item()).isCloseTo(64, within(1e-9));
    }

    @Test
    void badInputSaysWhatIsWrong() {
        assertThatThrownBy(() -> new OpposingSignals(0, 1, 0.1, 1, 1)).hasMessageContaining("0 common");
        assertThatThrownBy(() -> new OpposingSignals(1, 1, 1.5, 1, 1)).hasMessageContaining("share is 1.5");
        assertThatThrownBy(() -> TASK.sample(0, Random.seed(1))).hasMessageContaining("examples is 0");
    }
}
