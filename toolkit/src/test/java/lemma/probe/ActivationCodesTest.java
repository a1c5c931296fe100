package lemma.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.UnaryOperator;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ActivationCodesTest {
    private static final ActivationCodes CODES = ActivationCodes.of(Tensor.of(new double[][] {{1, -1, 2}, {3, 0, 1}, {-1, 5, 1}, {0.5, 0.5, -2}}));

    @Test
    void countsCodes() {
        assertThat(CODES.bits().toDoubles()).containsExactly(1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 0);
        assertThat(CODES.distinct()).isEqualTo(3);
        assertThat(CODES.redundancy()).isEqualTo(0.25);
        assertThat(CODES.hamming(CODES).toDoubles()).containsExactly(0, 0, 2, 2, 0, 0, 2, 2, 2, 2, 0, 2, 2, 2, 2, 0);
    }

    /** One line cuts a plane in two, two lines in four, three in seven, four in eleven; lines cut a line, planes space. */
    @Test
    void zaslavskysCount() {
        double[] plane = {1, 2, 4, 7, 11, 16};
        for (int m = 0; m < plane.length; m++) assertThat(ActivationCodes.zaslavsky(m, 2)).isEqualTo(plane[m]);
        assertThat(ActivationCodes.zaslavsky(9, 1)).isEqualTo(10);
        assertThat(ActivationCodes.zaslavsky(4, 3)).isEqualTo(15);
        assertThat(ActivationCodes.zaslavsky(4, 7)).isEqualTo(16);
    }

    /** One layer: as many walls as units whose sign differs at the ends. Two layers: runs of equal codes along 200,001 points. */
    @Test
    void regionsOnASegmentAreCounted() {
        Random r = Random.seed(6);
        Tensor w = r.normal(Shape.of(3, 12), DType.FLOAT64);
        Tensor v = r.normal(Shape.of(12, 9), DType.FLOAT64);
        UnaryOperator<Tensor> one = x -> x.matmul(w).add(0.3);
        UnaryOperator<Tensor> two = x -> Tensor.concat(List.of(one.apply(x), one.apply(x).relu().matmul(v).sub(0.5)), 1);
        Tensor x = r.normal(Shape.of(6, 3), DType.FLOAT64).mul(3);
        Tensor ends = r.normal(Shape.of(6, 3), DType.FLOAT64).mul(3);
        double[] flips = ActivationCodes.of(one.apply(x)).bits().ne(ActivationCodes.of(one.apply(ends)).bits()).to(DType.FLOAT64).sum(1).toDoubles();
        int[] ofOne = ActivationCodes.regionsBetween(one, x, ends);
        int[] ofTwo = ActivationCodes.regionsBetween(two, x, ends);
        for (int i = 0; i < 6; i++) {
            assertThat(ofOne[i]).isEqualTo(1 + (int) flips[i]);
            assertThat(ofTwo[i]).isEqualTo(runs(two, x.narrow(0, i, i + 1), ends.narrow(0, i, i + 1))).isGreaterThan(ofOne[i]);
        }
        assertThat(ActivationCodes.regionsBetween(two, x, x)).containsOnly(1);
    }

    private static int runs(UnaryOperator<Tensor> layers, Tensor from, Tensor to) {
        Tensor t = Tensor.arange(200_001).to(DType.FLOAT64).div(200_000).unsqueeze(1);
        Tensor bits = ActivationCodes.of(layers.apply(from.add(to.sub(from).mul(t)))).bits();
        Tensor changed = bits.narrow(0, 1, 200_001).ne(bits.narrow(0, 0, 200_000)).to(DType.FLOAT64).sum(1).gt(0);
        return 1 + (int) changed.to(DType.FLOAT64).sum().item();
    }

    /** Where the code changes along each ray, found by halving steps. */
    @Test
    void regionsAreAsWideAsTheirCodesSay() {
        Random r = Random.seed(4);
        Tensor w = r.normal(Shape.of(3, 12), DType.FLOAT64);
        Tensor v = r.normal(Shape.of(12, 9), DType.FLOAT64);
        Tensor b = r.normal(Shape.of(9), DType.FLOAT64);
        UnaryOperator<Tensor> layers = x -> {
            Tensor first = x.matmul(w).add(0.3);
            return Tensor.concat(List.of(first, first.relu().matmul(v).add(b)), 1);
        };
        Tensor x = r.normal(Shape.of(20, 3), DType.FLOAT64);
        Tensor directions = r.normal(Shape.of(20, 3), DType.FLOAT64);
        double[] widths = ActivationCodes.regionWidth(layers, x, directions).toDoubles();
        for (int i = 0; i < widths.length; i++) {
            Tensor point = x.narrow(0, i, i + 1);
            Tensor along = directions.narrow(0, i, i + 1);
            assertThat(widths[i]).isCloseTo(firstChange(layers, point, along) + firstChange(layers, point, along.neg()), within(1e-6));
        }
    }

    private static double firstChange(UnaryOperator<Tensor> layers, Tensor x, Tensor along) {
        double step = 1e-3;
        double t = 0;
        while (step > 1e-8 && t < 1e3) {
            if (ActivationCodes.of(Tensor.concat(List.of(layers.apply(x), layers.apply(x.add(along.mul(t + step)))), 0)).distinct() == 1) t += step;
            else step /= 2;
        }
        return t < 1e3 ? t : Double.POSITIVE_INFINITY;
    }

    @Test
    void oneRegionWithoutAnEnd() {
        Tensor x = Tensor.of(new double[][] {{1, 2}});
        assertThat(ActivationCodes.regionWidth(z -> z.matmul(Tensor.of(new double[][] {{1}, {0}})), x, Tensor.of(new double[][] {{0, 1}})).toDoubles()).containsExactly(Double.POSITIVE_INFINITY);
        assertThat(ActivationCodes.regionWidth(z -> z.mul(2), x, Tensor.of(new double[][] {{1, -1}})).toDoubles()).containsExactly(3);
        assertThatIllegalArgumentException().isThrownBy(() -> ActivationCodes.regionWidth(z -> z, x, Tensor.zeros(2, 2))).withMessageContaining("[2, 2]");
    }
}
