package lemma.ntk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import lemma.autodiff.GradCheck;
import lemma.linalg.Linalg;
import lemma.optim.Lbfgs;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeepKernelMachineTest {
    private static final Tensor X = Random.seed(1).normal(Shape.of(5, 8), DType.FLOAT64);
    private static final Tensor G0 = X.matmul(X.t()).div(8);
    private static final Tensor Y = Random.seed(2).normal(Shape.of(5, 7), DType.FLOAT64);

    /** {@code G_l = G_0 (G_0^-1 Y Y^T / nu)^(l / (L + 1))} of linear machines without noise, by eigenvalues. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void linearMachinesHaveTheirClosedForm(int layers) {
        DeepKernelMachine.Fit fit = new DeepKernelMachine(GramKernel.linear(), layers, 7, 0).fit(G0, Y, Lbfgs.Options.DEFAULT);
        Linalg.Eigh e = Linalg.eigh(G0);
        Tensor root = e.vectors().mul(e.values().sqrt()).matmul(e.vectors().t());
        Tensor inverse = Linalg.inv(root);
        Linalg.Eigh middle = Linalg.eigh(inverse.matmul(Y.matmul(Y.t()).div(7)).matmul(inverse));
        for (int l = 1; l <= layers; l++) {
            Tensor power = middle.vectors().mul(middle.values().pow(l / (layers + 1.0))).matmul(middle.vectors().t());
            Tensor exact = root.matmul(power).matmul(root);
            assertThat(fit.grams().get(l - 1).sub(exact).norm().item() / exact.norm().item()).isLessThan(1e-6);
        }
    }

    @Test
    void wideMachinesAreTheNngp() {
        DeepKernelMachine wide = new DeepKernelMachine(GramKernel.relu(), 2, 1e8, 0.1);
        Tensor joint = joint();
        DeepKernelMachine.Fit fit = wide.fit(G0, Y, Lbfgs.Options.DEFAULT);
        DeepKernelMachine.Fit nngp = wide.nngp(G0, Y);
        for (int l = 0; l < 2; l++) assertThat(fit.grams().get(l).sub(nngp.grams().get(l)).abs().max().item()).isLessThan(1e-6);
        Tensor k = GramKernel.relu().of(GramKernel.relu().of(GramKernel.relu().of(joint)));
        Gaussian plain = GpRegression.of(k.narrow(0, 0, 5).narrow(1, 0, 5), Y, 0.1).predict(k.narrow(0, 5, 8).narrow(1, 0, 5), k.narrow(0, 5, 8).narrow(1, 5, 8));
        assertThat(nngp.predict(joint).mean().sub(plain.mean()).abs().max().item()).isLessThan(1e-6);
        assertThat(nngp.predict(joint).covariance().sub(plain.covariance()).abs().max().item()).isLessThan(1e-6);
        assertThat(fit.predict(joint).mean().sub(plain.mean()).abs().max().item()).isLessThan(1e-4);
    }

    private static Tensor joint() {
        Tensor all = Tensor.concat(List.of(X, Random.seed(3).normal(Shape.of(3, 8), DType.FLOAT64)), 0);
        return all.matmul(all.t()).div(8);
    }

    /** The rectified kernel against the one of networks, and its derivatives against differences. */
    @Test
    void gramKernelsAreThoseOfNetworksAndDifferentiable() {
        Tensor v = G0.diagonal(0);
        Tensor dual = DualActivation.abRelu(0, 1).of(G0, v.unsqueeze(1), v).value().mul(2);
        assertThat(GramKernel.relu().of(G0).sub(dual).abs().max().item()).isLessThan(1e-12);
        Tensor distance = Tensor.of(X.toDoubles(), 5, 1, 8).sub(X).square().mean(2);
        assertThat(GramKernel.squaredExponential(0.7).of(G0).sub(distance.mul(-0.5 / 0.49).exp()).abs().max().item()).isLessThan(1e-12);
        for (GramKernel k : List.of(GramKernel.relu(), GramKernel.squaredExponential(0.7))) {
            GradCheck.of((Tensor f) -> k.of(f.matmul(f.t())).square().sum()).check(X).assertOk();
        }
    }

    /** With no information in the outputs the chain has the prior: E G_1 is the kernel of the inputs. */
    @Test
    void chainsOfNoisyOutputsHaveThePrior() {
        DeepKernelMachine noisy = new DeepKernelMachine(GramKernel.relu(), 2, 1, 1e9);
        DeepGpLangevin.Chain chain = new DeepGpLangevin(noisy, 8).sample(G0, Y, Random.seed(4), 300, 6000);
        Tensor prior = GramKernel.relu().of(G0);
        assertThat(chain.acceptance()).isBetween(0.4, 0.75);
        assertThat(chain.grams().getFirst().sub(prior).norm().item() / prior.norm().item()).isLessThan(0.1);
    }

    /** The mean of the linear deep process of one hidden layer over its one-dimensional density: an inverse-gamma-like integral by sums. */
    @Test
    void oneNumberIsIntegratedExactly() {
        Tensor g0 = Tensor.of(new double[] {1.5}, 1, 1);
        Tensor y = Tensor.of(new double[] {2}, 1, 1);
        int n = 12;
        double top = 0, bottom = 0;
        for (double g = 1e-4; g < 40; g += 1e-3) {
            double density = Math.exp(n * (-0.5 * 4 / g - 0.5 * Math.log(g)) + (n / 2.0 - 1) * Math.log(g) - 0.5 * n * g / 1.5);
            top += g * density;
            bottom += density;
        }
        DeepGpLangevin.Chain chain = new DeepGpLangevin(new DeepKernelMachine(GramKernel.linear(), 1, 1, 0), n).sample(g0, y, Random.seed(5), 500, 8000);
        assertThat(chain.grams().getFirst().item() / (top / bottom)).isBetween(0.96, 1.04);
    }

    @Test
    void wrongArgumentsAreQuoted() {
        assertThatThrownBy(() -> new DeepKernelMachine(GramKernel.linear(), 0, 1, 0)).hasMessageContaining("0 layers");
        assertThatThrownBy(() -> GramKernel.squaredExponential(-1)).hasMessageContaining("-1.0");
        assertThatThrownBy(() -> new DeepKernelMachine(GramKernel.linear(), 1, 1, 0).nngp(G0, X.narrow(0, 0, 2))).hasMessageContaining("[2, 8]");
        assertThatThrownBy(() -> new DeepGpLangevin(new DeepKernelMachine(GramKernel.linear(), 1, 1, 0), 0)).hasMessageContaining("width 0");
    }
}
