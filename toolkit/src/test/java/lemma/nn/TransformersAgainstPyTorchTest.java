package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lemma.autodiff.Autodiff;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values, gradients and second derivatives of attention, transformers and parametrised weights beside PyTorch's. */
class TransformersAgainstPyTorchTest extends LayersBesidePyTorch {
    private static final FixtureFile TORCH = FixtureFile.of("transformer.safetensors");

    @Override
    FixtureFile torch() {
        return TORCH;
    }

    private static Tensor get(String name, Tensor like) {
        Tensor t = TORCH.get(name);
        return t.dtype().isFloat() ? t.to(like.dtype()) : t;
    }

    static Stream<Arguments> cases() {
        MultiHeadAttention attention = MultiHeadAttention.of(6, 2);
        TransformerEncoderLayer encoder = TransformerEncoderLayer.of(6, 2).withHidden(10).withDropout(0);
        TransformerDecoderLayer decoder = TransformerDecoderLayer.of(6, 2).withHidden(10).withDropout(0);
        return Stream.of(
                masked("attention_bool", attention), masked("attention_added", attention), masked("attention_heads", attention),
                of("attention_padding", attention, (x, at) -> attention.forward(x, padding("attention_padding"), at)),
                of("attention_both", attention, (x, at) -> attention.asCausal().forward(x, padding("attention_both"), at)),
                of("attention_cross", attention, (x, at) -> attention.forward(x, get("attention_cross/memory", x), get("attention_cross/memory", x), padding("attention_cross"), at)),
                of("encoder_post_relu", encoder, (x, at) -> encoder.forward(x, padding("encoder_post_relu"), at)),
                of("encoder_pre_relu", encoder, (x, at) -> encoder.withNormFirst().forward(x, padding("encoder_pre_relu"), at)),
                of("encoder_post_gelu", encoder, (x, at) -> encoder.withActivation(Activation.GELU).forward(x, padding("encoder_post_gelu"), at)),
                plain("encoder_stack", TransformerEncoder.of(encoder.withNormFirst(), 2).withNorm()),
                of("decoder_post", decoder, (x, at) -> decoder.asCausal().forward(x, get("decoder_post/memory", x), AttentionMask.NONE, padding("decoder_post"), at)),
                of("decoder_pre", decoder, (x, at) -> decoder.withNormFirst().forward(x, get("decoder_pre/memory", x), AttentionMask.of(AttentionMask.causal(4)), padding("decoder_pre"), at)),
                of("decoder_stack", TransformerDecoder.of(decoder, 2), (x, at) -> TransformerDecoder.of(decoder.asCausal(), 2).forward(x, get("decoder_stack/memory", x), at)),
                plain("weight_norm", WeightNorm.of(Linear.of(5, 3))),
                plain("weight_norm_conv", WeightNorm.of(Conv2d.of(2, 3, 3))),
                plain("spectral_norm", SpectralNorm.of(Linear.of(5, 3))),
                plain("spectral_norm_conv", SpectralNorm.of(Conv2d.of(2, 3, 3))));
    }

    private static Arguments masked(String name, MultiHeadAttention attention) {
        return of(name, attention, (x, at) -> attention.forward(x, AttentionMask.of(get(name + "/mask", x)), at));
    }

    private static AttentionMask padding(String name) {
        return AttentionMask.padding(TORCH.get(name + "/padding"));
    }

    @ParameterizedTest
    @MethodSource("spectral")
    void theSingularVectorsMoveAsInPyTorch(String name, Module module) {
        Params state = TORCH.under(name + "/state");
        assertThat(module.state().names()).containsExactlyInAnyOrderElementsOf(state.names());
        Pass pass = Pass.train(Random.seed(1));
        Model model = new Model(module, TORCH.under(name + "/params"), state);
        model.apply(TORCH.get(name + "/x"), pass);
        near(pass.state(state), TORCH.under(name + "/after"), 1e-12);
        for (String s : state.names()) assertThat(module.state().get(s).shape()).isEqualTo(state.get(s).shape());
    }

    static Stream<Arguments> spectral() {
        return Stream.of(Arguments.of("spectral_norm", SpectralNorm.of(Linear.of(5, 3))), Arguments.of("spectral_norm_conv", SpectralNorm.of(Conv2d.of(2, 3, 3))));
    }

    @Test
    void rotaryPositionsTurnPairs() {
        RotaryEmbedding rotary = RotaryEmbedding.of(8);
        Tensor x = TORCH.get("rotary/x");
        near("rotary", rotary.apply(x, 0), TORCH.get("rotary/y"), 1e-12);
        near("from the third position", rotary.apply(x.narrow(2, 3, 7), 3), TORCH.get("rotary/y").narrow(2, 3, 7), 1e-12);
        // only the difference of positions matters
        Tensor q = x.get(0);
        Tensor k = x.get(1);
        near("shifted", rotary.apply(q, 5).matmul(rotary.apply(k, 5).t()), rotary.apply(q, 0).matmul(rotary.apply(k, 0).t()), 1e-12);
        assertThatThrownBy(() -> RotaryEmbedding.of(5)).hasMessageContaining("dim is 5");
    }

