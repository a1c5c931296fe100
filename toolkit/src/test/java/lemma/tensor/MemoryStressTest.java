package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import lemma.autodiff.Autodiff;
import org.junit.jupiter.api.Test;

/** Tensors whose last reference goes while an operation reads them, with the collector running all the time. */
class MemoryStressTest {
    private static final int ROUNDS = 1_200;
    private static final int HELD = 40;
    private static final int LONG = 1 << 22;

    private static Tensor filled(double value, int... shape) {
        return Tensor.full(Shape.of(shape), DType.FLOAT32, value);
    }

    private static void whileCollecting(Runnable work) throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        Thread collector = Thread.ofPlatform().start(() -> {
            while (!stop.get()) {
                System.gc();
                LockSupport.parkNanos(1_000_000);
            }
        });
        try {
            work.run();
        } finally {
            stop.set(true);
            collector.join();
        }
    }

    /** Every tensor here is constant, so a wrong element is one that somebody else wrote. */
    private static void check(int round, Tensor t, double value) {
        float[] x = t.toFloats();
        for (int i = 0; i < x.length; i++) {
            if (Math.abs(x[i] - value) > 1e-4 * Math.abs(value)) throw new AssertionError("round " + round + ": element " + i + " of " + t.shape() + " is " + x[i] + ", expected " + value);
        }
    }

    private static Tensor temporary(int i) {
        double a = 1 + i % 5;
        return switch (i % 6) {
            case 0 -> filled(a, 40, 50).add(filled(1, 40, 50)).mul(filled(2, 50)).sub(filled(2, 40, 1)).mul(0.5);
            case 1 -> filled(a, 20, 30).matmul(filled(1.0 / 30, 30, 20));
            case 2 -> filled(a, 30, 64).softmax(-1).sumKeep(1).mul(a);
            case 3 -> Functional.linear(filled(a, 16, 8), filled(0.125, 4, 8), filled(0, 4));
            case 4 -> Functional.conv2d(filled(a, 1, 2, 8, 8), filled(1.0 / 18, 3, 2, 3, 3), null, new Backend.Conv2d(1, 1, 0, 0, 1, 1, 1));
            default -> filled(a, 7, 9).t().contiguous().indexSelect(0, Tensor.of(new long[] {1, 1, 3})).cumsum(0).narrow(0, 0, 1);
        };
    }

    @Test
    void valuesNeverChange() throws InterruptedException {
        whileCollecting(() -> {
            ArrayDeque<Tensor> held = new ArrayDeque<>();
            ArrayDeque<Double> values = new ArrayDeque<>();
            for (int i = 0; i < ROUNDS; i++) {
                Tensor t = temporary(i);
                double value = 1 + i % 5;
                check(i, t, value);
                held.add(t);
                values.add(value);
                if (held.size() > HELD) check(i, held.remove(), values.remove());
            }
        });
    }

    /** By the backend itself: the callers in between hold on to the argument for their gradient. */
    private static Tensor root(Tensor x) {
        return CpuBackend.INSTANCE.binary(Binary.POW, x, 0.5, false);
    }

    /**
     * A kernel long enough for a collection in its midst, compiled, so that the collector knows its argument for dead, and other threads
     * that take and overwrite whatever comes back to the pool.
     */
    @Test
    void longKernelsKeepTheirArguments() throws InterruptedException {
        for (int i = 0; i < 5_000; i++) check(i, root(filled(4, 16)), 2);
        AtomicBoolean stop = new AtomicBoolean();
        List<Thread> others = IntStream.range(0, 2).mapToObj(k -> Thread.ofPlatform().start(() -> {
            while (!stop.get()) Scope.run(() -> {
                filled(-1, LONG);
            });
        })).toList();
        try {
            whileCollecting(() -> {
                for (int i = 0; i < 60; i++) check(i, root(filled(4, LONG)), 2);
            });
        } finally {
            stop.set(true);
            for (Thread t : others) t.join();
        }
    }

    @Test
    void gradientsNeverChange() throws InterruptedException {
        whileCollecting(() -> {
            ArrayDeque<Tensor> held = new ArrayDeque<>();
            for (int i = 0; i < ROUNDS / 8; i++) {
                Tensor g = Autodiff.grad(x -> x.matmul(filled(0.1, 10, 10)).add(filled(1, 10)).square().sum(), filled(1, 4, 10));
                check(i, g, 2 * 2 * 1.0);
                held.add(g);
                if (held.size() > HELD) check(i, held.remove(), 4);
            }
        });
    }

    @Test
    void viewsKeepWhatTheyShow() throws InterruptedException {
        whileCollecting(() -> {
            ArrayDeque<Tensor> held = new ArrayDeque<>();
            for (int i = 0; i < ROUNDS; i++) {
                held.add(filled(3, 100, 10).t().get(Slice.range(2, 8, 2), Slice.from(50)));
                filled(-1, 100, 10);
                if (held.size() > HELD) check(i, held.remove(), 3);
            }
            assertThat(held).hasSize(HELD);
        });
    }
}
