package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import lemma.tensor.Backend;
import lemma.tensor.DType;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Slice;
import lemma.tensor.Tensor;
import org.hipparchus.distribution.RealDistribution;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.UniformRealDistribution;
import org.hipparchus.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;

/** Initial distributions by their definitions. Seeds are fixed; p-values must exceed 1e-4. */
class InitTest {
    private static final Shape WEIGHT = Shape.of(60, 40, 3, 2);
    private static final int FAN_IN = 40 * 6;
    private static final int FAN_OUT = 60 * 6;

    private static void follows(Tensor x, RealDistribution exact) {
        assertThat(new KolmogorovSmirnovTest().kolmogorovSmirnovTest(exact, x.toDoubles())).isGreaterThan(1e-4);
    }

    private static RealDistribution within2(double bound) {
        return new UniformRealDistribution(-bound, bound);
    }

    @Test
    void fansCountTheKernel() {
        assertThat(Init.fanIn(WEIGHT)).isEqualTo(FAN_IN);
        assertThat(Init.fanOut(WEIGHT)).isEqualTo(FAN_OUT);
        assertThatThrownBy(() -> Init.fanIn(Shape.of(3))).hasMessageContaining("[3]");
    }

    @Test
    void uniformAndNormalNumbersHaveTheSpreadOfTheirFans() {
        Random r = Random.seed(1);
        follows(Init.xavierUniform(r, 2, WEIGHT), within2(2 * Math.sqrt(6.0 / (FAN_IN + FAN_OUT))));
        follows(Init.xavierNormal(r, 2, WEIGHT), new NormalDistribution(0, 2 * Math.sqrt(2.0 / (FAN_IN + FAN_OUT))));
        follows(Init.kaimingUniform(r, Math.sqrt(2), Init.Fan.IN, WEIGHT), within2(Math.sqrt(6.0 / FAN_IN)));
        follows(Init.kaimingUniform(r, 1, Init.Fan.OUT, WEIGHT), within2(Math.sqrt(3.0 / FAN_OUT)));
        follows(Init.kaimingNormal(r, Math.sqrt(2), Init.Fan.IN, WEIGHT), new NormalDistribution(0, Math.sqrt(2.0 / FAN_IN)));
        follows(Init.kaimingNormal(r, 1, Init.Fan.OUT, WEIGHT), new NormalDistribution(0, 1 / Math.sqrt(FAN_OUT)));
        assertThat(Init.xavierUniform(r, 1, WEIGHT).shape()).isEqualTo(WEIGHT);
    }

    @Test
    void reluNetworksKeepTheSizeOfTheirSignals() {
        Random r = Random.seed(2);
        Tensor x = r.normal(500, 300);
        double before = x.square().mean().item();
        for (int layer = 0; layer < 10; layer++) x = x.matmul(Init.kaimingNormal(r, Init.gain(Activation.RELU), Init.Fan.IN, Shape.of(300, 300)).t()).relu();
        assertThat(2 * x.square().mean().item() / before).isBetween(1.0, 4.0);
    }

    @Test
    void gainsAreThoseOfPyTorch() {
        assertThat(Init.gain(Activation.IDENTITY)).isEqualTo(1);
        assertThat(Init.gain(Activation.SIGMOID)).isEqualTo(1);
        assertThat(Init.gain(Activation.TANH)).isEqualTo(5.0 / 3);
        assertThat(Init.gain(Activation.RELU)).isEqualTo(Math.sqrt(2));
        assertThat(Init.gain(Activation.SELU)).isEqualTo(0.75);
        assertThat(Init.leakyReluGain(Math.sqrt(5))).isCloseTo(Math.sqrt(1.0 / 3), within(1e-15));
        assertThatThrownBy(() -> Init.gain(Activation.SIN)).hasMessageContaining("SIN");
    }

