package lemma.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import lemma.autodiff.Autodiff;
import lemma.linalg.Fft;
import lemma.linalg.Scan;
import lemma.tensor.DType;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Bytes that a kernel takes from the heap an element of 64k, after training steps and every other kernel have been compiled in the same
 * process: nothing where vectors stay in registers, and 6 or more for each vector that becomes an object. The compiler gets five seconds a
 * kernel at most. Run it with the toolkit's flags and the training rows to warm up with as arguments: {@code transformer cnn lstm hvp}.
 */
public final class Allocations {
    private static final int SIDE = 256;
    private static final double SECONDS = 0.25;

    private Allocations() {}

    public static void main(String[] rows) {
        for (BenchCase c : BenchCase.all()) {
            for (String row : rows) if (row.equals(c.name())) repeat(c.prepare().get(), 2);
        }
        Map<String, Supplier<Tensor>> kernels = kernels();
        for (int round = 0; round < 3; round++) {
            for (var kernel : kernels.values()) repeat(inScope(kernel), SECONDS / 2);
            awaitCompiler();
        }
        for (var kernel : kernels.entrySet()) {
            double bytes = bytes(inScope(kernel.getValue()));
            System.out.printf("%-24s %8.2f%s%n", kernel.getKey(), bytes, bytes < 1 ? "" : " <--");
        }
    }

    /** Until no compilation has ended for two seconds. */
    private static void awaitCompiler() {
        var compiler = ManagementFactory.getCompilationMXBean();
        for (long before = -1; before != compiler.getTotalCompilationTime(); ) {
            before = compiler.getTotalCompilationTime();
            try {
                Thread.sleep(2000);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static Runnable inScope(Supplier<Tensor> kernel) {
        return () -> Scope.run((Runnable) kernel::get);
    }

    private static int repeat(Runnable step, double seconds) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        int n = 0;
        for (; System.nanoTime() < end; n++) step.run();
        return n;
    }

    private static double bytes(Runnable step) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        double least = Double.POSITIVE_INFINITY;
        for (int round = 0; round < 20 && least > 1; round++) {
            repeat(step, SECONDS);
            long before = threads.getTotalThreadAllocatedBytes();
            int n = repeat(step, SECONDS / 5);
            least = Math.min(least, (double) (threads.getTotalThreadAllocatedBytes() - before) / n / (SIDE * SIDE));
        }
        return least;
    }

    private static Map<String, Supplier<Tensor>> kernels() {
        Map<String, Supplier<Tensor>> all = new LinkedHashMap<>();
        for (DType t : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
            Tensor x = Random.seed(1).normal(lemma.tensor.Shape.of(SIDE, SIDE), t);
            Tensor y = Random.seed(2).normal(x.shape(), t);
            Tensor p = x.abs().add(0.1);
            Tensor w = Random.seed(3).normal(lemma.tensor.Shape.of(SIDE), t);
            Tensor odd = Random.seed(4).normal(lemma.tensor.Shape.of(SIDE, SIDE - 3), t);
            Tensor images = x.reshape(4, 16, 32, 32);
            String n = " " + t;
            all.put("exp" + n, x::exp);
            all.put("expm1" + n, x::expm1);
            all.put("log" + n, p::log);
            all.put("log1p" + n, p::log1p);
            all.put("sin" + n, x::sin);
            all.put("cos" + n, x::cos);
            all.put("tanh" + n, x::tanh);
            all.put("sigmoid" + n, x::sigmoid);
            all.put("softplus" + n, x::softplus);
            all.put("silu" + n, x::silu);
            all.put("gelu" + n, x::gelu);
            all.put("geluTanh" + n, x::geluTanh);
            all.put("erf" + n, x::erf);
            all.put("relu" + n, x::relu);
            all.put("floor" + n, x::floor);
            all.put("sqrt" + n, p::sqrt);
            all.put("add" + n, () -> x.add(y));
            all.put("mulRow" + n, () -> x.mul(w));
            all.put("clamp" + n, () -> x.clamp(-1, 1));
            all.put("compare" + n, () -> x.gt(y));
            all.put("where" + n, () -> Tensor.where(x.gt(0), x, y));
            all.put("geluBackward" + n, () -> gradient(Tensor::gelu, x));
            all.put("siluBackward" + n, () -> gradient(Tensor::silu, x));
            all.put("geluTanhBackward" + n, () -> gradient(Tensor::geluTanh, x));
            all.put("sum" + n, x::sum);
            all.put("sumRows" + n, () -> x.sum(1));
            all.put("sumColumns" + n, () -> x.sum(0));
            all.put("maxRows" + n, () -> x.max(1));
            all.put("maxColumns" + n, () -> x.max(0));
            all.put("prod" + n, () -> x.prod(1));
            all.put("cumsum" + n, () -> x.cumsum(1));
            all.put("softmax" + n, () -> x.softmax(-1));
            all.put("softmaxOdd" + n, () -> odd.softmax(-1));
            all.put("logSoftmax" + n, () -> x.logSoftmax(-1));
            all.put("softmaxBackward" + n, () -> gradient(v -> v.softmax(-1), x));
            all.put("logSoftmaxBackward" + n, () -> gradient(v -> v.logSoftmax(-1), x));
            all.put("layerNorm" + n, () -> Functional.layerNorm(x, null, null, 1e-5));
            all.put("layerNormWeights" + n, () -> Functional.layerNorm(x, w, w, 1e-5));
            all.put("layerNormBackward" + n, () -> gradient(v -> Functional.layerNorm(v, w, w, 1e-5), x));
            all.put("rmsNorm" + n, () -> Functional.rmsNorm(x, null, 1e-5));
            all.put("rmsNormBackward" + n, () -> gradient(v -> Functional.rmsNorm(v, w, 1e-5), x));
            all.put("batchNorm" + n, () -> Functional.batchNorm(images, null, null, 1e-5).y());
            all.put("groupNorm" + n, () -> Functional.groupNorm(images, 4, null, null, 1e-5));
            all.put("groupNormBackward" + n, () -> gradient(v -> Functional.groupNorm(v, 4, null, null, 1e-5), images));
            all.put("transpose" + n, () -> x.t().contiguous());
            all.put("flip" + n, () -> x.flip(1));
            all.put("rfft" + n, () -> Fft.rfft(x));
            all.put("recurrence" + n, () -> Scan.linearRecurrence(x, y, 0));
            all.put("normal" + n, () -> Random.seed(5).normal(x.shape(), t));
            all.put("uniform" + n, () -> Random.seed(5).uniform(x.shape(), t));
        }
        return all;
    }

    private static Tensor gradient(java.util.function.UnaryOperator<Tensor> f, Tensor x) {
        return Autodiff.grad((Tensor v) -> f.apply(v).sum(), x);
    }
}
