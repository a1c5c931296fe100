package lemma.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import lemma.tensor.Tree;
import org.junit.jupiter.api.Test;

class AutodiffTest {
    /** {@code sum 100 (x[i+1] - x[i]^2)^2 + (1 - x[i])^2}. */
    private static Tensor rosenbrock(Tensor x) {
        Tensor head = x.narrow(0, 0, x.dim(0) - 1);
        Tensor tail = x.narrow(0, 1, x.dim(0));
        return tail.sub(head.square()).square().mul(100).add(head.rsub(1).square()).sum();
    }

    private static double[][] rosenbrockHessian(double[] x) {
        int n = x.length;
        double[][] h = new double[n][n];
        for (int i = 0; i < n - 1; i++) {
            h[i][i] += 1200 * x[i] * x[i] - 400 * x[i + 1] + 2;
            h[i + 1][i + 1] += 200;
            h[i][i + 1] = h[i + 1][i] = -400 * x[i];
        }
        return h;
    }

    private static final double[] POINT = {1.2, -0.7, 0.4, 2.0};

    private static Tensor normal(long seed, int... shape) {
        return Random.seed(seed).normal(Shape.of(shape), DType.FLOAT64);
    }

    private record Pair(Tensor a, Tensor b) implements Tree<Pair> {
        @Override
        public List<Tensor> tensors() {
            return List.of(a, b);
        }

        @Override
        public Pair map(UnaryOperator<Tensor> f) {
            return new Pair(f.apply(a), f.apply(b));
        }
    }

    private static void close(Tensor ours, Tensor expected) {
        assertThat(ours.shape()).isEqualTo(expected.shape());
        assertThat(ours.toDoubles()).containsExactly(expected.toDoubles(), within(1e-10));
    }

    @Test
    void gradientOfAQuadraticForm() {
        Tensor m = normal(1, 4, 4);
        Tensor x = normal(2, 4);
        close(Autodiff.grad(z -> z.matmul(m).matmul(z).mul(0.5), x), m.add(m.t()).matmul(x).mul(0.5));
    }

    @Test
    void valueComesWithTheGradient() {
        var vg = Autodiff.valueAndGrad(x -> x.square().sum(), Tensor.of(new double[] {3, 4}));
        assertThat(vg.value().item()).isEqualTo(25);
        assertThat(vg.grad().toDoubles()).containsExactly(6, 8);
        assertThat(vg.value().isTracked()).isFalse();
        assertThat(vg.grad().isTracked()).isFalse();
    }

    @Test
    void jacobianOfALinearMapIsItsMatrix() {
        Tensor m = normal(3, 3, 4);
        close(Autodiff.jacobian(m::matmul, normal(4, 4)), m);
    }

    @Test
    void jacobianHasTheShapeOfValueThenPoint() {
        Tensor j = Autodiff.jacobian(x -> x.t().mul(2), normal(5, 2, 3));
        assertThat(j.shape()).isEqualTo(Shape.of(3, 2, 2, 3));
        assertThat(j.get(2, 1, 1, 2).item()).isEqualTo(2);
        assertThat(j.sum().item()).isEqualTo(12);
    }

    @Test
    void jacobiansOfWideAndTallFunctionsAgreeWithTheClosedForm() {
        for (int[] size : new int[][] {{3, 40}, {40, 3}, {300, 2}, {2, 300}}) {
            Tensor m = normal(20, size[1], size[0]);
            Tensor x = normal(21, size[0]);
            Tensor expected = m.matmul(x).cos().unsqueeze(1).mul(m);
            close(Autodiff.jacobian(z -> m.matmul(z).sin(), x), expected);
            Pair parts = Autodiff.jacobian((Function<Pair, Tensor>) p -> m.matmul(Tensor.concat(List.of(p.a(), p.b()), 0)).sin(), new Pair(x.narrow(0, 0, 1), x.narrow(0, 1, size[0])));
            close(parts.a(), expected.narrow(1, 0, 1));
            close(parts.b(), expected.narrow(1, 1, size[0]));
        }
    }

    @Test
    void jacobiansCanBeDifferentiated() {
        for (int n : new int[] {2, 9}) {
            Tensor m = normal(22, 9, n);
            Tensor x = normal(23, n);
            Tensor ours = Autodiff.grad(z -> Autodiff.jacobian(v -> m.matmul(v).sin(), z).square().sum(), x);
            // sum_ij (cos(m x)_i m_ij)^2, and d/dx_k of it
            Tensor expected = m.square().sum(1).mul(m.matmul(x).mul(2).sin()).neg().matmul(m);
            close(ours, expected);
        }
    }

