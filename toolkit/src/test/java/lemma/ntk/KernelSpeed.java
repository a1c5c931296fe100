package lemma.ntk;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import lemma.nn.Activation;
import lemma.nn.Linear;
import lemma.nn.Sequential;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import lemma.tensor.Threads;

/**
 * Times kernels, the smallest of many rounds: wall time with all threads and processor time of one. The other side is
 * {@code ntk_speed.py}. Not a test: {@code java ... lemma.ntk.KernelSpeed [ROUNDS [BLOCK]]}.
 */
final class KernelSpeed {
    private KernelSpeed() {}

    public static void main(String[] words) {
        int rounds = words.length > 0 ? Integer.parseInt(words[0]) : 20;
        int block = words.length > 1 ? Integer.parseInt(words[1]) : 1 << 16;
        Tensor x1 = Random.seed(1).normal(1000, 32);
        Tensor x2 = Random.seed(2).normal(1000, 32);
        AnalyticKernels dense = AnalyticKernels.of(relus(10)).withBlock(block);
        report("10 dense relu layers, 1000 x 1000", rounds, () -> dense.kernel(x1, x2));
        report("the same, symmetric", rounds, () -> dense.kernel(x1));
        Tensor a = Random.seed(3).normal(16, 3, 8, 8);
        Tensor b = Random.seed(4).normal(16, 3, 8, 8);
        Network layer = Stax.conv(8, 3, 1, Padding.SAME, 1.4, 0.1);
        AnalyticKernels conv = AnalyticKernels.of(Stax.serial(layer, Stax.relu(), layer, Stax.relu(), layer, Stax.relu(), Stax.globalAvgPool(), Stax.dense(1))).withBlock(block);
        report("3 conv layers, global pooling, 16 x 16 images of 8 x 8", rounds, () -> conv.kernel(a, b));
        EmpiricalKernels mlp = EmpiricalKernels.of(Sequential.of(Linear.of(784, 512), Activation.RELU, Linear.of(512, 512), Activation.RELU, Linear.of(512, 10)).init(Random.seed(5)));
        Tensor images = Random.seed(6).normal(256, 784);
        report("empirical NTK of 784-512-512-10 on 256 inputs, all outputs", Math.max(3, rounds / 3), () -> mlp.full(images));
    }

    private static Network relus(int depth) {
        List<Network> parts = new ArrayList<>();
        for (int i = 0; i < depth; i++) parts.addAll(List.of(Stax.dense(512, 1.4, 0.1), Stax.relu()));
        parts.add(Stax.dense(1, 1.4, 0.1));
        return Stax.serial(parts.toArray(Network[]::new));
    }

    private static void report(String what, int rounds, Supplier<?> work) {
        double wall = Double.MAX_VALUE;
        double cpu = Double.MAX_VALUE;
        for (int i = 0; i < rounds; i++) {
            long start = System.nanoTime();
            work.get();
            wall = Math.min(wall, (System.nanoTime() - start) / 1e6);
            long used = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            Threads.alone(work);
            cpu = Math.min(cpu, (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - used) / 1e6);
        }
        System.out.printf(Locale.ROOT, "%s: %.1f ms wall, %.1f ms of one thread%n", what, wall, cpu);
    }
}
