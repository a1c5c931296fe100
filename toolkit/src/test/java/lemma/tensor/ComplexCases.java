package lemma.tensor;

import java.util.Arrays;
import java.util.List;

/** The functions of complex_fixtures.py: complex numbers stand as pairs along a last axis. */
final class ComplexCases extends TorchCases.Suite {
    ComplexCases() {
        super("complex-fixtures.json");
        parts();
        arithmetic();
        rest();
        edges();
    }

    /** Complex arguments and a complex result. */
    private void complex(String name, TorchCases.Op f) {
        many(name, x -> f.apply(Arrays.stream(x).map(Tensor::viewAsComplex).toArray(Tensor[]::new)).viewAsReal());
    }

    private void parts() {
        two("complex", (a, b) -> Tensor.complex(a, b).viewAsReal());
        two("polar", (a, b) -> Tensor.polar(a, b).viewAsReal());
        one("real", x -> x.viewAsComplex().real());
        one("imag", x -> x.viewAsComplex().imag());
        one("angle", x -> x.viewAsComplex().angle());
        one("absComplex", x -> x.viewAsComplex().abs());
        complex("conj", z -> z[0].conj());
    }

    private void arithmetic() {
        complex("negComplex", z -> z[0].neg());
        complex("expComplex", z -> z[0].exp());
        complex("logComplex", z -> z[0].log());
        complex("sqrtComplex", z -> z[0].sqrt());
        complex("sqrtComplexLeft", z -> z[0].neg().sqrt());
        complex("reciprocalComplex", z -> z[0].reciprocal());
        complex("squareComplex", z -> z[0].square());
        complex("powComplex", z -> z[0].pow(3));
        complex("powComplexMinusTwo", z -> z[0].pow(-2));
        complex("addComplex", z -> z[0].add(z[1]));
        complex("subComplex", z -> z[0].sub(z[1]));
        complex("mulComplex", z -> z[0].mul(z[1]));
        complex("divComplex", z -> z[0].div(z[1]));
        two("mulComplexReal", (a, b) -> a.viewAsComplex().mul(b).viewAsReal());
        complex("mulComplexNumber", z -> z[0].mul(2.5));
        complex("rdivComplexNumber", z -> z[0].rdiv(1.5));
        for (String variant : List.of("", "Batch", "Vector")) complex("matmulComplex" + variant, z -> z[0].matmul(z[1]));
        complex("mH", z -> z[0].mH());
    }

    private void rest() {
        complex("sumComplex", z -> z[0].sum(1));
        complex("meanComplex", z -> z[0].mean());
        complex("prodComplex", z -> z[0].prod(1));
        complex("cumsumComplex", z -> z[0].cumsum(1));
        complex("cumprodComplex", z -> z[0].cumprod(1));
        many("whereComplex", x -> Tensor.where(x[0], x[1].viewAsComplex(), x[2].viewAsComplex()).viewAsReal());
        complex("catComplex", z -> Tensor.concat(List.of(z), 1));
        complex("getComplex", z -> z[0].narrow(1, 1, 3).t());
        two("indexSelectComplex", (z, i) -> z.viewAsComplex().indexSelect(1, i).viewAsReal());
        two("gatherComplex", (z, i) -> z.viewAsComplex().gather(1, i).viewAsReal());
        complex("flipComplex", z -> z[0].flip(0));
    }

    private void edges() {
        one("edge_absComplex", x -> x.viewAsComplex().abs());
        complex("edge_sqrtComplex", z -> z[0].sqrt());
        complex("edge_powComplexZero", z -> z[0].pow(0));
    }
}
