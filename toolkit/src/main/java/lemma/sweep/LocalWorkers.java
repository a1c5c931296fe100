package lemma.sweep;

import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.function.Consumer;
import lemma.tensor.Threads;

/** Runs on threads of this machine. A parallel stream inside a run stays on these threads, so its kernels keep their bits too. */
final class LocalWorkers implements Workers {
    private final ForkJoinPool pool;

    LocalWorkers(int threads) {
        pool = new ForkJoinPool(threads, Worker::new, null, true);
    }

    private static final class Worker extends ForkJoinWorkerThread {
        Worker(ForkJoinPool pool) {
            super(pool);
            setName("lemma-sweep-" + getPoolIndex());
        }

        @Override
        public void run() {
            Threads.alone(() -> {
                super.run();
                return null;
            });
        }
    }

    @Override
    public void start(List<Config> configs, Sweep.Run run, Consumer<Outcome> finished) {
        for (int i = 0; i < configs.size(); i++) {
            int index = i;
            pool.execute(() -> finished.accept(Outcome.of(index, configs.get(index), run)));
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
