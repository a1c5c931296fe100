package lemma.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FreeFeaturesTest {
    private static final Fixtures F = Fixtures.read("collapse.json");

    static Stream<Fixtures> cases() {
        return F.each("deep").stream();
    }

    private static DeepLinearFeatures model(Fixtures f) {
        return new DeepLinearFeatures(f.integers("sizes"), f.numbers("decay"), f.number("feature"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theClosedFormIsWhatSciPyFinds(Fixtures f) {
        DeepLinearFeatures model = model(f);
        assertThat(model.minimum()).isCloseTo(f.number("minimum"), within(1e-8));
        double[] descending = Arrays.stream(model.singularValues()).map(z -> -z).sorted().map(z -> -z).toArray();
        assertThat(descending).containsExactly(f.numbers("z"), within(1e-4));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theSolverReachesTheClosedForm(Fixtures f) {
        DeepLinearFeatures model = model(f);
        DeepLinearFeatures.Solution found = model.solve(6, model.layers() == 3 ? 30 : 4, Random.seed(1));
        assertThat(found.objective()).isCloseTo(model.minimum(), within(1e-6 * model.minimum()));
        double[] descending = Arrays.stream(model.singularValues()).map(z -> -z).sorted().map(z -> -z).toArray();
        assertThat(found.singularValues()).containsExactly(descending, within(1e-3));
        double[] norms = found.classifier().square().sum(1).toDoubles();
        assertThat(norms).containsExactly(model.weightNormsSquared(), within(1e-3));
    }

    @Test
    void aClassBelowTheSwitchOffSizeVanishes() {
        DeepLinearFeatures model = new DeepLinearFeatures(new int[] {20, 16, 4}, new double[] {0.05}, 0.06);
        assertThat(model.switchOffSize()).isCloseTo(4.8, within(1e-12));
        assertThat(model.singularValues()[2]).isZero();
        assertThat(new DeepLinearFeatures(new int[] {20, 15, 5}, new double[] {0.05}, 0.06).singularValues()[2]).isPositive();
        assertThat(model.solve(3, 1, Random.seed(2)).classifier().square().sum(1).toDoubles()[2]).isLessThan(1e-6);
    }

    @Test
    void parametersOutOfRangeAreNamed() {
        assertThatThrownBy(() -> new DeepLinearFeatures(new int[] {3, 0}, new double[] {1}, 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[3, 0]");
        assertThatThrownBy(() -> new DeepLinearFeatures(new int[] {3, 1}, new double[] {0}, 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("weight decay is [0.0]");
        assertThatThrownBy(() -> new DeepLinearFeatures(new int[] {3, 1}, new double[] {1}, 0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("feature decay is 0.0");
        assertThatThrownBy(() -> new DeepLinearFeatures(new int[] {3, 1}, new double[] {1, 1}, 1).switchOffSize()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new DeepLinearFeatures(new int[] {3, 1}, new double[] {1}, 1).solve(1, 1, Random.seed(1))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("width 1");
    }

    static Stream<Fixtures> simplexes() {
        return F.each("simplex").stream();
    }

    private static SimplexFeatures simplex(Fixtures f) {
        return new SimplexFeatures(SimplexFeatures.Loss.valueOf(f.text("loss")), 4, 5, f.numbers("decay"), f.number("feature"));
    }

    @ParameterizedTest
    @MethodSource("simplexes")
    void theGapIsThatOfAScalarSearchInSciPy(Fixtures f) {
        assertThat(simplex(f).gap()).isCloseTo(f.number("gap"), within(1e-7));
        assertThat(simplex(f).objective()).isCloseTo(f.number("simplex"), within(1e-12));
    }

    @ParameterizedTest
    @MethodSource("simplexes")
    void theLowestEndWithABiasIsThatOfSciPy(Fixtures f) {
        DeepLinearFeatures.Solution lowest = simplex(f).solve(6, 12, Random.seed(1)).getFirst();
        assertThat(lowest.objective()).isCloseTo(f.number("minimum"), within(1e-9));
        boolean lowRank = f.text("loss").equals("CROSS_ENTROPY") && simplex(f).layers() > 1;
        if (lowRank) assertThat(lowest.singularValues()[2]).isLessThan(1e-3);
        else assertThat(lowest.singularValues()).containsExactly(simplex(f).singularValues(), within(1e-4));
    }

    @Test
    void aDecayThatOutweighsTheLossLeavesNoGap() {
        var strong = new SimplexFeatures(SimplexFeatures.Loss.SQUARED_ERROR, 4, 5, new double[] {1}, 1);
        assertThat(strong.gap()).isZero();
        assertThat(strong.objective()).isEqualTo(3.0 / 8);
        assertThat(new SimplexFeatures(SimplexFeatures.Loss.CROSS_ENTROPY, 4, 5, new double[] {1}, 1).objective()).isCloseTo(Math.log(4), within(1e-15));
    }

    @Test
    void parametersOfASimplexOutOfRangeAreNamed() {
        var loss = SimplexFeatures.Loss.CROSS_ENTROPY;
        assertThatThrownBy(() -> new SimplexFeatures(loss, 1, 5, new double[] {1}, 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("1 classes of 5");
        assertThatThrownBy(() -> new SimplexFeatures(loss, 4, 5, new double[] {}, 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("weight decay is []");
        assertThatThrownBy(() -> new SimplexFeatures(loss, 4, 5, new double[] {1}, Double.NaN)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("feature decay is NaN");
        assertThatThrownBy(() -> new SimplexFeatures(loss, 4, 5, new double[] {1}, 1).solve(3, 1, Random.seed(1))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("width 3");
    }

    private static PerturbedFeatures perturbed() {
        double[] p = F.numbers("perturbedParameters");
        return new PerturbedFeatures(F.matrix("h0"), Tensor.of(F.integers("y")), p[0], p[1], p[2]);
    }

    @Test
    void featuresNearGivenOnesReachSciPysMinimum() {
        PerturbedFeatures.Solution found = perturbed().solve(Random.seed(1));
        assertThat(found.objective()).isCloseTo(F.number("perturbedMinimum"), within(1e-10));
        assertThat(perturbed().identityError(found)).isLessThan(1e-6);
    }

    @Test
    void theIdentityFailsAwayFromAStationaryPoint() {
        PerturbedFeatures.Solution found = perturbed().solve(Random.seed(1));
        var moved = new PerturbedFeatures.Solution(found.weight().mul(1.1), found.features(), 0, 0);
        assertThat(perturbed().identityError(moved)).isGreaterThan(1e-2);
    }

    @Test
    void theCentralPathIsThatOfAnAdaptiveIntegrator() {
        PerturbedFeatures.CentralPath path = perturbed().centralPath(0.02, 200);
        assertThat(path.features().toDoubles()).containsExactly(F.matrix("flowEnd").toDoubles(), within(1e-7));
        assertThat(path.nc1()[200]).isCloseTo(F.number("flowNc1"), within(1e-8));
        assertThat(IntStream.range(0, 200).allMatch(i -> path.nc1()[i + 1] < path.nc1()[i])).isTrue();
    }

    @Test
    void theGainWithoutWeightsIsThatOfTheAnchorAlone() {
        PerturbedFeatures model = perturbed();
        double[] gain = model.withinGain(Tensor.zeros(3, 7).to(DType.FLOAT64)).diagonal(0).toDoubles();
        assertThat(gain).containsOnly(new double[] {0.2 / 0.23}, within(1e-12));
        assertThat(model.within(F.matrix("h0")).mean(0).abs().max().item()).isLessThan(1e-12);
    }

    @Test
    void unequalClassesAndNoAnchorAreRefused() {
        Tensor h0 = F.matrix("h0");
        assertThatThrownBy(() -> new PerturbedFeatures(h0.narrow(0, 0, 14), Tensor.of(Arrays.copyOf(F.integers("y"), 14)), 1, 1, 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("5 and 4 examples");
        assertThatThrownBy(() -> new PerturbedFeatures(h0, Tensor.of(F.integers("y")), 1, 0, 0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("beta 0.0");
        assertThatThrownBy(() -> perturbed().centralPath(0, 3)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("dt 0.0");
    }
}
