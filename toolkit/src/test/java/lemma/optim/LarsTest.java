package lemma.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.autodiff.Autodiff;
import lemma.nn.FixtureFile;
import lemma.nn.Params;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Against PyTorch's SGD on gradients that are scaled as the paper says; src/test/python/training_dynamics_fixtures.py. */
class LarsTest {
    private static final FixtureFile TORCH = FixtureFile.of("training-dynamics.safetensors");

    @Test
    void everyStepIsThatOfScaledSgd() {
        Lars lars = Lars.of(0.5).withTrust(0.02).withWeightDecay(0.1);
        Params params = Params.of("p", TORCH.get("lars/p0")).with("q", TORCH.get("lars/q0"));
        Optimiser.Update now = new Optimiser.Update(params, lars.init(params));
        for (int i = 0; i < 20; i++) {
            now = lars.step(now.params(), Autodiff.grad(LarsTest::loss, now.params()), now.state());
            assertThat(now.params().get("p").toDoubles()).as("step " + i).containsExactly(TORCH.get("lars/p").get(i).toDoubles(), within(1e-12));
            assertThat(now.params().get("q").toDoubles()).as("step " + i).containsExactly(TORCH.get("lars/q").get(i).toDoubles(), within(1e-12));
        }
    }

    private static Tensor loss(Params z) {
        Tensor p = z.get("p");
        Tensor q = z.get("q");
        return TORCH.get("lars/w").mul(p.pow(4)).sum().div(4).add(p.mul(q).sum()).add(q.square().sum());
    }

    @Test
    void aStepIsAShareOfTheParameterWhateverTheGradient() {
        Lars lars = Lars.of(0.5).withTrust(0.02).withWeightDecay(0).withMomentum(0);
        Params p = Params.of("w", Tensor.of(new double[] {3, 4}, 2));
        for (double size : new double[] {1e-6, 1, 1e6}) {
            Tensor moved = lars.step(p, Params.of("w", Tensor.of(new double[] {size, 0}, 2)), lars.init(p)).params().get("w");
            assertThat(moved.toDoubles()).containsExactly(new double[] {3 - 0.5 * 0.02 * 5, 4}, within(1e-12));
        }
    }

    @Test
    void aTensorOfZerosMovesAtThePlainRate() {
        Lars lars = Lars.of(0.5).withMomentum(0);
        Params p = Params.of("b", Tensor.zeros(2));
        assertThat(lars.step(p, Params.of("b", Tensor.of(new double[] {1, -2}, 2)), lars.init(p)).params().get("b").toDoubles()).containsExactly(-0.5, 1);
    }

    @Test
    void badSettingsAreNamed() {
        assertThatThrownBy(() -> Lars.of(1).withTrust(0)).hasMessageContaining("trust is 0.0");
        assertThatThrownBy(() -> Lars.of(1).withMomentum(-1)).hasMessageContaining("momentum is -1.0");
    }
}
