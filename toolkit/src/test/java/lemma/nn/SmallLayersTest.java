package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import lemma.autodiff.Autodiff;
import lemma.tensor.DType;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Layers around functions that are tested against PyTorch by themselves: parameters, their first values, and what training changes. */
class SmallLayersTest {
    private static final Tensor X = Random.seed(1).normal(2, 6, 4);

    @ParameterizedTest
    @EnumSource
    void activationsKeepTheShapeAndSeeEachElementAlone(Activation f) {
        Tensor y = f.apply(X);
        assertThat(y.shape()).isEqualTo(X.shape());
        assertThat(f.apply(X.get(1, 3)).toFloats()).containsExactly(y.get(1, 3).toFloats(), within(1e-6f));
    }

    @Test
    void aLearntSlopeStartsAtAQuarter() {
        Params p = PRelu.of(6).params(Random.seed(1));
        assertThat(p.get("weight").toFloats()).hasSize(6).containsOnly(0.25f);
        assertThat(PRelu.of(6).init(Random.seed(1)).apply(X).toFloats()).containsExactly(Functional.leakyRelu(X, 0.25).toFloats());
        assertThatThrownBy(() -> PRelu.of(3).init(Random.seed(1)).apply(X)).hasMessageContaining("[3]").hasMessageContaining("[2, 6, 4]");
    }

    @Test
    void aGatedUnitHalvesItsAxis() {
        assertThat(Glu.of().init(Random.seed(1)).apply(X).shape()).isEqualTo(Shape.of(2, 6, 2));
        assertThat(new Glu(1).init(Random.seed(1)).apply(X).toFloats()).containsExactly(X.narrow(1, 0, 3).mul(X.narrow(1, 3, 6).sigmoid()).toFloats(), within(1e-6f));
        assertThatThrownBy(() -> new Glu(-1).init(Random.seed(1)).apply(X.narrow(2, 0, 3))).hasMessageContaining("odd");
    }

    @Test
    void aBilinearFormIsLinearInEachInput() {
        Bilinear layer = Bilinear.of(3, 2, 4);
        Params p = layer.params(Random.seed(2));
        assertThat(p.get("weight").shape()).isEqualTo(Shape.of(4, 3, 2));
        assertThat(p.get("weight").abs().max().item()).isBetween(0.9 / Math.sqrt(3), 1 / Math.sqrt(3));
        assertThat(p.get("bias").shape()).isEqualTo(Shape.of(4));
        Tensor x = Random.seed(3).normal(5, 5);
        Tensor y = new Model(layer, p, Params.EMPTY).apply(x);
        assertThat(y.toFloats()).containsExactly(Functional.bilinear(x.narrow(1, 0, 3), x.narrow(1, 3, 5), p.get("weight"), p.get("bias")).toFloats());
        Tensor without = layer.withoutBias().init(Random.seed(2)).apply(x.mul(2));
        assertThat(without.toFloats()).containsExactly(layer.withoutBias().init(Random.seed(2)).apply(x).mul(4).toFloats(), within(1e-5f));
        assertThatThrownBy(() -> layer.init(Random.seed(1)).apply(X)).hasMessageContaining("[2, 6, 4]").hasMessageContaining("3 + 2");
    }

    @Test
    void stepsAreChosenAxesJoinedAndInputsAdded() {
        assertThat(new LastStep().init(Random.seed(1)).apply(X).toFloats()).containsExactly(X.narrow(1, 5, 6).squeeze(1).contiguous().toFloats());
        Tensor flat = new Flatten().init(Random.seed(1)).apply(X);
        assertThat(flat.shape()).isEqualTo(Shape.of(2, 24));
        assertThat(flat.toFloats()).containsExactly(X.toFloats());
        assertThat(Residual.of(Activation.RELU).init(Random.seed(1)).apply(X).toFloats()).containsExactly(X.add(X.relu()).toFloats());
        assertThatThrownBy(() -> Residual.of(Linear.of(4, 3)).init(Random.seed(1)).apply(X)).hasMessageContaining("[2, 6, 3]");
    }

    @Test
    void bagsAreMeansOfRows() {
        EmbeddingBag layer = EmbeddingBag.of(7, 3);
        Params p = layer.params(Random.seed(4));
        Tensor bags = Tensor.of(new long[] {1, 1, 6, 0}, 2, 2);
        Tensor y = new Model(layer, p, Params.EMPTY).apply(bags);
        Tensor table = p.get("weight");
        assertThat(y.get(0).toFloats()).containsExactly(table.get(1).toFloats());
        assertThat(y.get(1).toFloats()).containsExactly(table.get(6).add(table.get(0)).div(2).toFloats(), within(1e-6f));
        assertThat(new Model(layer.withMode(Functional.Bag.SUM), p, Params.EMPTY).apply(bags).toFloats()).containsExactly(y.mul(2).toFloats(), within(1e-6f));
        assertThatThrownBy(() -> new Model(layer, p, Params.EMPTY).apply(bags.add(1))).isInstanceOf(IndexOutOfBoundsException.class).hasMessageContaining("7");
    }

