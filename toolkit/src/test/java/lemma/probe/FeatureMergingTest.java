package lemma.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import lemma.nn.Activation;
import lemma.nn.BatchNorm1d;
import lemma.nn.BatchNorm2d;
import lemma.nn.BatchNormFolding;
import lemma.nn.Conv2d;
import lemma.nn.Linear;
import lemma.nn.Mlp;
import lemma.nn.Model;
import lemma.nn.Module;
import lemma.nn.Params;
import lemma.nn.Sequential;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureMergingTest {
    private static final Fixtures F = Fixtures.read("merging.json");
    private static final Tensor X = Random.seed(1).normal(Shape.of(50, 6), DType.FLOAT64);

    private static Model teacher(long seed) {
        return Mlp.of(Activation.RELU, 6, 8, 5, 3).init(Random.seed(seed)).map(t -> t.to(DType.FLOAT64));
    }

    private static double farthest(Model a, Model b) {
        return a.apply(X).sub(b.apply(X)).abs().max().item();
    }

    // ---- merging ----

    @Test
    void mergesAreThoseOfSciPysCentroidLinkage() {
        assertThat(IterativeFeatureMerging.of(F.matrix("vectors")).distances()).containsExactly(F.numbers("heights"), within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(ints = {25, 16, 3})
    void clustersAreSciPys(int k) {
        assertThat(IterativeFeatureMerging.of(F.matrix("vectors")).clusters(k)).isEqualTo(F.integers("cut_" + k));
    }

    @Test
    void mergingStopsAtTheFirstPairThatIsNotBelowTheThreshold() {
        IterativeFeatureMerging inverted = new IterativeFeatureMerging(4, new int[][] {{0, 1}, {0, 2}, {0, 3}}, new double[] {1, 0.9, 2});
        assertThat(inverted.remaining(0.95)).isEqualTo(4);
        assertThat(inverted.remaining(1.5)).isEqualTo(2);
        assertThat(inverted.complexity(3)).isEqualTo(0.25);
        assertThatThrownBy(() -> inverted.remaining(Double.NaN)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("NaN");
        assertThatThrownBy(() -> inverted.clusters(5)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("5 clusters of 4");
        assertThat(IterativeFeatureMerging.of(Tensor.ones(1, 3)).remaining(1)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void copiesThatWereAddedAreFoundAgain(long seed) {
        Model small = teacher(seed);
        HiddenUnits units = HiddenUnits.of(small, 0, 2);
        HiddenUnits wide = units.split(new int[] {1, 3, 2, 1, 5, 1, 2, 4}, Random.seed(seed));
        int[] order = Random.seed(seed).permutation(19).toInts();
        HiddenUnits hidden = wide.kept(order).rescaled(Random.seed(9).uniform(Shape.of(19), DType.FLOAT64).add(0.2));
        Model widened = hidden.placedIn(small, 0, 2);
        assertThat(widened.module()).isEqualTo(Mlp.of(Activation.RELU, 6, 19, 5, 3));
        assertThat(farthest(small, widened)).isLessThan(1e-12);
        HiddenUnits rows = HiddenUnits.of(widened, 0, 2).unitRows();
        IterativeFeatureMerging merging = IterativeFeatureMerging.of(rows);
        assertThat(merging.remaining(1e-6)).isEqualTo(8);
        Model merged = rows.merged(merging.clusters(8)).placedIn(widened, 0, 2);
        assertThat(merged.module()).isEqualTo(small.module());
        assertThat(farthest(small, merged)).isLessThan(1e-12);
    }

    @Test
    void aMergedUnitReadsTheMeanAndWritesTheSum() {
        HiddenUnits u = new HiddenUnits(Tensor.of(new double[][] {{1, 2}, {3, 6}, {5, 1}}), Tensor.of(new double[] {0, 4, 1}), Tensor.of(new double[][] {{1, 10, 100}, {2, 20, 200}}));
        HiddenUnits m = u.merged(new int[] {0, 1, 0});
        assertThat(m.incoming().toDoubles()).containsExactly(3, 1.5, 3, 6);
        assertThat(m.bias().toDoubles()).containsExactly(0.5, 4);
        assertThat(m.outgoing().toDoubles()).containsExactly(101, 10, 202, 20);
        assertThat(u.largest(u.rows().norm(1), 2).bias().toDoubles()).containsExactly(4, 1);
        assertThatThrownBy(() -> u.merged(new int[] {0, 2, 0})).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("class 1 has 0");
        assertThatThrownBy(() -> u.rescaled(Tensor.of(new double[] {1, -1, 1}))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("-1.0");
        assertThatThrownBy(() -> u.split(new int[] {1, 0, 1}, Random.seed(1))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[1, 0, 1]");
        assertThatThrownBy(() -> new HiddenUnits(u.incoming(), u.bias(), u.incoming())).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[3, 2]");
    }

    @Test
    void unitsOfConvolutionsMergeToo() {
        Model net = Sequential.of(Conv2d.of(2, 3, 3), Activation.RELU, Conv2d.of(3, 4, 2)).init(Random.seed(3)).map(t -> t.to(DType.FLOAT64));
        Tensor image = Random.seed(4).normal(Shape.of(2, 2, 7, 7), DType.FLOAT64);
        HiddenUnits wide = HiddenUnits.of(net, 0, 2).split(new int[] {2, 1, 3}, Random.seed(5)).unitRows();
        Model widened = wide.placedIn(net, 0, 2);
        assertThat(widened.apply(image).sub(net.apply(image)).abs().max().item()).isLessThan(1e-12);
        Model merged = wide.merged(IterativeFeatureMerging.of(wide).clusters(3)).placedIn(widened, 0, 2);
        assertThat(merged.apply(image).sub(net.apply(image)).abs().max().item()).isLessThan(1e-12);
    }

    @Test
    void layersThatDoNotMeetAreNamed() {
        Model normed = Sequential.of(Linear.of(6, 8), BatchNorm1d.of(8), Activation.RELU, Linear.of(8, 2)).init(Random.seed(1));
        assertThatThrownBy(() -> HiddenUnits.of(normed, 0, 3)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("BatchNormFolding");
        assertThatThrownBy(() -> HiddenUnits.of(normed, 0, 9)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("0 and 9 of 4");
        assertThatThrownBy(() -> HiddenUnits.of(normed, 2, 3)).isInstanceOf(IllegalArgumentException.class);
    }

    // ---- folding ----

    @Test
    void foldedLayersArePyTorchs() {
        Fixtures linear = F.object("linear");
        Model net = Sequential.of(Activation.TANH, Linear.of(3, 5), BatchNorm1d.of(5), Activation.RELU, Linear.of(5, 2)).init(Random.seed(1)).map(t -> t.to(DType.FLOAT64));
        Model folded = BatchNormFolding.of(filled(net, 1, linear, 5, 3));
        assertThat(folded.module()).isEqualTo(Sequential.of(Activation.TANH, Linear.of(3, 5), Activation.RELU, Linear.of(5, 2)));
        assertThat(folded.params().names()).containsExactly("1.weight", "1.bias", "3.weight", "3.bias");
        assertThat(folded.state().names()).isEmpty();
        assertThat(folded.params().get("1.weight").toDoubles()).containsExactly(linear.numbers("fusedWeight"), within(1e-12));
        assertThat(folded.params().get("1.bias").toDoubles()).containsExactly(linear.numbers("fusedBias"), within(1e-12));
        Fixtures conv = F.object("conv");
        Model image = Sequential.of(Conv2d.of(2, 4, 3).withoutBias(), BatchNorm2d.of(4)).init(Random.seed(1)).map(t -> t.to(DType.FLOAT64));
        Params p = BatchNormFolding.of(filled(image, 0, conv, 4, 2, 3, 3)).params();
        assertThat(p.get("0.weight").toDoubles()).containsExactly(conv.numbers("fusedWeight"), within(1e-12));
        assertThat(p.get("0.bias").toDoubles()).containsExactly(conv.numbers("fusedBias"), within(1e-12));
    }

    private static Model filled(Model model, int at, Fixtures f, int... weight) {
        Params p = model.params().with(at + ".weight", Tensor.of(f.numbers("weight")).reshape(weight));
        if (p.has(at + ".bias")) p = p.with(at + ".bias", Tensor.of(f.numbers("bias")));
        String norm = at + 1 + ".";
        return model.with(p.with(norm + "weight", Tensor.of(f.numbers("scale"))).with(norm + "bias", Tensor.of(f.numbers("shift"))))
                .withState(model.state().with(norm + "running_mean", Tensor.of(f.numbers("mean"))).with(norm + "running_var", Tensor.of(f.numbers("variance"))));
    }

    @Test
    void foldingKeepsTheFunctionAndWhatItCannotTakeIn() {
        List<Module> layers = List.of(BatchNorm1d.of(6), Linear.of(6, 8), BatchNorm1d.of(8).withoutAffine(), Linear.of(8, 4).withoutBias(), BatchNorm1d.of(4), Linear.of(4, 3), BatchNorm1d.of(3).withoutTracking());
        Model net = new Sequential(layers).init(Random.seed(2)).map(t -> t.to(DType.FLOAT64).add(0.3));
        Model folded = BatchNormFolding.of(net);
        assertThat(((Sequential) folded.module()).modules()).hasSize(5);
        assertThat(farthest(net, folded)).isLessThan(1e-12);
        assertThat(IntStream.range(0, 5).filter(i -> ((Sequential) folded.module()).modules().get(i) instanceof BatchNorm1d).toArray()).containsExactly(0, 4);
        assertThatThrownBy(() -> BatchNormFolding.of(Linear.of(2, 2).init(Random.seed(1)))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("expected a Sequential");
    }
}
