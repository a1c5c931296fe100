package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
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
import org.junit.jupiter.params.provider.ValueSource;

/** Position biases, grouped-query attention, gated and routed feed-forward parts beside PyTorch's. */
class LanguagePartsAgainstPyTorchTest extends LayersBesidePyTorch {
    private static final FixtureFile TORCH = FixtureFile.of("language.safetensors");

    @Override
    FixtureFile torch() {
        return TORCH;
    }

    static Stream<Arguments> cases() {
        MultiHeadAttention six = MultiHeadAttention.of(12, 6);
        MultiHeadAttention four = MultiHeadAttention.of(12, 4);
        RelativePositionBias bias = RelativePositionBias.of(3).withBuckets(8, 4);
        return Stream.of(
                plain("gqa", six.withKvHeads(2)),
                plain("gqa_causal", six.withKvHeads(3).asCausal()),
                plain("mqa", four.withKvHeads(1)),
                of("gqa_cross", four.withKvHeads(2), (x, at) -> {
                    Tensor memory = TORCH.get("gqa_cross/memory").to(x.dtype());
                    return four.withKvHeads(2).forward(x, memory, memory, AttentionMask.NONE, at);
                }),
                plain("alibi", six.withBias(Alibi.of(6))),
                plain("alibi_causal", four.withKvHeads(2).withBias(Alibi.of(4)).asCausal()),
                plain("relative_bias", MultiHeadAttention.of(12, 3).withBias(bias)),
                plain("relative_bias_causal", six.withKvHeads(2).withBias(RelativePositionBias.of(6).asCausal().withBuckets(4, 4)).asCausal()),
                plain("swiglu", SwiGlu.of(12, 7)),
                plain("switch", MixtureOfExperts.of(SwiGlu.of(12, 7), 12, 4, 1)),
                plain("mixture", MixtureOfExperts.of(Mlp.of(Activation.GELU, 12, 9, 12), 12, 5, 2)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 12})
    void slopesAreThoseOfTheAuthors(int heads) {
        near("slopes", Alibi.of(heads).slopes(), TORCH.get("slopes" + heads), 1e-15);
    }

    @Test
    void bucketsOfDistancesAreThoseOfT5() {
        RelativePositionBias both = RelativePositionBias.of(1);
        assertThat(buckets(both)).containsExactly(TORCH.get("buckets_both").toInts());
        assertThat(buckets(both.asCausal())).containsExactly(TORCH.get("buckets_causal").toInts());
        assertThat(buckets(both.withBuckets(8, 20))).containsExactly(TORCH.get("buckets_few").toInts());
    }

    private static int[] buckets(RelativePositionBias bias) {
        return IntStream.rangeClosed(-300, 300).map(bias::bucket).toArray();
    }

    @ParameterizedTest
    @MethodSource("caching")
    void generatingWithACacheGivesTheOutputsOfOnePass(MultiHeadAttention attention) {
        Model net = attention.init(Random.seed(1)).map(t -> t.to(DType.FLOAT64));
        Tensor x = Random.seed(2).normal(Shape.of(2, 7, 12), DType.FLOAT64);
        for (int[] ends : new int[][] {{3, 4, 7}, {1, 2, 3, 4, 5, 6, 7}, {0, 7}}) near("outputs", cached(net, x, ends), net.apply(x), 1e-12);
    }

    private static Tensor cached(Model net, Tensor x, int[] ends) {
        KeyValueCache cache = new KeyValueCache();
        List<Tensor> parts = new ArrayList<>();
        int from = 0;
        for (int end : ends) {
            parts.add(net.apply(x.narrow(1, from, end), Pass.cached(cache)));
            from = end;
        }
        return Tensor.concat(parts, 1);
    }

    static Stream<MultiHeadAttention> caching() {
        MultiHeadAttention causal = MultiHeadAttention.of(12, 6).asCausal();
        return Stream.of(causal.withKvHeads(2), causal.withKvHeads(1).withRotary(), causal.withBias(Alibi.of(6)), causal.withKvHeads(2).withRotary().withBias(Alibi.of(6)), causal.withKvHeads(3).withBias(RelativePositionBias.of(6).asCausal()));
    }

    @Test
    void theCacheHoldsTheKeyValueHeadsOnly() {
        KeyValueCache cache = new KeyValueCache();
        MultiHeadAttention.of(12, 6).withKvHeads(2).asCausal().init(Random.seed(1)).apply(Random.seed(2).normal(3, 4, 12), Pass.cached(cache));
        Tensor zero = Tensor.zeros(3, 2, 0, 2);
        assertThat(cache.at("").append(zero, zero)).extracting(Tensor::shape).containsExactly(Shape.of(3, 2, 4, 2), Shape.of(3, 2, 4, 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"switch", "mixture"})
    void auxiliaryLossesAgree(String name) {
        int topK = name.equals("switch") ? 1 : 2;
        Tensor logits = TORCH.get(name + "_logits");
        loss(name + "_balance", MixtureOfExperts::loadBalancingLoss, logits, topK);
        loss(name + "_importance", MixtureOfExperts::importanceLoss, logits, topK);
    }

    private static void loss(String name, BiFunction<Tensor, Integer, Tensor> loss, Tensor logits, int topK) {
        near(name, loss.apply(logits, topK), TORCH.get(name), 1e-12);
        near(name + " slope", Autodiff.grad(z -> loss.apply(z, topK), logits), TORCH.get(name + "_slope"), 1e-12);
    }

    @Test
    void aBalancedRouterLosesOneAndACollapsedOneItsNumberOfExperts() {
        Tensor balanced = Tensor.eye(4).mul(50);
        assertThat(MixtureOfExperts.loadBalancingLoss(balanced, 1).item()).isCloseTo(1, within(1e-6));
        Tensor collapsed = Tensor.eye(4).narrow(0, 1, 2).mul(50).expand(6, 4);
        assertThat(MixtureOfExperts.loadBalancingLoss(collapsed, 1).item()).isCloseTo(4, within(1e-6));
    }

    @Test
    void trainingWithTheBalanceLossSpreadsTheLoad() {
        Model net = MixtureOfExperts.of(Linear.of(6, 6), 6, 4, 1).init(Random.seed(1));
        Params params = net.params().with("router.weight", net.params().get("router.weight").add(Tensor.of(new float[] {1, 0, 0, 0}, 4, 1)));
        Tensor x = Random.seed(2).normal(200, 6).add(0.5);
        double before = balance(net, params, x).item();
        for (int i = 0; i < 200; i++) {
            Params g = Autodiff.grad((Params p) -> balance(net, p, x), params);
            params = params.zip(g, (p, d) -> p.sub(d.mul(0.5)).keep());
        }
        assertThat(before).isGreaterThan(1.5);
        assertThat(balance(net, params, x).item()).isLessThan(1.1);
    }

    /** What an observer of the pass makes of the router's logits. */
    private static Tensor balance(Model net, Params params, Tensor x) {
        List<Tensor> losses = new ArrayList<>();
        net.with(params).apply(x, Pass.eval().observed((path, y) -> {
            if (path.equals("router")) losses.add(MixtureOfExperts.loadBalancingLoss(y, 1));
            return y;
        }));
        return losses.getFirst();
    }

    @Test
    void anExpertThatNobodyChoosesAndAnEmptyBatchAreNoFault() {
        Model net = MixtureOfExperts.of(Linear.of(3, 3), 3, 4, 1).init(Random.seed(1));
        assertThat(net.apply(Tensor.zeros(0, 3)).shape()).isEqualTo(Shape.of(0, 3));
        Params g = Autodiff.grad((Params p) -> net.with(p).apply(Tensor.ones(2, 3)).sum(), net.params());
        assertThat(IntStream.range(0, 4).filter(e -> g.get("experts." + e + ".weight").abs().max().item() > 0)).hasSize(1);
    }

    @Test
    void wrongSettingsAndShapesAreQuoted() {
        assertThatThrownBy(() -> MultiHeadAttention.of(12, 6).withKvHeads(4)).hasMessageContaining("kvHeads 4").hasMessageContaining("heads 6");
        assertThatThrownBy(() -> Alibi.of(0)).hasMessageContaining("heads is 0");
        assertThatThrownBy(() -> MultiHeadAttention.of(12, 6).withBias(Alibi.of(4)).init(Random.seed(1)).apply(Tensor.ones(1, 2, 12))).hasMessageContaining("[1, 6, 2, 2]").hasMessageContaining("4");
        assertThatThrownBy(() -> RelativePositionBias.of(4).withBuckets(7, 20)).hasMessageContaining("7");
        assertThatThrownBy(() -> RelativePositionBias.of(4).withBuckets(32, 8)).hasMessageContaining("maxDistance is 8");
        assertThatThrownBy(() -> RelativePositionBias.of(4).init(Random.seed(1)).apply(Tensor.ones(3, 2, 2))).hasMessageContaining("[3, 2, 2]");
        assertThatThrownBy(() -> MixtureOfExperts.of(SwiGlu.of(4, 8), 4, 2, 3)).hasMessageContaining("topK is 3");
        assertThatThrownBy(() -> MixtureOfExperts.of(BatchNorm1d.of(4), 4, 2, 1)).hasMessageContaining("running statistics");
        assertThatThrownBy(() -> MixtureOfExperts.of(SwiGlu.of(4, 8), 4, 2, 1).init(Random.seed(1)).apply(Tensor.ones(2, 5))).hasMessageContaining("[2, 5]");
        assertThatThrownBy(() -> MixtureOfExperts.of(SwiGlu.of(4, 8), 4, 2, 1).withCapacity(0)).hasMessageContaining("capacity is 0.0");
        assertThatThrownBy(() -> SwiGlu.of(4, 0)).hasMessageContaining("hidden 0");
    }
}
