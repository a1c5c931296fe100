package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lemma.autodiff.Autodiff;
import lemma.loss.Losses;
import lemma.tensor.CpuBackend;
import lemma.tensor.DType;
import lemma.tensor.Functional;
import lemma.tensor.Nd4jBackend;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PerExampleGradsTest {
    private static final FixtureFile TORCH = FixtureFile.of("per-example.safetensors");

    static Stream<Arguments> layers() {
        return Stream.of(
                Arguments.of("linear", Linear.of(5, 3)),
                Arguments.of("sequence", Linear.of(5, 3)),
                Arguments.of("mlp", Sequential.of(Linear.of(5, 7), Activation.TANH, Linear.of(7, 3))),
                Arguments.of("conv2d", Conv2d.of(2, 3, 3)),
                Arguments.of("conv2d_grouped", Conv2d.of(4, 6, 3).withStride(2).withPadding(2).withDilation(2).withGroups(2)),
                Arguments.of("cnn", Sequential.of(Conv2d.of(1, 3, 3).withPadding(1), Activation.RELU, MaxPool2d.of(2), Conv2d.of(3, 4, 3), new Flatten(), Linear.of(16, 2))),
                Arguments.of("layernorm", LayerNorm.of(6)),
                Arguments.of("layernorm_sequence", LayerNorm.of(6)),
                Arguments.of("embedding", Embedding.of(7, 3)),
                Arguments.of("attention", MultiHeadAttention.of(6, 2)),
                Arguments.of("block", TransformerBlock.of(6, 2).withHidden(10).asCausal()));
    }

    private static Autodiff.ExampleLoss<Params> loss(Module layer, Tensor u) {
        return (p, x, same) -> new Model(layer, p, Params.EMPTY).apply(x).square().mul(u).mean();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void agreeWithVmapOfGradInPyTorch(String name, Module layer) {
        Params params = TORCH.under(name + "/params");
        Tensor x = TORCH.get(name + "/x");
        near(Autodiff.perExampleGrads(loss(layer, TORCH.get(name + "/u")), params, x, x), TORCH.under(name + "/grads"), 1e-9);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void agreeWithVmapOfGradInSinglePrecision(String name, Module layer) {
        Params params = TORCH.under(name + "/params").map(t -> t.to(DType.FLOAT32));
        Tensor x = TORCH.get(name + "/x");
        Tensor in = x.dtype().isFloat() ? x.to(DType.FLOAT32) : x;
        near(Autodiff.perExampleGrads(loss(layer, TORCH.get(name + "/u").to(DType.FLOAT32)), params, in, in), TORCH.under(name + "/grads"), 1e-5);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void agreeOnTheOtherBackend(String name, Module layer) {
        Params params = TORCH.under(name + "/params").map(t -> t.to(Nd4jBackend.INSTANCE));
        Tensor x = TORCH.get(name + "/x").to(Nd4jBackend.INSTANCE);
        near(Autodiff.perExampleGrads(loss(layer, TORCH.get(name + "/u").to(Nd4jBackend.INSTANCE)), params, x, x), TORCH.under(name + "/grads"), 1e-9);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void agreeWithALoopOverBatchesOfOne(String name, Module layer) {
        Params params = TORCH.under(name + "/params");
        Tensor x = TORCH.get(name + "/x");
        Autodiff.ExampleLoss<Params> loss = loss(layer, TORCH.get(name + "/u"));
        List<Params> each = new ArrayList<>();
        for (int i = 0; i < x.dim(0); i++) {
            Tensor one = x.narrow(0, i, i + 1);
            each.add(Autodiff.grad((Params p) -> loss.of(p, one, one), params));
        }
        Params loop = params.mapNamed((n, t) -> Tensor.stack(each.stream().map(p -> p.get(n)).toList(), 0));
        near(Autodiff.perExampleGrads(loss, params, x, x), loop, 1e-12);
    }

    @Test
    void ofAClassifier() {
        Module net = Sequential.of(Linear.of(5, 7), Activation.RELU, Linear.of(7, 3));
        Params g = Autodiff.perExampleGrads((p, x, y) -> Losses.crossEntropy(new Model(net, p, Params.EMPTY).apply(x), y),
                TORCH.under("classifier/params"), TORCH.get("classifier/x"), TORCH.get("classifier/labels"));
        near(g, TORCH.under("classifier/grads"), 1e-9);
    }

    @Test
    void aParameterUsedTwiceGetsBothParts() {
        Tensor w = normal(1, 4, 4);
        Tensor x = normal(2, 3, 4);
        Params p = Params.of("w", w);
        Params g = Autodiff.perExampleGrads((q, one) -> Functional.linear(Functional.linear(one, q.get("w"), null).tanh(), q.get("w"), null).square().sum().add(q.get("w").pow(3).sum()), p, x);
        for (int i = 0; i < 3; i++) {
            Tensor one = x.narrow(0, i, i + 1);
            Tensor expected = Autodiff.grad(v -> Functional.linear(Functional.linear(one, v, null).tanh(), v, null).square().sum().add(v.pow(3).sum()), w);
            close(g.get("w").get(i), expected, 1e-12);
        }
    }

    @Test
    void theMeanOverExamplesIsTheGradientOfTheMeanLoss() {
        Model net = Sequential.of(Linear.of(4, 8), Activation.GELU, LayerNorm.of(8), Linear.of(8, 3)).init(Random.seed(1));
        Tensor x = Random.seed(2).normal(16, 4);
        Tensor y = Random.seed(3).integers(0, 3, 16);
        Params each = Autodiff.perExampleGrads((p, a, b) -> Losses.crossEntropy(net.with(p).apply(a), b), net.params(), x, y);
        Params whole = Autodiff.grad((Params p) -> Losses.crossEntropy(net.with(p).apply(x), y), net.params());
        for (String name : whole.names()) close(each.get(name).mean(0), whole.get(name), 1e-6);
    }

    @Test
    void gatedRecurrentUnitsNeedNoRuleOfTheirOwn() {
        Model gru = Gru.of(3, 4).init(Random.seed(1)).map(t -> t.to(DType.FLOAT64));
        Tensor x = normal(4, 3, 5, 3);
        Params each = Autodiff.perExampleGrads((p, one) -> gru.with(p).apply(one).square().sum(), gru.params(), x);
        for (int i = 0; i < 3; i++) {
            Tensor one = x.narrow(0, i, i + 1);
            Params expected = Autodiff.grad((Params p) -> gru.with(p).apply(one).square().sum(), gru.params());
            for (String name : expected.names()) close(each.get(name).get(i), expected.get(name), 1e-12);
        }
    }

    @Test
    void theyCanBeDifferentiated() {
        Model net = Sequential.of(Linear.of(3, 4), Activation.TANH, Linear.of(4, 1)).init(Random.seed(1)).map(t -> t.to(DType.FLOAT64));
        Tensor x = normal(5, 4, 3);
        Params ours = Autodiff.grad((Params p) -> squares(Autodiff.perExampleGrads((Params q, Tensor one) -> net.with(q).apply(one).square().sum(), p, x)), net.params());
        Params loop = Autodiff.grad((Params p) -> {
            Tensor sum = null;
            for (int i = 0; i < 4; i++) {
                Tensor one = x.narrow(0, i, i + 1);
                Tensor part = squares(Autodiff.grad((Params q) -> net.with(q).apply(one).square().sum(), p));
                sum = sum == null ? part : sum.add(part);
            }
            return sum;
        }, net.params());
        near(ours, loop, 1e-12);
    }

    private static Tensor squares(Params g) {
        return g.tensors().stream().map(t -> t.square().sum()).reduce(Tensor::add).orElseThrow();
    }

    @Test
    void normsAreThoseOfTheGradientsAlsoInChunks() {
        // 1.2 million parameters: seven examples at a time
        Model net = Sequential.of(Linear.of(4, 1100), Activation.TANH, Linear.of(1100, 1100), Activation.TANH, Linear.of(1100, 3)).init(Random.seed(1));
        Tensor x = Random.seed(2).normal(9, 4);
        Tensor y = Random.seed(3).integers(0, 3, 9);
        Autodiff.ExampleLoss<Params> loss = (p, a, b) -> Losses.crossEntropy(net.with(p).apply(a), b);
        double[] norms = Autodiff.perExampleGradNorms(loss, net.params(), x, y).toDoubles();
        for (int i = 0; i < 9; i++) {
            Tensor one = x.narrow(0, i, i + 1);
            Tensor label = y.narrow(0, i, i + 1);
            double expected = Autodiff.grad((Params p) -> loss.of(p, one, label), net.params()).norm();
            assertThat(norms[i]).isCloseTo(expected, within(1e-5 * expected));
        }
    }

    @Test
    void batchNormalisationInTrainingSaysWhyItHasNone() {
        Model net = Sequential.of(Conv2d.of(1, 2, 3), BatchNorm2d.of(2)).init(Random.seed(1));
        Tensor x = Random.seed(2).normal(4, 1, 5, 5);
        assertThatThrownBy(() -> Autodiff.perExampleGrads((Params p, Tensor one) -> net.with(p).apply(one, Pass.train(Random.seed(3))).square().sum(), net.params(), x))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("running_mean").hasMessageContaining("mix the examples");
        Params inEvaluation = Autodiff.perExampleGrads((Params p, Tensor one) -> net.with(p).apply(one).square().sum(), net.params(), x);
        assertThat(inEvaluation.get("1.weight").shape()).isEqualTo(Shape.of(4, 2));
    }

    @Test
    void lookingAtOneExamplesValueIsAnError() {
        Params p = Params.of("w", Tensor.ones(3));
        assertThatThrownBy(() -> Autodiff.perExampleGrads((q, one) -> q.get("w").mul(one).sum().item() > 0 ? q.get("w").sum() : q.get("w").square().sum(), p, Tensor.ones(4, 3)))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("each of 4 examples");
        assertThatThrownBy(() -> Autodiff.perExampleGrads((q, one, y) -> q.get("w").sum(), p, Tensor.ones(4, 3), Tensor.ones(3)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[4, 3]").hasMessageContaining("[3]");
    }

    @Test
    void aParameterThatIsNotUsedHasZeros() {
        Params p = Params.of("w", Tensor.ones(3)).with("unused", Tensor.ones(2));
        Params g = Autodiff.perExampleGrads((q, one) -> q.get("w").mul(one).sum(), p, Tensor.ones(4, 3));
        assertThat(g.get("unused").shape()).isEqualTo(Shape.of(4, 2));
        assertThat(g.get("unused").sum().item()).isZero();
    }

    private static Tensor normal(long seed, int... shape) {
        return Random.seed(seed).normal(Shape.of(shape), DType.FLOAT64);
    }

    private static void near(Params ours, Params theirs, double tolerance) {
        assertThat(ours.names()).containsExactlyInAnyOrderElementsOf(theirs.names());
        for (String name : theirs.names()) close(ours.get(name), theirs.get(name), tolerance);
    }

    private static void close(Tensor ours, Tensor theirs, double tolerance) {
        assertThat(ours.shape()).isEqualTo(theirs.shape());
        double scale = Math.max(1, theirs.abs().max().item());
        assertThat(ours.to(DType.FLOAT64).to(CpuBackend.INSTANCE).sub(theirs.to(DType.FLOAT64)).abs().max().item() / scale).isCloseTo(0, within(tolerance));
    }
}
