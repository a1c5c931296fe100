package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lemma.autodiff.Autodiff;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small language models and vision transformers beside PyTorch's: outputs, gradients, numbers of parameters and operations. */
class TinyModelsTest extends LayersBesidePyTorch {
    private static final FixtureFile TORCH = FixtureFile.of("tiny-models.safetensors");

    private static final Map<String, TinyLM> LANGUAGE_MODELS = Map.of(
            "learned", TinyLM.of(17, 9, 12, 3),
            "rotary", TinyLM.of(17, 9, 12, 6).withLayers(3).withKvHeads(2).withFeedForward(SwiGlu.of(12, 10)).withNorm(RMSNorm.of(12).withEps(1e-6)).withPosition(TinyLM.Position.ROTARY).asTied(),
            "alibi", TinyLM.of(17, 9, 12, 6).withPosition(TinyLM.Position.ALIBI),
            "relative", TinyLM.of(17, 9, 12, 3).withPosition(TinyLM.Position.RELATIVE));

    private static final Map<String, TinyViT> VISION_TRANSFORMERS = Map.of(
            "vit_token", TinyViT.of(4, 2, 5).withChannels(3).withDim(12, 3).withHidden(9),
            "vit_mean", TinyViT.of(6, 2, 4).withDim(8, 2).withHidden(16).withActivation(PRelu.of()).withMeanPooling(),
            "vit_crrelu", TinyViT.of(4, 2, 4).withDim(8, 2).withHidden(16).withActivation(CRRelu.of()));

    @Override
    FixtureFile torch() {
        return TORCH;
    }

    static Stream<Arguments> cases() {
        Stream<Arguments> parts = Stream.of(plain("patches", PatchEmbedding.of(2, 5, 3)), plain("crrelu", CRRelu.of()),
                plain("prenorm", PreNormBlock.of(MultiHeadAttention.of(12, 3), Mlp.of(Activation.GELU, 12, 20, 12), LayerNorm.of(12))));
        return Stream.of(parts, models(LANGUAGE_MODELS), models(VISION_TRANSFORMERS)).flatMap(s -> s);
    }