    @Test
    void jacobiansOfNothingAreEmpty() {
        assertThat(Autodiff.jacobian(x -> x.narrow(0, 0, 0), normal(24, 3)).shape()).isEqualTo(Shape.of(0, 3));
        assertThat(Autodiff.jacobian(x -> Tensor.ones(2).to(DType.FLOAT64), normal(24, 3)).toDoubles()).containsExactly(0, 0, 0, 0, 0, 0);
    }

    @Test
    void hessianOfATreeIsOneMatrix() {
        Tensor a = normal(25, 2);
        Tensor b = normal(26, 2);
        Tensor h = Autodiff.hessian((Function<Pair, Tensor>) p -> p.a().square().mul(p.b()).sum(), new Pair(a, b));
        double[] x = a.toDoubles();
        double[] y = b.toDoubles();
        close(h, Tensor.of(new double[][] {{2 * y[0], 0, 2 * x[0], 0}, {0, 2 * y[1], 0, 2 * x[1]}, {2 * x[0], 0, 0, 0}, {0, 2 * x[1], 0, 0}}));
    }

    @Test
    void productsWithTheJacobian() {
        Tensor m = normal(6, 3, 4);
        Tensor x = normal(7, 4);
        Tensor u = normal(8, 3);
        Tensor t = normal(9, 4);
        Tensor slope = m.matmul(x).cos();
        close(Autodiff.vjp(z -> m.matmul(z).sin(), x, u).cotangent(), u.mul(slope).matmul(m));
        Autodiff.Jvp jvp = Autodiff.jvp(z -> m.matmul(z).sin(), x, t);
        close(jvp.tangent(), slope.mul(m.matmul(t)));
        close(jvp.value(), m.matmul(x).sin());
    }

    @Test
    void hessianOfRosenbrocksFunction() {
        close(Autodiff.hessian(AutodiffTest::rosenbrock, Tensor.of(POINT)), Tensor.of(rosenbrockHessian(POINT)));
    }

    @Test
    void hessianVectorProductOfRosenbrocksFunction() {
        Tensor v = normal(10, 4);
        close(Autodiff.hvp(AutodiffTest::rosenbrock, Tensor.of(POINT), v), Tensor.of(rosenbrockHessian(POINT)).matmul(v));
    }

    @Test
    void pointsMayBeTrees() {
        Tensor a = normal(11, 3);
        Tensor b = normal(12, 3);
        Function<Pair, Tensor> f = p -> p.a().square().mul(p.b()).sum();
        Pair g = Autodiff.grad(f, new Pair(a, b));
        close(g.a(), a.mul(b).mul(2));
        close(g.b(), a.square());
        Pair v = new Pair(normal(13, 3), normal(14, 3));
        Pair hv = Autodiff.hvp(f, new Pair(a, b), v);
        close(hv.a(), v.a().mul(b).mul(2).add(v.b().mul(a).mul(2)));
        close(hv.b(), v.a().mul(a).mul(2));
        close(Autodiff.jvp(f, new Pair(a, b), v).tangent(), a.mul(b).mul(2).mul(v.a()).add(a.square().mul(v.b())).sum());
        Tensor u = Tensor.scalar(2, DType.FLOAT64);
        close(Autodiff.vjp(f, new Pair(a, b), u).cotangent().b(), a.square().mul(2));
    }

    @Test
    void integersInATreeHaveZeroGradient() {
        Tensor index = Tensor.of(new long[] {2, 0});
        Pair g = Autodiff.grad((Function<Pair, Tensor>) p -> p.a().indexSelect(0, p.b()).sum(), new Pair(normal(15, 3), index));
        assertThat(g.a().toDoubles()).containsExactly(1, 0, 1);
        assertThat(g.b().dtype()).isEqualTo(DType.INT64);
        assertThat(g.b().toLongs()).containsExactly(0, 0);
    }

    @Test
    void thirdDerivativeByNesting() {
        UnaryOperator<Tensor> first = x -> Autodiff.grad(z -> z.sin().sum(), x);
        UnaryOperator<Tensor> second = x -> Autodiff.grad(z -> first.apply(z).sum(), x);
        UnaryOperator<Tensor> third = x -> Autodiff.grad(z -> second.apply(z).sum(), x);
        Tensor x = normal(16, 5);
        close(third.apply(x), x.cos().neg());
        UnaryOperator<Tensor> fourth = y -> Autodiff.grad(z -> third.apply(z).sum(), y);
        close(fourth.apply(x), x.sin());
    }

    /** d/dx (x * d/dy (x + y)) = 1, not 2: the inner derivative must not take the outer variable for its own. */
    @Test
    void variablesOfNestedTransformationsAreNotConfused() {
        Tensor one = Tensor.scalar(1, DType.FLOAT64);
        assertThat(Autodiff.grad(x -> x.mul(Autodiff.grad(y -> x.add(y), one)), one).item()).isEqualTo(1);
        // d/dx (d/dy (x y^2) at y = 3) = 6
        Tensor three = Tensor.scalar(3, DType.FLOAT64);
        assertThat(Autodiff.grad(x -> Autodiff.grad(y -> x.mul(y.square()), three), one).item()).isEqualTo(6);
        // the same with the point of the inner one made from the outer variable: d/dx (d/dy (x y^2) at y = x) = d/dx 2 x^2 = 4 x
        assertThat(Autodiff.grad(x -> Autodiff.grad(y -> x.mul(y.square()), x), three).item()).isEqualTo(12);
    }

