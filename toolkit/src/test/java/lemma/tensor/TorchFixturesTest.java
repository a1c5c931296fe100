package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import lemma.autodiff.Autodiff;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values, gradients and second derivatives of every operation beside PyTorch's, on both backends. */
class TorchFixturesTest {
    /** Tensors in a row as the point of a transformation. */
    private record Points(List<Tensor> tensors) implements Tree<Points> {
        @Override
        public Points map(UnaryOperator<Tensor> f) {
            return new Points(tensors.stream().map(f).toList());
        }
    }

    static Stream<TorchCases.Case> cases() {
        return TorchCases.all().stream();
    }

    static Stream<TorchCases.Case> differentiable() {
        return cases().filter(c -> c.grads() != null);
    }

    static Stream<TorchCases.Case> twiceDifferentiable() {
        return cases().filter(c -> c.second() != null);
    }

    static Stream<TorchCases.Suite> suites() {
        return TorchCases.SUITES.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("suites")
    void everyFunctionOfASuiteIsInItsFile(TorchCases.Suite suite) {
        assertThat(suite.names()).containsExactlyInAnyOrderElementsOf(suite.cases().stream().map(TorchCases.Case::name).toList());
    }

    @Test
    void namesOfCasesAreUnique() {
        assertThat(cases().map(TorchCases.Case::name)).doesNotHaveDuplicates();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void valuesAreThoseOfPyTorch(TorchCases.Case c) {
        checkValue(c, DType.FLOAT64, CpuBackend.INSTANCE, 1e-9);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void valuesInFloat32AreThoseOfPyTorch(TorchCases.Case c) {
        checkValue(c, DType.FLOAT32, CpuBackend.INSTANCE, 1e-5);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void valuesOfNd4jAreThoseOfPyTorch(TorchCases.Case c) {
        checkValue(c, DType.FLOAT64, Nd4jBackend.INSTANCE, 1e-9);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("differentiable")
    void gradientsAreThoseOfPyTorch(TorchCases.Case c) {
        checkGradients(c, DType.FLOAT64, CpuBackend.INSTANCE, 1e-9);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("differentiable")
    void gradientsInFloat32AreThoseOfPyTorch(TorchCases.Case c) {
        checkGradients(c, DType.FLOAT32, CpuBackend.INSTANCE, 1e-5);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("differentiable")
    void gradientsOfNd4jAreThoseOfPyTorch(TorchCases.Case c) {
        checkGradients(c, DType.FLOAT64, Nd4jBackend.INSTANCE, 1e-9);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("twiceDifferentiable")
    void secondDerivativesAreThoseOfPyTorch(TorchCases.Case c) {
        checkSecond(c, CpuBackend.INSTANCE);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("twiceDifferentiable")
    void secondDerivativesOfNd4jAreThoseOfPyTorch(TorchCases.Case c) {
        checkSecond(c, Nd4jBackend.INSTANCE);
    }

    private static void checkValue(TorchCases.Case c, DType type, Backend backend, double tolerance) {
        compare("value", value(c, type, backend), c.output(), tolerance);
    }

    private static void checkGradients(TorchCases.Case c, DType type, Backend backend, double tolerance) {
        List<Tensor> g = gradients(c, type, backend);
        for (int i = 0; i < g.size(); i++) compare("gradient of input " + i, g.get(i), c.grads().get(i), tolerance);
    }

    private static void checkSecond(TorchCases.Case c, Backend backend) {
        List<Tensor> h = second(c, backend);
        for (int i = 0; i < h.size(); i++) compare("second derivative in input " + i, h.get(i), c.second().get(i), 1e-9);
    }

    private static Tensor value(TorchCases.Case c, DType type, Backend backend) {
        Tensor y = c.op().apply(c.tensors(type, backend));
        assertThat(y.backend()).isSameAs(backend);
        return y;
    }

    private static List<Tensor> gradients(TorchCases.Case c, DType type, Backend backend) {
        Tensor[] x = c.tensors(type, backend);
        List<Tensor> g = Autodiff.grad((Function<Points, Tensor>) p -> weighted(c, x, p), new Points(floats(x))).tensors();
        assertThat(g).allSatisfy(t -> assertThat(t.backend()).isSameAs(backend));
        return g;
    }

    private static List<Tensor> second(TorchCases.Case c, Backend backend) {
        Tensor[] x = c.tensors(DType.FLOAT64, backend);
        return Autodiff.grad((Function<Points, Tensor>) p -> {
            List<Tensor> g = Autodiff.grad((Function<Points, Tensor>) q -> weighted(c, x, q), p).tensors();
            return g.stream().map(t -> t.mul(TorchCases.weights(t, 5, 13, 6)).sum()).reduce(Tensor::add).orElseThrow();
        }, new Points(floats(x))).tensors();
    }

    /** The largest difference from PyTorch's value on the default backend, relative to the largest magnitude where that is above one. */
    static double valueError(TorchCases.Case c, DType type) {
        return difference(value(c, type, CpuBackend.INSTANCE), c.output());
    }

    /** Likewise for the gradient; NaN where there is none. */
    static double gradientError(TorchCases.Case c, DType type) {
        return c.grads() == null ? Double.NaN : largest(gradients(c, type, CpuBackend.INSTANCE), c.grads());
    }

    /** Likewise for second derivatives in float64; NaN where there are none. */
    static double secondError(TorchCases.Case c) {
        return c.second() == null ? Double.NaN : largest(second(c, CpuBackend.INSTANCE), c.second());
    }

    private static double largest(List<Tensor> ours, List<TorchCases.Recorded> torch) {
        double worst = 0;
        for (int i = 0; i < ours.size(); i++) worst = Math.max(worst, difference(ours.get(i), torch.get(i)));
        return worst;
    }

    private static double difference(Tensor ours, TorchCases.Recorded torch) {
        double[] a = ours.to(CpuBackend.INSTANCE).toDoubles();
        double[] b = torch.tensor(DType.FLOAT64).toDoubles();
        double scale = Arrays.stream(b).filter(Double::isFinite).map(Math::abs).max().orElse(0);
        double worst = 0;
        for (int i = 0; i < a.length; i++) {
            if (a[i] == b[i] || Double.isNaN(a[i]) && Double.isNaN(b[i])) continue;
            double d = Math.abs(a[i] - b[i]) / Math.max(1, scale);
            worst = Double.isNaN(d) ? Double.POSITIVE_INFINITY : Math.max(worst, d);
        }
        return worst;
    }

    private static Tensor weighted(TorchCases.Case c, Tensor[] inputs, Points p) {
        Tensor[] x = inputs.clone();
        int n = 0;
        for (int i = 0; i < x.length; i++) if (x[i].dtype().isFloat()) x[i] = p.tensors().get(n++);
        Tensor y = c.op().apply(x);
        return y.mul(TorchCases.weights(y, 7, 11, 5)).sum();
    }

    private static List<Tensor> floats(Tensor[] x) {
        return new ArrayList<>(Arrays.stream(x).filter(t -> t.dtype().isFloat()).toList());
    }

    private static void compare(String what, Tensor ours, TorchCases.Recorded torch, double tolerance) {
        assertThat(ours.shape()).as(what).isEqualTo(Shape.of(torch.shape()));
        double d = difference(ours, torch);
        if (!(d <= tolerance)) fail("%s: differs from PyTorch's by %s; ours %s, PyTorch's %s", what, d, ours, torch.tensor(DType.FLOAT64));
    }
}
