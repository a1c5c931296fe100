package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.loss.HeatmapLoss;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import lemma.train.Metrics;
import org.junit.jupiter.api.Test;

class StickFiguresTest {
    @Test
    void everyJointLiesInThePictureAndOnTheFigure() {
        for (int size : new int[] {16, 32, 48}) {
            StickFigures.Sample s = new StickFigures(size, 0, 0).sample(200, Random.seed(size));
            double[] joints = s.joints().toDoubles();
            double[] masks = s.masks().toDoubles();
            for (int j = 0; j < joints.length / 2; j++) {
                int c = (int) Math.rint(joints[2 * j]);
                int r = (int) Math.rint(joints[2 * j + 1]);
                assertThat(c).isBetween(0, size - 1);
                assertThat(r).isBetween(0, size - 1);
                assertThat(masks[(j / StickFigures.JOINTS * size + r) * size + c]).isEqualTo(1);
            }
        }
    }

    @Test
    void handsAndFeetAreOnTheirSidesAndTheHeadOnTop() {
        Tensor joints = StickFigures.of().sample(300, Random.seed(2)).joints();
        Tensor x = joints.narrow(2, 0, 1);
        Tensor y = joints.narrow(2, 1, 2);
        assertThat(x.narrow(1, 1, 2).lt(x.narrow(1, 2, 3)).all().item()).isEqualTo(1);
        assertThat(x.narrow(1, 3, 4).lt(x.narrow(1, 4, 5)).all().item()).isEqualTo(1);
        assertThat(y.narrow(1, 0, 1).lt(y.narrow(1, 3, 4)).all().item()).isEqualTo(1);
    }

    @Test
    void aFigureCoversAsManyPixelsAsItsLimbsAreLongAndWide() {
        // torso 8, head 4, two arms of 7 and two legs of 8 on average, lines 1.5 wide, and a head of radius 2.25: about 75 pixels
        double area = new StickFigures(32, 0, 0).sample(400, Random.seed(3)).masks().sum().item() / 400;
        assertThat(area).isBetween(65.0, 85.0);
    }

    @Test
    void strokesOnlyAddAndNoiseHasItsSpread() {
        StickFigures.Sample plain = new StickFigures(32, 0, 0).sample(50, Random.seed(4));
        assertThat(plain.images().ge(0).all().item()).isEqualTo(1);
        assertThat(plain.images().ge(0.5).to(DType.FLOAT32).toDoubles()).containsExactly(plain.masks().toDoubles());
        Tensor clutter = new StickFigures(32, 6, 0).sample(50, Random.seed(4)).images();
        Tensor noisy = new StickFigures(32, 6, 0.15).sample(50, Random.seed(4)).images();
        assertThat(clutter.max().item()).isEqualTo(1);
        assertThat(clutter.sum().item()).isGreaterThan(1.3 * plain.images().sum().item());
        double spread = Math.sqrt(noisy.sub(clutter).square().mean().item());
        assertThat(spread).isCloseTo(0.15, within(4 * 0.15 / Math.sqrt(2 * 50 * 1024)));
    }

    @Test
    void theSameSeedGivesTheSamePictures() {
        assertThat(StickFigures.of().sample(3, Random.seed(5)).images().toDoubles()).containsExactly(StickFigures.of().sample(3, Random.seed(5)).images().toDoubles());
        assertThat(StickFigures.of().sample(0, Random.seed(5)).images().shape()).isEqualTo(Shape.of(0, 1, 32, 32));
    }

    @Test
    void theRightHeatMapsFindEveryJoint() {
        Tensor joints = StickFigures.of().sample(20, Random.seed(6)).joints();
        Tensor maps = HeatmapLoss.of(1.5).targets(joints, 32, 32);
        assertThat(Metrics.pck(maps, joints, Math.sqrt(0.5) + 1e-4)).isEqualTo(1);
        assertThat(HeatmapLoss.of(1.5).apply(maps, joints).item()).isZero();
        assertThat(Metrics.pck(maps, joints.add(3), 2)).isZero();
    }

    @Test
    void wrongSettingsAreQuoted() {
        assertThatThrownBy(() -> new StickFigures(8, 0, 0)).hasMessageContaining("size 8");
        assertThatThrownBy(() -> new StickFigures(32, 0, Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> StickFigures.of().sample(-1, Random.seed(1))).hasMessageContaining("-1");
    }
}
