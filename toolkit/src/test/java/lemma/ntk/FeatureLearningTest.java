package lemma.ntk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import lemma.autodiff.Autodiff;
import lemma.linalg.Linalg;
import lemma.nn.Model;
import lemma.nn.Params;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class FeatureLearningTest {
    private static final Tensor X = Random.seed(1).normal(Shape.of(6, 3), DType.FLOAT64);
    private static final Tensor Y = Random.seed(2).normal(Shape.of(6, 2), DType.FLOAT64);

    /** The values of the paper's table 1. */
    @Test
    void exponentsAreThoseOfThePaper() {
        for (int hidden = 1; hidden <= 3; hidden++) {
            assertThat(AbcParametrization.muP(hidden).r()).isCloseTo(0, within(1e-15));
            assertThat(AbcParametrization.ntk(hidden).r()).isCloseTo(0.5, within(1e-15));
            if (hidden > 1) assertThat(AbcParametrization.standard(hidden).r()).isCloseTo(0.5, within(1e-15));
        }
        assertThat(AbcParametrization.meanField().r()).isCloseTo(0, within(1e-15));
        assertThat(AbcParametrization.muP(2).learnsFeatures()).isTrue();
        assertThat(AbcParametrization.standard(2).learningRate(0.5, 8)).isCloseTo(0.5 / 8, within(1e-15));
    }

    /** The recursion against automatic differentiation of the network as it is parametrised. */
    @Test
    void stepsAreThoseOfTheNetwork() {
        int n = 5;
        AbcMlp net = new AbcMlp(AbcParametrization.muP(1), z -> z, 3, n, 2);
        LinearMuP ours = LinearMuP.random(3, 2, n, Random.seed(3));
        Params start = Params.of("w1", ours.u().div(Math.sqrt(n))).with("w2", ours.v().t().contiguous().div(Math.sqrt(n)));
        Model m = new Model(net, start, Params.EMPTY);
        for (int t = 0; t < 4; t++) {
            assertThat(ours.apply(X).sub(m.apply(X)).abs().max().item()).isLessThan(1e-12);
            m = descended(m, 0.1);
            ours = ours.step(X, ours.apply(X).sub(Y), 0.1);
        }
    }

    private static Model descended(Model m, double rate) {
        Params g = Autodiff.grad((Params p) -> m.with(p).apply(X).sub(Y).square().sum().div(2.0 * 6), m.params());
        return m.with(m.params().zip(g, (p, d) -> p.sub(d.mul(rate))));
    }

    /** With {@code Z^T Z = n I} exactly the network of finite width is its limit. */
    @Test
    void networksWithOrthogonalStartsAreTheLimit() {
        int n = 8;
        Tensor z = Linalg.qr(Random.seed(4).normal(Shape.of(n, 5), DType.FLOAT64)).q().mul(Math.sqrt(n));
        LinearMuP finite = new LinearMuP(z.narrow(1, 0, 3).contiguous(), z.narrow(1, 3, 5).contiguous(), n);
        LinearMuP limit = LinearMuP.limit(3, 2);
        for (int t = 0; t < 20; t++) {
            assertThat(finite.apply(X).sub(limit.apply(X)).abs().max().item()).isLessThan(1e-11);
            assertThat(finite.embeddingGram().sub(limit.embeddingGram()).abs().max().item()).isLessThan(1e-11);
            finite = finite.step(X, finite.apply(X).sub(Y), 0.2);
            limit = limit.step(X, limit.apply(X).sub(Y), 0.2);
        }
    }

    @Test
    void stepsOfHiddenUnitsAreThoseOfTheNetwork() {
        int n = 7;
        HiddenUnitsMuP ours = HiddenUnitsMuP.random(Tensor::tanh, 3, 2, n, Random.seed(3));
        AbcMlp net = new AbcMlp(AbcParametrization.muP(1), Tensor::tanh, 3, n, 2);
        Model m = new Model(net, Params.of("w1", ours.u().div(Math.sqrt(n))).with("w2", ours.v().t().contiguous().div(Math.sqrt(n))), Params.EMPTY);
        for (int t = 0; t < 4; t++) {
            assertThat(ours.apply(X).sub(m.apply(X)).abs().max().item()).isLessThan(1e-12);
            Tensor features = net.features(m, X);
            assertThat(ours.featureKernel(X).sub(features.matmul(features.t()).div(n)).abs().max().item()).isLessThan(1e-12);
            m = descended(m, 0.3);
            ours = ours.step(X, ours.apply(X).sub(Y), 0.3);
        }
    }

    /** Of a linear layer units are linear in their starts, so that the quadrature is exact and the limit is that of {@link LinearMuP}. */
    @Test
    void theLimitOfALinearLayerIsTheExactOne() {
        HiddenUnitsMuP ours = HiddenUnitsMuP.limit(z -> z, 3, 2, 2);
        LinearMuP exact = LinearMuP.limit(3, 2);
        for (int t = 0; t < 20; t++) {
            assertThat(ours.apply(X).sub(exact.apply(X)).abs().max().item()).isLessThan(1e-11);
            ours = ours.step(X, ours.apply(X).sub(Y), 0.2);
            exact = exact.step(X, exact.apply(X).sub(Y), 0.2);
        }
        assertThat(exact.apply(X).abs().max().item()).isGreaterThan(0.1);
    }

    /** More nodes do not change the limit, and a wide network is within four of its deviations, some 1 / sqrt(n). */
    @Test
    void theLimitOfTanhIsOneNumber() {
        Tensor x = X.narrow(1, 0, 2).tanh();
        Tensor y = Y.narrow(1, 0, 1).contiguous();
        Tensor coarse = trained(HiddenUnitsMuP.limit(Tensor::tanh, 2, 1, 16), x, y);
        Tensor fine = trained(HiddenUnitsMuP.limit(Tensor::tanh, 2, 1, 28), x, y);
        assertThat(coarse.sub(fine).abs().max().item()).isLessThan(1e-3);
        Tensor wide = trained(HiddenUnitsMuP.random(Tensor::tanh, 2, 1, 40_000, Random.seed(4)), x, y);
        assertThat(wide.sub(fine).abs().max().item()).isLessThan(4.0 / 200);
        assertThat(fine.abs().max().item()).isGreaterThan(0.3);
    }

    private static Tensor trained(HiddenUnitsMuP start, Tensor x, Tensor y) {
        HiddenUnitsMuP net = start;
        for (int t = 0; t < 20; t++) net = net.step(x, net.apply(x).sub(y), 0.5);
        return net.apply(x);
    }

    @Test
    void networksHaveTheScalesOfTheirParametrisation() {
        Tensor x = Random.seed(5).normal(10, 4);
        for (AbcParametrization abc : List.of(AbcParametrization.muP(2), AbcParametrization.ntk(2), AbcParametrization.standard(2))) {
            AbcMlp net = new AbcMlp(abc, Tensor::tanh, 4, 300, 1);
            Model m = net.init(Random.seed(6));
            Tensor h = net.features(m, x);
            assertThat(h.shape().dims()).containsExactly(10, 300);
            assertThat(h.std(0).item()).isBetween(0.4, 0.8);
            double size = m.apply(x).std(0).item();
            assertThat(size).isBetween(abc.learnsFeatures() ? 0.005 : 0.2, abc.learnsFeatures() ? 0.1 : 1.5);
        }
    }

    @Test
    void analogiesAreAnsweredByTheNearestCosine() {
        Tensor words = Tensor.of(new double[] {1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1, -1, 1, -1, 1}, 5, 4);
        Analogies.Question q = new Analogies.Question(0, 1, 2, 3);
        assertThat(Analogies.accuracy(words.matmul(words.t()), List.of(q))).isEqualTo(1);
        assertThat(Analogies.accuracy(Tensor.eye(5, DType.FLOAT64), List.of(q))).isEqualTo(0.5);
        assertThat(Analogies.accuracy(words.matmul(words.t()), List.of(q, new Analogies.Question(0, 1, 2, 4)))).isEqualTo(0.5);
    }

    @Test
    void wrongArgumentsAreQuoted() {
        assertThatThrownBy(() -> AbcParametrization.muP(0)).hasMessageContaining("0 hidden");
        assertThatThrownBy(() -> new AbcParametrization(new double[2], new double[3], 0)).hasMessageContaining("2 and 3");
        assertThatThrownBy(() -> LinearMuP.limit(0, 1)).hasMessageContaining("0 inputs");
        assertThatThrownBy(() -> HiddenUnitsMuP.limit(Tensor::tanh, 1, 0, 8)).hasMessageContaining("0 outputs");
        assertThatThrownBy(() -> HiddenUnitsMuP.limit(Tensor::tanh, 8, 1, 8)).hasMessageContaining("8 nodes along each of 9 axes").hasMessageContaining("by random");
        assertThatThrownBy(() -> new HiddenUnitsMuP(Tensor::tanh, X, Y, Tensor.ones(5))).hasMessageContaining("[6, 3]").hasMessageContaining("[5]");
        assertThatThrownBy(() -> Analogies.accuracy(Tensor.eye(2), List.of())).hasMessageContaining("no questions");
    }
}