    @Test
    void forwardOverReverseAndReverseOverForward() {
        Tensor x = Tensor.of(POINT);
        Tensor v = normal(17, 4);
        Tensor hv = Tensor.of(rosenbrockHessian(POINT)).matmul(v);
        close(Autodiff.jvp(z -> Autodiff.grad(AutodiffTest::rosenbrock, z), x, v).tangent(), hv);
        close(Autodiff.grad(z -> Autodiff.jvp(AutodiffTest::rosenbrock, z, v).tangent(), x), hv);
    }

    @Test
    void worksInsideAScope() {
        Tensor g = Scope.run(() -> {
            Tensor x = Tensor.of(new double[] {1, 2}).add(1);
            return Autodiff.grad(z -> z.square().sum(), x);
        });
        assertThat(g.toDoubles()).containsExactly(4, 6);
    }

    @Test
    void scopesInsideATransformationKeepWhatTheGradientNeeds() {
        Tensor g = Autodiff.grad(x -> Scope.run(() -> x.sin().mul(x)).sum(), Tensor.of(new double[] {0.5, 2}));
        assertThat(g.toDoubles()).containsExactly(new double[] {Math.sin(0.5) + 0.5 * Math.cos(0.5), Math.sin(2) + 2 * Math.cos(2)}, within(1e-14));
    }

    @Test
    void aLongChainNeedsNoStack() {
        Tensor g = Autodiff.grad(x -> {
            Tensor y = x;
            for (int i = 0; i < 20_000; i++) y = y.mul(1.0001);
            return y;
        }, Tensor.scalar(1, DType.FLOAT64));
        assertThat(g.item()).isCloseTo(Math.pow(1.0001, 20_000), within(1e-9));
    }

    @Test
    void aVariableThatIsNotUsedHasZeroGradient() {
        assertThat(Autodiff.grad(x -> Tensor.scalar(3, DType.FLOAT64), normal(18, 2)).toDoubles()).containsExactly(0, 0);
        assertThat(Autodiff.jvp(x -> Tensor.scalar(3, DType.FLOAT64), normal(18, 2), normal(19, 2)).tangent().item()).isZero();
    }

    @Test
    void theIdentityHasGradientOne() {
        assertThat(Autodiff.grad(x -> x, Tensor.scalar(3, DType.FLOAT64)).item()).isEqualTo(1);
    }

    @Test
    void detachCutsTheGradient() {
        assertThat(Autodiff.grad(x -> x.mul(x.detach()).sum(), Tensor.of(new double[] {3})).toDoubles()).containsExactly(3);
    }

    @Test
    void castingKeepsTheTypeOfThePoint() {
        Tensor g = Autodiff.grad(x -> x.to(DType.FLOAT64).square().sum(), Tensor.of(new float[] {1, 2}));
        assertThat(g.dtype()).isEqualTo(DType.FLOAT32);
        assertThat(g.toDoubles()).containsExactly(2, 4);
    }

    @Test
    void integersHaveNoGradient() {
        assertThatThrownBy(() -> Autodiff.grad(x -> x.sum(), Tensor.of(new int[] {1, 2})))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("INT32 [2]").hasMessageContaining("to(DType)");
    }

    @Test
    void gradAsksForAScalar() {
        assertThatThrownBy(() -> Autodiff.grad(x -> x.square(), Tensor.ones(2, 3)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("FLOAT32 [2, 3]").hasMessageContaining("jacobian");
    }

    @Test
    void productsAskForFittingShapes() {
        assertThatThrownBy(() -> Autodiff.vjp(x -> x.square(), Tensor.ones(3), Tensor.ones(2)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("vjp").hasMessageContaining("[2]").hasMessageContaining("[3]");
        assertThatThrownBy(() -> Autodiff.jvp(x -> x.square(), Tensor.ones(3), Tensor.ones(2)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("jvp");
        assertThatThrownBy(() -> Autodiff.hvp(x -> x.square().sum(), Tensor.ones(3), Tensor.ones(2)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("hvp");
    }

    @Test
    void afterAnErrorTheThreadRecordsNothing() {
        assertThatThrownBy(() -> Autodiff.grad(x -> {
            throw new IllegalStateException("stop");
        }, Tensor.ones(1))).hasMessage("stop");
        assertThat(Tensor.ones(1).variable().add(1).isTracked()).isFalse();
    }
}