    @Test
    void sinusoidalPositionsFollowTheFormula() {
        near("sinusoidal", SinusoidalEmbedding.of(6).table(0, 9), TORCH.get("sinusoidal"), 1e-12);
        near("later", SinusoidalEmbedding.of(6).table(4, 5), TORCH.get("sinusoidal").narrow(0, 4, 9), 1e-12);
    }

    @ParameterizedTest
    @MethodSource("generators")
    void generatingWithACacheGivesTheOutputsOfOnePass(Module module) {
        Model net = module.init(Random.seed(1)).map(t -> t.dtype().isFloat() ? t.to(DType.FLOAT64) : t);
        Tensor tokens = Random.seed(2).integers(0, 11, 3, 9);
        Tensor whole = net.apply(tokens);
        KeyValueCache cache = new KeyValueCache();
        List<Tensor> parts = new ArrayList<>();
        int[] ends = {4, 5, 7, 8, 9};
        int from = 0;
        for (int end : ends) {
            parts.add(net.apply(tokens.narrow(1, from, end), Pass.cached(cache)));
            from = end;
        }
        near("outputs", Tensor.concat(parts, 1), whole, 1e-12);
    }

    static Stream<Module> generators() {
        TransformerEncoderLayer layer = TransformerEncoderLayer.of(8, 2).withHidden(16).asCausal();
        return Stream.of(
                Sequential.of(Embedding.of(11, 8), PositionalEmbedding.of(9, 8), TransformerBlock.of(8, 2).asCausal(), TransformerBlock.of(8, 2).asCausal(), Linear.of(8, 11)),
                Sequential.of(Embedding.of(11, 8), SinusoidalEmbedding.of(8), TransformerEncoder.of(layer, 2).withNorm()),
                Sequential.of(Embedding.of(11, 8), MultiHeadAttention.of(8, 2).asCausal().withRotary()));
    }

    @Test
    void aCacheNeedsCausalAttentionAndRoom() {
        Tensor x = Random.seed(1).normal(1, 3, 8);
        Model attention = MultiHeadAttention.of(8, 2).init(Random.seed(1));
        assertThatThrownBy(() -> attention.apply(x, Pass.cached(new KeyValueCache()))).hasMessageContaining("asCausal");
        Model positions = PositionalEmbedding.of(4, 8).init(Random.seed(1));
        KeyValueCache cache = new KeyValueCache();
        positions.apply(x, Pass.cached(cache));
        assertThatThrownBy(() -> positions.apply(x, Pass.cached(cache))).hasMessageContaining("after 3 cached positions");
    }

    @Test
    void dropoutActsOnAttentionWeightsInTrainingOnly() {
        MultiHeadAttention layer = MultiHeadAttention.of(8, 2).withDropout(0.5);
        Model net = layer.init(Random.seed(1));
        Tensor x = Random.seed(2).normal(1, 4, 8);
        near("evaluation", net.apply(x), new Model(MultiHeadAttention.of(8, 2), net.params(), net.state()).apply(x), 0);
        Tensor sum = Tensor.zeros(1, 4, 8);
        Tensor squares = Tensor.zeros(1, 4, 8);
        int n = 2000;
        for (int i = 0; i < n; i++) {
            Tensor y = net.apply(x, Pass.train(Random.seed(i)));
            sum = sum.add(y);
            squares = squares.add(y.square());
        }
        Tensor mean = sum.div(n);
        Tensor error = squares.div(n).sub(mean.square()).div(n).sqrt();
        // the output is linear in the weights, so its mean is that without dropout
        assertThat(mean.sub(net.apply(x)).abs().div(error).max().item()).isLessThan(4.5);
        assertThat(error.min().item()).isGreaterThan(0);
    }

    @Test
    void tiedParametersAreOneWithTheSumOfGradients() {
        Sequential free = Sequential.of(Embedding.of(7, 5), Linear.of(5, 7).withoutBias());
        Model net = Tied.of(free, "1.weight", "0.weight").init(Random.seed(1)).map(t -> t.to(DType.FLOAT64));
        assertThat(net.params().names()).containsExactly("0.weight");
        Tensor tokens = Random.seed(2).integers(0, 7, 4);
        Params g = Autodiff.grad((Params p) -> net.with(p).apply(tokens).square().sum(), net.params());
        Params both = net.params().with("1.weight", net.params().get("0.weight"));
        Params apart = Autodiff.grad((Params p) -> new Model(free, p, Params.EMPTY).apply(tokens).square().sum(), both);
        near("gradient", g.get("0.weight"), apart.get("0.weight").add(apart.get("1.weight")), 1e-12);
        assertThatThrownBy(() -> Tied.of(Sequential.of(Embedding.of(7, 5), Linear.of(5, 6)), "1.weight", "0.weight").init(Random.seed(1))).hasMessageContaining("[6, 5]").hasMessageContaining("[7, 5]");
    }

