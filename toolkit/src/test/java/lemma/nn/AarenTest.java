package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import lemma.autodiff.Autodiff;
import lemma.autodiff.GradCheck;
import lemma.tensor.DType;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attention as a recurrent network beside PyTorch's attention with the query at every position. */
class AarenTest {
    private static final FixtureFile TORCH = FixtureFile.of("prefix-attention.safetensors");

    private static Aaren layer(String name) {
        return Aaren.of(TORCH.get(name + "/x").dim(2), name.equals("aaren") ? 2 : name.equals("aaren_long") ? 4 : 1);
    }

    private static Tensor apply(String name, Params params, Tensor x) {
        return new Model(layer(name), params, Params.EMPTY).apply(x);
    }

    @ParameterizedTest
    @ValueSource(strings = {"aaren", "aaren_of_one", "aaren_long"})
    void valuesAndGradientsArePyTorchs(String name) {
        assertThat(layer(name).params(Random.seed(1)).names()).containsExactlyInAnyOrderElementsOf(TORCH.under(name + "/params").names());
        for (DType type : new DType[] {DType.FLOAT64, DType.FLOAT32}) {
            double tolerance = type == DType.FLOAT64 ? 1e-9 : 1e-5;
            Tensor x = TORCH.get(name + "/x").to(type);
            Tensor u = TORCH.get(name + "/u").to(type);
            Params params = TORCH.under(name + "/params").map(t -> t.to(type));
            near("y", apply(name, params, x), TORCH.get(name + "/y"), tolerance);
            near("dx", Autodiff.vjp(z -> apply(name, params, z), x, u).cotangent(), TORCH.get(name + "/dx"), tolerance);
            near(Autodiff.vjp((Params p) -> apply(name, p, x), params, u).cotangent(), TORCH.under(name + "/grads"), tolerance);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"aaren", "aaren_of_one", "aaren_long"})
    void secondDerivativesArePyTorchs(String name) {
        Tensor x = TORCH.get(name + "/x");
        Tensor u = TORCH.get(name + "/u");
        Tensor r = TORCH.get(name + "/r");
        Params params = TORCH.under(name + "/params");
        near(Autodiff.grad((Params p) -> Autodiff.vjp(z -> apply(name, p, z), x, u).cotangent().mul(r).sum(), params), TORCH.under(name + "/second"), 1e-9);
        near("ddx", Autodiff.grad(z -> Autodiff.vjp(w -> apply(name, params, w), z, u).cotangent().mul(r).sum(), x), TORCH.get(name + "/ddx"), 1e-9);
    }

    /** Softmax attention with the query expanded: scores are a key of one element. */
    private static Tensor softmaxAttention(Tensor scores, Tensor values) {
        Tensor q = scores.onesLike().unsqueeze(-1);
        return Functional.scaledDotProductAttention(q, scores.unsqueeze(-1), values, null, true);
    }

    @Property(tries = 40)
    void threeWaysGiveTheOutputsOfSoftmaxAttention(@ForAll @IntRange(min = 1, max = 70) int n, @ForAll @IntRange(min = 1, max = 5) int d, @ForAll @IntRange(max = 3) int decade) {
        Tensor scores = Random.seed(n).uniform(Shape.of(2, n), DType.FLOAT64).mul(2).sub(1).mul(Math.pow(10, decade));
        Tensor values = Random.seed(d).normal(Shape.of(2, n, d), DType.FLOAT64);
        Tensor expected = softmaxAttention(scores, values);
        StreamingAttentionState state = StreamingAttentionState.before(scores, values, 1);
        near("scan", StreamingAttentionState.of(scores, values).scan(1).output(), expected, 1e-12);
        near("block", state.advance(scores, values, 1).output(), expected, 1e-12);
        for (int t = 0; t < n; t++) {
            state = state.join(StreamingAttentionState.of(scores.narrow(1, t, t + 1).squeeze(1), values.narrow(1, t, t + 1).squeeze(1)));
            near("token " + t, state.output(), expected.narrow(1, t, t + 1).squeeze(1), 1e-12);
        }
        near("last", StreamingAttentionState.of(scores, values).scan(1).last(1).weighted(), state.weighted(), 1e-12);
    }

