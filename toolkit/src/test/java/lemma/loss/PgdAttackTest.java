package lemma.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.autodiff.Autodiff;
import lemma.autodiff.GradCheck;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Attacks on linear functions, whose worst points are known, and the losses that are trained with them. */
class PgdAttackTest {
    private static final Tensor X = Random.seed(1).normal(Shape.of(5, 6), DType.FLOAT64);
    private static final Tensor W = Random.seed(2).normal(Shape.of(6), DType.FLOAT64);

    @Test
    void aLinearFunctionIsMovedByTheDualNormOfItsWeights() {
        Tensor inf = PgdAttack.linf(0.3, 20).perturb(z -> z.matmul(W).sum(), X, Random.seed(3));
        double l1 = W.abs().sum().item();
        for (double moved : inf.sub(X).matmul(W).toDoubles()) assertThat(moved).isCloseTo(0.3 * l1, within(1e-12));
        Tensor two = PgdAttack.l2(0.3, 200).perturb(z -> z.matmul(W).sum(), X, Random.seed(3));
        double l2 = W.norm().item();
        for (double moved : two.sub(X).matmul(W).toDoubles()) assertThat(moved).isBetween(0.3 * l2 * 0.98, 0.3 * l2 * (1 + 1e-12));
    }

    @Test
    void movedInputsStayInTheBallAndInTheRange() {
        Tensor pixels = X.sigmoid().reshape(5, 1, 2, 3);
        for (PgdAttack attack : new PgdAttack[] {PgdAttack.linf(0.2, 3).withStep(0.5), PgdAttack.l2(0.2, 3).withStep(0.5)}) {
            Tensor moved = attack.within(0, 1).perturb(z -> z.square().sum(), pixels, Random.seed(4));
            assertThat(moved.shape()).isEqualTo(pixels.shape());
            assertThat(moved.min().item()).isGreaterThanOrEqualTo(0);
            assertThat(moved.max().item()).isLessThanOrEqualTo(1);
            Tensor d = moved.sub(pixels).flatten(1);
            double distance = attack.norm() == PgdAttack.Norm.LINF ? d.abs().max().item() : d.norm(1).max().item();
            assertThat(distance).isBetween(0.1, 0.2 + 1e-12);
        }
    }

    @Test
    void inputsWithoutInfluenceStayFinite() {
        Tensor moved = PgdAttack.l2(0.1, 2).perturb(z -> z.mul(0).sum(), X, Random.seed(5));
        assertThat(moved.isFinite().all().toBooleans()).containsOnly(true);
    }

    @Test
    void theAdversarialLossesAreTheirDefinitions() {
        Tensor h = Random.seed(6).normal(Shape.of(4, 3), DType.FLOAT64);
        Tensor m = h.add(Random.seed(7).normal(Shape.of(4, 3), DType.FLOAT64));
        Tensor y = Tensor.of(new long[] {0, 2, 1, 2});
        double shift = 0;
        double kl = 0;
        for (int i = 0; i < 4; i++) {
            double[] a = h.get(i).toDoubles();
            double[] b = m.get(i).toDoubles();
            int label = y.toInts()[i];
            double square = 0;
            for (int k = 0; k < 3; k++) if (k != label) square += Math.pow((b[label] - b[k]) - (a[label] - a[k]), 2);
            shift += Math.sqrt(square) / 4;
            double[] p = h.softmax(-1).get(i).toDoubles();
            double[] q = m.softmax(-1).get(i).toDoubles();
            for (int k = 0; k < 3; k++) kl += p[k] * Math.log(p[k] / q[k]) / 4;
        }
        var smooth = SmoothAdversarialCompSumLoss.of(0.4, 0.7).withRho(2);
        assertThat(smooth.attacked(m, h, y).item()).isCloseTo(shift, within(1e-9));
        assertThat(smooth.trained(h, m, y).item()).isCloseTo(CompSumLoss.of(0.4).apply(h.div(2), y).item() + 0.7 * shift, within(1e-9));
        assertThat(TradesLoss.of(3).attacked(m, h, y).item()).isCloseTo(kl, within(1e-12));
        assertThat(TradesLoss.of(3).trained(h, m, y).item()).isCloseTo(Losses.crossEntropy(h, y).item() + 3 * kl, within(1e-12));
    }

    @Test
    void theirDerivativesAgreeWithFiniteDifferencesAndHugeLogitsAreFinite() {
        Tensor h = Random.seed(6).normal(Shape.of(4, 3), DType.FLOAT64);
        Tensor m = h.add(Random.seed(7).normal(Shape.of(4, 3), DType.FLOAT64));
        Tensor y = Tensor.of(new long[] {0, 2, 1, 2});
        for (AdversarialLoss loss : new AdversarialLoss[] {SmoothAdversarialCompSumLoss.of(1.5, 0.7), TradesLoss.of(2)}) {
            GradCheck.of((Tensor a, Tensor b) -> loss.trained(a, b, y)).withOrder(2).check(h, m).assertOk();
            assertThat(Autodiff.grad(a -> loss.trained(a, m.mul(1e4), y), h.mul(1e4)).isFinite().all().toBooleans()).containsOnly(true);
        }
    }

    @Test
    void badSettingsAreRefused() {
        assertThatThrownBy(() -> PgdAttack.linf(-1, 3)).hasMessageContaining("-1.0");
        assertThatThrownBy(() -> PgdAttack.linf(1, 3).within(1, 0)).hasMessageContaining("[1.0, 0.0]");
        assertThatThrownBy(() -> PgdAttack.linf(1, 3).perturb(Tensor::sum, Tensor.zeros(3), Random.seed(0))).hasMessageContaining("[3]");
    }
}
