package lemma.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.autodiff.GradCheck;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class NormalisedScoresTest {
    private static final Tensor LOGITS = Random.seed(1).normal(Shape.of(5, 4), DType.FLOAT64).mul(15);

    @Test
    void theyAreSoftplusOverItsMeanAndKeepTheOrder() {
        Tensor s = LOGITS.softplus();
        Tensor scores = NormalisedScores.of(LOGITS);
        assertThat(scores.toDoubles()).containsExactly(s.div(s.mean(1).unsqueeze(1)).toDoubles(), within(1e-10)); // softplus rounds far below 0
        assertThat(scores.mean(1).toDoubles()).containsOnly(new double[] {1}, within(1e-14));
        assertThat(scores.argmax(1).toInts()).isEqualTo(LOGITS.argmax(1).toInts());
    }

    @Test
    void whereAllLogitsAreFarBelowZeroTheyAreSoftmaxTimesTheClasses() {
        Tensor low = LOGITS.sub(1e4);
        assertThat(NormalisedScores.of(low).toDoubles()).containsExactly(low.softmax(-1).mul(4).toDoubles(), within(1e-12));
        assertThat(NormalisedScores.of(low.to(DType.FLOAT32)).isFinite().all().toBooleans()).containsExactly(true);
    }

    @Test
    void derivativesAgreeWithFiniteDifferencesOnBothSidesOfTheSwitch() {
        Tensor near = Random.seed(2).uniform(Shape.of(6, 3), DType.FLOAT64).mul(12).sub(26); // -26 to -14
        GradCheck.of((Tensor h) -> NormalisedScores.of(h).square().mean()).withOrder(2).check(near).assertOk();
        assertThatThrownBy(() -> NormalisedScores.of(Tensor.scalar(1))).hasMessageContaining("classes");
    }
}
