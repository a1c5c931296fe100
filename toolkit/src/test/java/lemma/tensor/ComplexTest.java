package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import lemma.autodiff.Autodiff;
import org.junit.jupiter.api.Test;

class ComplexTest {
    private static Tensor complex(double... pairs) {
        return Tensor.of(pairs, pairs.length / 2, 2).viewAsComplex();
    }

    private static double[] parts(Tensor z) {
        return z.viewAsReal().toDoubles();
    }

    @Test
    void typesFollowTheParts() {
        Tensor single = Tensor.complex(Tensor.of(new float[] {1}), Tensor.of(new float[] {2}));
        assertThat(single.dtype()).isEqualTo(DType.COMPLEX64);
        assertThat(Tensor.complex(Tensor.of(new double[] {1}), Tensor.of(new float[] {2})).dtype()).isEqualTo(DType.COMPLEX128);
        assertThat(single.mul(Tensor.of(new double[] {2})).dtype()).isEqualTo(DType.COMPLEX128);
        assertThat(single.abs().dtype()).isEqualTo(DType.FLOAT32);
        assertThat(single.real().dtype()).isEqualTo(DType.FLOAT32);
    }

    @Test
    void partsAreViews() {
        Tensor z = complex(1, 2, 3, 4);
        assertThat(z.real().storage()).isSameAs(z.storage());
        assertThat(z.imag().toDoubles()).containsExactly(2, 4);
        assertThat(parts(z.viewAsReal().get(Slice.range(1, 2)).viewAsComplex())).containsExactly(3, 4);
        Tensor turned = Tensor.of(new double[] {1, 3, 2, 4}, 2, 2).t();
        assertThat(parts(turned.viewAsComplex())).containsExactly(1, 2, 3, 4);
    }

    /** The gradient of |z|^2 in PyTorch's convention is 2 z. */
    @Test
    void gradientsInComplexVariables() {
        Tensor z = complex(1, 2, -3, 0.5);
        assertThat(parts(Autodiff.grad(x -> x.mul(x.conj()).real().sum(), z))).containsExactly(2, 4, -6, 1);
        assertThat(parts(Autodiff.hvp(x -> x.mul(x.conj()).real().sum(), z, complex(1, 0, 0, 1)))).containsExactly(2, 0, 0, 2);
    }

    @Test
    void gradientsOfRealNumbersStayReal() {
        Tensor x = Tensor.of(new double[] {1, 2});
        Tensor g = Autodiff.grad(a -> a.mul(complex(0, 1, 2, 3)).imag().sum(), x);
        assertThat(g.dtype()).isEqualTo(DType.FLOAT64);
        assertThat(g.toDoubles()).containsExactly(1, 3);
    }

    @Test
    void exponentialsFollowEuler() {
        Tensor z = Tensor.complex(Tensor.linspace(-2, 2, 1000), Tensor.linspace(-9, 9, 1000));
        assertThat(z.exp().log().exp().sub(z.exp()).abs().max().item()).isLessThan(1e-13);
        assertThat(z.exp().abs().sub(z.real().exp()).abs().max().item()).isLessThan(1e-14);
        assertThat(z.sqrt().square().sub(z).abs().max().item()).isLessThan(1e-14);
    }

    @Test
    void productsOfMatricesAreThoseOfTheirParts() {
        for (DType type : List.of(DType.FLOAT32, DType.FLOAT64)) {
            Tensor a = Tensor.complex(Random.seed(1).normal(Shape.of(3, 70, 65), type), Random.seed(2).normal(Shape.of(3, 70, 65), type));
            Tensor b = Tensor.complex(Random.seed(3).normal(Shape.of(60, 65), type), Random.seed(4).normal(Shape.of(60, 65), type)).t();
            Tensor re = a.real().matmul(b.real()).sub(a.imag().matmul(b.imag()));
            Tensor im = a.real().matmul(b.imag()).add(a.imag().matmul(b.real()));
            assertThat(a.matmul(b).sub(Tensor.complex(re, im)).abs().max().item()).isLessThan(type == DType.FLOAT32 ? 1e-4 : 1e-12);
        }
        assertThat(parts(Tensor.zeros(2, 0, 2).viewAsComplex().matmul(Tensor.zeros(0, 3, 2).viewAsComplex()))).containsOnly(0).hasSize(12);
    }

    @Test
    void printsBothParts() {
        assertThat(complex(1, 2, -3, -0.5)).hasToString("Tensor COMPLEX128 [2]\n[ 1.0000 + 2.0000i, -3.0000 - 0.5000i]");
        assertThat(complex(1, -2).get(0)).hasToString("Tensor COMPLEX128 [] 1.0 - 2.0i");
    }

    @Test
    void whatHasNoMeaningIsAnError() {
        Tensor z = complex(1, 2, 3, 4);
        assertThatThrownBy(() -> z.max()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no order");
        assertThatThrownBy(z::tanh).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("COMPLEX128");
        assertThatThrownBy(() -> z.lt(z)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("not defined");
        assertThatThrownBy(z::toDoubles).isInstanceOf(IllegalStateException.class).hasMessageContaining("real or imaginary part");
        assertThatThrownBy(() -> Tensor.zeros(3).viewAsComplex()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[3]");
        assertThatThrownBy(() -> Autodiff.grad(x -> x.sum(), z)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("expected one float");
    }
}