    @Test
    void bothParallelFormsHaveTheGradientsOfTheFormula() {
        Tensor scores = Random.seed(1).normal(Shape.of(2, 5), DType.FLOAT64);
        Tensor values = Random.seed(2).normal(Shape.of(2, 5, 3), DType.FLOAT64);
        GradCheck.of((s, v) -> StreamingAttentionState.of(s, v).scan(1).output()).withOrder(2).check(scores, values).assertOk();
        GradCheck.of((s, v) -> StreamingAttentionState.before(s, v, 1).advance(s, v, 1).output()).withOrder(2).check(scores, values).assertOk();
    }

    @Test
    void hiddenTokensCountForNothing() {
        Tensor scores = Tensor.of(new double[] {Double.NEGATIVE_INFINITY, 1, Double.NEGATIVE_INFINITY, 2});
        Tensor values = Tensor.of(new double[] {5, 1, 7, 3}, 4, 1);
        double both = (Math.exp(-1) + 3) / (Math.exp(-1) + 1);
        for (Tensor y : new Tensor[] {StreamingAttentionState.of(scores, values).scan(0).output(), StreamingAttentionState.before(scores, values, 0).advance(scores, values, 0).output()}) {
            double[] o = y.toDoubles();
            assertThat(o[0]).isNaN();
            assertThat(new double[] {o[1], o[2], o[3]}).containsExactly(new double[] {1, 1, both}, org.assertj.core.data.Offset.offset(1e-15));
        }
    }

    @Test
    void streamedOutputsAreThoseOfOnePassAndTheStateDoesNotGrow() {
        Model net = Sequential.of(SinusoidalEmbedding.of(8), AarenBlock.of(8, 2), AarenBlock.of(8, 2)).init(Random.seed(1)).map(t -> t.to(DType.FLOAT64));
        Tensor x = Random.seed(2).normal(Shape.of(3, 12, 8), DType.FLOAT64);
        KeyValueCache cache = new KeyValueCache();
        List<Tensor> parts = new ArrayList<>();
        int from = 0;
        for (int end : new int[] {1, 2, 7, 8, 12}) {
            parts.add(net.apply(x.narrow(1, from, end), Pass.cached(cache)));
            assertThat(cache.bytes()).isEqualTo(2 * 3 * (2 * 2 + 8) * 8L); // two layers, three sequences: m and u of two heads, w of eight elements
            from = end;
        }
        near("outputs", Tensor.concat(parts, 1), net.apply(x), 1e-12);
        assertThat(net.params().count()).isEqualTo(Sequential.of(TransformerBlock.of(8, 2), TransformerBlock.of(8, 2)).init(Random.seed(1)).params().count() + 2 * 8);
    }

    @Test
    void aCacheOfKeysAndValuesGrows() {
        Model net = TransformerBlock.of(8, 2).asCausal().init(Random.seed(1));
        KeyValueCache cache = new KeyValueCache();
        for (int t = 1; t <= 5; t++) {
            net.apply(Tensor.ones(3, 1, 8), Pass.cached(cache));
            assertThat(cache.bytes()).isEqualTo(t * 2 * 3 * 8 * 4L);
        }
    }

    @Test
    void emptySequencesAndBadShapes() {
        Model net = Aaren.of(4, 2).init(Random.seed(1));
        assertThat(net.apply(Tensor.zeros(2, 0, 4)).shape()).isEqualTo(Shape.of(2, 0, 4));
        assertThatThrownBy(() -> net.apply(Tensor.zeros(2, 4))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[2, 4]");
        assertThatThrownBy(() -> Aaren.of(6, 4)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("heads 4").hasMessageContaining("dim 6");
        assertThatThrownBy(() -> new StreamingAttentionState(Tensor.zeros(2), Tensor.zeros(2), Tensor.zeros(3, 4))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[3, 4]");
    }

    private static void near(Params ours, Params theirs, double tolerance) {
        for (String name : theirs.names()) near(name, ours.get(name), theirs.get(name), tolerance);
    }

    private static void near(String what, Tensor ours, Tensor theirs, double tolerance) {
        assertThat(ours.shape()).as(what).isEqualTo(theirs.shape());
        double scale = Math.max(1, theirs.abs().max().item());
        assertThat(ours.to(DType.FLOAT64).sub(theirs.to(DType.FLOAT64)).abs().max().item() / scale).as(what).isLessThanOrEqualTo(tolerance);
    }
}
