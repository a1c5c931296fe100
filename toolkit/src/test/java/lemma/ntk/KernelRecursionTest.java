package lemma.ntk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class KernelRecursionTest {
    private static final JsonObject CASES = NeuralTangents.cases("recursions.json");
    private static final Map<String, UnaryOperator<Tensor>> FUNCTIONS = Map.of("gelu", Tensor::gelu, "silu", Tensor::silu, "tanh", Tensor::tanh);

    @Test
    void layersEqualSciPys() {
        check("tanh", KernelRecursion.of(Tensor::tanh, 0, 1).layers(1, 8));
        check("gelu", KernelRecursion.of(Tensor::gelu, 0.1, 1.8).layers(0.7, 8));
    }

    private static void check(String name, List<KernelRecursion.Layer> layers) {
        JsonArray rows = CASES.getAsJsonObject("layers").getAsJsonArray(name);
        for (int l = 0; l < 8; l++) {
            KernelRecursion.Layer at = layers.get(l);
            double[] ours = {at.kernel(), at.vertex(), at.parallel(), at.perpendicular()};
            for (int i = 0; i < 4; i++) assertThat(ours[i]).as(name + " layer " + at.depth()).isCloseTo(rows.get(l).getAsJsonArray().get(i).getAsDouble(), within(1e-9));
        }
    }

    @Test
    void criticalPointsEqualSciPys() {
        for (String name : List.of("gelu", "silu")) {
            JsonObject want = CASES.getAsJsonObject("critical").getAsJsonObject(name);
            KernelRecursion.Critical c = KernelRecursion.critical(FUNCTIONS.get(name), name.equals("gelu") ? 1 : 5, name.equals("gelu") ? 10 : 30);
            assertThat(c.kernel()).isCloseTo(want.get("kernel").getAsDouble(), within(1e-6));
            assertThat(c.biasVariance()).isCloseTo(want.get("biasVariance").getAsDouble(), within(1e-8));
            assertThat(c.weightVariance()).isCloseTo(want.get("weightVariance").getAsDouble(), within(1e-8));
        }
        assertThatThrownBy(() -> KernelRecursion.critical(Tensor::gelu, 10, 20)).hasMessageContaining("between 10.0 and 20.0");
    }

    /** Scale-invariant nonlinearities at criticality: {@code V / K^2 = 5 (l - 1)} for relu and {@code 2 (l - 1)} for a linear net. */
    @Test
    void verticesOfScaleInvariantNetworksGrowWithDepth() {
        List<KernelRecursion.Layer> relu = KernelRecursion.of(Tensor::relu, 0, 2).layers(0.7, 6);
        List<KernelRecursion.Layer> linear = KernelRecursion.of(z -> z.mul(1), 0, 1).layers(0.7, 6);
        for (int l = 0; l < 6; l++) {
            assertThat(relu.get(l).kernel()).isCloseTo(0.7, within(1e-12));
            assertThat(relu.get(l).vertex() / 0.49).isCloseTo(5 * l, within(1e-10));
            assertThat(linear.get(l).vertex() / 0.49).isCloseTo(2 * l, within(1e-10));
        }
    }

    /** {@code (1 + 5/n)^(l-1)} for relu, for every width. */
    @Test
    void fourthMomentsFollowTheExactLaw() {
        Tensor g = new MlpEnsemble(Tensor::relu, 0, 2, 20).variances(Random.seed(1), 20_000, 1.3, 6);
        List<MlpEnsemble.FourthMoment> moments = MlpEnsemble.fourthMoments(g);
        assertThat(g.shape().dims()).containsExactly(6, 20_000);
        for (int l = 1; l < 6; l++) {
            assertThat(Math.abs(moments.get(l).ratio() - Math.pow(1.25, l))).isLessThan(4 * moments.get(l).standardError());
            assertThat(moments.get(l).standardError()).isBetween(1e-3, 0.05 * moments.get(l).ratio());
        }
    }

    @Test
    void wrongArgumentsAreQuoted() {
        assertThatThrownBy(() -> KernelRecursion.of(Tensor::relu, -1, 2)).hasMessageContaining("C_b is -1");
        assertThatThrownBy(() -> KernelRecursion.of(Tensor::relu, 0, 2).layers(0, 3)).hasMessageContaining("kernel 0.0");
        assertThatThrownBy(() -> new MlpEnsemble(Tensor::relu, 0, 2, 0)).hasMessageContaining("width 0");
    }
}
