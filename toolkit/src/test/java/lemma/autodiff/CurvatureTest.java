package lemma.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;
import lemma.loss.Losses;
import lemma.nn.Activation;
import lemma.nn.FixtureFile;
import lemma.nn.Linear;
import lemma.nn.Model;
import lemma.nn.Module;
import lemma.nn.Params;
import lemma.nn.Sequential;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Second-order tools beside the exact matrices of a small network and SciPy's eigsh. */
class CurvatureTest {
    private static final FixtureFile TORCH = FixtureFile.of("curvature.safetensors");
    private static final Module NET = Sequential.of(Linear.of(4, 8), Activation.TANH, Linear.of(8, 3));
    private static final Params PARAMS = ordered();
    private static final Tensor X = TORCH.get("x");
    private static final Tensor Y = TORCH.get("y");
    private static final Function<Params, Tensor> LOGITS = p -> new Model(NET, p, Params.EMPTY).apply(X);
    private static final Function<Params, Tensor> LOSS = p -> Losses.crossEntropy(LOGITS.apply(p), Y);
    private static final SymmetricOperator HESSIAN = SymmetricOperator.hessian(LOSS, PARAMS);

    private static Params ordered() {
        Params p = Params.EMPTY;
        for (String name : NET.params(Random.seed(1)).names()) p = p.with(name, TORCH.get("params/" + name));
        return p;
    }

    private static Tensor matrix(SymmetricOperator a) {
        Tensor units = Tensor.eye(a.size(), DType.FLOAT64);
        return Tensor.stack(IntStream.range(0, a.size()).mapToObj(i -> a.apply(units.get(i))).toList(), 0);
    }

    private static void close(Tensor ours, Tensor theirs, double tolerance) {
        assertThat(ours.shape()).isEqualTo(theirs.shape());
        assertThat(ours.toDoubles()).containsExactly(theirs.toDoubles(), within(tolerance));
    }

    @Test
    void productsAreThoseOfTheExactMatrices() {
        close(Autodiff.hessian(LOSS, PARAMS), TORCH.get("hessian"), 1e-12);
        close(matrix(HESSIAN), TORCH.get("hessian"), 1e-12);
        close(matrix(SymmetricOperator.gaussNewton(LOGITS, z -> Losses.crossEntropy(z, Y), PARAMS)), TORCH.get("gauss_newton"), 1e-12);
        Params each = Autodiff.perExampleGrads((p, x, y) -> Losses.crossEntropy(new Model(NET, p, Params.EMPTY).apply(x), y), PARAMS, X, Y);
        close(matrix(SymmetricOperator.empiricalFisher(each)), TORCH.get("fisher"), 1e-12);
    }

    @Test
    void extremeEigenvaluesAreThoseOfEigsh() {
        Lanczos.Eigen top = Lanczos.largest(HESSIAN, 4, Random.seed(1), new Lanczos.Options(1e-10, 60));
        assertThat(top.converged()).isTrue();
        assertThat(top.products()).isLessThan(60);
        assertThat(top.values()).containsExactly(TORCH.get("top").toDoubles(), within(1e-11));
        for (int i = 0; i < 4; i++) {
            Tensor v = top.vectors().get(i);
            assertThat(v.mul(TORCH.get("vectors").get(i)).sum().abs().item()).isCloseTo(1, within(1e-10));
            assertThat(HESSIAN.apply(v).sub(v.mul(top.values()[i])).norm().item()).isLessThan(1e-9);
        }
        assertThat(Lanczos.smallest(HESSIAN, 3, Random.seed(2), new Lanczos.Options(1e-10, 67)).values()).containsExactly(TORCH.get("low").toDoubles(), within(1e-11));
    }

    @Test
    void multipleEigenvaluesAreFoundWithTheirMultiplicity() {
        double[] d = {5, 5, 5, 2, 2, 1};
        SymmetricOperator a = SymmetricOperator.of(Tensor.eye(6, DType.FLOAT64).mul(Tensor.of(d)));
        Lanczos.Eigen all = Lanczos.largest(a, 6, Random.seed(3));
        assertThat(all.values()).containsExactly(d, within(1e-12));
        close(all.vectors().matmul(all.vectors().t()), Tensor.eye(6, DType.FLOAT64), 1e-12);
    }

    @Test
    void anUnfinishedSearchSaysSo() {
        Lanczos.Eigen few = Lanczos.largest(HESSIAN, 4, Random.seed(1), new Lanczos.Options(1e-12, 6));
        assertThat(few.converged()).isFalse();
        assertThat(few.products()).isEqualTo(6);
        assertThat(few.residuals()[3]).isGreaterThan(1e-12);
    }

    @Test
    void powerIterationFindsTheEigenvalueOfLargestMagnitude() {
        PowerIteration.Result r = PowerIteration.dominant(HESSIAN, Random.seed(4), 1e-9, 10_000);
        assertThat(r.converged()).isTrue();
        assertThat(r.value()).isCloseTo(TORCH.get("top").get(0).item(), within(1e-10));
        assertThat(PowerIteration.dominant(HESSIAN, Random.seed(4), 1e-9, 3).converged()).isFalse();
    }

