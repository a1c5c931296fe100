package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lemma.autodiff.Autodiff;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation run for three examples at once beside a loop over the examples: values and gradients. */
class BatchingTest {
    private static final int EXAMPLES = 3;

    private record Points(List<Tensor> tensors) implements Tree<Points> {
        @Override
        public Points map(UnaryOperator<Tensor> f) {
            return new Points(tensors.stream().map(f).toList());
        }
    }

    /** What these do, or the shape of their result, depends on values that differ between examples: in a map they are errors. */
    private static final Set<String> READING_VALUES = Set.of("repeatInterleaveCounts", "getMask", "getMaskAndIndex", "maskedSelect", "indexPutMask",
            "embeddingBagOffsetsSum", "embeddingBagOffsetsMean", "embeddingBagOffsetsMax", "value_nonzero", "value_unique", "value_uniqueInverse", "value_uniqueCounts", "value_histcOwnRange");

    static Stream<TorchCases.Case> cases() {
        return TorchCases.all().stream().filter(c -> !c.name().startsWith("edge_") && !READING_VALUES.contains(c.name()));
    }

    static Stream<TorchCases.Case> smooth() {
        return cases().filter(c -> c.grads() != null);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void valuesAreThoseOfALoop(TorchCases.Case c) {
        for (int lone = -1; lone < c.inputs().size(); lone++) {
            Tensor[] all = batches(c);
            int only = lone;
            IntFunction<Tensor> one = i -> c.op().apply(row(all, only, i));
            Tensor together = Batching.run(EXAMPLES, m -> m.join(c.op().apply(mapped(m, all, only))).contiguous());
            same(together, stack(one));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("smooth")
    void gradientsAreThoseOfALoop(TorchCases.Case c) {
        for (int lone = -1; lone < c.inputs().size(); lone++) {
            Tensor[] all = batches(c);
            if (lone >= 0 && !all[lone].dtype().isFloat()) continue;
            int only = lone;
            List<Tensor> together = Batching.run(EXAMPLES, m -> gradient(c, mapped(m, all, only), only).stream().map(g -> m.join(g).contiguous()).toList());
            for (int k = 0; k < together.size(); k++) {
                int input = k;
                same(together.get(k), stack(i -> gradient(c, row(all, only, i), only).get(input)));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("smooth")
    void gradientsInWhatAllExamplesShareAreSums(TorchCases.Case c) {
        Tensor[] all = batches(c);
        if (all.length < 2 || !all[1].dtype().isFloat()) return;
        Tensor shared = all[1].get(0);
        Tensor ours = Autodiff.grad(s -> Batching.run(EXAMPLES, m -> {
            Tensor[] x = mapped(m, all, -1);
            x[1] = s;
            Tensor y = c.op().apply(x);
            return m.join(y.mul(TorchCases.weights(y, 7, 11, 5)).sum()).sum();
        }), shared);
        Tensor sum = null;
        for (int i = 0; i < EXAMPLES; i++) {
            Tensor[] x = row(all, -1, i);
            x[1] = shared;
            Tensor g = Autodiff.grad(s -> {
                Tensor[] z = x.clone();
                z[1] = s;
                Tensor y = c.op().apply(z);
                return y.mul(TorchCases.weights(y, 7, 11, 5)).sum();
            }, shared);
            sum = sum == null ? g : sum.add(g);
        }
        same(ours, sum);
    }

    /** Gradients in the input {@code only}, or in all of them where it is -1. */
    private static List<Tensor> gradient(TorchCases.Case c, Tensor[] x, int only) {
        List<Integer> at = IntStream.range(0, x.length).filter(i -> x[i].dtype().isFloat() && (only < 0 || i == only)).boxed().toList();
        return Autodiff.grad((Function<Points, Tensor>) p -> {
            Tensor[] z = x.clone();
            for (int k = 0; k < at.size(); k++) z[at.get(k)] = p.tensors().get(k);
            Tensor y = c.op().apply(z);
            return y.mul(TorchCases.weights(y, 7, 11, 5)).sum();
        }, new Points(at.stream().map(i -> x[i]).toList())).tensors();
    }

    /** The inputs of a case and two that differ a little, along a first axis. */
    private static Tensor[] batches(TorchCases.Case c) {
        Tensor[] x = c.tensors(DType.FLOAT64, CpuBackend.INSTANCE);
        return Arrays.stream(x).map(t -> t.dtype().isFloat() ? Tensor.stack(List.of(t, t.mul(0.93), t.mul(0.87)), 0)
                : t.rank() > 0 && t.dtype().isInteger() ? Tensor.stack(List.of(t, t.flip(0), t), 0) : Tensor.stack(List.of(t, t, t), 0)).toArray(Tensor[]::new);
    }

    /** All inputs by example, or only {@code lone} and the others those of the first example. */
    private static Tensor[] mapped(Batching m, Tensor[] all, int lone) {
        Tensor[] x = new Tensor[all.length];
        for (int i = 0; i < x.length; i++) x[i] = lone >= 0 && i != lone ? all[i].get(0) : m.split(all[i]);
        return x;
    }

    private static Tensor[] row(Tensor[] all, int lone, int example) {
        Tensor[] x = new Tensor[all.length];
        for (int i = 0; i < x.length; i++) x[i] = all[i].get(lone >= 0 && i != lone ? 0 : example);
        return x;
    }

    private static Tensor stack(IntFunction<Tensor> one) {
        List<Tensor> rows = new ArrayList<>();
        for (int i = 0; i < EXAMPLES; i++) rows.add(one.apply(i));
        return Tensor.stack(rows, 0);
    }

    private static void same(Tensor ours, Tensor loop) {
        assertThat(ours.shape()).isEqualTo(loop.shape());
        assertThat(ours.dtype()).isEqualTo(loop.dtype());
        double[] a = ours.toDoubles();
        double[] b = loop.toDoubles();
        for (int i = 0; i < a.length; i++) {
            if (Double.isNaN(b[i])) assertThat(a[i]).isNaN();
            else if (Double.isInfinite(b[i])) assertThat(a[i]).isEqualTo(b[i]);
            else assertThat(a[i]).isCloseTo(b[i], within(1e-11 * Math.max(1, Math.abs(b[i]))));
        }
    }

    @Test
    void mapsNest() {
        Tensor a = Random.seed(1).normal(Shape.of(4, 3), DType.FLOAT64);
        Tensor b = Random.seed(2).normal(Shape.of(5, 3), DType.FLOAT64);
        Tensor outer = Autodiff.vmap(x -> Autodiff.vmap(y -> x.mul(y).sin().sum(), b), a);
        same(outer, a.unsqueeze(1).mul(b.unsqueeze(0)).sin().sum(2));
        Tensor products = Autodiff.vmap(x -> Autodiff.vmap(y -> Tensor.eye(3, DType.FLOAT64).mul(2).matmul(y).matmul(x), b), a);
        same(products, a.matmul(b.t()).mul(2));
    }

    @Test
    void aMapOfAGradientAndTheGradientOfAMap() {
        Tensor x = Random.seed(3).normal(Shape.of(4, 3), DType.FLOAT64);
        same(Autodiff.vmap(z -> Autodiff.grad(v -> v.pow(3).sum(), z), x), x.square().mul(3));
        same(Autodiff.grad(z -> Autodiff.vmap(v -> v.pow(3).sum(), z).square().sum(), x), x.pow(3).sumKeep(1).mul(2).mul(x.square().mul(3)));
    }

    /** As {@code torch.func.vmap(grad(f), (None, 0))}: the point is the same for all rows, its derivative is not. */
    @Test
    void derivativesInAPointThatAllRowsShareAreThoseOfEachRow() {
        Tensor p = Random.seed(5).normal(Shape.of(3), DType.FLOAT64);
        Tensor rows = Random.seed(6).normal(Shape.of(4, 3), DType.FLOAT64);
        same(Autodiff.vmap(x -> Autodiff.grad(q -> q.mul(x).pow(3).sum(), p), rows), p.square().mul(rows.pow(3)).mul(3));
        same(Autodiff.vmap(x -> Autodiff.jvp(q -> q.mul(x).pow(3), p, x).tangent(), rows), p.square().mul(rows.pow(4)).mul(3));
        same(Autodiff.vmap(x -> Autodiff.vjp(q -> q.mul(x).pow(3), p, x).cotangent(), rows), p.square().mul(rows.pow(4)).mul(3));
        same(Autodiff.vmap(x -> Autodiff.hvp(q -> q.mul(x).pow(3).sum(), p, x), rows), p.mul(rows.pow(4)).mul(6));
        same(Autodiff.vmap(x -> Autodiff.jacobian(q -> q.mul(x).pow(3).sum().unsqueeze(0), p).get(0), rows), p.square().mul(rows.pow(3)).mul(3));
        Tensor others = Random.seed(7).normal(Shape.of(2, 3), DType.FLOAT64);
        Tensor nested = Autodiff.vmap(x -> Autodiff.vmap(y -> Autodiff.grad(q -> q.square().mul(x).mul(y).sum(), p), others), rows);
        same(nested, p.mul(rows.unsqueeze(1)).mul(others.unsqueeze(0)).mul(2));
        Tensor ofTheInner = Autodiff.vmap(x -> Autodiff.vmap(y -> Autodiff.grad(q -> q.square().mul(x).sum(), y), others), rows);
        same(ofTheInner, rows.unsqueeze(1).mul(others.unsqueeze(0)).mul(2));
        Tensor through = Autodiff.grad(z -> Autodiff.vmap(x -> Autodiff.grad(q -> q.mul(x).pow(3).sum(), z), rows).sum(), p);
        same(through, p.mul(rows.pow(3).sum(0)).mul(6));
    }

    @Test
    void theHessianOfEachRow() {
        Tensor x = Random.seed(4).normal(Shape.of(4, 3), DType.FLOAT64);
        Tensor h = Autodiff.vmap(z -> Autodiff.hessian(v -> v.pow(4).sum(), z), x);
        for (int i = 0; i < 4; i++) same(h.get(i), Tensor.eye(3, DType.FLOAT64).mul(x.get(i).square().mul(12)));
    }

    @Test
    void aSharedValueCanBeRead() {
        Tensor x = Tensor.ones(4, 3);
        assertThat(Autodiff.vmap(row -> row.mul(row.zerosLike().shape().dim(0)), x).sum().item()).isEqualTo(36);
        assertThatThrownBy(() -> Autodiff.vmap(row -> row.mul(row.sum().item()), x)).isInstanceOf(IllegalStateException.class).hasMessageContaining("each of 4 examples");
        assertThatThrownBy(() -> Autodiff.vmap(row -> row.mul(row.toFloats()[0]), x)).isInstanceOf(IllegalStateException.class).hasMessageContaining("vmap");
        assertThatThrownBy(() -> Autodiff.vmap(row -> Tensor.of(row.array()), x)).isInstanceOf(IllegalStateException.class).hasMessageContaining("vmap");
        assertThatThrownBy(() -> Autodiff.vmap(row -> row, Tensor.scalar(1))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("scalar");
    }

    @Test
    void afterAnErrorNoMapIsOpen() {
        assertThatThrownBy(() -> Autodiff.vmap(row -> {
            throw new IllegalStateException("stop");
        }, Tensor.ones(2, 2))).hasMessage("stop");
        assertThat(Context.get().maps).isEmpty();
    }
}
