package lemma.ntk;

import static lemma.ntk.Stax.avgPool;
import static lemma.ntk.Stax.conv;
import static lemma.ntk.Stax.cos;
import static lemma.ntk.Stax.dense;
import static lemma.ntk.Stax.dropout;
import static lemma.ntk.Stax.erf;
import static lemma.ntk.Stax.fanInConcat;
import static lemma.ntk.Stax.fanInSum;
import static lemma.ntk.Stax.flatten;
import static lemma.ntk.Stax.gelu;
import static lemma.ntk.Stax.globalAvgPool;
import static lemma.ntk.Stax.identity;
import static lemma.ntk.Stax.layerNorm;
import static lemma.ntk.Stax.relu;
import static lemma.ntk.Stax.selfAttention;
import static lemma.ntk.Stax.serial;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import lemma.nn.Model;
import lemma.nn.Pass;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FiniteNetworksTest {
    private static final int WIDTH = 256;
    private static final int SEEDS = 100;

    static Stream<Arguments> networks() {
        Network hidden = dense(WIDTH, 1.3, 0.3);
        Network standard = dense(WIDTH, 1.3, 0.3, Parametrization.STANDARD);
        Network circular = conv(64, 3, 1, Padding.CIRCULAR, 1.3, 0.3);
        return Stream.of(
                Arguments.of("dense", serial(hidden, relu(), hidden, gelu(), hidden), new int[] {5}),
                Arguments.of("standard", serial(standard, erf(), standard), new int[] {5}),
                Arguments.of("normalised residual", serial(hidden, layerNorm(), fanInSum(identity(), serial(relu(), hidden)), cos(), hidden), new int[] {5}),
                Arguments.of("concat", serial(hidden, fanInConcat(serial(relu(), hidden), serial(erf(), dense(64, 0.7, 0.1))), hidden), new int[] {5}),
                Arguments.of("sequence", serial(conv(64, 3, 2, Padding.SAME, 1.3, 0.3), relu(), flatten(), hidden), new int[] {3, 8}),
                Arguments.of("attention of fixed weights", serial(conv(64, 3, 1, Padding.SAME, 1.3, 0.3), relu(), selfAttention(64, 8, 256, AttentionWeights.TIED_SOFTMAX, 1.2, 1.3, 0.3), flatten(), hidden),
                        new int[] {3, 5}),
                Arguments.of("attention of random weights", serial(conv(1024, 3, 1, Padding.SAME, 1.3, 0.3), relu(), selfAttention(64, 64, 16, AttentionWeights.DOT_PRODUCT, 0.8, 0.7, 0.3), flatten(), hidden),
                        new int[] {3, 5}),
                Arguments.of("images", serial(circular, relu(), avgPool(2), conv(64, 2, 1, Padding.VALID, 1.3, 0.3), relu(), globalAvgPool(), hidden), new int[] {3, 6, 6}));
    }

    /** The mean of {@code f(x) f(x')} over random networks, to 4 standard errors and 2 % for the finite width. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void secondMomentsOfRandomNetworksAreTheNngp(String name, Network network, int[] example) {
        int[] batch = Stream.concat(Stream.of(4), Arrays.stream(example).boxed()).mapToInt(Integer::intValue).toArray();
        Tensor x = Random.seed(5).normal(batch);
        Tensor nngp = network.kernel(x).nngp();
        List<Tensor> moments = new ArrayList<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            Tensor f = network.init(Random.seed(seed), example).apply(x);
            moments.add(f.matmul(f.t()).div(f.dim(1)));
        }
        Tensor all = Tensor.stack(moments, 0);
        double scale = nngp.abs().max().item();
        double error = all.std(1, 0).max().item() / Math.sqrt(SEEDS);
        assertThat(all.mean(0).sub(nngp).abs().max().item()).as("%s, standard error %s", name, error).isLessThan(4 * error + 0.02 * scale);
        assertThat(error).isLessThan(0.04 * scale);
    }

    /** The mean over masks of a wide network of {@code f(x) f(x')}, to 2 % of the largest. */
    @Test
    void secondMomentsUnderDropoutAreTheNngp() {
        Network network = serial(dense(2048, 1.3, 0.3), relu(), dropout(0.4), dense(2048, 1.3, 0.3));
        Tensor x = Random.seed(5).normal(3, 5);
        Tensor nngp = network.kernel(x).nngp();
        List<Tensor> moments = new ArrayList<>();
        for (int seed = 0; seed < 20; seed++) {
            Tensor f = network.init(Random.seed(seed), 5).apply(x, Pass.train(Random.seed(100 + seed)));
            moments.add(f.matmul(f.t()).div(f.dim(1)));
        }
        assertThat(Tensor.stack(moments, 0).mean(0).sub(nngp).abs().max().item() / nngp.max().item()).isLessThan(0.02);
    }

    @Test
    void parametersAreNamedByTheirPlace() {
        Model net = serial(dense(8, 1, 0.1), relu(), dense(2)).init(Random.seed(1), 3);
        assertThat(net.params().names()).containsExactly("0.weight", "0.bias", "2.weight");
        assertThat(net.params().get("2.weight").shape().dims()).containsExactly(2, 8);
    }

    @Test
    void theParametrisationMovesTheScaleOfTheWeights() {
        Tensor ntk = dense(400, 3, 2).init(Random.seed(1), 100).params().get("weight");
        Tensor standard = dense(400, 3, 2, Parametrization.STANDARD).init(Random.seed(1), 100).params().get("weight");
        assertThat(ntk.std(0).item()).isCloseTo(1, within(0.02));
        assertThat(standard.std(0).item()).isCloseTo(0.3, within(0.006));
    }
}
