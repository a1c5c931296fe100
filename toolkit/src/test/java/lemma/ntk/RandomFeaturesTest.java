package lemma.ntk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import lemma.linalg.Linalg;
import lemma.nn.Model;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class RandomFeaturesTest {
    private static final Tensor X = unit(Random.seed(1).normal(Shape.of(4, 3), DType.FLOAT64));
    private static final Tensor W = unit(Random.seed(2).normal(Shape.of(5, 3), DType.FLOAT64));
    private static final Tensor B = Random.seed(3).normal(Shape.of(5), DType.FLOAT64);
    private static final Tensor Z = X.matmul(W.t()).add(B);

    private static Tensor unit(Tensor x) {
        return x.div(x.square().sumKeep(1).sqrt());
    }

    /** 400 estimates of 256 directions each against the function itself: within 4.5 standard errors in all 20 places. */
    private static void unbiased(IntFunction<Tensor> estimate, Tensor exact) {
        Tensor all = Tensor.stack(IntStream.range(0, 400).mapToObj(estimate).toList(), 0);
        Tensor error = all.mean(0).sub(exact).div(all.std(1, 0).div(20));
        assertThat(error.abs().max().item()).isLessThan(4.5);
        assertThat(all.std(1, 0).max().item()).isLessThan(2); // high frequencies have heavy tails
    }

    private static Tensor product(UniversalRandomFeatures f) {
        return f.inputs(X).matmul(f.parameters(W, B).t());
    }

    @Test
    void sinesCosinesAndGaussiansAreUnbiased() {
        unbiased(s -> product(UniversalRandomFeatures.sin(3, 256, Random.seed(s))), Z.sin());
        unbiased(s -> product(UniversalRandomFeatures.cos(3, 256, Random.seed(s))), Z.cos());
        unbiased(s -> product(UniversalRandomFeatures.gaussian(3, 256, Random.seed(s))), Z.square().mul(-0.5).exp());
    }

    @Test
    void rectifiedFeaturesEstimateTheArcCosineKernel() {
        Tensor ones = Tensor.full(Shape.of(1), DType.FLOAT64, 1);
        Tensor exact = DualActivation.abRelu(0, 1).of(X.matmul(W.t()), ones, ones).value();
        unbiased(s -> {
            ArcCosineRandomFeatures f = ArcCosineRandomFeatures.of(3, 256, Random.seed(s));
            return f.apply(X).matmul(f.apply(W).t());
        }, exact);
    }

    @Test
    void leastSquaresSolveTheNormalEquations() {
        ArcCosineRandomFeatures first = ArcCosineRandomFeatures.of(3, 20, Random.seed(5));
        ArcCosineRandomFeatures second = ArcCosineRandomFeatures.of(20, 8, Random.seed(6));
        ScalableKernelLayer layer = ScalableKernelLayer.bundled(List.<UnaryOperator<Tensor>>of(first::apply, second::apply), 8, 2);
        Tensor x = Random.seed(7).normal(Shape.of(40, 3), DType.FLOAT64), y = Random.seed(8).normal(Shape.of(40, 2), DType.FLOAT64);
        Model m = layer.leastSquares(x, y);
        Tensor error = m.apply(x).sub(y);
        Tensor phi = second.apply(first.apply(x));
        assertThat(phi.t().matmul(error).abs().max().item()).isLessThan(1e-10);
        assertThat(error.sum(0).abs().max().item()).isLessThan(1e-10);
        Tensor pinv = Linalg.pinv(Tensor.concat(List.of(phi, Tensor.ones(40, 1).to(DType.FLOAT64)), 1)).matmul(y);
        assertThat(m.params().get("psi").sub(pinv.narrow(0, 0, 8)).abs().max().item()).isLessThan(1e-8);
        assertThat(layer.init(Random.seed(9)).apply(x.to(DType.FLOAT32)).shape().dims()).containsExactly(40, 2);
    }

    @Test
    void wrongArgumentsAreQuoted() {
        assertThatThrownBy(() -> UniversalRandomFeatures.sin(3, 0, Random.seed(1))).hasMessageContaining("0 directions");
        assertThatThrownBy(() -> UniversalRandomFeatures.cos(3, 4, Random.seed(1)).inputs(Tensor.ones(2, 5))).hasMessageContaining("rows of 3");
        assertThatThrownBy(() -> UniversalRandomFeatures.of(3, B, B, B, Random.seed(1))).hasMessageContaining("expected above 0");
        assertThatThrownBy(() -> new ScalableKernelLayer(x -> x, 4, 1).init(Random.seed(1)).apply(Tensor.ones(2, 3))).hasMessageContaining("(n, 4)");
    }
}
