package lemma.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import lemma.tensor.Threads;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Transforms of any length and number of rows beside the sum that defines them. */
class FftTest {
    private static Tensor complex(DType part, int... shape) {
        return Tensor.complex(Random.seed(1).normal(Shape.of(shape), part), Random.seed(2).normal(Shape.of(shape), part));
    }

    /** The matrix of factors {@code exp(-2 pi i j k / n)}. */
    private static Tensor matrix(int n) {
        double[] angle = new double[n * n];
        for (int j = 0; j < n; j++) for (int k = 0; k < n; k++) angle[j * n + k] = -2 * Math.PI * ((long) j * k % n) / n;
        Tensor a = Tensor.of(angle, n, n);
        return Tensor.complex(a.cos(), a.sin());
    }

    private static void close(Tensor actual, Tensor expected, double tolerance) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        if (actual.size() > 0) assertThat(actual.sub(expected).abs().max().item()).isLessThanOrEqualTo(tolerance * Math.max(1, expected.abs().max().item()));
    }

    @Property(tries = 80)
    void transformsAreTheSumsThatDefineThem(@ForAll @IntRange(min = 1, max = 260) int n, @ForAll @IntRange(max = 40) int rows, @ForAll boolean single) {
        DType part = single ? DType.FLOAT32 : DType.FLOAT64;
        double tolerance = single ? 2e-6 : 1e-13;
        Tensor z = complex(part, rows, n);
        Tensor wide = z.to(DType.COMPLEX128);
        close(Fft.fft(z).to(DType.COMPLEX128), wide.matmul(matrix(n)), tolerance);
        close(Fft.ifft(z).to(DType.COMPLEX128), wide.matmul(matrix(n).conj()).div(n), tolerance);
        Tensor half = Fft.rfft(z.real());
        close(half.to(DType.COMPLEX128), wide.real().matmul(matrix(n)).narrow(-1, 0, n / 2 + 1), tolerance);
        close(Fft.irfft(half, n), z.real(), tolerance);
    }

    @Test
    void longTransformsInvert() {
        for (int n : new int[] {1 << 17, 100_003, 3 * 3 * 3 * 5 * 5 * 64, 65_537}) {
            Tensor z = complex(DType.FLOAT64, 2, n);
            close(Fft.ifft(Fft.fft(z)), z, 1e-12);
            double energy = z.abs().square().sum().item();
            assertThat(Fft.fft(z, -1, Fft.Norm.ORTHO).abs().square().sum().item()).isCloseTo(energy, org.assertj.core.data.Percentage.withPercentage(1e-10));
        }
    }

    @Test
    void theBitsDoNotDependOnTheNumberOfThreads() {
        Tensor x = Random.seed(3).normal(70, 480);
        float[] one = Threads.with(1, () -> Fft.rfft(x).abs()).toFloats();
        assertThat(Threads.with(3, () -> Fft.rfft(x).abs()).toFloats()).containsExactly(one);
    }

    @Test
    void viewsAndEmptyTensors() {
        Tensor x = Random.seed(4).normal(6, 8).t();
        close(Fft.rfft(x), Fft.rfft(x.contiguous()), 0);
        assertThat(Fft.fft(complex(DType.FLOAT32, 0, 4)).shape()).isEqualTo(Shape.of(0, 4));
        assertThat(Fft.rfft(Tensor.zeros(0, 5)).shape()).isEqualTo(Shape.of(0, 3));
    }

    @Test
    void badLengthsAndTypesAreQuoted() {
        assertThatThrownBy(() -> Fft.fft(complex(DType.FLOAT32, 2, 0))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[2, 0]");
        assertThatThrownBy(() -> Fft.rfft(complex(DType.FLOAT32, 2, 3))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("COMPLEX64").hasMessageContaining("use fft");
        assertThatThrownBy(() -> Fft.irfft(complex(DType.FLOAT32, 2, 1))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("length 0");
        assertThatThrownBy(() -> Fft.fft(Tensor.zeros(3), 1, Fft.Norm.ORTHO)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("axis 1");
    }
}
