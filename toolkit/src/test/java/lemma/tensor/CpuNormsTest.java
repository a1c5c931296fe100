package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The vector kernels of the normalisations beside those of FLOAT64, which PyTorch's numbers check. */
class CpuNormsTest {
    private static final Backend CPU = CpuBackend.INSTANCE;

    private static Tensor normal(long seed, int... shape) {
        return Random.seed(seed).normal(shape);
    }

    private static Tensor wide(Tensor x) {
        return x.to(DType.FLOAT64);
    }

    private static void near(Tensor[] single, Tensor[] two) {
        for (int i = 0; i < two.length; i++) {
            double scale = Math.max(1, two[i].abs().max().item());
            assertThat(wide(single[i]).sub(two[i]).abs().max().item()).as("part %s of %s", i, two[0].shape()).isLessThan(5e-6 * scale);
        }
    }

    @Test
    void batchNormAgreesInBothPrecisions() {
        for (int[] shape : new int[][] {{200, 300, 1}, {64, 128, 1}, {65, 3, 1}, {5, 7, 33}, {2, 3, 9000}, {1, 2, 2}}) {
            Tensor x = normal(1, shape).mul(3).add(20);
            Tensor g = normal(2, shape);
            Tensor w = normal(3, shape[1]);
            Tensor b = normal(4, shape[1]);
            near(CPU.batchNorm(x, w, b, 1e-5), CPU.batchNorm(wide(x), wide(w), wide(b), 1e-5));
            Tensor[] s = CPU.batchNorm(wide(x), null, null, 1e-5);
            near(CPU.batchNormBackward(g, x, s[1].to(DType.FLOAT32), s[2].to(DType.FLOAT32), w, 1e-5), CPU.batchNormBackward(wide(g), wide(x), s[1], s[2], wide(w), 1e-5));
        }
    }

    @Test
    void rmsNormAgreesInBothPrecisions() {
        for (int[] shape : new int[][] {{200, 300}, {3, 1}, {2, 9000}}) {
            Tensor x = normal(1, shape);
            Tensor g = normal(2, shape);
            Tensor w = normal(3, shape[1]);
            near(CPU.rmsNorm(x, w, 1e-5), CPU.rmsNorm(wide(x), wide(w), 1e-5));
            Tensor r = CPU.rmsNorm(wide(x), null, 1e-5)[1];
            near(CPU.rmsNormBackward(g, x, r.to(DType.FLOAT32), w), CPU.rmsNormBackward(wide(g), wide(x), r, wide(w)));
            near(new Tensor[] {CPU.rmsNormBackward(g, x, r.to(DType.FLOAT32), null)[0]}, new Tensor[] {CPU.rmsNormBackward(wide(g), wide(x), r, null)[0]});
        }
    }

    @Test
    void viewsAreReadInPlace() {
        Tensor x = normal(1, 40, 6, 2, 3).permute(3, 1, 0, 2).flatten(2);
        Tensor w = normal(2, 6, 2).get(Slice.all(), Slice.at(1));
        near(CPU.batchNorm(x, w, w, 1e-5), CPU.batchNorm(wide(x), wide(w), wide(w), 1e-5));
        near(CPU.rmsNorm(x.transpose(1, 2), w, 1e-5), CPU.rmsNorm(wide(x.transpose(1, 2)), wide(w), 1e-5));
    }

    @Test
    void theBitsAreTheSameOnAnyNumberOfThreads() {
        for (int[] shape : new int[][] {{300, 500, 1}, {4, 37, 700}}) {
            Tensor x = normal(1, shape);
            Tensor g = normal(2, shape);
            Tensor[] s = CPU.batchNorm(x, null, null, 1e-5);
            same(() -> List.of(CPU.batchNorm(x, null, null, 1e-5)));
            same(() -> List.of(CPU.batchNormBackward(g, x, s[1], s[2], null, 1e-5)));
            Tensor w = normal(3, shape[2]);
            Tensor r = CPU.rmsNorm(x, w, 1e-5)[1];
            same(() -> List.of(CPU.rmsNormBackward(g, x, r, w)));
        }
    }

    private static void same(Supplier<List<Tensor>> f) {
        List<float[]> one = Threads.with(1, () -> f.get().stream().map(Tensor::toFloats).toList());
        for (int threads : new int[] {2, 3, 4}) {
            List<float[]> many = Threads.with(threads, () -> f.get().stream().map(Tensor::toFloats).toList());
            for (int i = 0; i < one.size(); i++) assertThat(many.get(i)).isEqualTo(one.get(i));
        }
    }
}
