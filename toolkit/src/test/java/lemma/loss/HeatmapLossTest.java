package lemma.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.autodiff.GradCheck;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import lemma.train.Metrics;
import org.junit.jupiter.api.Test;

class HeatmapLossTest {
    @Test
    void targetsAreGaussiansOfTheDistance() {
        Tensor joints = Tensor.of(new double[] {1.25, 3}, 1, 1, 2);
        double[] maps = HeatmapLoss.of(1.5).targets(joints, 5, 4).toDoubles();
        for (int r = 0; r < 5; r++) {
            for (int c = 0; c < 4; c++) {
                double square = (c - 1.25) * (c - 1.25) + (r - 3) * (r - 3);
                assertThat(maps[4 * r + c]).isCloseTo(Math.exp(-square / 4.5), within(1e-12));
            }
        }
    }

    @Test
    void theLossIsTheMeanSquareOverMapsAndPixels() {
        Tensor joints = Random.seed(1).uniform(Shape.of(2, 3, 2), DType.FLOAT64).mul(4);
        HeatmapLoss loss = HeatmapLoss.of(1);
        Tensor maps = loss.targets(joints, 4, 5);
        assertThat(loss.each(maps.add(0.5), joints).toDoubles()).containsExactly(new double[] {0.25, 0.25}, within(1e-12));
        Tensor shift = Tensor.of(new double[] {0.3, 0, 0.6}, 3, 1, 1);
        assertThat(loss.apply(maps.add(shift), joints).item()).isCloseTo((0.09 + 0.36) / 3, within(1e-12));
    }

    @Test
    void firstAndSecondDerivativesInMapsAndJoints() {
        Tensor maps = Random.seed(1).normal(Shape.of(2, 1, 3, 4), DType.FLOAT64);
        Tensor joints = Random.seed(2).uniform(Shape.of(2, 1, 2), DType.FLOAT64).mul(3);
        assertThat(GradCheck.of((Tensor m, Tensor j) -> HeatmapLoss.of(1.2).apply(m, j)).withOrder(2).check(maps, joints).isOk()).isTrue();
    }

    @Test
    void theShareOfCorrectKeypointsCountsTheRadiusIn() {
        Tensor maps = Tensor.zeros(1, 2, 6, 7).add(HeatmapLoss.of(1).targets(Tensor.of(new float[] {5, 2, 0, 4}, 1, 2, 2), 6, 7));
        assertThat(Metrics.peaks(maps).toDoubles()).containsExactly(5, 2, 0, 4);
        Tensor joints = Tensor.of(new float[] {5, 0, 3, 4}, 1, 2, 2); // 2 and 3 pixels away
        assertThat(Metrics.pck(maps, joints, 1.9)).isZero();
        assertThat(Metrics.pck(maps, joints, 2)).isEqualTo(0.5);
        assertThat(Metrics.pck(maps, joints, 3)).isEqualTo(1);
    }

    @Test
    void wrongShapesAndSettingsAreQuoted() {
        assertThatThrownBy(() -> HeatmapLoss.of(0)).hasMessageContaining("sigma is 0");
        assertThatThrownBy(() -> HeatmapLoss.of(1).apply(Tensor.ones(2, 3, 4, 4), Tensor.ones(2, 4, 2))).hasMessageContainingAll("[2, 3, 4, 4]", "[2, 4, 2]");
        assertThatThrownBy(() -> Metrics.pck(Tensor.ones(2, 3, 4, 4), Tensor.ones(2, 4, 2), 1)).hasMessageContaining("[2, 4, 2]");
        assertThatThrownBy(() -> Metrics.pck(Tensor.ones(2, 3, 4, 4), Tensor.ones(2, 3, 2), -1)).hasMessageContaining("-1");
    }
}