    @Test
    void aParametrizationOfOnesOwn() {
        Parametrized.Parametrization symmetric = new Parametrized.Parametrization() {
            @Override
            public Params params(Tensor start) {
                return Params.of("original", start);
            }

            @Override
            public Tensor weight(Bound at) {
                Tensor a = at.param("original");
                return a.triu(0).add(a.triu(1).t());
            }
        };
        Model net = Sequential.of(Parametrized.of(Linear.of(4, 4).withoutBias(), "weight", symmetric)).init(Random.seed(1));
        assertThat(net.params().names()).containsExactly("0.parametrizations.weight.original");
        Tensor map = net.apply(Tensor.eye(4));
        near("symmetric", map, map.t(), 0);
    }

    @Test
    void straightThroughEstimatorsHaveTheGradientOfTheirSurrogate() {
        Tensor x = Tensor.of(new double[] {-1.7, -0.4, 0, 0.6, 2.5});
        assertThat(StraightThrough.round(x).toDoubles()).containsExactly(-2, -0.0, 0, 1, 2);
        assertThat(Autodiff.grad(z -> StraightThrough.round(z).square().sum(), x).toDoubles()).containsExactly(-4, -0.0, 0, 2, 4);
        assertThat(StraightThrough.sign(x).toDoubles()).containsExactly(-1, -1, 1, 1, 1);
        assertThat(Autodiff.grad(z -> StraightThrough.sign(z).mul(3).sum(), x).toDoubles()).containsExactly(0, 3, 3, 3, 0);
    }

    @Test
    void gumbelSoftmaxSamplesFromTheClasses() {
        Tensor logits = Tensor.of(new double[] {0.5, -1, 1.2, 0});
        Tensor many = logits.unsqueeze(0).expand(20_000, 4);
        Tensor hard = StraightThrough.gumbelSoftmax(many, 0.7, true, Random.seed(1));
        assertThat(hard.sum(1).toDoubles()).containsOnly(1);
        assertThat(hard.mul(hard.rsub(1)).abs().max().item()).isZero();
        double[] p = logits.softmax(0).toDoubles();
        double[] frequency = hard.mean(0).toDoubles();
        for (int i = 0; i < 4; i++) assertThat(frequency[i]).isCloseTo(p[i], within(4 * Math.sqrt(p[i] * (1 - p[i]) / 20_000)));
        Tensor w = Tensor.of(new double[] {1, 2, 3, 4});
        double[] ofHard = Autodiff.grad(z -> StraightThrough.gumbelSoftmax(z, 0.7, true, Random.seed(2)).mul(w).sum(), logits).toDoubles();
        double[] ofSoft = Autodiff.grad(z -> StraightThrough.gumbelSoftmax(z, 0.7, false, Random.seed(2)).mul(w).sum(), logits).toDoubles();
        assertThat(ofHard).containsExactly(ofSoft, within(1e-14));
        assertThatThrownBy(() -> StraightThrough.gumbelSoftmax(logits, 0, true, Random.seed(1))).hasMessageContaining("temperature is 0.0");
    }

    @Test
    void perceptronsAlternateLayersAndActivations() {
        Model net = Mlp.of(Activation.TANH, 4, 8, 8, 2).init(Random.seed(1));
        assertThat(net.params().names()).containsExactly("0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias");
        assertThat(net.apply(Tensor.ones(3, 4)).shape()).isEqualTo(Shape.of(3, 2));
        assertThatThrownBy(() -> Mlp.of(Activation.RELU, 4)).hasMessageContaining("1 widths");
    }

    @Test
    void wrongShapesAreQuoted() {
        MultiHeadAttention attention = MultiHeadAttention.of(6, 2);
        Bound at = attention.init(Random.seed(1)).bind(Pass.eval());
        Tensor x = Tensor.ones(2, 4, 6);
        assertThatThrownBy(() -> attention.forward(x, Tensor.ones(2, 5, 6), Tensor.ones(2, 4, 6), AttentionMask.NONE, at)).hasMessageContaining("[2, 5, 6]").hasMessageContaining("[2, 4, 6]");
        assertThatThrownBy(() -> attention.forward(x, AttentionMask.padding(Tensor.ones(2, 5).ne(0)), at)).hasMessageContaining("[2, 5]").hasMessageContaining("[2, 4]");
        assertThatThrownBy(() -> AttentionMask.of(Tensor.arange(4))).hasMessageContaining("INT64");
        assertThatThrownBy(() -> TransformerDecoderLayer.of(6, 2).init(Random.seed(1)).apply(x)).isInstanceOf(UnsupportedOperationException.class).hasMessageContaining("memory");
        assertThatThrownBy(() -> WeightNorm.of(Linear.of(3, 4), "bias").init(Random.seed(1))).hasMessageContaining("[4]");
    }
}
