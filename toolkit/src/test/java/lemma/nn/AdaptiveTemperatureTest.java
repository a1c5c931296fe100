package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import lemma.autodiff.GradCheck;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class AdaptiveTemperatureTest {
    private static final Tensor F = Random.seed(1).normal(Shape.of(6, 3), DType.FLOAT64);
    private static final Tensor H = Random.seed(2).normal(Shape.of(6, 4), DType.FLOAT64);

    private static Model model() {
        Model m = AdaptiveTemperature.of(3, 5).init(Random.seed(3));
        return m.with(m.params().map(t -> t.to(DType.FLOAT64)));
    }

    @Test
    void logitsAreDividedByTheClampedTemperatureOfTheirFeatures() {
        Model first = new AdaptiveTemperature(Linear.of(3, 1), 3, 0.5, 1.5).init(Random.seed(3));
        first = first.with(Params.of("weight", Tensor.of(new double[][] {{1, 0, 0}})).with("bias", Tensor.of(new double[] {0}))); // g is the first feature
        double[] g = F.narrow(1, 0, 1).reshape(-1).toDoubles();
        double[] y = first.apply(Tensor.concat(List.of(F, H), 1)).toDoubles();
        double[] h = H.toDoubles();
        for (int i = 0; i < y.length; i++) assertThat(y[i]).isCloseTo(h[i] / Math.clamp(1 + g[i / 4], 0.5, 1.5), within(1e-12));
        assertThat(Arrays.stream(g).filter(v -> Math.abs(v) > 0.5).count()).isBetween(1L, 5L); // some are clamped
        assertThat(model().apply(Tensor.concat(List.of(F, H), 1)).argmax(1).toLongs()).isEqualTo(H.argmax(1).toLongs());
    }

    @Test
    void derivativesAgreeWithFiniteDifferences() {
        Model m = model();
        GradCheck.of((Tensor f, Tensor h) -> m.apply(Tensor.concat(List.of(f, h), 1))).withOrder(2).check(F, H).assertOk();
    }

    @Test
    void wrongShapesAreRefused() {
        assertThatThrownBy(() -> model().apply(F)).hasMessageContaining("[6, 3]").hasMessageContaining("3 features");
        assertThatThrownBy(() -> new AdaptiveTemperature(Linear.of(3, 2), 3, 0.1, 10).init(Random.seed(1)).apply(Tensor.zeros(2, 7))).hasMessageContaining("[2, 2]");
        assertThatThrownBy(() -> new AdaptiveTemperature(Linear.of(3, 1), 3, 0, 10)).hasMessageContaining("0.0 to 10.0");
    }
}
