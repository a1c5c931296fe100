package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScopeTest {
    record Named(String name, Tensor value) {}

    static Stream<Backend> backends() {
        return Stream.of(CpuBackend.INSTANCE, Nd4jBackend.INSTANCE);
    }

    private static Tensor fives(Backend backend) {
        return backend.full(Shape.of(3), DType.FLOAT32, 2).add(3);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aTensorThatEscapesFailsAndSaysWhy(Backend backend) {
        Tensor[] escaped = new Tensor[1];
        Scope.run(() -> {
            escaped[0] = fives(backend);
        });
        List<org.assertj.core.api.ThrowableAssert.ThrowingCallable> uses = List.of(() -> escaped[0].add(1), () -> escaped[0].toDoubles(), () -> escaped[0].array(),
                () -> escaped[0].reshape(1, 3), () -> escaped[0].sum(), () -> escaped[0].keep());
        for (var use : uses) {
            assertThatThrownBy(use).isInstanceOf(IllegalStateException.class).hasMessageContaining("FLOAT32 [3]").hasMessageContaining("scope").hasMessageContaining("keep()");
        }
        assertThat(escaped[0].toString()).contains("given back");
    }

    @ParameterizedTest
    @MethodSource("backends")
    void keptTensorsStay(Backend backend) {
        Tensor[] kept = new Tensor[1];
        Scope.run(() -> {
            kept[0] = fives(backend).keep();
        });
        Scope.run(() -> {
            for (int i = 0; i < 20; i++) backend.full(Shape.of(3), DType.FLOAT32, -1);
        });
        assertThat(kept[0].toDoubles()).containsExactly(5, 5, 5);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void whatIsReturnedStaysHoweverItIsNested(Backend backend) {
        record Pair(Object a, Object b) {}
        Pair p = Scope.run(() -> new Pair(List.of(fives(backend), Map.of("x", fives(backend))), new Named[] {new Named("n", fives(backend).narrow(0, 1, 2))}));
        Scope.run(() -> {
            for (int i = 0; i < 20; i++) backend.full(Shape.of(3), DType.FLOAT32, -1);
        });
        int[] seen = {0};
        Scope.forEachTensor(p, t -> {
            assertThat(t.toDoubles()).containsOnly(5);
            seen[0]++;
        });
        assertThat(seen[0]).isEqualTo(3);
    }

    @Test
    void innerResultsBelongToTheOuterScope() {
        Tensor[] inner = new Tensor[2];
        Tensor outer = Scope.run(() -> {
            inner[0] = Scope.run(() -> fives(CpuBackend.INSTANCE));
            inner[1] = inner[0].add(1);
            return inner[1];
        });
        assertThat(outer.toDoubles()).containsExactly(6, 6, 6);
        assertThatThrownBy(inner[0]::toDoubles).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void tensorsFromOutsideAreNotGivenBack() {
        Tensor x = fives(CpuBackend.INSTANCE);
        assertThat(Scope.run(() -> x)).isSameAs(x);
        Scope.run(() -> {
            x.add(1);
        });
        assertThat(x.toDoubles()).containsExactly(5, 5, 5);
    }

    @Test
    void anErrorGivesBackToo() {
        Tensor[] made = new Tensor[1];
        assertThatThrownBy(() -> Scope.run(() -> {
            made[0] = fives(CpuBackend.INSTANCE);
            throw new IllegalStateException("stop");
        })).hasMessage("stop");
        assertThatThrownBy(made[0]::toDoubles).hasMessageContaining("keep()");
        assertThat(Context.get().scope).isNull();
    }

    @Test
    void memoryOfIntermediatesIsReused() {
        Shape shape = Shape.of(1 << 20);
        Scope.run(() -> {
            long before = MemoryPool.bytesInUse();
            for (int i = 0; i < 50; i++) {
                Scope.run(() -> {
                    Tensor.full(shape, DType.FLOAT32, 1).add(1).sum();
                });
            }
            assertThat(MemoryPool.bytesInUse() - before).isLessThan(4L << 20);
        });
    }

    @Test
    void replaceGivesBackWhatTheNextStepNoLongerUses() {
        Tensor a = Tensor.ones(3);
        Tensor b = Tensor.ones(3);
        Tensor kept = Tensor.ones(3).keep();
        Scope.replace(List.of(a, b, kept), List.of(b.narrow(0, 0, 1)));
        assertThatThrownBy(a::toDoubles).hasMessageContaining("FLOAT32 [3]");
        assertThat(b.toDoubles()).containsExactly(1, 1, 1);
        assertThat(kept.toDoubles()).containsExactly(1, 1, 1);
    }

    /** A walk back through many operations gives its own intermediates back as it goes. */
    @Test
    void aLongBackwardPassNeedsLittleMemory() {
        int n = 1 << 18;
        long[] peak = {0};
        Tensor x = Tensor.ones(n);
        lemma.autodiff.Autodiff.grad(v -> {
            long before = MemoryPool.bytesInUse();
            Tensor y = v;
            for (int i = 0; i < 100; i++) y = y.mul(0.5).add(0.5);
            peak[0] = before;
            return y.mean();
        }, x);
        assertThat(MemoryPool.bytesInUse() - peak[0]).isLessThan(8L << 20);
    }
}
