package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import lemma.autodiff.Autodiff;
import org.junit.jupiter.api.Test;

/** Several threads at once: each has its own scopes and its own tape, tensors may be shared, results have the bits of one thread alone. */
class ConcurrencyTest {
    private static final int CALLERS = 4;

    private static <T> List<T> together(int times, Supplier<T> work) throws InterruptedException, ExecutionException {
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            List<Future<T>> pending = new ArrayList<>();
            for (int i = 0; i < times; i++) pending.add(callers.submit(work::get));
            List<T> results = new ArrayList<>();
            for (Future<T> f : pending) results.add(f.get());
            return results;
        }
    }

    @Test
    void operationsOnSharedTensorsGiveTheBitsOfOneThreadAlone() throws InterruptedException, ExecutionException {
        Tensor x = Random.seed(1).normal(200, 300);
        Tensor w = Random.seed(2).normal(300, 50);
        Supplier<float[]> work = () -> Scope.run(() -> x.gelu().matmul(w).softmax(-1).sub(x.mean(1).unsqueeze(1)).t().contiguous().toFloats());
        float[] alone = work.get();
        assertThat(together(60, work)).allSatisfy(y -> assertThat(y).isEqualTo(alone));
    }

    @Test
    void gradientsOfOneFunctionInSeveralThreadsStayApart() throws InterruptedException, ExecutionException {
        Tensor w = Random.seed(3).normal(40, 40);
        Supplier<float[]> work = () -> Scope.run(() -> Autodiff.grad(v -> v.matmul(v).tanh().square().sum(), w).toFloats());
        float[] alone = work.get();
        assertThat(together(60, work)).allSatisfy(g -> assertThat(g).isEqualTo(alone));
    }

    @Test
    void aScopeOfOneThreadLeavesTheTensorsOfAnotherAlone() throws InterruptedException, ExecutionException {
        Tensor elsewhere = Scope.run(() -> {
            Tensor here = Tensor.ones(3);
            Tensor there = CompletableFuture.supplyAsync(() -> Tensor.ones(3).add(1)).join();
            assertThat(here.add(there).toDoubles()).containsExactly(3, 3, 3);
            return CompletableFuture.supplyAsync(() -> here.add(there)).join();
        });
        assertThat(elsewhere.toDoubles()).containsExactly(3, 3, 3);
    }

    @Test
    void aTensorOfAnotherThreadsScopeFailsOnceThatScopeHasEnded() {
        Tensor[] escaped = new Tensor[1];
        CompletableFuture.runAsync(() -> Scope.run(() -> {
            escaped[0] = Tensor.ones(3).add(1);
        })).join();
        assertThatThrownBy(() -> escaped[0].add(1)).isInstanceOf(IllegalStateException.class).hasMessageContaining("FLOAT32 [3]").hasMessageContaining("keep()");
    }

    @Test
    void givingBackTwiceIsGivingBackOnce() {
        Tensor a = Tensor.ones(1000);
        Scope.replace(List.of(a), List.of());
        Tensor b = Tensor.full(Shape.of(1000), DType.FLOAT32, 2); // most likely in a's memory
        Scope.replace(List.of(a), List.of());
        Tensor c = Tensor.full(Shape.of(1000), DType.FLOAT32, 3);
        assertThat(b.toDoubles()).containsOnly(2);
        assertThat(c.toDoubles()).containsOnly(3);
    }

    @Test
    void aTransformationMayNotTakeTheTapeOfAnotherThread() throws InterruptedException, ExecutionException {
        Tensor x = Tensor.ones(3);
        Tensor g = Autodiff.grad(v -> {
            Tensor elsewhere = CompletableFuture.supplyAsync(() -> v.detach().mul(5)).join(); // a constant here
            return v.mul(elsewhere).sum();
        }, x);
        assertThat(g.toDoubles()).containsExactly(5, 5, 5);
    }
}
