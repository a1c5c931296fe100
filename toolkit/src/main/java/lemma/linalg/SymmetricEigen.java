package lemma.linalg;

import lemma.tensor.Tensor;
import lemma.tensor.Tracing;

/** Eigenvalues and eigenvectors of symmetric matrices. */
final class SymmetricEigen {
    private SymmetricEigen() {}

    /** Of {@code A = V diag(w) V^T}: {@code dw = diag(V^T dA V)}, {@code dV = V (V^T dA V / E)} with {@code E_ij = w_j - w_i} off the diagonal. */
    static Linalg.Eigh eigh(Tensor a) {
        Matrices.checkSquare("eigh", a);
        Tensor[] out = a.backend().eigh(a.detach(), true);
        if (!Tracing.isRecording(a)) return new Linalg.Eigh(out[0], out[1].t());
        Tensor[] pair = new Tensor[2];
        pair[1] = Tracing.record("eighVectors", out[1], (g, rows) -> {
            Tensor inner = rows.matmul(g.t()).div(Matrices.gaps(Tracing.forRule(pair[0])));
            return new Tensor[] {rows.t().matmul(inner).matmul(rows)};
        }, a);
        pair[0] = Tracing.record("eigh", out[0], (g, w) -> {
            Tensor rows = Tracing.forRule(pair[1]);
            return new Tensor[] {rows.t().mul(g.unsqueeze(-2)).matmul(rows)};
        }, a);
        return new Linalg.Eigh(pair[0], pair[1].t());
    }

    static Tensor eigvalsh(Tensor a) {
        Matrices.checkSquare("eigvalsh", a);
        return Tracing.isRecording(a) ? eigh(a).values() : a.backend().eigh(a.detach(), false)[0];
    }
}
