package lemma.nn;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import java.util.stream.LongStream;
import lemma.autodiff.Autodiff;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;
import lemma.tensor.Threads;

/**
 * CPU time of the Java threads for forward and backward of Kolmogorov-Arnold layers, least of many rounds; PyTorch's side is {@code kan_speed.py}.
 * Not a test: {@code java ... lemma.nn.KanSpeed [ROUNDS]}, with one thread.
 */
final class KanSpeed {
    private KanSpeed() {}

    public static void main(String[] words) {
        int rounds = words.length > 0 ? Integer.parseInt(words[0]) : 300;
        Threads.set(1);
        report("spline 256x64 -> 64", rounds, KanLinear.of(64, 64, BSplineBasis.of(5, 3)), 256);
        report("rbf 256x64 -> 64", rounds, KanLinear.of(64, 64, RbfBasis.of(9)), 256);
        report("spline 1024x64 -> 64", rounds, KanLinear.of(64, 64, BSplineBasis.of(5, 3)), 1024);
        report("spline 500x2 -> 4", rounds, KanLinear.of(2, 4, BSplineBasis.of(5, 3)), 500);
    }

    private static void report(String name, int rounds, KanLinear layer, int n) {
        Model model = layer.init(Random.seed(1));
        Tensor x = Random.seed(2).uniform(n, layer.in()).mul(2).sub(1);
        long best = Long.MAX_VALUE;
        for (int i = 0; i < rounds; i++) {
            long start = cpu();
            double norm = Scope.run(() -> {
                Params p = model.params().with("x", x);
                return Autodiff.grad((Params q) -> model.with(q).apply(q.get("x")).square().sum(), p).get("x").get(0, 0).item();
            });
            if (Double.isNaN(norm)) throw new IllegalStateException("NaN");
            best = Math.min(best, cpu() - start);
        }
        System.out.printf(Locale.ROOT, "%-24s %8.3f ms%n", name, best / 1e6);
    }

    /** Nanoseconds of all Java threads; those of the compiler and the collector are not among them. */
    static long cpu() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return LongStream.of(threads.getAllThreadIds()).map(threads::getThreadCpuTime).filter(t -> t > 0).sum();
    }
}
