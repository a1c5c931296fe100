package lemma.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.BiFunction;
import java.util.stream.Stream;
import lemma.autodiff.Autodiff;
import lemma.nn.LayerFixtures;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LossesTest {
    static Stream<Arguments> losses() {
        BiFunction<Tensor, Tensor, Tensor> huber = (p, t) -> Losses.huber(p, t, 0.7);
        return Stream.of(
                Arguments.of("crossEntropy", (BiFunction<Tensor, Tensor, Tensor>) Losses::crossEntropy),
                Arguments.of("mse", (BiFunction<Tensor, Tensor, Tensor>) Losses::mse),
                Arguments.of("l1", (BiFunction<Tensor, Tensor, Tensor>) Losses::l1),
                Arguments.of("huber", huber),
                Arguments.of("bce", (BiFunction<Tensor, Tensor, Tensor>) Losses::binaryCrossEntropyWithLogits));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void valueAndGradientAreThoseOfPyTorch(String name, BiFunction<Tensor, Tensor, Tensor> loss) {
        Tensor prediction = LayerFixtures.get(name + "/prediction");
        Tensor target = LayerFixtures.get(name + "/target");
        var vg = Autodiff.valueAndGrad(p -> loss.apply(p, target), prediction);
        assertThat(vg.value().item()).isCloseTo(LayerFixtures.get(name + "/value").item(), within(1e-12));
        assertThat(vg.grad().toDoubles()).containsExactly(LayerFixtures.get(name + "/grad").toDoubles(), within(1e-12));
    }

    @Test
    void crossEntropyTakesFurtherAxes() {
        Tensor logits = LayerFixtures.get("crossEntropy/prediction");
        Tensor labels = LayerFixtures.get("crossEntropy/target");
        double flat = Losses.crossEntropy(logits, labels).item();
        assertThat(Losses.crossEntropy(logits.reshape(1, 5, 4), labels.reshape(1, 5)).item()).isEqualTo(flat);
    }

    @Test
    void shapesThatWouldBroadcastByMistakeAreRefused() {
        assertThatThrownBy(() -> Losses.mse(Tensor.zeros(4, 1), Tensor.zeros(4))).hasMessageContaining("[4, 1]").hasMessageContaining("[4]");
        assertThatThrownBy(() -> Losses.crossEntropy(Tensor.zeros(2, 3), Tensor.of(new long[] {0, 3}))).isInstanceOf(IndexOutOfBoundsException.class).hasMessageContaining("3");
    }
}
