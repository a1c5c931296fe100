package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.autodiff.GradCheck;
import lemma.nn.DeepTransformer.Placement;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Beside {@link TransformerEncoderLayer}, which TransformersAgainstPyTorchTest holds against PyTorch. */
class DeepTransformerTest {
    private static final Tensor X = Random.seed(1).normal(Shape.of(2, 5, 4), DType.FLOAT64);

    private static Model model(DeepTransformer stack) {
        // biases and gains that are not 0 and 1
        Params drawn = stack.params(Random.seed(2)).mapNamed((name, t) -> t.to(DType.FLOAT64).add(Random.seed(name.hashCode()).normal(t.shape(), DType.FLOAT64).mul(0.1)));
        return new Model(stack, drawn, Params.EMPTY);
    }

    private static Tensor encoderLayer(Model model, int layer, boolean normFirst, Tensor x) {
        return new TransformerEncoderLayer(4, 2, 16, 0, Activation.RELU, normFirst, true).forward(x, model.bind(Pass.eval()).child("layers." + layer));
    }

    private static double distance(Tensor a, Tensor b) {
        return a.sub(b).abs().max().item();
    }

    @Test
    void blocksWithTheNormFirstOrLastAreEncoderLayers() {
        for (boolean first : new boolean[] {true, false}) {
            Model model = model(DeepTransformer.of(3, 4, 2).withPlacement(first ? Placement.PRE_LN : Placement.POST_LN));
            Tensor y = X;
            for (int l = 0; l < 3; l++) y = encoderLayer(model, l, first, y);
            if (first) y = LayerNorm.of(4).forward(y, model.bind(Pass.eval()).child("norm"));
            assertThat(distance(model.apply(X), y)).isLessThan(1e-12);
        }
    }

    @Test
    void scalingIsThatOfGainAndBiasOfTheNorms() {
        Model model = model(DeepTransformer.of(4, 4, 2).withPlacement(Placement.LAYER_NORM_SCALING));
        DeepTransformer stack = (DeepTransformer) model.module();
        Tensor scaled = stack.block(3, X, model.bind(Pass.eval()));
        Model halved = model.with(model.params().mapNamed((name, t) -> name.startsWith("layers.3.norm") ? t.div(2) : t));
        assertThat(distance(scaled, encoderLayer(halved, 3, true, X))).isLessThan(1e-12);
        assertThat(distance(scaled, encoderLayer(model, 3, true, X))).isGreaterThan(0.01);
    }

    @Test
    void deepNormWeighsTheSkipAndStartsWithSmallerBranches() {
        DeepTransformer stack = DeepTransformer.of(2, 4, 2).withPlacement(Placement.DEEP_NORM);
        Model model = model(stack);
        Params silent = model.params().mapNamed((name, t) -> name.contains("norm") ? t : t.zerosLike());
        // branches of zeros: two norms of sqrt(2) x, the first with eps / 2
        Tensor y = stack.block(0, X, model.with(silent).bind(Pass.eval()));
        Bound at = model.bind(Pass.eval()).child("layers.0");
        Tensor expected = LayerNorm.of(4).forward(LayerNorm.of(4).forward(X.mul(Math.sqrt(2)), at.child("norm1")).mul(Math.sqrt(2)), at.child("norm2"));
        assertThat(distance(y, expected)).isLessThan(1e-12);
        Params start = DeepTransformer.of(2, 64, 2).withPlacement(Placement.DEEP_NORM).params(Random.seed(3));
        double scale = 1.0 / 64;
        double gain = Math.pow(16, -0.5);
        assertThat(start.get("layers.0.self_attn.in_proj_weight").narrow(0, 0, 128).square().mean().item()).isCloseTo(scale, within(0.05 * scale));
        assertThat(start.get("layers.0.self_attn.in_proj_weight").narrow(0, 128, 192).square().mean().item()).isCloseTo(scale * gain, within(0.1 * scale * gain));
        assertThat(start.get("layers.0.linear1.weight").square().mean().item()).isCloseTo(2 * scale * gain, within(0.1 * scale * gain));
    }

    @ParameterizedTest
    @EnumSource
    void derivativesAreThoseOfFiniteDifferences(Placement placement) {
        for (boolean rms : new boolean[] {false, true}) {
            DeepTransformer plain = DeepTransformer.of(2, 4, 2).withPlacement(placement).withHidden(5);
            Model drawn = model(rms ? plain.withRmsNorm() : plain);
            // far from the kinks of relu, at which differences over a step of any length say nothing
            Model model = drawn.with(drawn.params().mapNamed((name, t) -> name.endsWith("linear1.bias") ? t.add(20) : t));
            assertThat(GradCheck.of((Tensor x) -> model.apply(x).square().sum()).withOrder(2).check(X).error()).isLessThan(1e-4);
        }
    }

    @Test
    void errorsQuoteWhatIsWrong() {
        assertThatThrownBy(() -> DeepTransformer.of(0, 4, 2)).hasMessageContaining("layers 0");
        assertThatThrownBy(() -> DeepTransformer.of(2, 4, 3)).hasMessageContaining("heads 3");
        Model model = model(DeepTransformer.of(2, 4, 2));
        assertThatThrownBy(() -> ((DeepTransformer) model.module()).block(2, X, model.bind(Pass.eval()))).hasMessageContaining("block 2");
    }
}