    @Test
    void theTraceIsWithinFourStandardErrors() {
        Tensor h = TORCH.get("hessian");
        double trace = h.mul(Tensor.eye(h.dim(0), DType.FLOAT64)).sum().item();
        Hutchinson.Estimate e = Hutchinson.trace(HESSIAN, 400, Random.seed(5));
        assertThat(e.mean()).isCloseTo(trace, within(4 * e.standardError()));
        // the variance of a probe is 2 sum_{i != j} H_ij^2
        double variance = 2 * (h.square().sum().item() - h.mul(Tensor.eye(h.dim(0), DType.FLOAT64)).square().sum().item());
        assertThat(e.standardError()).isCloseTo(Math.sqrt(variance / 400), within(0.2 * Math.sqrt(variance / 400)));
    }

    @Test
    void theDiagonalIsWithinFourStandardErrors() {
        Tensor h = TORCH.get("hessian");
        int n = h.dim(0);
        double[] ours = Hutchinson.diagonal(HESSIAN, 1000, Random.seed(6)).toDoubles();
        for (int i = 0; i < n; i++) {
            double hii = h.get(i, i).item();
            double error = Math.sqrt((h.get(i).square().sum().item() - hii * hii) / 1000);
            assertThat(ours[i]).isCloseTo(hii, within(4.5 * error + 1e-15));
        }
    }

    @Test
    void theDensityHasTheMomentsOfTheMatrix() {
        Tensor h = TORCH.get("hessian");
        int n = h.dim(0);
        Lanczos.SpectralDensity density = Lanczos.density(HESSIAN, 200, 12, Random.seed(7));
        double second = h.square().sum().item() / n;
        assertThat(density.moment(0)).isCloseTo(1, within(1e-12));
        // v^T H^2 v of a random unit vector has a relative standard deviation of order 1 here, so 200 probes give about 7 %
        assertThat(density.moment(2)).isCloseTo(second, within(0.35 * second));
        double[] grid = new double[2001];
        Arrays.setAll(grid, i -> -2 + 0.002 * i);
        assertThat(0.002 * Arrays.stream(density.at(grid, 0.02)).sum()).isCloseTo(1, within(1e-3));
    }

    @Test
    void withAllStepsTheMomentsOfAProbeAreExact() {
        // a probe's weights are its squared components along the eigenvectors; the nodes are the eigenvalues themselves
        Tensor a = Tensor.eye(5, DType.FLOAT64).mul(Tensor.of(new double[] {1, 2, 3, 5, 8}));
        Lanczos.SpectralDensity density = Lanczos.density(SymmetricOperator.of(a), 1, 5, Random.seed(8));
        double[] nodes = density.nodes()[0].clone();
        Arrays.sort(nodes);
        assertThat(nodes).containsExactly(new double[] {1, 2, 3, 5, 8}, within(1e-12));
        double[] v = Random.seed(8).normal(Shape.of(5), DType.FLOAT64).toDoubles();
        double square = Arrays.stream(v).map(x -> x * x).sum();
        double mean = (v[0] * v[0] + 2 * v[1] * v[1] + 3 * v[2] * v[2] + 5 * v[3] * v[3] + 8 * v[4] * v[4]) / square;
        assertThat(density.moment(1)).isCloseTo(mean, within(1e-12));
    }

    @Test
    void conjugateGradientsSolveADampedGaussNewtonSystem() {
        SymmetricOperator a = SymmetricOperator.gaussNewton(LOGITS, z -> Losses.crossEntropy(z, Y), PARAMS).plus(0.1);
        ConjugateGradient.Result r = ConjugateGradient.solve(a, TORCH.get("b"), 1e-12, 200);
        assertThat(r.converged()).isTrue();
        assertThat(r.iterations()).isLessThan(67);
        close(r.x(), TORCH.get("solution"), 1e-10);
        assertThatThrownBy(() -> ConjugateGradient.solve(HESSIAN, TORCH.get("b"), 1e-12, 200)).isInstanceOf(ArithmeticException.class).hasMessageContaining("not positive definite");
    }

    @Test
    void vectorsGoToParametersAndBack() {
        Tensor v = Random.seed(9).normal(Shape.of(67), DType.FLOAT64);
        assertThat(SymmetricOperator.flat(SymmetricOperator.like(PARAMS, v)).toDoubles()).isEqualTo(v.toDoubles());
    }

    @Test
    void wrongSizesAreNamed() {
        assertThatThrownBy(() -> HESSIAN.apply(Tensor.ones(3))).hasMessageContaining("[3]").hasMessageContaining("[67]");
        assertThatThrownBy(() -> SymmetricOperator.of(Tensor.ones(2, 3))).hasMessageContaining("[2, 3]");
        assertThatThrownBy(() -> Lanczos.largest(HESSIAN, 68, Random.seed(1))).hasMessageContaining("k is 68");
        assertThatThrownBy(() -> Hutchinson.trace(HESSIAN, 0, Random.seed(1))).hasMessageContaining("probes is 0");
    }
}