    private static Stream<Arguments> models(Map<String, ? extends Module> named) {
        return named.entrySet().stream().map(e -> plain(e.getKey(), e.getValue()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"learned", "rotary", "alibi", "relative"})
    void languageModelsHavePyTorchsPerplexity(String name) {
        Model model = new Model(LANGUAGE_MODELS.get(name), TORCH.under(name + "/params"), Params.EMPTY);
        assertThat(TinyLM.perplexity(model, TORCH.get(name + "/x"))).isCloseTo(TORCH.get(name + "/perplexity").item(), within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"learned", "rotary", "alibi", "relative", "vit_token", "vit_mean", "vit_crrelu"})
    void parametersAndOperationsAreAsManyAsPyTorchCounts(String name) {
        Module module = LANGUAGE_MODELS.containsKey(name) ? LANGUAGE_MODELS.get(name) : VISION_TRANSFORMERS.get(name);
        long flops = module instanceof TinyLM lm ? lm.flops(7) : ((TinyViT) module).flops();
        assertThat(flops).isEqualTo((long) TORCH.get(name + "/flops").item());
        assertThat(module.params(Random.seed(1)).count()).isEqualTo((long) TORCH.get(name + "/count").item());
    }

    @Test
    void countsOfALanguageModelAreThoseByHand() {
        int v = 50, c = 20, d = 16, h = 64, layers = 3, t = 10;
        TinyLM lm = TinyLM.of(v, c, d, 4).withLayers(layers);
        // attention 4 d^2 + 4 d, linear maps 2 d h + h + d, two norms of 2 d; embedding, positions, last norm, head
        long layer = 4 * d * d + 4 * d + 2 * d * h + h + d + 4 * d;
        assertThat(lm.params(Random.seed(1)).count()).isEqualTo(v * d + c * d + layers * layer + 2 * d + v * d);
        assertThat(lm.asTied().params(Random.seed(1)).count()).isEqualTo(v * d + c * d + layers * layer + 2 * d);
        long perLayer = 2L * t * 4 * d * d + 2 * 2L * t * t * d + 2 * 2L * t * d * h;
        assertThat(lm.flops(t)).isEqualTo(layers * perLayer + 2L * t * d * v);
        // one head of keys and values of width 4; two of five experts of two maps, and the router
        TinyLM sparse = lm.withKvHeads(1).withFeedForward(MixtureOfExperts.of(Mlp.of(Activation.GELU, d, h, d), d, 5, 2));
        long experts = 2L * t * d * (d + 2 * 4) + 2L * t * d * d + 4L * t * t * d + 2L * t * d * 5 + 2 * 4L * t * d * h;
        assertThat(sparse.flops(t)).isEqualTo(layers * experts + 2L * t * d * v);
    }

    @ParameterizedTest
    @EnumSource
    void writingWithACacheTakesTheTokensThatWholePassesGive(TinyLM.Position position) {
        Model lm = TinyLM.of(23, 40, 12, 6).withKvHeads(3).withPosition(position).init(Random.seed(3)).map(t -> t.to(DType.FLOAT64));
        Tensor prompt = Random.seed(4).integers(0, 23, 2, 5);
        Tensor written = TinyLM.generate(lm, prompt, 12, Sampling.greedy(), Random.seed(1));
        Tensor slow = prompt;
        for (int i = 0; i < 12; i++) slow = Tensor.concat(List.of(slow, lm.apply(slow).narrow(1, slow.dim(1) - 1, slow.dim(1)).argmax(-1)), 1);
        assertThat(written.toLongs()).containsExactly(slow.toLongs());
    }

    @Test
    void writingFollowsTheSeed() {
        Model lm = TinyLM.of(23, 40, 12, 6).init(Random.seed(3));
        Tensor prompt = Random.seed(4).integers(0, 23, 1, 2);
        Tensor one = TinyLM.generate(lm, prompt, 20, Sampling.of(1), Random.seed(1));
        assertThat(one.shape()).isEqualTo(Shape.of(1, 22));
        assertThat(TinyLM.generate(lm, prompt, 20, Sampling.of(1), Random.seed(1)).toLongs()).containsExactly(one.toLongs());
        assertThat(TinyLM.generate(lm, prompt, 20, Sampling.of(1), Random.seed(2)).toLongs()).isNotEqualTo(one.toLongs());
    }

    @Test
    void aTextIsLearntByHeartByEveryKindOfPosition() {
        Tensor tokens = Tensor.of(new long[] {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3}, 1, 16);
        for (TinyLM.Position position : TinyLM.Position.values()) {
            Model lm = TinyLM.of(10, 16, 16, 2).withPosition(position).init(Random.seed(1));
            assertThat(TinyLM.perplexity(lm, tokens)).isBetween(5.0, 20.0);
            Params params = lm.params();
            for (int i = 0; i < 150; i++) {
                Params g = Autodiff.grad((Params p) -> TinyLM.loss(lm.with(p).apply(tokens.narrow(1, 0, 15)), tokens.narrow(1, 1, 16)), params);
                params = params.zip(g, (p, d) -> p.sub(d.mul(0.3)).keep());
            }
            assertThat(TinyLM.perplexity(lm.with(params), tokens)).as(position.toString()).isLessThan(1.5);
        }
    }

    @Test
    void correctionRegularisedReluIsReluAtZero() {
        Tensor x = Random.seed(1).normal(Shape.of(100), DType.FLOAT64).mul(3);
        assertThat(CRRelu.apply(x, Tensor.scalar(0, DType.FLOAT64)).toDoubles()).containsExactly(x.relu().toDoubles());
        assertThat(CRRelu.of().params(Random.seed(1)).get("eps").toFloats()).containsExactly(0.01f);
    }

    @Test
    void wrongSettingsAndShapesAreQuoted() {
        assertThatThrownBy(() -> TinyViT.of(8, 3, 10)).hasMessageContaining("patch 3").hasMessageContaining("size 8");
        assertThatThrownBy(() -> TinyViT.of(8, 2, 10).init(Random.seed(1)).apply(Tensor.ones(2, 1, 8, 6))).hasMessageContaining("[2, 1, 8, 6]");
        assertThatThrownBy(() -> PatchEmbedding.of(1, 4, 3).init(Random.seed(1)).apply(Tensor.ones(2, 1, 8, 6))).hasMessageContaining("multiples of 3");
        assertThatThrownBy(() -> TinyLM.of(5, 4, 8, 2).withLayers(0)).hasMessageContaining("layers 0");
        Model lm = TinyLM.of(5, 4, 8, 2).init(Random.seed(1));
        assertThatThrownBy(() -> lm.apply(Tensor.arange(3))).hasMessageContaining("[3]");
        assertThatThrownBy(() -> TinyLM.perplexity(lm, Tensor.arange(1).reshape(1, 1))).hasMessageContaining("[1, 1]");
        assertThatThrownBy(() -> TinyLM.generate(lm, Tensor.arange(3).reshape(1, 3), 3, Sampling.greedy(), Random.seed(1))).hasMessageContaining("up to 4");
    }
}
