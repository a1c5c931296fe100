package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ThreadsTest {
    @Test
    void everyIndexIsVisitedOnce() {
        for (int threads = 1; threads <= 4; threads++) {
            for (int n : new int[] {0, 1, 2, 63, 64, 65, 1000, 10_001}) {
                for (int grain : new int[] {1, 7, 64, 100}) {
                    AtomicIntegerArray visits = new AtomicIntegerArray(n);
                    Threads.with(threads, () -> {
                        Threads.parallel(n, grain, (from, to) -> {
                            for (long i = from; i < to; i++) visits.incrementAndGet((int) i);
                        });
                        return null;
                    });
                    for (int i = 0; i < n; i++) assertThat(visits.get(i)).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void anotherThreadTakesPart() {
        CountDownLatch both = new CountDownLatch(2);
        Threads.with(2, () -> {
            Threads.parallel(2, 1, (from, to) -> {
                both.countDown();
                try {
                    both.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            return null;
        });
        assertThat(both.getCount()).isZero();
    }

    @Test
    void failuresReachTheCaller() {
        for (int at : new int[] {0, 99}) {
            assertThatThrownBy(() -> Threads.with(2, () -> {
                Threads.parallel(100, 1, (from, to) -> {
                    if (from <= at && at < to) throw new IndexOutOfBoundsException("at " + at);
                });
                return null;
            })).isInstanceOf(IndexOutOfBoundsException.class).hasMessage("at " + at);
        }
    }

    @Test
    void aLoopInsideALoopStaysOnItsThread() {
        AtomicReference<String> wrong = new AtomicReference<>();
        Threads.with(3, () -> {
            Threads.parallel(8, 1, (from, to) -> {
                Thread own = Thread.currentThread();
                Threads.parallel(1000, 1, (lo, hi) -> {
                    if (Thread.currentThread() != own) wrong.set(own + " handed work to " + Thread.currentThread());
                });
            });
            return null;
        });
        assertThat(wrong.get()).isNull();
    }

    @Test
    void callersFromManyThreadsAllFinish() throws InterruptedException {
        Tensor x = Random.seed(1).normal(200_000);
        float[] want = CpuBackend.INSTANCE.unary(Unary.EXP, x).toFloats();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread[] callers = new Thread[4];
        for (int i = 0; i < callers.length; i++) {
            callers[i] = new Thread(() -> {
                for (int k = 0; k < 50; k++) assertThat(CpuBackend.INSTANCE.unary(Unary.EXP, x).toFloats()).isEqualTo(want);
            });
            callers[i].setUncaughtExceptionHandler((t, e) -> failure.set(e));
            callers[i].start();
        }
        for (Thread t : callers) t.join();
        assertThat(failure.get()).isNull();
    }
}
