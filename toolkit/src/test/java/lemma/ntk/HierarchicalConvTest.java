package lemma.ntk;

import static lemma.ntk.Stax.hierarchicalConv;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HierarchicalConvTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void kernelsEqualNeuralTangents(int levels) {
        JsonObject at = NeuralTangents.cases("family.json").getAsJsonObject("hierarchical" + levels);
        Tensor x = NeuralTangents.tensor(at.get("x"));
        NetworkKernel k = hierarchicalConv(8, levels).kernel(x);
        assertThat(k.nngp().sub(NeuralTangents.tensor(at.get("nngp"))).abs().max().item()).isLessThan(1e-10);
        assertThat(k.ntk().sub(NeuralTangents.tensor(at.get("ntk"))).abs().max().item()).isLessThan(2e-7); // its diagonal: acos near 1
    }

    /** The recursion of the paper on two patches, in plain numbers. */
    @Test
    void theRecursionIsThatOfThePaper() {
        double[] t = {Math.cos(0.7), Math.cos(2.1)};
        double m = (k1(t[0]) + k1(t[1])) / 2;
        double children = (k1(t[0]) + t[0] * k0(t[0]) + k1(t[1]) + t[1] * k0(t[1])) / 2;
        Tensor a = Tensor.of(new double[] {1, 1, 0, 0}, 1, 2, 2);
        Tensor b = Tensor.of(new double[] {t[0], t[1], Math.sin(0.7), Math.sin(2.1)}, 1, 2, 2);
        assertThat(hierarchicalConv(1, 1).kernel(a, b).ntk().item()).isCloseTo(k1(m) + children * k0(m), within(1e-12));
    }

    private static double k0(double t) {
        return (Math.PI - Math.acos(t)) / Math.PI;
    }

    private static double k1(double t) {
        return (Math.sqrt(1 - t * t) + t * (Math.PI - Math.acos(t))) / Math.PI;
    }

    @Test
    void finiteNetworksHaveOneOutput() {
        assertThat(hierarchicalConv(6, 2).init(Random.seed(1), 2, 4).apply(Random.seed(2).normal(3, 2, 4)).shape().dims()).containsExactly(3, 1);
        assertThatThrownBy(() -> hierarchicalConv(6, -1)).hasMessageContaining("-1 levels");
    }
}
