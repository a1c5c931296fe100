package lemma.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import lemma.autodiff.Autodiff;
import lemma.autodiff.GradCheck;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import lemma.tensor.Threads;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ScanTest {
    private static Tensor normal(long seed, DType type, int... shape) {
        Tensor x = Random.seed(seed).normal(Shape.of(shape), type.toReal());
        return type.isComplex() ? Tensor.complex(x, Random.seed(seed + 100).normal(Shape.of(shape), type.toReal())) : x;
    }

    /** Every type and width, both ways, beside the recurrence step by step. */
    @Property(tries = 60)
    void recurrencesAreTheirSteps(@ForAll @IntRange(max = 9) int n, @ForAll @IntRange(max = 70) int width, @ForAll @IntRange(max = 3) int which, @ForAll boolean reverse) {
        DType type = List.of(DType.FLOAT32, DType.FLOAT64, DType.COMPLEX64, DType.COMPLEX128).get(which);
        Tensor a = normal(1, type, 2, n, width);
        Tensor b = normal(2, type, 2, n, width);
        Tensor y = Scan.linearRecurrence(a, b, 1, reverse);
        assertThat(y.shape()).isEqualTo(b.shape());
        Tensor h = b.narrow(1, 0, 0).sum(1);
        for (int i = 0; i < n; i++) {
            int t = reverse ? n - 1 - i : i;
            h = a.narrow(1, t, t + 1).squeeze(1).mul(h).add(b.narrow(1, t, t + 1).squeeze(1));
            if (width > 0) assertThat(y.narrow(1, t, t + 1).squeeze(1).sub(h).abs().max().item()).isLessThanOrEqualTo((type.toReal() == DType.FLOAT32 ? 1e-5 : 1e-13) * Math.max(1, h.abs().max().item()));
        }
    }

    @Test
    void complexGradientsAgreeWithFiniteDifferences() {
        GradCheck.of((a, b) -> Scan.linearRecurrence(a.viewAsComplex(), b.viewAsComplex(), 0).viewAsReal())
                .withOrder(2).check(normal(3, DType.FLOAT64, 5, 3, 2), normal(4, DType.FLOAT64, 5, 3, 2)).assertOk();
    }

    /** With a = 1 the scan is the running sum, for maxima too: any associative operation serves. */
    @Test
    void knownScans() {
        Tensor x = normal(5, DType.FLOAT64, 3, 1000);
        assertThat(Scan.linearRecurrence(x.onesLike(), x, 1).sub(x.cumsum(1)).abs().max().item()).isLessThan(1e-12);
        Tensor top = Scan.associativeScan((p, q) -> List.of(p.getFirst().maximum(q.getFirst())), List.of(x), 1).getFirst();
        assertThat(top.get(0).narrow(0, 999, 1000).item()).isEqualTo(x.get(0).max().item());
        assertThat(top.narrow(1, 1, 1000).ge(top.narrow(1, 0, 999)).all().item()).isEqualTo(1);
    }

    @Test
    void longScansForgetAndTheBitsDoNotDependOnThreads() {
        Tensor a = Tensor.full(Shape.of(20_000, 50), DType.FLOAT32, 0.9);
        Tensor y = Scan.linearRecurrence(a, a.onesLike(), 0);
        assertThat(y.get(19_999).toFloats()).containsOnly(y.get(19_999, 0).toFloats()[0]);
        assertThat(y.get(19_999, 0).item()).isCloseTo(10, org.assertj.core.data.Offset.offset(1e-4));
        Tensor x = normal(6, DType.FLOAT32, 300, 50);
        float[] one = Threads.with(1, () -> Scan.linearRecurrence(x.mul(0.5), x, 0)).toFloats();
        assertThat(Threads.with(3, () -> Scan.linearRecurrence(x.mul(0.5), x, 0)).toFloats()).containsExactly(one);
    }

    @Test
    void emptyScansHaveGradientsToo() {
        Tensor a = Tensor.zeros(0, 3);
        assertThat(Autodiff.grad(x -> Scan.linearRecurrence(x, x, 0).sum(), a).shape()).isEqualTo(a.shape());
        assertThat(Scan.associativeScan((p, q) -> p, List.of(a), 0).getFirst().shape()).isEqualTo(a.shape());
    }

    @Test
    void whatDoesNotFitIsQuoted() {
        assertThatThrownBy(() -> Scan.linearRecurrence(Tensor.zeros(2, 3), Tensor.zeros(2, 4), 0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[2, 3]").hasMessageContaining("[2, 4]");
        assertThatThrownBy(() -> Scan.linearRecurrence(Tensor.arange(3), Tensor.arange(3), 0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("INT64");
        assertThatThrownBy(() -> Scan.associativeScan((p, q) -> p, List.of(Tensor.zeros(3), Tensor.zeros(4)), 0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[4]");
    }
}
