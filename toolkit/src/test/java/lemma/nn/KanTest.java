package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.function.Function;
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

/** Bases beside SciPy and NumPy, layers beside sums over edges in PyTorch, and the choice of a basis. */
class KanTest {
    private static final FixtureFile FIXTURES = FixtureFile.of("kan.safetensors");
    private static final List<KanBasis> POOL = List.of(BSplineBasis.of(5, 3), ChebyshevBasis.of(4), RbfBasis.of(6));

    static Stream<Arguments> libraryBases() {
        return Stream.of(
                Arguments.of("spline1", BSplineBasis.of(5, 1).withoutSilu()),
                Arguments.of("spline2", BSplineBasis.of(5, 2).withoutSilu()),
                Arguments.of("spline3", BSplineBasis.of(5, 3).withoutSilu()),
                Arguments.of("spline4", BSplineBasis.of(5, 4).withoutSilu()),
                Arguments.of("splineRange", BSplineBasis.of(4, 3).withRange(-0.5, 1.5).withoutSilu()),
                Arguments.of("chebyshev", ChebyshevBasis.of(8)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("libraryBases")
    void functionsAreThoseOfScipyAndNumpy(String name, KanBasis basis) {
        Tensor values = basis.expand(FIXTURES.get("x").unsqueeze(1)).squeeze(-1);
        assertThat(basis.size()).isEqualTo(values.dim(1));
        near(name, values, FIXTURES.get(name), 1e-12);
    }

    static Stream<Arguments> layers() {
        return Stream.of(
                Arguments.of("splines", KanLinear.of(3, 4, BSplineBasis.of(5, 3))),
                Arguments.of("chebyshevs", KanLinear.of(3, 4, ChebyshevBasis.of(4))),
                Arguments.of("rbfs", KanLinear.of(3, 4, RbfBasis.of(6))),
                Arguments.of("fouriers", KanLinear.of(3, 4, FourierBasis.of(3))),
                Arguments.of("hats", KanLinear.of(3, 4, WaveletBasis.of(3))),
                Arguments.of("slopes", KanLinear.of(3, 4, WaveletBasis.of(3).withMother(WaveletBasis.Mother.DERIVATIVE_OF_GAUSSIAN))),
                Arguments.of("conv", KanConv2d.of(2, 3, 3, RbfBasis.of(6)).withStride(2).withPadding(1)),
                Arguments.of("selectable", SelectableKanLinear.of(3, 4, POOL)),
                Arguments.of("pruned", PrunedKanLinear.of(3, 4, POOL, List.of(2, 0, 2))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void valuesAndGradientsAreSumsOverEdges(String name, Module layer) {
        for (DType type : new DType[] {DType.FLOAT64, DType.FLOAT32}) {
            double tolerance = type == DType.FLOAT64 ? 1e-9 : 1e-5;
            Model model = fixed(name, layer, type);
            Tensor x = FIXTURES.get(name + "/x").to(type);
            Tensor u = FIXTURES.get(name + "/u").to(type);
            near("y", model.apply(x), FIXTURES.get(name + "/y"), tolerance);
            near("dx", Autodiff.vjp(z -> model.apply(z), x, u).cotangent(), FIXTURES.get(name + "/dx"), tolerance);
            Params grads = Autodiff.vjp((Params p) -> model.with(p).apply(x), model.params(), u).cotangent();
            for (String p : grads.names()) near(p, grads.get(p), FIXTURES.get(name + "/grads/" + p), tolerance);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void secondDerivativesAgree(String name, Module layer) {
        Model model = fixed(name, layer, DType.FLOAT64);
        Tensor x = FIXTURES.get(name + "/x");
        Tensor u = FIXTURES.get(name + "/u");
        Function<Model, Function<Tensor, Tensor>> slope = m -> z -> Autodiff.vjp(w -> m.apply(w), z, u).cotangent().square().sum();
        near("x", Autodiff.grad(z -> slope.apply(model).apply(z), x), FIXTURES.get(name + "/second/x"), 1e-9);
        Params second = Autodiff.grad((Params p) -> slope.apply(model.with(p)).apply(x), model.params());
        for (String p : second.names()) near(p, second.get(p), FIXTURES.get(name + "/second/" + p), 1e-9);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void namesAndShapesOfParametersAreThoseOfTheFixtures(String name, Module layer) {
        Params ours = layer.params(Random.seed(1));
        Params theirs = FIXTURES.under(name + "/params");
        assertThat(ours.names()).containsExactlyInAnyOrderElementsOf(theirs.names());
        for (String p : ours.names()) assertThat(ours.get(p).shape()).as(p).isEqualTo(theirs.get(p).shape());
    }

    private static Model fixed(String name, Module layer, DType type) {
        Params state = FIXTURES.under(name + "/state");
        return new Model(layer, FIXTURES.under(name + "/params").map(t -> t.to(type)), state.map(t -> t.to(type)));
    }

    private static void near(String what, Tensor ours, Tensor theirs, double tolerance) {
        assertThat(ours.shape()).as(what).isEqualTo(theirs.shape());
        double scale = Math.max(1, theirs.abs().max().item());
        assertThat(ours.to(DType.FLOAT64).sub(theirs).abs().max().item() / scale).as(what).isCloseTo(0, within(tolerance));
    }

    @Test
    void splinesAddUpToOneInsideTheGridAndVanishFarAway() {
        Tensor inside = BSplineBasis.of(7, 3).withoutSilu().expand(Tensor.linspace(-1, 1, 101).to(DType.FLOAT64).unsqueeze(1));
        assertThat(inside.sum(1).sub(1).abs().max().item()).isLessThan(1e-12);
        assertThat(BSplineBasis.of(7, 3).withoutSilu().expand(Tensor.of(new float[] {40, -40}, 2, 1)).toFloats()).containsOnly(0f);
    }

    @Test
    void gradientsOfEveryBasisAreThoseOfFiniteDifferencesTwice() {
        Tensor x = Random.seed(3).uniform(Shape.of(2, 3), DType.FLOAT64).mul(1.6).sub(0.83);
        for (KanBasis basis : List.of(BSplineBasis.of(4, 3), ChebyshevBasis.of(3), RbfBasis.of(4), FourierBasis.of(2), WaveletBasis.of(2))) {
            Tensor mix = Random.seed(4).normal(Shape.of(basis.size(), 1), DType.FLOAT64);
            GradCheck.of((Tensor z) -> basis.expand(z).mul(mix).sum(-2)).withOrder(2).check(x).assertOk();
        }
    }

    @Test
    void outputsStartAtATenth() {
        Tensor x = Random.seed(1).uniform(4000, 20).mul(2).sub(1);
        for (KanBasis basis : List.of(BSplineBasis.of(5, 3), ChebyshevBasis.of(8), FourierBasis.of(4), WaveletBasis.of(3))) {
            double rms = Math.sqrt(KanLinear.of(20, 60, basis).init(Random.seed(2)).apply(x).square().mean().item());
            assertThat(rms).as(basis.toString()).isCloseTo(0.1, within(0.02));
        }
    }

    // ---- selection ----

    private static Model chosen(Module net) {
        Model model = net.init(Random.seed(5));
        return model.with(model.params().mapNamed((name, t) -> name.endsWith("selection") ? Random.seed(name.length()).normal(t.shape(), DType.FLOAT32) : t));
    }

    @Test
    void aPrunedNetIsTheHardenedOne() {
        Model net = chosen(SelectableKanLinear.network(POOL, 7, 9, 4));
        Tensor x = Random.seed(6).uniform(Shape.of(50, 7), DType.FLOAT64).mul(3).sub(1.5);
        Model precise = net.map(t -> t.to(DType.FLOAT64));
        Model pruned = KanPruning.prune(precise);
        assertThat(pruned.apply(x).sub(KanPruning.harden(precise).apply(x)).abs().max().item()).isLessThan(1e-13);
        assertThat(pruned.apply(x).sub(precise.apply(x)).abs().max().item()).isGreaterThan(1e-3);
        assertThat(KanPruning.selected(pruned)).isEqualTo(KanPruning.selected(net)).hasSize(2);
        assertThat(new HashSet<>(KanPruning.selected(net).get(0))).hasSizeGreaterThan(1);
    }

    @Test
    void aPrunedConvolutionIsTheHardenedOne() {
        Module edges = SelectableKanLinear.of(18, 3, POOL);
        Model net = chosen(Sequential.of(KanConv2d.over(edges, 2, 3), AvgPool2d.of(2), new Flatten()));
        Tensor x = Random.seed(6).normal(4, 2, 6, 6);
        Model pruned = KanPruning.prune(net);
        assertThat(pruned.apply(x).sub(KanPruning.harden(net).apply(x)).abs().max().item()).isLessThan(1e-6);
        assertThat(pruned.params().count()).isLessThan(net.params().count() / 2);
        assertThat(pruned.module().init(Random.seed(1)).params().names()).isEqualTo(pruned.params().names());
    }

    @Test
    void theSelectionIsASoftmaxThatCoolsInTrainingAlone() {
        Model net = KanPruning.cooling(chosen(SelectableKanLinear.of(3, 2, POOL)), 0.5);
        Pass pass = Pass.train(Random.seed(1));
        Tensor x = Random.seed(2).uniform(5, 3);
        net.apply(x, pass);
        Model cooler = net.withState(pass.state(net.state()));
        assertThat(cooler.state().get("temperature").item()).isEqualTo(0.5);
        Model sharp = net.with(net.params().with("selection", net.params().get("selection").mul(2)));
        assertThat(cooler.apply(x).toFloats()).isEqualTo(sharp.apply(x).toFloats());
        Pass evaluation = Pass.eval();
        net.apply(x, evaluation);
        assertThat(evaluation.state(net.state()).get("temperature").item()).isEqualTo(1);
    }

    @Test
    void errorsNameTheShape() {
        assertThatThrownBy(() -> KanLinear.of(3, 2, RbfBasis.of(4)).init(Random.seed(1)).apply(Tensor.ones(2, 4))).hasMessageContaining("last axis of x is 4, expected 3").hasMessageContaining("[2, 4]");
        assertThatThrownBy(() -> KanConv2d.of(3, 2, 3, RbfBasis.of(4)).init(Random.seed(1)).apply(Tensor.ones(2, 4))).hasMessageContaining("[2, 4]").hasMessageContaining("(n, 3, h, w)");
        assertThatThrownBy(() -> SelectableKanLinear.of(3, 2, List.of())).hasMessageContaining("pool is empty");
        assertThatThrownBy(() -> PrunedKanLinear.of(2, 2, POOL, List.of(0, 3))).hasMessageContaining("choice 3 from a pool of 3");
        assertThatThrownBy(() -> KanPruning.prune(Linear.of(2, 2).init(Random.seed(1)))).hasMessageContaining("no selectable layer");
        Model hidden = Residual.of(SelectableKanLinear.of(2, 2, POOL)).init(Random.seed(1));
        assertThatThrownBy(() -> KanPruning.prune(hidden)).hasMessageContaining("stands in a Residual");
        assertThatThrownBy(() -> BSplineBasis.of(0, 3)).hasMessageContaining("grid 0");
        assertThatThrownBy(() -> RbfBasis.of(3).withRange(1, 1)).hasMessageContaining("from 1.0 to 1.0");
    }

    @Test
    void anEmptyBatchAndLeadingAxesAreFine() {
        Model net = KanLinear.network(BSplineBasis.of(5, 3), 3, 4, 2).init(Random.seed(1));
        assertThat(net.apply(Tensor.zeros(0, 3)).shape()).isEqualTo(Shape.of(0, 2));
        Tensor x = Random.seed(2).normal(2, 5, 3);
        assertThat(net.apply(x).reshape(10, 2).toFloats()).isEqualTo(net.apply(x.reshape(10, 3)).toFloats());
        assertThat(net.apply(Tensor.of(new float[] {Float.NaN, 0, 0}, 1, 3)).isNaN().all().item()).isEqualTo(1);
    }
}
