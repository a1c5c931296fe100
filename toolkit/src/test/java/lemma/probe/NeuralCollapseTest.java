package lemma.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class NeuralCollapseTest {
    private static final Fixtures F = Fixtures.read("collapse.json");
    private static final Tensor X = F.matrix("x");
    private static final Tensor Y = Tensor.of(F.integers("labels"));
    private static final Tensor W = F.matrix("w");
    private static final NeuralCollapse NC = NeuralCollapse.of(X, Y);

    private static void same(double measured, String fixture) {
        assertThat(measured).isCloseTo(F.number(fixture), within(1e-9));
    }

    @Test
    void metricsAreThoseOfNumPy() {
        same(NC.nc1(), "nc1");
        same(NC.nc1Traces(), "nc1Traces");
        assertThat(NC.cdnvPairs()).containsExactly(F.numbers("cdnv"), within(1e-9));
        assertThat(NC.cdnv()).isCloseTo(Arrays.stream(F.numbers("cdnv")).average().getAsDouble(), within(1e-9));
        same(NC.nc2Norms(), "nc2Norms");
        same(NC.nc2Angles(), "nc2Angles");
        same(NC.nc2Simplex(), "nc2Simplex");
        same(NC.gnc2(), "gnc2");
        same(NC.nc3(W), "nc3");
        same(NC.unc3(W), "unc3");
        same(NC.nc3Distance(W), "nc3Distance");
        same(NC.nc4(X, F.matrix("logits")), "nc4");
    }

    @Test
    void statisticsInBatchesAreThoseOfAllAtOnce() {
        ClassStatistics parts = ClassStatistics.of(4);
        for (int i = 0; i < 43; i += 5) parts.add(X.narrow(0, i, Math.min(43, i + 5)), Y.narrow(0, i, Math.min(43, i + 5)));
        assertThat(parts.within().toDoubles()).containsExactly(F.matrix("within").toDoubles(), within(1e-11));
        assertThat(parts.between().toDoubles()).containsExactly(F.matrix("between").toDoubles(), within(1e-11));
        assertThat(parts.variances().toDoubles()).containsExactly(F.numbers("variances"), within(1e-11));
        assertThat(parts.counts()).containsExactly(9, 12, 7, 15);
    }

    @Test
    void anExactSimplexIsCollapsed() {
        int k = 5;
        Tensor frame = EquiangularTightFrame.simplex(k, 9, Random.seed(1));
        Tensor y = Tensor.arange(k).to(DType.INT64).repeatInterleave(4, 0);
        Tensor x = frame.indexSelect(0, y).mul(3).add(2);
        NeuralCollapse nc = NeuralCollapse.of(x, y);
        assertThat(new double[] {nc.nc1(), nc.cdnv(), nc.nc2Norms(), nc.nc2Angles(), nc.nc2Simplex(), nc.gnc2(), nc.unc3(frame), nc.nc3Distance(frame)}).containsOnly(new double[8], within(1e-9));
        assertThat(nc.logInverseDistances()).containsOnly(new double[] {-0.5 * Math.log(2.0 * k / (k - 1))}, within(1e-9));
        assertThat(nc.nc3(frame.mul(7))).isCloseTo(1, within(1e-12));
        assertThat(nc.nc4(x, x.sub(2).matmul(frame.t()))).isEqualTo(1);
        assertThat(EquiangularTightFrame.simplexDistance(frame)).isLessThan(1e-12);
        assertThat(frame.matmul(frame.t()).diagonal(0).toDoubles()).containsOnly(new double[] {1}, within(1e-12));
    }

    @Test
    void aSimplexFitsInOneDimensionLessThanItsVectors() {
        assertThat(EquiangularTightFrame.simplexDistance(EquiangularTightFrame.simplex(4, 3, Random.seed(2)))).isLessThan(1e-12);
        assertThatThrownBy(() -> EquiangularTightFrame.simplex(4, 2, Random.seed(2))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("d >= classes - 1");
    }

    @Test
    void orthogonalFramesAreToldFromTheSimplex() {
        Tensor frame = EquiangularTightFrame.orthogonal(4, 6, Random.seed(3));
        assertThat(EquiangularTightFrame.orthogonalDistance(frame)).isLessThan(1e-12);
        assertThat(EquiangularTightFrame.simplexDistance(frame)).isGreaterThan(0.1);
        assertThat(EquiangularTightFrame.orthogonalDistance(EquiangularTightFrame.simplex(4, 6, Random.seed(3)))).isGreaterThan(0.1);
    }

    @Test
    void badInputIsNamed() {
        assertThatThrownBy(() -> NeuralCollapse.of(X, Y.narrow(0, 0, 5))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("labels are [5]");
        assertThatThrownBy(() -> NeuralCollapse.of(X.narrow(0, 0, 3), Tensor.of(new int[] {0, 0, 2}))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("class 1 has 0 examples");
        assertThatThrownBy(() -> NeuralCollapse.of(X.div(0), Y)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("finite");
        assertThatThrownBy(() -> NC.nc3(W.t())).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("expected (4, 6)");
        assertThatThrownBy(() -> NeuralCollapse.of(Tensor.ones(4, 2), Tensor.of(new int[] {0, 0, 1, 1})).nc1()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("class means are equal");
        assertThatThrownBy(() -> NeuralCollapse.of(Tensor.ones(4, 2), Tensor.of(new int[] {0, 0, 1, 1})).cdnv()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("same mean");
        assertThatThrownBy(() -> ClassStatistics.of(3).add(X, Y)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("a label is 3");
        assertThatThrownBy(() -> ClassStatistics.of(5).add(X, Y).means()).isInstanceOf(IllegalStateException.class).hasMessageContaining("class 4 has no example");
    }
}