    @Test
    void truncatedNormalNumbersStayInTheirBounds() {
        Tensor x = Init.truncNormal(Random.seed(3), 0.02, -0.03, 0.04, 100, 80);
        assertThat(x.min().item()).isGreaterThanOrEqualTo(-0.03f);
        assertThat(x.max().item()).isLessThanOrEqualTo(0.04f);
        NormalDistribution z = new NormalDistribution();
        double low = -1.5;
        double high = 2;
        double mean = 0.02 * (z.density(low) - z.density(high)) / (z.cumulativeProbability(high) - z.cumulativeProbability(low));
        assertThat(x.to(DType.FLOAT64).mean().item()).isCloseTo(mean, within(4 * 0.02 / Math.sqrt(8000)));
    }

    @Test
    void orthogonalMatricesHaveOrthonormalShorterSides() {
        for (Shape shape : new Shape[] {Shape.of(20, 20), Shape.of(30, 8), Shape.of(8, 30), Shape.of(6, 4, 3)}) {
            Tensor q = Init.orthogonal(Random.seed(4), 1.5, shape).reshape(shape.dim(0), -1).to(DType.FLOAT64);
            int n = Math.min(q.dim(0), q.dim(1));
            Tensor product = q.dim(0) <= q.dim(1) ? q.matmul(q.t()) : q.t().matmul(q);
            assertThat(product.div(2.25).sub(Tensor.eye(n, DType.FLOAT64)).abs().max().item()).as("%s", shape).isLessThan(1e-6);
        }
    }

    /** The angle of a uniform rotation or reflection is uniform; Householder's signs alone would not be. */
    @Test
    void orthogonalMatricesAreUniform() {
        double[] angles = new double[3000];
        double[] determinants = new double[angles.length];
        for (int i = 0; i < angles.length; i++) {
            double[] q = Init.orthogonal(Random.seed(100 + i), 1, Shape.of(2, 2)).toDoubles();
            angles[i] = Math.atan2(q[2], q[0]);
            determinants[i] = q[0] * q[3] - q[1] * q[2];
        }
        assertThat(new KolmogorovSmirnovTest().kolmogorovSmirnovTest(within2(Math.PI), angles)).isGreaterThan(1e-4);
        assertThat(Arrays.stream(determinants).average().orElseThrow()).isCloseTo(0, within(4 / Math.sqrt(angles.length)));
    }

    @Test
    void sparseColumnsHaveTheirShareOfZeros() {
        Tensor w = Init.sparse(Random.seed(5), 0.31, 0.5, 50, 40);
        assertThat(w.eq(0).sum(0).toLongs()).containsOnly(16);
        assertThat(w.get(Slice.all(), Slice.at(0)).eq(0).toBooleans()).isNotEqualTo(w.get(Slice.all(), Slice.at(1)).eq(0).toBooleans());
        follows(w.maskedSelect(w.ne(0)), new NormalDistribution(0, 0.5));
        assertThatThrownBy(() -> Init.sparse(Random.seed(5), 1.5, 1, 2, 2)).hasMessageContaining("1.5");
    }

    @Test
    void diracHandsChannelsOn() {
        Tensor x = Random.seed(6).normal(2, 4, 5, 6);
        Backend.Conv2d same = new Backend.Conv2d(1, 1, 1, 1, 1, 1, 1);
        assertThat(Functional.conv2d(x, Init.dirac(1, Shape.of(4, 4, 3, 3)), null, same).toFloats()).containsExactly(x.toFloats());
        Tensor wider = Functional.conv2d(x, Init.dirac(1, Shape.of(6, 4, 3, 3)), null, same);
        assertThat(wider.narrow(1, 0, 4).toFloats()).containsExactly(x.toFloats());
        assertThat(wider.narrow(1, 4, 6).toFloats()).containsOnly(0);
        Backend.Conv2d grouped = new Backend.Conv2d(1, 1, 1, 1, 1, 1, 2);
        assertThat(Functional.conv2d(x, Init.dirac(2, Shape.of(4, 2, 3, 3)), null, grouped).toFloats()).containsExactly(x.toFloats());
        assertThatThrownBy(() -> Init.dirac(3, Shape.of(4, 4, 3))).hasMessageContaining("groups 3").hasMessageContaining("[4, 4, 3]");
    }

    @Test
    void theIdentityNeedNotBeSquare() {
        assertThat(Init.eye(2, 3).toFloats()).containsExactly(1, 0, 0, 0, 1, 0);
    }
}
