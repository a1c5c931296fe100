package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.stream.IntStream;
import lemma.autodiff.Autodiff;
import lemma.nn.MultiVariateParallelAttention.Term;
import lemma.tensor.DType;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attention over times and channels beside its formula, score by score, in PyTorch. */
class MultiVariateParallelAttentionTest {
    private static final FixtureFile TORCH = FixtureFile.of("multivariate-attention.safetensors");

    private static MultiVariateParallelAttention layer(String name) {
        return switch (name) {
            case "whole" -> MultiVariateParallelAttention.of(8, 2);
            case "window" -> MultiVariateParallelAttention.of(8, 2).withWindow(1);
            case "grouped" -> MultiVariateParallelAttention.of(8, 4).withKvHeads(2).withWindow(1);
            case "placed" -> MultiVariateParallelAttention.of(8, 2).withKvHeads(1).withWindow(3);
            case "no_time" -> MultiVariateParallelAttention.of(4, 1).withWindow(1).without(Term.TIME);
            case "no_channel" -> MultiVariateParallelAttention.of(4, 1).withWindow(1).without(Term.CHANNEL);
            case "no_content" -> MultiVariateParallelAttention.of(4, 1).withWindow(1).without(Term.CONTENT);
            default -> MultiVariateParallelAttention.of(4, 2).withWindow(0);
        };
    }

    private static Tensor apply(String name, Params params, Tensor x) {
        Bound at = new Model(layer(name), params, Params.EMPTY).bind(Pass.eval());
        return name.equals("placed") ? layer(name).forward(x, new int[] {5, 6, 9, 13}, new int[] {7, 2, 3}, at) : layer(name).forward(x, at);
    }

    @ParameterizedTest
    @ValueSource(strings = {"whole", "window", "grouped", "placed", "no_time", "no_channel", "no_content", "one_token"})
    void valuesAndGradientsAreThoseOfTheFormula(String name) {
        Params drawn = layer(name).params(Random.seed(1));
        assertThat(drawn.names()).containsExactlyInAnyOrderElementsOf(TORCH.under(name + "/params").names());
        for (String p : drawn.names()) assertThat(drawn.get(p).shape()).as(p).isEqualTo(TORCH.get(name + "/params/" + p).shape());
        for (DType type : new DType[] {DType.FLOAT64, DType.FLOAT32}) {
            double tolerance = type == DType.FLOAT64 ? 1e-10 : 1e-5;
            Tensor x = TORCH.get(name + "/x").to(type);
            Tensor u = TORCH.get(name + "/u").to(type);
            Params params = TORCH.under(name + "/params").map(t -> t.to(type));
            near("y", apply(name, params, x), TORCH.get(name + "/y"), tolerance);
            near("dx", Autodiff.vjp(z -> apply(name, params, z), x, u).cotangent(), TORCH.get(name + "/dx"), tolerance);
            near(Autodiff.vjp((Params p) -> apply(name, p, x), params, u).cotangent(), TORCH.under(name + "/grads"), tolerance);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"whole", "window", "grouped", "placed", "no_time", "no_channel", "no_content", "one_token"})
    void secondDerivativesAreThoseOfTheFormula(String name) {
        Tensor x = TORCH.get(name + "/x");
        Tensor u = TORCH.get(name + "/u");
        Tensor r = TORCH.get(name + "/r");
        Params params = TORCH.under(name + "/params");
        near(Autodiff.grad((Params p) -> Autodiff.vjp(z -> apply(name, p, z), x, u).cotangent().mul(r).sum(), params), TORCH.under(name + "/second"), 1e-10);
        near("ddx", Autodiff.grad(z -> Autodiff.vjp(w -> apply(name, params, w), z, u).cotangent().mul(r).sum(), x), TORCH.get(name + "/ddx"), 1e-10);
    }

    @Test
    void onlyDifferencesOfTimesAndDistancesOfChannelsMatter() {
        MultiVariateParallelAttention layer = MultiVariateParallelAttention.of(8, 2).withWindow(2);
        Model net = layer.init(Random.seed(1));
        Tensor x = Random.seed(2).normal(2, 5, 4, 8);
        int[] times = {0, 1, 2, 3, 4};
        int[] places = {0, 1, 2, 3};
        Bound at = net.bind(Pass.eval());
        Tensor y = layer.forward(x, times, places, at);
        assertThat(y.toFloats()).containsExactly(net.apply(x).toFloats());
        assertThat(layer.forward(x, IntStream.of(times).map(t -> t + 1000).toArray(), places, at).toFloats()).containsExactly(y.toFloats());
        Tensor mirrored = layer.forward(x.flip(2), times, places, at).flip(2);
        near("mirrored", mirrored, y, 1e-5);
        assertThat(layer.forward(x, new int[] {0, 1, 2, 3, 6}, places, at).narrow(1, 4, 5).sub(y.narrow(1, 4, 5)).abs().max().item()).isGreaterThan(1e-3);
    }

