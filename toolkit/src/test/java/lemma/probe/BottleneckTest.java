package lemma.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import lemma.autodiff.GradCheck;
import lemma.loss.FgsmAttack;
import lemma.nn.Activation;
import lemma.nn.Linear;
import lemma.nn.Mlp;
import lemma.nn.Model;
import lemma.nn.Pass;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class BottleneckTest {
    private static final Fixtures F = Fixtures.read("bottleneck.json");
    private static final Tensor X = F.matrix("x");
    private static final Tensor Y = F.matrix("y");

    @Test
    void hsicIsThatOfNumPy() {
        assertThat(Hsic.of(X, Y, 0.9, 0.7).item()).isCloseTo(F.number("hsic"), within(1e-14));
        Tensor some = Y.narrow(0, 0, 8);
        GradCheck.of((Tensor p) -> Hsic.of(X.narrow(0, 0, 8), p, 0.9, 0.7)).check(some);
        assertThat(Hsic.of(X, Tensor.ones(40, 1).to(DType.FLOAT64), 0.9, 1).item()).isCloseTo(0, within(1e-14));
        assertThatThrownBy(() -> Hsic.of(X, X)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[40, 3]");
    }

    @Test
    void theDivergenceOfACodeIsPyTorchs() {
        Bottleneck.Variational net = new Bottleneck.Variational(Linear.of(1, 6), Linear.of(3, 2), 3);
        Tensor output = Tensor.concat(List.of(Y, X, X, F.matrix("logVariance")), 1);
        assertThat(net.divergence(output).item()).isCloseTo(F.number("kl"), within(1e-12));
        assertThat(net.prediction(output).toDoubles()).containsExactly(Y.toDoubles());
    }

    @Test
    void theOutputHoldsPredictionAndCode() {
        Bottleneck module = new Bottleneck(Mlp.of(Activation.RELU, 3, 8, 4), Linear.of(4, 2), 4);
        Model net = module.init(Random.seed(1)).map(t -> t.to(DType.FLOAT64));
        Tensor output = net.apply(X);
        Tensor code = module.codeOf(output);
        assertThat(output.shape()).isEqualTo(Shape.of(40, 6));
        Tensor decoded = code.matmul(net.params().get("decoder.weight").t()).add(net.params().get("decoder.bias"));
        assertThat(module.prediction(output).toDoubles()).containsExactly(decoded.toDoubles(), within(1e-12));
        assertThatThrownBy(() -> new Bottleneck(Linear.of(3, 5), Linear.of(4, 1), 4).init(Random.seed(1)).apply(X)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Bottleneck(Linear.of(3, 5), Linear.of(4, 1), 0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("code is 0");
    }

    @Test
    void aVariationalCodeIsSampledInTrainingOnly() {
        Bottleneck.Variational module = new Bottleneck.Variational(Linear.of(3, 2), Linear.of(1, 1), 1);
        Model net = module.init(Random.seed(2));
        Tensor same = Tensor.ones(20_000, 3);
        Tensor quiet = net.apply(same);
        assertThat(module.codeOf(quiet).std(0).item()).isCloseTo(0, within(1e-6));
        double deviation = Math.exp(quiet.get(0, 3).item() / 2);
        Tensor noisy = module.codeOf(net.apply(same, Pass.train(Random.seed(3))));
        assertThat(noisy.std(0).item()).isCloseTo(deviation, within(4 * deviation / Math.sqrt(40_000)));
        assertThat(noisy.mean().item()).isCloseTo(quiet.get(0, 2).item(), within(4 * deviation / Math.sqrt(20_000)));
    }

    @Test
    void theSignStepIsPyTorchs() {
        Tensor w = Tensor.of(F.numbers("weight"));
        Tensor target = Y.narrow(1, 0, 1).squeeze(1);
        Tensor moved = FgsmAttack.of(0.1).perturb(x -> x.matmul(w).sin().sub(target).square().mean(), X);
        assertThat(moved.toDoubles()).containsExactly(F.matrix("attacked").toDoubles(), within(1e-14));
        assertThatThrownBy(() -> FgsmAttack.of(0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("radius is 0.0");
    }
}
