package lemma.tensor;

import java.util.function.UnaryOperator;
import lemma.linalg.Linalg;

/** The functions of linalg_fixtures.py. */
final class LinalgCases extends TorchCases.Suite {
    LinalgCases() {
        super("linalg-fixtures.json");
        decompositions();
        equations();
        functions();
        edges();
    }

    private static Tensor diagonal(Tensor x, double start, double step) {
        int m = x.dim(-2);
        int n = x.dim(-1);
        double[] d = new double[m * n];
        for (int i = 0; i < Math.min(m, n); i++) d[i * n + i] = start + step * i;
        return Tensor.of(d, m, n).to(x.dtype()).to(x.backend());
    }

    private static Tensor symmetric(Tensor x) {
        return x.add(x.t()).add(diagonal(x, -3, 3));
    }

    private static Tensor positive(Tensor x) {
        return x.matmul(x.t()).add(diagonal(x, 2, 0.5));
    }

    private static Tensor regular(Tensor x) {
        return x.add(diagonal(x, 3, 0.5));
    }

    private static Tensor apart(Tensor x) {
        return x.add(diagonal(x, 8, -2.5));
    }

    private static Tensor triangle(Tensor x) {
        return x.mul(0.3).add(diagonal(x, 1.5, 0.25));
    }

    private void onApart(String name, UnaryOperator<Tensor> f) {
        one(name, x -> f.apply(apart(x)));
    }

    private void decompositions() {
        one("eigh", x -> Linalg.eigh(symmetric(x)).values());
        one("eighVectors", x -> Linalg.eigh(symmetric(x)).vectors());
        one("eighOneMatrix", x -> Linalg.eigh(symmetric(x)).vectors());
        one("eighOfOne", x -> Linalg.eigh(symmetric(x)).vectors());
        one("eigvalsh", x -> Linalg.eigvalsh(symmetric(x)));
        onApart("svd", x -> Linalg.svd(x).s());
        for (String shape : new String[] {"", "Tall", "Wide"}) {
            onApart("svd" + shape + "Left", x -> Linalg.svd(x).u());
            onApart("svd" + shape + "Right", x -> Linalg.svd(x).vh());
            onApart("qr" + shape, x -> Linalg.qr(x).q());
            onApart("qr" + shape + "Right", x -> Linalg.qr(x).r());
        }
        onApart("svdFull", x -> Linalg.svd(x, true).s());
        onApart("svdvals", Linalg::svdvals);
        one("cholesky", x -> Linalg.cholesky(positive(x)));
        one("choleskyOneMatrix", x -> Linalg.cholesky(positive(x)));
    }

    private void equations() {
        for (String variant : new String[] {"", "Vector", "Vectors", "Broadcast"}) two("solve" + variant, (a, b) -> Linalg.solve(regular(a), b));
        two("solveTriangular", (a, b) -> Linalg.solveTriangular(triangle(a), b, false));
        two("solveTriangularUpper", (a, b) -> Linalg.solveTriangular(triangle(a), b, true));
        two("solveTriangularRight", (a, b) -> Linalg.solveTriangular(triangle(a), b, true, false, false));
        two("solveTriangularUnit", (a, b) -> Linalg.solveTriangular(triangle(a), b, false, true, true));
        two("lstsq", (a, b) -> Linalg.lstsq(apart(a), b));
        two("lstsqWide", (a, b) -> Linalg.lstsq(apart(a), b));
        one("inv", x -> Linalg.inv(regular(x)));
        onApart("pinv", Linalg::pinv);
        onApart("pinvWide", Linalg::pinv);
    }

    private void functions() {
        one("det", x -> Linalg.det(regular(x)));
        one("detOneMatrix", x -> Linalg.det(x.add(diagonal(x, 1, 0))));
        one("slogdet", x -> Linalg.slogdet(regular(x).neg()).logabsdet());
        one("slogdetSign", x -> Linalg.slogdet(regular(x).neg()).sign());
        one("logdet", x -> Linalg.logdet(regular(x)));
        one("matrixExp", Linalg::matrixExp);
        one("matrixExpLarge", x -> Linalg.matrixExp(x.mul(6)).div(50));
        one("matrixNorm", Linalg::matrixNorm);
        onApart("matrixNormNuc", x -> Linalg.matrixNorm(x, "nuc"));
        one("matrixNormOne", x -> Linalg.matrixNorm(x, 1));
        one("matrixNormInf", x -> Linalg.matrixNorm(x, Double.POSITIVE_INFINITY));
        one("matrixNormMinusInf", x -> Linalg.matrixNorm(x, Double.NEGATIVE_INFINITY));
        onApart("matrixNormTwo", x -> Linalg.matrixNorm(x, 2));
        onApart("matrixNormMinusTwo", x -> Linalg.matrixNorm(x, -2));
        onApart("cond", Linalg::cond);
        one("condOne", x -> Linalg.cond(regular(x), 1));
    }

    private void edges() {
        one("edge_slogdet", x -> Linalg.slogdet(x).logabsdet());
        one("edge_logdet", Linalg::logdet);
        one("edge_matrixNorm", Linalg::matrixNorm);
        one("edge_matrixRank", Linalg::matrixRank);
        one("edge_detEmpty", Linalg::det);
        one("edge_invEmpty", Linalg::inv);
        two("edge_solveEmpty", Linalg::solve);
        one("edge_svdvalsEmpty", Linalg::svdvals);
        one("edge_qrEmpty", x -> Linalg.qr(x, true).q());
    }
}
