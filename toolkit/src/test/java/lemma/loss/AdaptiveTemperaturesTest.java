package lemma.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.autodiff.Autodiff;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class AdaptiveTemperaturesTest {
    private static final AdaptiveLdrKlLoss LOSS = AdaptiveLdrKlLoss.of(3, 2);
    private static final Tensor LOGITS = Random.seed(1).normal(Shape.of(6, 4), DType.FLOAT64).mul(4);
    private static final Tensor LABELS = Random.seed(2).integers(0, 4, 6);

    @Test
    void onlyExamplesOfTheBatchAreRenewedFromTheirOwnPast() {
        AdaptiveTemperatures t = AdaptiveTemperatures.of(LOSS, 6);
        Tensor batch = AdaptiveTemperatures.targets(LABELS).indexSelect(0, Tensor.of(new long[] {4, 1}));
        Tensor logits = LOGITS.indexSelect(0, Tensor.of(new long[] {4, 1}));
        Tensor first = LOSS.lambdas(logits, Tensor.full(Shape.of(2), DType.FLOAT64, 3));
        Tensor second = LOSS.lambdas(logits, first);
        t.apply(logits, batch);
        double loss = t.apply(logits, batch).item();
        assertThat(t.lambdas()).containsExactly(new double[] {3, second.get(1).item(), 3, 3, second.get(0).item(), 3}, within(1e-12));
        assertThat(loss).isCloseTo(LOSS.each(logits, LABELS.indexSelect(0, Tensor.of(new long[] {4, 1})), second).mean().item(), within(1e-12));
    }

    @Test
    void theGradientTakesTemperaturesAsGiven() {
        AdaptiveTemperatures t = AdaptiveTemperatures.of(LOSS, 6);
        Tensor lambdas = LOSS.lambdas(LOGITS, Tensor.full(Shape.of(6), DType.FLOAT64, 3));
        Tensor ours = Autodiff.grad(h -> t.apply(h, AdaptiveTemperatures.targets(LABELS)), LOGITS);
        Tensor p = LOGITS.div(lambdas.unsqueeze(1)).softmax(-1);
        assertThat(ours.toDoubles()).containsExactly(p.sub(LABELS.oneHot(4).to(DType.FLOAT64)).div(6).toDoubles(), within(1e-12));
    }

    @Test
    void targetsWithoutNumbersAreRefused() {
        assertThatThrownBy(() -> AdaptiveTemperatures.of(LOSS, 6).apply(LOGITS, LABELS)).hasMessageContaining("[6]").hasMessageContaining("targets()");
    }
}
