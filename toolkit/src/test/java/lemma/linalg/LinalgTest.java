package lemma.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lemma.autodiff.Autodiff;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import lemma.tensor.Threads;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What defines each decomposition, for matrices of any size; errors; and derivatives where PyTorch's files have none. */
class LinalgTest {
    private static Tensor normal(DType type, int... shape) {
        return Random.seed(shape.length + 31L * shape[shape.length - 1]).normal(Shape.of(shape), type);
    }

    private static Tensor normal(int... shape) {
        return normal(DType.FLOAT64, shape);
    }

    private static void close(Tensor actual, Tensor expected, double tolerance) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        if (actual.size() == 0) return;
        double scale = Math.max(1, expected.abs().max().item());
        assertThat(actual.sub(expected).abs().max().item()).isLessThanOrEqualTo(tolerance * scale);
    }

    private static Tensor eye(int n, DType type) {
        return Tensor.eye(n, type);
    }

    private static void orthonormalColumns(Tensor q, double tolerance) {
        Tensor product = q.t().matmul(q);
        close(product, eye(q.dim(-1), q.dtype()).expand(product.shape()), tolerance);
    }

    @Property(tries = 20)
    void eigenvectorsDiagonalise(@ForAll @IntRange(max = 40) int n, @ForAll boolean single) {
        DType type = single ? DType.FLOAT32 : DType.FLOAT64;
        double tolerance = single ? 1e-4 : 1e-12;
        Tensor x = normal(type, 3, n, n);
        Tensor a = x.add(x.t());
        Linalg.Eigh d = Linalg.eigh(a);
        close(d.vectors().mul(d.values().unsqueeze(-2)).matmul(d.vectors().t()), a, tolerance);
        orthonormalColumns(d.vectors(), tolerance);
        close(Linalg.eigvalsh(a), d.values(), tolerance);
        if (n > 1) assertThat(d.values().narrow(-1, 1, n).ge(d.values().narrow(-1, 0, n - 1)).all().item()).isEqualTo(1);
    }

    @Property(tries = 30)
    void singularVectorsRebuild(@ForAll @IntRange(max = 30) int m, @ForAll @IntRange(max = 30) int n, @ForAll boolean full) {
        Tensor a = normal(2, m, n);
        Linalg.Svd d = Linalg.svd(a, full);
        int k = Math.min(m, n);
        assertThat(d.u().shape()).isEqualTo(Shape.of(2, m, full ? m : k));
        assertThat(d.vh().shape()).isEqualTo(Shape.of(2, full ? n : k, n));
        close(d.u().narrow(-1, 0, k).mul(d.s().unsqueeze(-2)).matmul(d.vh().narrow(-2, 0, k)), a, 1e-12);
        orthonormalColumns(d.u(), 1e-12);
        orthonormalColumns(d.vh().t(), 1e-12);
        close(Linalg.svdvals(a), d.s(), 1e-12);
    }

    @Property(tries = 30)
    void qrRebuilds(@ForAll @IntRange(max = 30) int m, @ForAll @IntRange(max = 30) int n, @ForAll boolean complete) {
        Tensor a = normal(2, m, n);
        Linalg.Qr d = Linalg.qr(a, complete);
        assertThat(d.q().shape()).isEqualTo(Shape.of(2, m, complete ? m : Math.min(m, n)));
        close(d.q().matmul(d.r()), a, 1e-12);
        orthonormalColumns(d.q(), 1e-12);
        close(d.r().triu(0), d.r(), 0);
    }

    @Property(tries = 20)
    void choleskyAndSolveRebuild(@ForAll @IntRange(max = 40) int n, @ForAll @IntRange(max = 3) int columns) {
        Tensor x = normal(2, n, n);
        Tensor a = x.matmul(x.t()).add(eye(n, DType.FLOAT64));
        Tensor l = Linalg.cholesky(a);
        close(l.matmul(l.t()), a, 1e-12);
        close(l.tril(0), l, 0);
        Tensor b = normal(2, n, columns);
        close(a.matmul(Linalg.solve(a, b)), b, 1e-9);
        close(l.matmul(Linalg.solveTriangular(l, b, false)), b, 1e-9);
        close(a.matmul(Linalg.inv(a)), eye(n, DType.FLOAT64).expand(2, n, n), 1e-9);
        close(Linalg.logdet(a), Linalg.eigvalsh(a).log().sum(-1), 1e-11);
    }

    @Test
    void viewsAreReadAsWhatTheyShow() {
        Tensor wide = normal(4, 6, 5);
        Tensor view = wide.permute(2, 1, 0).get(lemma.tensor.Slice.all(), lemma.tensor.Slice.range(0, 6, 2), lemma.tensor.Slice.range(1, 4));
        assertThat(view.isContiguous()).isFalse();
        Tensor copy = view.contiguous();
        close(Linalg.svdvals(view), Linalg.svdvals(copy), 0);
        close(Linalg.qr(view).q(), Linalg.qr(copy).q(), 0);
        close(Linalg.inv(view), Linalg.inv(copy), 0);
        close(Linalg.eigvalsh(view), Linalg.eigvalsh(copy), 0);
        close(Linalg.solve(view, view.t()), Linalg.solve(copy, copy.t()), 0);
    }

    @Test
    void onlyTheLowerTriangleIsRead() {
        Tensor x = normal(5, 5);
        Tensor a = x.matmul(x.t()).add(eye(5, DType.FLOAT64));
        Tensor lower = a.tril(0).add(Tensor.full(Shape.of(5, 5), DType.FLOAT64, 7).triu(1));
        close(Linalg.eigh(lower).vectors(), Linalg.eigh(a).vectors(), 0);
        close(Linalg.cholesky(lower), Linalg.cholesky(a), 0);
    }

    @Test
    void signsFollowTheConvention() {
        Tensor a = Tensor.of(new double[][] {{2, -1}, {-1, 2}});
        double r = Math.sqrt(0.5);
        close(Linalg.eigh(a).vectors(), Tensor.of(new double[][] {{r, r}, {r, -r}}), 1e-15);
        close(Linalg.eigh(a.neg()).vectors(), Tensor.of(new double[][] {{r, r}, {-r, r}}), 1e-15);
        Linalg.Svd d = Linalg.svd(Tensor.of(new double[][] {{-3, 0}, {0, 1}}));
        close(d.u(), eye(2, DType.FLOAT64), 0);
        close(d.vh(), Tensor.of(new double[][] {{-1, 0}, {0, 1}}), 0);
    }

    @Test
    void theBitsDoNotDependOnTheNumberOfThreads() {
        Tensor x = normal(5, 60, 60);
        Tensor one = Threads.with(1, () -> Linalg.svd(x).u());
        Tensor three = Threads.with(3, () -> Linalg.svd(x).u());
        assertThat(three.toDoubles()).containsExactly(one.toDoubles());
    }

    /** Eigenvalues of Wigner's kind lie apart, so that vectors are determined to about the size of the matrix in units of rounding. */
    @Test
    void severalThreadsGiveLargeMatricesTheResultOfOne() {
        Tensor x = normal(300, 300);
        Tensor a = x.add(x.t());
        close(Threads.with(2, () -> Linalg.eigh(a).values()), Threads.with(1, () -> Linalg.eigh(a).values()), 1e-12);
        close(Threads.with(2, () -> Linalg.svd(x).s()), Threads.with(1, () -> Linalg.svd(x).s()), 1e-12);
        close(Threads.with(2, () -> Linalg.solve(x, a)), Threads.with(1, () -> Linalg.solve(x, a)), 1e-9);
    }

    /** {@code min(i, j)} has the eigenvalues {@code 1 / (4 sin^2((2 k - 1) pi / (4 n + 2)))}, k from n down to 1. */
    private static Tensor leastOfBoth(int n, DType type) {
        Tensor i = Tensor.arange(1, n + 1, 1, DType.FLOAT64);
        return i.unsqueeze(1).minimum(i).to(type);
    }

    private static Tensor eigenvaluesOfLeastOfBoth(int n, DType type) {
        double[] values = new double[n];
        for (int k = 1; k <= n; k++) values[n - k] = 0.25 / Math.pow(Math.sin((2 * k - 1) * Math.PI / (4 * n + 2)), 2);
        return Tensor.of(values).to(type);
    }

    @ParameterizedTest
    @ValueSource(ints = {255, 256, 257, 321, 513, 700})
    void eigenvaluesAloneOfLargeMatricesAreThoseOfAClosedForm(int n) {
        close(Linalg.eigvalsh(leastOfBoth(n, DType.FLOAT64)), eigenvaluesOfLeastOfBoth(n, DType.FLOAT64), 1e-13);
        close(Linalg.eigvalsh(leastOfBoth(n, DType.FLOAT32)), eigenvaluesOfLeastOfBoth(n, DType.FLOAT32), 1e-5);
    }

    @Test
    void eigenvaluesAloneOfLargeMatricesAreThoseOfTheDecompositionWithVectors() {
        Tensor x = normal(2, 400, 400);
        Tensor a = x.add(x.t());
        close(Linalg.eigvalsh(a), Linalg.eigh(a).values(), 1e-13);
        close(Linalg.eigvalsh(a.mul(1e-200)).mul(1e200), Linalg.eigh(a).values(), 1e-13);
        close(Linalg.eigvalsh(a.mul(1e200)).mul(1e-200), Linalg.eigh(a).values(), 1e-13);
        Tensor thin = normal(400, 3);
        close(Linalg.eigvalsh(thin.matmul(thin.t())).narrow(0, 397, 400), Linalg.eigvalsh(thin.t().matmul(thin)), 1e-13);
        close(Linalg.eigvalsh(eye(400, DType.FLOAT64)), Tensor.full(Shape.of(400), DType.FLOAT64, 1), 0);
        close(Linalg.eigvalsh(normal(400, 400).zerosLike()), normal(400).zerosLike(), 0);
    }

    @Test
    void eigenvaluesAloneOfLargeMatricesReadTheLowerTriangle() {
        Tensor a = leastOfBoth(300, DType.FLOAT64);
        Tensor lower = a.tril(0).add(Tensor.full(Shape.of(300, 300), DType.FLOAT64, 7).triu(1));
        close(Linalg.eigvalsh(lower), Linalg.eigvalsh(a), 0);
    }

    @Test
    void eigenvaluesAloneHaveTheSameBitsOnAnyNumberOfThreads() {
        Tensor x = normal(700, 700);
        Tensor a = x.add(x.t());
        double[] one = Threads.with(1, () -> Linalg.eigvalsh(a)).toDoubles();
        for (int threads = 2; threads <= 4; threads++) assertThat(Threads.with(threads, () -> Linalg.eigvalsh(a)).toDoubles()).containsExactly(one);
    }

    @Test
    void largeDecompositionsLeaveTheBitsOfMatrixProductsBesideThemAlone() {
        Tensor x = normal(300, 300);
        float[] alone = x.to(DType.FLOAT32).matmul(x.to(DType.FLOAT32)).toFloats();
        double[] values = Linalg.svdvals(x).toDoubles();
        java.util.concurrent.CompletableFuture<Void> beside = java.util.concurrent.CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 20; i++) assertThat(Linalg.svdvals(x).toDoubles()).isEqualTo(values);
        });
        for (int i = 0; i < 200; i++) assertThat(x.to(DType.FLOAT32).matmul(x.to(DType.FLOAT32)).toFloats()).isEqualTo(alone);
        beside.join();
    }

    /** LAPACK overruns the stack of an ordinary thread at this size. */
    @Test
    void largeMatricesDoNotCrash() {
        Tensor x = normal(500, 500);
        Linalg.Svd d = Linalg.svd(x);
        close(d.u().mul(d.s().unsqueeze(-2)).matmul(d.vh()), x, 1e-11);
        Tensor a = x.add(x.t());
        Linalg.Eigh e = Linalg.eigh(a);
        close(e.vectors().mul(e.values().unsqueeze(-2)).matmul(e.vectors().t()), a, 1e-11);
    }

    // ---- errors ----

    @Test
    void singularMatricesAreNamed() {
        Tensor a = Tensor.stack(java.util.List.of(eye(3, DType.FLOAT64), Tensor.of(new double[][] {{1, 2, 3}, {2, 4, 6}, {0, 1, 1}})), 0);
        assertThatThrownBy(() -> Linalg.solve(a, normal(2, 3, 1))).isInstanceOf(ArithmeticException.class).hasMessageContaining("batch element [1]").hasMessageContaining("pivot 2");
        assertThatThrownBy(() -> Linalg.inv(a)).isInstanceOf(ArithmeticException.class).hasMessageContaining("batch element [1]");
        assertThat(Linalg.det(a).toDoubles()).containsExactly(1, 0);
        Tensor triangle = Tensor.of(new double[][] {{1, 0}, {5, 0}});
        assertThatThrownBy(() -> Linalg.solveTriangular(triangle, normal(2, 1), false)).isInstanceOf(ArithmeticException.class).hasMessageContaining("(1, 1)");
    }

    @Test
    void matricesThatAreNotPositiveDefiniteAreNamed() {
        Tensor a = Tensor.stack(java.util.List.of(eye(2, DType.FLOAT64), Tensor.of(new double[][] {{1, 2}, {2, 1}})), 0);
        assertThatThrownBy(() -> Linalg.cholesky(a)).isInstanceOf(ArithmeticException.class).hasMessageContaining("batch element [1] of [2, 2, 2]").hasMessageContaining("pivot 1");
    }

    @Test
    void dependentColumnsAreNamed() {
        Tensor a = Tensor.of(new double[][] {{1, 2, 0}, {2, 4, 1}, {3, 6, 0}, {1, 2, 5}});
        assertThatThrownBy(() -> Linalg.lstsq(a, normal(4, 1))).isInstanceOf(ArithmeticException.class).hasMessageContaining("column 1").hasMessageContaining("pinv");
        close(a.matmul(Linalg.pinv(a)).matmul(a), a, 1e-12);
    }

    @Test
    void numbersThatAreNotFiniteAreNamed() {
        Tensor a = Tensor.of(new double[] {1, 0, 0, 1, 1, Double.NaN, Double.NaN, 1}, 2, 2, 2);
        assertThatThrownBy(() -> Linalg.eigh(a)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("batch element [1]").hasMessageContaining("NaN");
        assertThatThrownBy(() -> Linalg.svd(a)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("batch element [1]").hasMessageContaining("NaN");
    }

    @Test
    void shapesAndTypesThatDoNotFitAreQuoted() {
        assertThatThrownBy(() -> Linalg.eigh(normal(2, 3))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[2, 3]");
        assertThatThrownBy(() -> Linalg.svd(normal(3))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[3]");
        assertThatThrownBy(() -> Linalg.solve(normal(3, 3), normal(2, 1))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[3, 3]").hasMessageContaining("[2, 1]");
        assertThatThrownBy(() -> Linalg.inv(Tensor.of(new int[] {1}, 1, 1))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("INT32");
        assertThatThrownBy(() -> Linalg.matrixNorm(normal(2, 2), 3)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("3.0");
    }

    @Test
    void fullSingularVectorsHaveNoDerivative() {
        Tensor a = normal(4, 2);
        assertThatThrownBy(() -> Autodiff.grad(x -> Linalg.svd(x, true).u().sum(), a)).isInstanceOf(UnsupportedOperationException.class).hasMessageContaining("reduced");
        assertThatThrownBy(() -> Autodiff.grad(x -> Linalg.qr(x, true).q().sum(), a)).isInstanceOf(UnsupportedOperationException.class).hasMessageContaining("reduced");
    }

    // ---- derivatives beyond the files ----

    /** The derivative of the determinant is the matrix of cofactors, which exists for singular matrices too. */
    @Test
    void theDeterminantOfASingularMatrixHasItsCofactorsAsGradient() {
        Tensor a = Tensor.of(new double[][] {{1, 2, 3}, {2, 4, 6}, {1, 0.5, -1}});
        Tensor cofactors = Tensor.of(new double[][] {{4 * -1 - 6 * 0.5, -(2 * -1 - 6), 2 * 0.5 - 4}, {-(2 * -1 - 3 * 0.5), -1 - 3, -(0.5 - 2)}, {0, 0, 0}});
        close(Autodiff.grad(Linalg::det, a), cofactors, 1e-12);
    }

    /** Of C(t) = exp(tA): C' = A C. */
    @Test
    void theMatrixExponentialSolvesItsEquation() {
        Tensor a = normal(4, 4);
        Tensor t = Tensor.scalar(0.7, DType.FLOAT64);
        Autodiff.Jvp d = Autodiff.jvp(s -> Linalg.matrixExp(a.mul(s)), t, Tensor.scalar(1, DType.FLOAT64));
        close(d.tangent(), a.matmul(d.value()), 1e-11);
        Tensor large = Tensor.of(new double[][] {{0, 100}, {-100, 0}});
        close(Linalg.matrixExp(large), Tensor.of(new double[][] {{Math.cos(100), Math.sin(100)}, {-Math.sin(100), Math.cos(100)}}), 1e-12);
    }
}
