package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InvarianceTest {
    private static final Tensor X = Random.seed(1).normal(Shape.of(9, 6), DType.FLOAT64);

    private static Model model(Module... modules) {
        return Sequential.of(modules).init(Random.seed(2)).map(t -> t.to(DType.FLOAT64));
    }

    /** Table 1 of Ba, Kiros, Hinton (2016): batch, weight and layer norm. */
    private static final Map<Invariance, String> TABLE = Map.of(
            Invariance.WEIGHT_SCALE, "111", Invariance.WEIGHT_RECENTRE, "001", Invariance.WEIGHT_VECTOR_SCALE, "110",
            Invariance.DATA_SCALE, "101", Invariance.DATA_RECENTRE, "100", Invariance.CASE_SCALE, "001");

    @ParameterizedTest
    @EnumSource
    void isThatOfThePapersTable(Invariance invariance) {
        Linear linear = Linear.of(6, 5).withoutBias();
        double[] changes = {
            invariance.change(model(linear, BatchNorm1d.of(5).withEps(0)), "0.weight", X, Random.seed(3)),
            invariance.change(model(WeightNorm.of(linear)), "0.parametrizations.weight.original1", X, Random.seed(3)),
            invariance.change(model(linear, LayerNorm.of(5).withEps(0)), "0.weight", X, Random.seed(3))};
        for (int i = 0; i < 3; i++) {
            if (TABLE.get(invariance).charAt(i) == '1') assertThat(changes[i]).as("norm " + i).isLessThan(1e-12);
            else assertThat(changes[i]).as("norm " + i).isGreaterThan(1e-2);
        }
    }

    @Test
    void changesOfALinearMapAreThoseOfItsFormula() {
        Model linear = model(Linear.of(6, 5).withoutBias());
        Random random = Random.seed(4);
        double delta = 2 + random.fork(2).uniform(Shape.of(1), DType.FLOAT64).item();
        double largest = linear.apply(X).abs().max().item();
        assertThat(Invariance.WEIGHT_SCALE.change(linear, "0.weight", X, random)).isCloseTo((delta - 1) * largest, within(1e-12));
        assertThat(Invariance.DATA_SCALE.change(linear, "0.weight", X, random)).isCloseTo((delta - 1) * largest, within(1e-12));
        Tensor gamma = random.fork(3).normal(Shape.of(6), DType.FLOAT64);
        double shift = linear.apply(gamma.reshape(1, 6)).abs().max().item();
        assertThat(Invariance.DATA_RECENTRE.change(linear, "0.weight", X, random)).isCloseTo(shift, within(1e-12));
        double sums = X.matmul(gamma).abs().max().item();
        assertThat(Invariance.WEIGHT_RECENTRE.change(linear, "0.weight", X, random)).isCloseTo(sums, within(1e-12));
    }

    @Test
    void errorsQuoteTheShapes() {
        Model linear = model(Linear.of(6, 5));
        assertThatThrownBy(() -> Invariance.CASE_SCALE.change(linear, "0.bias", X, Random.seed(1))).hasMessageContaining("0.bias is [5]").hasMessageContaining("[9, 6]");
    }
}
