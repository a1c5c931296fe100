package lemma.linalg;

import lemma.tensor.Tensor;
import lemma.tensor.Tracing;

/** The singular value decomposition and what is read off it. */
final class SingularValues {
    /** How many times longer than wide a matrix is whose triangle is taken first. */
    private static final int TALL = 2;

    private SingularValues() {}

    /**
     * Of {@code A = U S V^T}, with {@code E_ij = s_j^2 - s_i^2} off the diagonal, gradients gU, gS, gV give
     * {@code U diag(gS) V^T}, {@code U (J + J^T) S V^T + (I - U U^T) gU S^-1 V^T} with {@code J = U^T gU / E}, and the same transposed for V.
     */
    static Linalg.Svd svd(Tensor a, boolean full) {
        Matrices.check("svd", a);
        boolean square = a.dim(-1) == a.dim(-2);
        Tensor[] out = a.backend().svd(a.detach(), true, full && !square);
        if (!Tracing.isRecording(a)) return new Linalg.Svd(out[0], out[1], out[2]);
        if (full && !square) return new Linalg.Svd(withoutGradient(out[0], a), svd(a, false).s(), withoutGradient(out[2], a));
        Tensor[] all = new Tensor[3];
        all[0] = Tracing.record("svdLeft", out[0], (g, u) -> new Tensor[] {ofLeft(g, u, Tracing.forRule(all[1]), Tracing.forRule(all[2]))}, a);
        all[2] = Tracing.record("svdRight", out[2], (g, vh) -> new Tensor[] {ofLeft(g.t(), vh.t(), Tracing.forRule(all[1]), Tracing.forRule(all[0]).t()).t()}, a);
        all[1] = Tracing.record("svd", out[1], (g, s) -> new Tensor[] {Tracing.forRule(all[0]).mul(g.unsqueeze(-2)).matmul(Tracing.forRule(all[2]))}, a);
        return new Linalg.Svd(all[0], all[1], all[2]);
    }

    private static Tensor ofLeft(Tensor g, Tensor u, Tensor s, Tensor vh) {
        Tensor projected = u.t().matmul(g);
        Tensor j = projected.div(Matrices.gaps(s.square()));
        Tensor inside = u.matmul(j.add(j.t()).mul(s.unsqueeze(-2)));
        if (u.dim(-2) == u.dim(-1)) return inside.matmul(vh);
        Tensor outside = g.sub(u.matmul(projected)).div(s.unsqueeze(-2));
        return inside.add(outside).matmul(vh);
    }

    private static Tensor withoutGradient(Tensor vectors, Tensor a) {
        return Tracing.record("svdFull", vectors, (g, y) -> {
            throw new UnsupportedOperationException("svd: the full singular vectors of " + a.shape() + " have no derivative, because those beyond the " + Math.min(a.dim(-1), a.dim(-2))
                    + " first are any basis of the rest; use the reduced form, svd(a, false)");
        }, a);
    }

    static Tensor svdvals(Tensor a) {
        Matrices.check("svdvals", a);
        if (Tracing.isRecording(a)) return svd(a, false).s();
        if (a.size() > 0 && a.dim(-1) >= TALL * a.dim(-2)) return svdvals(a.t());
        Tensor square = a.size() > 0 && a.dim(-2) >= TALL * a.dim(-1) ? LinearSystems.qr(a.detach(), false).r() : a.detach();
        return a.backend().svd(square, false, false)[0];
    }

    /** {@code dP = -P dA P + P P^T dA^T (I - A P) + (I - P A) dA^T P^T P} (Golub and Pereyra 1973). */
    static Tensor pinv(Tensor a, double rtol) {
        Matrices.check("pinv", a);
        Tensor[] out = a.backend().svd(a.detach(), true, false);
        Tensor s = out[1];
        Tensor value = s.size() == 0 ? a.detach().t().zerosLike() : out[2].t().mul(inverses(s, rtol).unsqueeze(-2)).matmul(out[0].t());
        return Tracing.record("pinv", value, (g, p) -> {
            Tensor x = Tracing.forRule(a);
            Tensor pt = p.t();
            Tensor gt = g.t();
            Tensor first = gt.sub(x.matmul(p.matmul(gt))).matmul(p.matmul(pt));
            Tensor second = pt.matmul(p.matmul(gt.sub(gt.matmul(p).matmul(x))));
            return new Tensor[] {first.add(second).sub(pt.matmul(g).matmul(pt))};
        }, a);
    }

    private static Tensor inverses(Tensor s, double rtol) {
        Tensor keep = s.gt(s.maxKeep(-1).mul(rtol));
        return Tensor.where(keep, Tensor.where(keep, s, Matrices.scalar(s, 1)).reciprocal(), Matrices.scalar(s, 0));
    }

    static Tensor rank(Tensor a, double rtol) {
        Tensor s = svdvals(a.detach());
        if (s.dim(-1) == 0) return s.sum(-1).to(lemma.tensor.DType.INT64);
        return s.gt(s.maxKeep(-1).mul(rtol)).sum(-1);
    }
}
