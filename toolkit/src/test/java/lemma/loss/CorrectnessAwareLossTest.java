package lemma.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import lemma.autodiff.Autodiff;
import lemma.autodiff.GradCheck;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class CorrectnessAwareLossTest {
    private static final Tensor LOGITS = Random.seed(1).normal(Shape.of(8, 4), DType.FLOAT64).mul(2);
    private static final Tensor LABELS = Random.seed(2).integers(0, 4, 8);

    @Test
    void itIsItsDefinition() {
        double[] ours = CorrectnessAwareLoss.of().each(LOGITS, LABELS).toDoubles();
        double[] balanced = CorrectnessAwareLoss.of().asBalanced().each(LOGITS, LABELS).toDoubles();
        boolean[] right = new boolean[8];
        int hits = 0;
        for (int i = 0; i < 8; i++) {
            right[i] = LOGITS.get(i).argmax().item() == LABELS.get(i).item();
            hits += right[i] ? 1 : 0;
        }
        assertThat(hits).isBetween(1, 7);
        for (int i = 0; i < 8; i++) {
            double top = LOGITS.get(i).max().item();
            double sum = 0;
            for (double h : LOGITS.get(i).toDoubles()) sum += Math.exp(h - top);
            double expected = Math.pow(1 / sum - (right[i] ? 1 : 0), 2);
            assertThat(ours[i]).isCloseTo(expected, within(1e-12));
            assertThat(balanced[i]).isCloseTo(expected * 8 / (2.0 * (right[i] ? hits : 8 - hits)), within(1e-12));
        }
        Tensor predicted = LOGITS.argmax(1);
        assertThat(CorrectnessAwareLoss.of().asBalanced().each(LOGITS, predicted).toDoubles()).isEqualTo(CorrectnessAwareLoss.of().each(LOGITS, predicted).toDoubles());
    }

    @Test
    void derivativesAgreeWithFiniteDifferencesAndHugeLogitsAreFinite() {
        for (CorrectnessAwareLoss loss : new CorrectnessAwareLoss[] {CorrectnessAwareLoss.of(), CorrectnessAwareLoss.of().asBalanced()}) {
            GradCheck.of((Tensor h) -> loss.apply(h, LABELS)).withOrder(2).check(LOGITS).assertOk();
            assertThat(Autodiff.grad(h -> loss.apply(h, LABELS), LOGITS.mul(1e4)).isFinite().all().toBooleans()).containsOnly(true);
        }
    }

    @Test
    void onNarrowMistakesCrossEntropyAndThisLossPullTheTemperatureApart() {
        SplittableRandom random = new SplittableRandom(3);
        Tensor label = Tensor.of(new long[] {1});
        for (int i = 0; i < 100; i++) {
            double[] h = new double[6];
            h[0] = 3 + random.nextDouble();
            h[1] = h[0] - 0.02 * random.nextDouble() - 1e-4; // the label comes a close second
            for (int k = 2; k < 6; k++) h[k] = random.nextDouble();
            Tensor z = Tensor.of(h).reshape(1, 6);
            Tensor one = Tensor.full(Shape.of(1), DType.FLOAT64, 0.5 + 2 * random.nextDouble());
            double ce = Autodiff.grad(t -> Losses.crossEntropy(z.div(t), label), one).item();
            double ca = Autodiff.grad(t -> CorrectnessAwareLoss.of().apply(z.div(t), label), one).item();
            double t = one.item();
            double mean = z.div(t).softmax(-1).mul(z).sum().item();
            assertThat(ce).isCloseTo((h[1] - mean) / (t * t), within(1e-12)).isPositive();
            assertThat(ca).isNegative();
        }
    }

    @Test
    void wrongShapesAreRefused() {
        assertThatThrownBy(() -> CorrectnessAwareLoss.of().each(LOGITS, LABELS.unsqueeze(1))).hasMessageContaining("[8, 4]").hasMessageContaining("[8, 1]");
    }
}
