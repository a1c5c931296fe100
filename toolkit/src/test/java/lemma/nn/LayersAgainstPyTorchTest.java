package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import lemma.autodiff.Autodiff;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LayersAgainstPyTorchTest {
    static Stream<Arguments> layers() {
        return Stream.of(
                Arguments.of("linear", Linear.of(5, 3)),
                Arguments.of("embedding", Embedding.of(7, 3)),
                Arguments.of("layernorm", LayerNorm.of(6)),
                Arguments.of("conv2d", Conv2d.of(4, 6, 3).withStride(2).withPadding(2).withDilation(2).withGroups(2)),
                Arguments.of("maxpool2d", new MaxPool2d(3, 2, 1)),
                Arguments.of("avgpool2d", AvgPool2d.of(2)),
                Arguments.of("lstm", Lstm.of(3, 4)),
                Arguments.of("gru", Gru.of(3, 4)),
                Arguments.of("attention", MultiHeadAttention.of(6, 2)),
                Arguments.of("causal", MultiHeadAttention.of(6, 2).asCausal()),
                Arguments.of("block", TransformerBlock.of(6, 2).withHidden(10).asCausal()),
                Arguments.of("batchnorm", BatchNorm2d.of(3)));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void namesAndShapesOfParametersArePyTorchs(String name, Module layer) {
        Params ours = layer.params(Random.seed(1));
        Params theirs = LayerFixtures.under(name + "/params");
        assertThat(ours.names()).containsExactlyInAnyOrderElementsOf(theirs.names());
        for (String p : ours.names()) assertThat(ours.get(p).shape()).as(p).isEqualTo(theirs.get(p).shape());
    }

    @ParameterizedTest
    @MethodSource("layers")
    void valuesAndGradientsAgreeInDoublePrecision(String name, Module layer) {
        check(name, layer, DType.FLOAT64, 1e-9);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void valuesAndGradientsAgreeInSinglePrecision(String name, Module layer) {
        check(name, layer, DType.FLOAT32, 1e-5);
    }

    private static void check(String name, Module layer, DType type, double tolerance) {
        Tensor x = LayerFixtures.get(name + "/x");
        Tensor input = x.dtype().isFloat() ? x.to(type) : x;
        Tensor u = LayerFixtures.get(name + "/u").to(type);
        Params params = LayerFixtures.under(name + "/params").map(t -> t.to(type));
        Model model = new Model(layer, params, layer.state().map(t -> t.to(type)));
        near(name + " y", model.apply(input, Pass.train(Random.seed(1))), LayerFixtures.get(name + "/y"), tolerance);
        if (input.dtype().isFloat()) {
            Tensor dx = Autodiff.vjp(z -> model.apply(z, Pass.train(Random.seed(1))), input, u).cotangent();
            near(name + " dx", dx, LayerFixtures.get(name + "/dx"), tolerance);
        }
        if (params.names().isEmpty()) return;
        Params grads = Autodiff.vjp((Params p) -> model.with(p).apply(input, Pass.train(Random.seed(1))), params, u).cotangent();
        for (String p : grads.names()) near(name + " d" + p, grads.get(p), LayerFixtures.get(name + "/grads/" + p), tolerance);
    }

    private static void near(String what, Tensor ours, Tensor theirs, double tolerance) {
        assertThat(ours.shape()).as(what).isEqualTo(theirs.shape());
        double scale = Math.max(1, theirs.abs().max().item());
        assertThat(ours.to(DType.FLOAT64).sub(theirs).abs().max().item() / scale).as(what).isCloseTo(0, within(tolerance));
    }

    @Test
    void batchNormHandsBackRunningStatisticsAndUsesThemInEvaluation() {
        BatchNorm2d layer = BatchNorm2d.of(3);
        Params params = LayerFixtures.under("batchnorm/params");
        Model model = new Model(layer, params, layer.state().map(t -> t.to(DType.FLOAT64)));
        Pass pass = Pass.train(Random.seed(1));
        model.apply(LayerFixtures.get("batchnorm/x"), pass);
        Params state = pass.state(model.state());
        near("running mean", state.get("running_mean"), LayerFixtures.get("batchnorm/running_mean"), 1e-12);
        near("running variance", state.get("running_var"), LayerFixtures.get("batchnorm/running_var"), 1e-12);
        near("evaluation", model.withState(state).apply(LayerFixtures.get("batchnorm/eval/x")), LayerFixtures.get("batchnorm/eval/y"), 1e-12);
    }

    @Test
    void initialDistributionsHavePyTorchsBounds() {
        Params p = Linear.of(400, 300).params(Random.seed(3));
        double bound = 1 / Math.sqrt(400);
        assertThat(p.get("weight").abs().max().item()).isLessThanOrEqualTo(bound).isGreaterThan(0.99 * bound);
        assertThat(p.get("weight").std(0).item()).isCloseTo(bound / Math.sqrt(3), within(0.01 * bound));
        Params attention = MultiHeadAttention.of(64, 4).params(Random.seed(3));
        assertThat(attention.get("in_proj_weight").abs().max().item()).isCloseTo(Math.sqrt(6.0 / 256), within(1e-3));
        assertThat(List.of(attention.get("in_proj_bias").abs().max().item(), attention.get("out_proj.bias").abs().max().item())).containsOnly(0.0);
    }

    @Test
    void dropoutKeepsTheMeanAndIsOffInEvaluation() {
        Model drop = Dropout.of(0.3).init(Random.seed(1));
        Tensor x = Tensor.ones(200, 500);
        Tensor y = drop.apply(x, Pass.train(Random.seed(2)));
        assertThat(y.eq(0).mean().item()).isCloseTo(0.3, within(4 * Math.sqrt(0.21 / 1e5)));
        assertThat(y.max().item()).isCloseTo(1 / 0.7, within(1e-6));
        assertThat(drop.apply(x).toFloats()).containsOnly(1f);
    }
}
