package lemma.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class GradCheckTest {
    private static Tensor normal(long seed, int... shape) {
        return Random.seed(seed).normal(Shape.of(shape), DType.FLOAT64);
    }

    @Test
    void passesForRightDerivativesOfFirstToThirdOrder() {
        GradCheck.of((x, w) -> x.matmul(w).tanh()).withOrder(3).check(normal(1, 2, 3), normal(2, 3, 2)).assertOk();
    }

    @Test
    void differencesAreRightToTenDigits() {
        assertThat(GradCheck.of(x -> x.sin().exp()).check(normal(3, 20)).error()).isLessThan(1e-10);
    }

    @Test
    void catchesAWrongRuleAndNamesTheElement() {
        // detach() drops the second factor's share of the derivative at the one element where the mask is on
        Tensor mask = Tensor.of(new double[] {0, 0, 0, 0, 1, 0}, 2, 3);
        GradCheck.Report report = GradCheck.of((a, b) -> a.mul(b).add(b.mul(b.detach()).mul(mask).sub(b.square().mul(mask).detach()))).check(normal(4, 2, 3), normal(5, 2, 3));
        assertThat(report.isOk()).isFalse();
        assertThat(report.order()).isEqualTo(1);
        assertThat(report.argument()).isEqualTo(1);
        assertThat(report.element()).containsExactly(1, 1);
        assertThatThrownBy(report::assertOk).isInstanceOf(AssertionError.class).hasMessageContaining("argument 1").hasMessageContaining("element [1, 1]");
    }

    @Test
    void catchesARuleThatIsWrongOnlyInSecondOrder() {
        // the first derivative 2 x is right, but written so that it does not depend on x
        GradCheck check = GradCheck.of(x -> x.mul(x.detach()).mul(2).sub(x.detach().square()));
        check.check(normal(6, 3)).assertOk();
        GradCheck.Report report = check.withOrder(2).check(normal(6, 3));
        assertThat(report.isOk()).isFalse();
        assertThat(report.order()).isEqualTo(2);
    }

    @Test
    void failsWhereAValueIsNotANumber() {
        assertThat(GradCheck.of(x -> x.log()).check(Tensor.of(new double[] {-1, 1})).error()).isInfinite();
    }

    @Test
    void takesScalars() {
        GradCheck.of(x -> x.square()).withOrder(2).check(Tensor.scalar(1.5, DType.FLOAT64)).assertOk();
    }

    @Test
    void asksForFloat64() {
        assertThatThrownBy(() -> GradCheck.of(x -> x.square()).check(Tensor.ones(2)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("argument 0 is FLOAT32");
    }

    @Test
    void asksForAsManyTensorsAsTheFunctionTakes() {
        assertThatThrownBy(() -> GradCheck.of((a, b) -> a.add(b)).check(normal(1, 2)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("takes 2 tensors, the point has 1");
    }
}
