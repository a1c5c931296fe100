package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
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

class PointerNetworkTest {
    private static final FixtureFile TORCH = FixtureFile.of("pointer.safetensors");

    static Stream<Arguments> cases() {
        PointerAttention attention = PointerAttention.of(5);
        return Stream.of(
                LayersBesidePyTorch.of("attention", attention, (x, at) -> attention.scores(x, TORCH.get("attention/queries").to(x.dtype()), at)),
                LayersBesidePyTorch.of("pointer", PointerNetwork.of(2, 5), taught(PointerNetwork.of(2, 5))),
                LayersBesidePyTorch.of("content", ContentAttentionSeq2Seq.of(2, 5, 6), taught(ContentAttentionSeq2Seq.of(2, 5, 6))));
    }

    private static LayersBesidePyTorch.Forward taught(PointingModule net) {
        return (x, at) -> net.logits(net.read(x, at), TORCH.get("chosen"), at);
    }

    private static Tensor apply(LayersBesidePyTorch.Forward forward, Params params, Tensor x) {
        return forward.apply(x, new Model(Activation.IDENTITY, params, Params.EMPTY).bind(Pass.eval()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void valuesAndGradientsArePyTorchs(String name, Module module, LayersBesidePyTorch.Forward forward) {
        assertThat(module.params(Random.seed(1)).names()).containsExactlyInAnyOrderElementsOf(TORCH.under(name + "/params").names());
        for (DType type : new DType[] {DType.FLOAT64, DType.FLOAT32}) {
            double tolerance = type == DType.FLOAT64 ? 1e-9 : 1e-5;
            Params params = TORCH.under(name + "/params").map(t -> t.to(type));
            Tensor x = TORCH.get(name + "/x").to(type);
            Tensor u = TORCH.get(name + "/u").to(type);
            near("y", apply(forward, params, x), TORCH.get(name + "/y"), tolerance);
            near("dx", Autodiff.vjp(z -> apply(forward, params, z), x, u).cotangent(), TORCH.get(name + "/dx"), tolerance);
            Params grads = Autodiff.vjp((Params p) -> apply(forward, p, x), params, u).cotangent();
            for (String p : grads.names()) near(p, grads.get(p), TORCH.get(name + "/grads/" + p), tolerance);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void secondDerivativesArePyTorchs(String name, Module module, LayersBesidePyTorch.Forward forward) {
        Params params = TORCH.under(name + "/params");
        Tensor x = TORCH.get(name + "/x");
        Tensor u = TORCH.get(name + "/u");
        near("x", Autodiff.grad(z -> Autodiff.vjp(w -> apply(forward, params, w), z, u).cotangent().square().sum(), x), TORCH.get(name + "/second/x"), 1e-9);
        Params second = Autodiff.grad((Params p) -> Autodiff.vjp(w -> apply(forward, p, w), x, u).cotangent().square().sum(), params);
        for (String p : second.names()) near(p, second.get(p), TORCH.get(name + "/second/" + p), 1e-9);
    }

    private static void near(String what, Tensor ours, Tensor theirs, double tolerance) {
        assertThat(ours.shape()).as(what).isEqualTo(theirs.shape());
        double scale = Math.max(1, theirs.abs().max().item());
        assertThat(ours.to(DType.FLOAT64).sub(theirs).abs().max().item() / scale).as(what).isCloseTo(0, within(tolerance));
    }

    @Test
    void gradientsOfTheAttentionAreThoseOfFiniteDifferences() {
        Model attention = PointerAttention.of(3).init(Random.seed(1)).map(t -> t.to(DType.FLOAT64));
        GradCheck.of((Tensor x) -> attention.apply(x)).withOrder(2).check(Random.seed(2).normal(Shape.of(1, 3, 3), DType.FLOAT64)).assertOk();
    }

    private static final int N = 4;

    private static Model net() {
        Model net = PointerNetwork.of(2, 6).init(Random.seed(4));
        return net.with(net.params().map(t -> t.mul(4)));
    }

    private static Tensor points(int count) {
        return Random.seed(5).uniform(count, N, 2);
    }

    @Test
    void aWideBeamFindsTheLikeliestPermutation() {
        Tensor x = points(3);
        List<int[]> found = PointingModule.answers(net(), x, new BeamSearch(24, N + 1, 0), PointingModule.Answer.PERMUTATION);
        for (int i = 0; i < 3; i++) {
            Tensor one = x.narrow(0, i, i + 1);
            int[] best = permutations(N).max(Comparator.comparingDouble(p -> score(net(), one, p, true))).orElseThrow();
            assertThat(found.get(i)).as("example " + i).containsExactly(best);
        }
    }

    /** Log-probability of an answer, each step over the places that are allowed. */
    private static double score(Model net, Tensor x, int[] answer, boolean permutation) {
        double sum = 0;
        PointingModule module = (PointingModule) net.module();
        Bound at = net.bind(Pass.eval());
        long[] places = IntStream.of(answer).mapToLong(p -> p + 1).toArray();
        double[] logits = module.logits(module.read(x, at), Tensor.of(places).reshape(1, places.length), at).toDoubles();
        for (int t = 0; t <= answer.length; t++) {
            double total = 0;
            for (int p = 0; p <= N; p++) {
                int place = p;
                boolean used = Arrays.stream(places, 0, t).anyMatch(q -> q == place);
                if (permutation && (used || p == 0 && t < N)) continue;
                total += Math.exp(logits[t * (N + 1) + p]);
            }
            int next = t < answer.length ? (int) places[t] : 0;
            sum += logits[t * (N + 1) + next] - Math.log(total);
        }
        return sum;
    }

    private static Stream<int[]> permutations(int n) {
        if (n == 1) return Stream.of(new int[] {0});
        return permutations(n - 1).flatMap(p -> IntStream.rangeClosed(0, n - 1).mapToObj(at ->
                IntStream.concat(IntStream.concat(Arrays.stream(p, 0, at), IntStream.of(n - 1)), Arrays.stream(p, at, n - 1)).toArray()));
    }

    @Test
    void greedyAnswersFollowTheLargestLogit() {
        Tensor x = points(5);
        List<int[]> found = PointingModule.answers(net(), x, BeamSearch.greedy(7, 0), PointingModule.Answer.ANY);
        for (int i = 0; i < 5; i++) {
            int[] answer = found.get(i);
            Bound at = net().bind(Pass.eval());
            PointingModule module = (PointingModule) net().module();
            Tensor chosen = Tensor.of(IntStream.of(answer).mapToLong(p -> p + 1).toArray()).reshape(1, answer.length);
            int[] largest = module.logits(module.read(x.narrow(0, i, i + 1), at), chosen, at).argmax(-1).toInts();
            for (int t = 0; t < answer.length; t++) assertThat(largest[t]).isEqualTo(answer[t] + 1);
            if (answer.length < 7) assertThat(largest[answer.length]).isZero();
        }
    }

    @Test
    void distinctAnswersNameNoInputTwice() {
        List<int[]> found = PointingModule.answers(net(), points(40), BeamSearch.greedy(9, 0), PointingModule.Answer.DISTINCT);
        for (int[] answer : found) assertThat(answer).doesNotHaveDuplicates();
        assertThat(PointingModule.exact(found, found.toArray(int[][]::new))).isEqualTo(1);
        int[][] wrong = found.toArray(int[][]::new);
        wrong[3] = new int[] {9};
        assertThat(PointingModule.exact(found, wrong)).isCloseTo(39 / 40.0, within(1e-12));
    }

    @Test
    void theLossIsTheMeanOverPlacesThatCount() {
        Tensor x = points(2);
        Tensor targets = Tensor.of(new long[] {2, 4, 0, -1, 1, 3, 2, 0}, 2, 4);
        double loss = PointingModule.loss(net(), x, targets).item();
        double[][] ways = {{1, 3}, {0, 2, 1}};
        double sum = 0;
        for (int i = 0; i < 2; i++) sum += score(net(), x.narrow(0, i, i + 1), Arrays.stream(ways[i]).mapToInt(w -> (int) w).toArray(), false);
        assertThat(loss).isCloseTo(-sum / 7, within(1e-5));
    }

    @Test
    void errorsNameWhatIsWrong() {
        assertThatThrownBy(() -> net().apply(Tensor.ones(2, 3, 4))).hasMessageContaining("PointerNetwork").hasMessageContaining("[2, 3, 4]").hasMessageContaining("(batch, at least one, 2)");
        Model content = ContentAttentionSeq2Seq.of(2, 4, 3).init(Random.seed(1));
        assertThatThrownBy(() -> content.apply(points(1))).hasMessageContaining("4 inputs, it has symbols for 3");
        assertThatThrownBy(() -> PointingModule.answers(net(), points(1), BeamSearch.greedy(3, 1), PointingModule.Answer.ANY)).hasMessageContaining("ends with 1, expected 0");
        assertThatThrownBy(() -> PointingModule.loss(Linear.of(2, 2).init(Random.seed(1)), points(1), Tensor.of(new long[] {0}, 1, 1))).hasMessageContaining("expected a PointerNetwork");
        assertThatThrownBy(() -> PointerNetwork.of(0, 3)).hasMessageContaining("PointerNetwork: in 0");
        assertThatThrownBy(() -> PointerAttention.of(3).init(Random.seed(1)).apply(Tensor.ones(2, 4))).hasMessageContaining("[2, 4]");
    }
}
