package lemma.probe;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import java.util.stream.LongStream;
import lemma.tensor.DType;
import lemma.tensor.PeakMemory;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import lemma.tensor.Threads;

/**
 * CPU seconds of the Java threads and peak memory of the metrics at the sizes of the goals; NumPy's side is {@code probe_speed.py}. Not a test:
 * {@code java ... lemma.probe.ProbeSpeed [ROUNDS]}, with one thread.
 */
final class ProbeSpeed {
    private ProbeSpeed() {}

    public static void main(String[] words) {
        int rounds = words.length > 0 ? Integer.parseInt(words[0]) : 3;
        Threads.set(1);
        Tensor states = normal(1, 2048, 1024);
        Tensor x = normal(2, 5000, 64);
        Tensor y = x.matmul(normal(3, 64, 32)).tanh();
        Tensor wide = normal(4, 5000, 512);
        report("matrix nuclear norm 2048x1024", 20 * rounds, () -> MatrixNuclearNorm.of(states));
        report("matrix entropy 2048x1024", 2 * rounds, () -> MatrixEntropy.of(states));
        report("cka linear 5000x64,32", 20 * rounds, () -> Cka.linear(x, y));
        report("cka linear 5000x512", rounds, () -> Cka.linear(wide, wide));
        report("cka rbf 5000x64,32", rounds, () -> Cka.kernel(x, y, Kernel.rbf(8), Kernel.rbf(4)));
        report("vendi dual 5000x64", 20 * rounds, () -> VendiScore.of(x));
        report("vendi rbf 5000x64", 1, () -> VendiScore.of(x, Kernel.rbf(8)));
    }

    private interface Metric {
        double value();
    }

    private static void report(String name, int rounds, Metric metric) {
        double best = Double.MAX_VALUE;
        double value = 0;
        for (int i = 0; i < rounds; i++) {
            long start = cpu();
            value = metric.value();
            best = Math.min(best, (cpu() - start) / 1e9);
        }
        long bytes = rounds == 1 ? 0 : PeakMemory.of(metric::value).bytes();
        System.out.printf(Locale.ROOT, "%-32s %9.4f s  %8.1f MB  %.9f%n", name, best, bytes / 1e6, value);
    }

    /** Nanoseconds of all Java threads; those of the compiler and the collector are not among them. */
    private static long cpu() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return LongStream.of(threads.getAllThreadIds()).map(threads::getThreadCpuTime).filter(t -> t > 0).sum();
    }

    private static Tensor normal(long seed, int... shape) {
        return Random.seed(seed).normal(Shape.of(shape), DType.FLOAT64);
    }
}
