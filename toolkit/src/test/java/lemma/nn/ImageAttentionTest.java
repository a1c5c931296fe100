package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import lemma.autodiff.Autodiff;
import lemma.autodiff.GradCheck;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Attention over images beside PyTorch: values, gradients and operations. */
class ImageAttentionTest {
    private static final FixtureFile TORCH = FixtureFile.of("image-attention.safetensors");

    static Stream<Arguments> blocks() {
        return Stream.of(
                Arguments.of("polarized_parallel", PolarizedSelfAttention.parallel(6)),
                Arguments.of("polarized_sequential", PolarizedSelfAttention.sequential(6)),
                Arguments.of("squeeze_excite", SqueezeExcite.of(6).withReduction(2)),
                Arguments.of("cbam", Cbam.of(6).withReduction(2).withKernel(3)),
                Arguments.of("non_local", NonLocalBlock.of(6)));
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void valuesAndGradientsAgreeInDoublePrecision(String name, ImageAttention block) {
        check(name, block, DType.FLOAT64, 1e-9);
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void valuesAndGradientsAgreeInSinglePrecision(String name, ImageAttention block) {
        check(name, block, DType.FLOAT32, 1e-5);
    }

    private static void check(String name, ImageAttention block, DType type, double tolerance) {
        Tensor x = TORCH.get(name + "/x").to(type);
        Tensor u = TORCH.get(name + "/u").to(type);
        Params params = TORCH.under(name + "/params").map(t -> t.to(type));
        assertThat(block.params(Random.seed(1)).names()).containsExactlyInAnyOrderElementsOf(params.names());
        for (String p : params.names()) assertThat(block.params(Random.seed(1)).get(p).shape()).as(p).isEqualTo(params.get(p).shape());
        Model model = new Model(block, params, block.state());
        near("y", model.apply(x), TORCH.get(name + "/y"), tolerance);
        near("y of a view", model.apply(x.transpose(2, 3).mul(1).transpose(2, 3)), TORCH.get(name + "/y"), tolerance);
        near("dx", Autodiff.vjp(model::apply, x, u).cotangent(), TORCH.get(name + "/dx"), tolerance);
        Params grads = Autodiff.vjp((Params p) -> model.with(p).apply(x), params, u).cotangent();
        for (String p : grads.names()) near("d" + p, grads.get(p), TORCH.get(name + "/grads/" + p), tolerance);
    }

    private static void near(String what, Tensor ours, Tensor theirs, double tolerance) {
        assertThat(ours.shape()).as(what).isEqualTo(theirs.shape());
        double scale = Math.max(1, theirs.abs().max().item());
        assertThat(ours.to(DType.FLOAT64).sub(theirs).abs().max().item() / scale).as(what).isCloseTo(0, within(tolerance));
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void secondDerivativesAgreeWithFiniteDifferences(String name, ImageAttention block) {
        Params params = TORCH.under(name + "/params");
        Tensor x = Random.seed(4).normal(Shape.of(1, 6, 2, 3), DType.FLOAT64);
        assertThat(GradCheck.of((Tensor z) -> new Model(block, params, block.state()).apply(z)).withOrder(2).check(x).isOk()).isTrue();
        String weight = params.names().iterator().next();
        assertThat(GradCheck.of((Tensor w) -> new Model(block, params.with(weight, w), block.state()).apply(x)).withOrder(2).check(params.get(weight)).isOk()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void operationsAreThoseThatPyTorchCounts(String name, ImageAttention block) {
        long[] counted = {block.flops(3, 4), block.flops(8, 8), block.flops(16, 32)};
        double[] theirs = TORCH.get(name + "/flops").toDoubles();
        for (int i = 0; i < 3; i++) assertThat((double) counted[i]).isEqualTo(theirs[i]);
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void emptyBatchesSinglePixelsAndNotANumber(String name, ImageAttention block) {
        Model model = block.init(Random.seed(1));
        assertThat(model.apply(Tensor.zeros(0, 6, 3, 4)).shape()).isEqualTo(Shape.of(0, 6, 3, 4));
        assertThat(model.apply(Tensor.ones(1, 6, 1, 1)).isFinite().all().item()).isEqualTo(1);
        assertThat(model.apply(Tensor.full(Shape.of(1, 6, 2, 2), DType.FLOAT32, Double.NaN)).isNaN().all().item()).isEqualTo(1);
        assertThatThrownBy(() -> model.apply(Tensor.ones(2, 5, 3, 3))).hasMessageContainingAll(block.getClass().getSimpleName(), "[2, 5, 3, 3]", "(n, 6, h, w)");
        assertThatThrownBy(() -> model.apply(Tensor.ones(2, 6, 3, 0))).hasMessageContaining("[2, 6, 3, 0]");
    }

    @Test
    void aNonLocalBlockStartsAsTheIdentity() {
        Tensor x = Random.seed(1).normal(2, 8, 3, 3);
        assertThat(NonLocalBlock.of(8).init(Random.seed(2)).apply(x).toDoubles()).containsExactly(x.toDoubles());
    }

    @Test
    void wrongSettingsAreQuoted() {
        assertThatThrownBy(() -> PolarizedSelfAttention.parallel(5)).hasMessageContaining("channels 5");
        assertThatThrownBy(() -> SqueezeExcite.of(8).withReduction(0)).hasMessageContainingAll("channels 8", "reduction 0");
        assertThatThrownBy(() -> Cbam.of(16).withKernel(4)).hasMessageContaining("kernel 4");
        assertThatThrownBy(() -> NonLocalBlock.of(3)).hasMessageContaining("channels 3");
    }
}
