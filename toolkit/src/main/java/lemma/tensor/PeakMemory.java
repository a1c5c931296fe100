package lemma.tensor;

import java.util.function.Supplier;

/**
 * The most memory of tensors in use at once while something ran, beyond what was in use when it began. All threads count, and tensors that
 * the collector has not found yet do; results count as long as they live.
 *
 * @param result what the work gave
 * @param bytes the peak, in whole blocks of the pool: at most a quarter above the size of the tensors
 */
public record PeakMemory<T>(T result, long bytes) {
    /** Runs {@code work} and measures. One measurement at a time. */
    public static synchronized <T> PeakMemory<T> of(Supplier<T> work) {
        long before = MemoryPool.startPeak();
        T result = work.get();
        return new PeakMemory<>(result, MemoryPool.peak() - before);
    }

    /** Bytes that the product of a (m, k) and b (k, n) lays aside while it runs, which depend on the machine. */
    public static long ofProduct(DType type, int m, int n, int k) {
        return Blas.packs(type, m, n, k) ? PackedMatrix.workspace(n, k) : 0;
    }
}