    @Test
    void laterTimesAreHiddenAndAnyNumberOfChannelsFits() {
        Model net = MultiVariateParallelAttention.of(8, 2).init(Random.seed(1));
        Tensor x = Random.seed(2).normal(1, 6, 3, 8);
        near("prefix", net.apply(x.narrow(1, 0, 4)), net.apply(x).narrow(1, 0, 4), 1e-6);
        for (int channels : new int[] {1, 7, 16}) assertThat(net.apply(Tensor.ones(2, 3, channels, 8)).shape()).isEqualTo(Shape.of(2, 3, channels, 8));
    }

    /** With content alone it is causal attention of the tokens of all channels. */
    @Test
    void contentAloneIsMaskedAttention() {
        MultiVariateParallelAttention layer = new MultiVariateParallelAttention(4, 1, 1, 100, Set.of(Term.CONTENT));
        Params p = layer.params(Random.seed(1)).map(t -> t.to(DType.FLOAT64));
        Tensor x = Random.seed(2).normal(Shape.of(2, 3, 2, 4), DType.FLOAT64);
        Tensor flat = x.reshape(2, 6, 4);
        Tensor time = Tensor.arange(6).floorDivide(2);
        Tensor seen = time.unsqueeze(1).ge(time);
        Tensor q = Functional.linear(flat, p.get("q.weight"), p.get("content_bias"));
        Tensor mixed = Functional.scaledDotProductAttention(q, Functional.linear(flat, p.get("k.weight"), null), Functional.linear(flat, p.get("v.weight"), null), seen, false);
        near("attention", new Model(layer, p, Params.EMPTY).apply(x), Functional.linear(mixed, p.get("out.weight"), null).reshape(2, 3, 2, 4), 1e-12);
    }

    @Test
    void absoluteCodesAddWhatTheySay() {
        Tensor x = Random.seed(2).normal(Shape.of(2, 3, 5, 8), DType.FLOAT64);
        Model learnt = TimeChannelEmbedding.of(4, 6, 8).init(Random.seed(1)).map(t -> t.to(DType.FLOAT64));
        Tensor added = learnt.apply(x).sub(x);
        near("learnt", added.get(1, 2, 4), learnt.params().get("time.weight").get(2).add(learnt.params().get("channel.weight").get(4)), 1e-14);
        Tensor waves = SinusoidalTimeChannelEmbedding.of(8).init(Random.seed(1)).apply(x).sub(x).get(0, 2, 4);
        double[] expected = {Math.sin(2), Math.cos(2), Math.sin(0.02), Math.cos(0.02), Math.sin(4), Math.cos(4), Math.sin(0.04), Math.cos(0.04)};
        near("waves", waves, Tensor.of(expected), 1e-14);
        assertThatThrownBy(() -> learnt.apply(Tensor.zeros(2, 3, 7, 8))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[2, 3, 7, 8]");
        assertThatThrownBy(() -> SinusoidalTimeChannelEmbedding.of(6)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("dim is 6");
    }

    @Test
    void badInputIsQuoted() {
        MultiVariateParallelAttention layer = MultiVariateParallelAttention.of(8, 2);
        Bound at = layer.init(Random.seed(1)).bind(Pass.eval());
        Tensor x = Tensor.zeros(1, 2, 3, 8);
        assertThatThrownBy(() -> layer.forward(Tensor.zeros(2, 3, 8), at)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[2, 3, 8]");
        assertThatThrownBy(() -> layer.forward(x, new int[] {0}, new int[] {0, 1, 2}, at)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("1 times");
        assertThatThrownBy(() -> layer.forward(x, new int[] {3, 2}, new int[] {0, 1, 2}, at)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("2 after 3");
        assertThatThrownBy(() -> layer.withKvHeads(3)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("kvHeads 3");
        assertThatThrownBy(() -> layer.withWindow(-1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("window is -1");
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