    @Test
    void droppedChannelsGoAsAWhole() {
        Tensor x = Tensor.ones(40, 25, 3, 2);
        Tensor y = Dropout2d.of(0.3).init(Random.seed(5)).apply(x, Pass.train(Random.seed(6)));
        Tensor channels = y.reshape(1000, 6);
        assertThat(channels.max(1).sub(channels.min(1)).abs().max().item()).isZero();
        assertThat(channels.max(1).eq(0).mean().item()).isCloseTo(0.3, within(4 * Math.sqrt(0.21 / 1000)));
        assertThat(y.max().item()).isCloseTo(1 / 0.7, within(1e-6));
        assertThat(Dropout2d.of(0.3).init(Random.seed(5)).apply(x).toFloats()).containsOnly(1f);
        assertThat(Dropout1d.of(0.5).init(Random.seed(5)).apply(x.get(0), Pass.train(Random.seed(7))).var(0, 2).max().item()).isZero();
        assertThatThrownBy(() -> Dropout1d.of(0.5).init(Random.seed(5)).apply(x)).hasMessageContaining("(n, c, l)");
    }

    @Test
    void noiseIsAddedInTrainingOnly() {
        Tensor x = Random.seed(12).normal(Shape.of(300, 200), DType.FLOAT64);
        Model layer = GaussianNoise.of(0.5).init(Random.seed(13));
        Tensor noise = layer.apply(x, Pass.train(Random.seed(14))).sub(x);
        assertThat(noise.mean().item()).isCloseTo(0, within(4 * 0.5 / Math.sqrt(60_000)));
        assertThat(noise.var(1).item()).isCloseTo(0.25, within(4 * 0.25 * Math.sqrt(2.0 / 60_000)));
        assertThat(layer.apply(x, Pass.train(Random.seed(15))).sub(x).toDoubles()).isNotEqualTo(noise.toDoubles());
        assertThat(layer.apply(x)).isSameAs(x);
        assertThatThrownBy(() -> GaussianNoise.of(-1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("sigma is -1.0");
    }

    @Test
    void alphaDropoutKeepsMeanAndVariance() {
        Tensor x = Random.seed(8).normal(Shape.of(400, 500), DType.FLOAT64);
        double n = x.size();
        Tensor y = AlphaDropout.of(0.2).init(Random.seed(9)).apply(x, Pass.train(Random.seed(10)));
        assertThat(y.mean().item()).isCloseTo(0, within(4 / Math.sqrt(n)));
        assertThat(y.var(1).item()).isCloseTo(1, within(0.02));
        assertThat(y.unique().counts().max().item() / n).isCloseTo(0.2, within(4 * Math.sqrt(0.16 / n)));
        assertThat(AlphaDropout.of(0.2).init(Random.seed(9)).apply(x)).isSameAs(x);
        assertThat(y.toDoubles()).containsExactly(Functional.alphaDropout(Random.seed(10), x, 0.2).toDoubles());
    }

    @Test
    void hardGumbelSoftmaxPicksClassesByTheirProbability() {
        Tensor logits = Tensor.of(new double[] {0.1, 0.6, 0.3}).log().expand(20_000, 3);
        Tensor hard = Functional.gumbelSoftmax(Random.seed(11), logits, 0.5, true);
        double[] share = hard.mean(0).toDoubles();
        double[] exact = {0.1, 0.6, 0.3};
        for (int k = 0; k < 3; k++) assertThat(share[k]).isCloseTo(exact[k], within(4 * Math.sqrt(exact[k] * (1 - exact[k]) / 20_000)));
        assertThat(Arrays.stream(hard.toDoubles()).allMatch(v -> Math.abs(v) < 1e-12 || Math.abs(v - 1) < 1e-12)).isTrue();
        Tensor soft = Functional.gumbelSoftmax(Random.seed(11), logits, 0.5, false);
        assertThat(soft.argmax(1).toLongs()).containsExactly(hard.argmax(1).toLongs());
        Tensor gradientOfHard = Autodiff.grad(l -> Functional.gumbelSoftmax(Random.seed(11), l, 0.5, true).mul(l.detach()).sum(), logits.narrow(0, 0, 5));
        Tensor gradientOfSoft = Autodiff.grad(l -> Functional.gumbelSoftmax(Random.seed(11), l, 0.5, false).mul(l.detach()).sum(), logits.narrow(0, 0, 5));
        assertThat(gradientOfHard.toDoubles()).containsExactly(gradientOfSoft.toDoubles(), within(1e-12));
    }
}
