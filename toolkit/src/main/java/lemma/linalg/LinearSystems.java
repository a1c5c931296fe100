package lemma.linalg;

import java.util.Arrays;
import lemma.tensor.Batching;
import lemma.tensor.DType;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import lemma.tensor.Tracing;

/** Equations, inverses and determinants. */
final class LinearSystems {
    private LinearSystems() {}

    // ---- Cholesky ----

    static Tensor cholesky(Tensor a) {
        Matrices.checkSquare("cholesky", a);
        return Tracing.record("cholesky", a.backend().cholesky(a.detach()), (g, l) -> {
            Tensor inner = l.t().matmul(g);
            Tensor half = inner.tril(-1).add(inner.mul(Matrices.eye(inner, inner.dim(-1))).mul(0.5));
            Tensor left = solveTriangular(l.t(), half, true, false);
            Tensor s = solveTriangular(l.t(), left.t(), true, false);
            return new Tensor[] {s.add(s.t()).mul(0.5)};
        }, a);
    }

    // ---- triangles ----

    static Tensor solveTriangular(Tensor a, Tensor b, boolean upper, boolean left, boolean unit) {
        return left ? solveTriangular(a, b, upper, unit) : solveTriangular(a.t(), b.t(), !upper, unit).t();
    }

    static Tensor solveTriangular(Tensor left, Tensor right, boolean upper, boolean unit) {
        Matrices.checkSquare("solveTriangular", left);
        checkRight("solveTriangular", left, right);
        Shape batch = Shape.broadcast("solveTriangular", Matrices.batch(left), Matrices.batch(right));
        Tensor a = Matrices.expandBatch(left, batch);
        Tensor b = Matrices.expandBatch(right, batch);
        Tensor x = Batching.backend(a, b).solveTriangular(a.detach(), b.detach(), upper, unit);
        return Tracing.record("solveTriangular", x, (g, y) -> {
            Tensor gb = solveTriangular(Tracing.forRule(a).t(), g, !upper, unit);
            Tensor ga = gb.matmul(y.t()).neg();
            int skip = unit ? 1 : 0;
            return new Tensor[] {upper ? ga.triu(skip) : ga.tril(-skip), gb};
        }, a, b);
    }

    private static void checkRight(String op, Tensor a, Tensor b) {
        Matrices.check(op, b);
        if (b.dtype() != a.dtype()) throw new IllegalArgumentException(op + ": the matrix is " + a.dtype() + ", the right side " + b.dtype() + "; convert one with to(DType)");
        if (b.dim(-2) != a.dim(-2)) throw new IllegalArgumentException(op + ": the matrix is " + a.shape() + ", the right side " + b.shape() + "; both need equally many rows");
    }

    // ---- general systems ----

    static Tensor solve(Tensor left, Tensor right) {
        Matrices.checkSquare("solve", left);
        if (isVector(left, right)) return solve(left, right.unsqueeze(-1)).squeeze(-1);
        checkRight("solve", left, right);
        Shape batch = Shape.broadcast("solve", Matrices.batch(left), Matrices.batch(right));
        Tensor a = Matrices.expandBatch(left, batch);
        Tensor b = Matrices.expandBatch(right, batch);
        Tensor[] lu = a.backend().lu(a.detach(), true);
        return Tracing.record("solve", withFactors(lu, b.detach(), false), (g, x) -> {
            Tensor gb = Tracing.isRecording(g, a) ? solve(a.t(), g) : withFactors(lu, g, true);
            return new Tensor[] {gb.matmul(x.t()).neg(), gb};
        }, a, b);
    }

    /** As PyTorch decides: a vector, or vectors with the batch axes of the matrices. */
    private static boolean isVector(Tensor a, Tensor b) {
        return b.rank() == 1 || b.rank() == a.rank() - 1 && b.shape().equals(a.shape().without(-1));
    }

    private static Tensor withFactors(Tensor[] lu, Tensor b, boolean transposed) {
        return Batching.backend(lu[0], b).luSolve(lu[0], lu[1], b.t(), transposed).t().contiguous();
    }

    static Tensor inv(Tensor a) {
        Matrices.checkSquare("inv", a);
        Tensor[] lu = a.backend().lu(a.detach(), true);
        Tensor eye = Matrices.expandBatch(Matrices.eye(a, a.dim(-1)), Matrices.batch(a));
        return Tracing.record("inv", withFactors(lu, eye, false), (g, y) -> new Tensor[] {y.t().matmul(g).matmul(y.t()).neg()}, a);
    }

    // ---- determinants ----

    static Tensor det(Tensor a) {
        Matrices.checkSquare("det", a);
        Tensor[] lu = a.backend().lu(a.detach(), false);
        Tensor pivots = Matrices.diagonal(lu[0]);
        Tensor value = pivots.prod(-1).mul(signOfExchanges(lu[1], a.dtype()));
        return Tracing.record("det", value, (g, y) -> {
            Tensor x = Tracing.forRule(a);
            Tensor cofactors = Matrices.hasZero(pivots) ? cofactors(x) : inv(x).t().mul(each(y));
            return new Tensor[] {cofactors.mul(each(g))};
        }, a);
    }

    /** A number for each matrix, seen as a matrix of one element. */
    private static Tensor each(Tensor x) {
        return x.unsqueeze(-1).unsqueeze(-1);
    }

    /** {@code det(U) det(V) U diag(prod of the other singular values) V^T}, for singular matrices too. */
    private static Tensor cofactors(Tensor a) {
        Linalg.Svd d = SingularValues.svd(a, false);
        Tensor sign = det(d.u().detach()).mul(det(d.vh().detach())).sign();
        Tensor others = Tensor.where(Matrices.diagonalMask(a, a.dim(-1)), Matrices.scalar(a, 1), d.s().unsqueeze(-2)).prod(-1);
        return d.u().mul(others.unsqueeze(-2)).matmul(d.vh()).mul(each(sign));
    }

    private static Tensor signOfExchanges(Tensor pivots, DType type) {
        Tensor stay = pivots.backend().arange(1, 1, pivots.dim(-1), DType.INT32);
        return pivots.ne(stay).sum(-1).mod(2).to(type).mul(-2).add(1);
    }

    static Linalg.SlogDet slogdet(Tensor a) {
        Matrices.checkSquare("slogdet", a);
        Tensor[] lu = a.backend().lu(a.detach(), false);
        Tensor pivots = Matrices.diagonal(lu[0]);
        Tensor sign = pivots.sign().prod(-1).mul(signOfExchanges(lu[1], a.dtype()));
        Tensor logabs = Tracing.record("slogdet", pivots.abs().log().sum(-1), (g, y) -> new Tensor[] {inv(Tracing.forRule(a)).t().mul(each(g))}, a);
        return new Linalg.SlogDet(sign, logabs);
    }

    static Tensor logdet(Tensor a) {
        Linalg.SlogDet d = slogdet(a);
        return Tensor.where(d.sign().lt(0), Matrices.scalar(a, Double.NaN), d.logabsdet());
    }

    // ---- QR and least squares ----

    /**
     * Tall matrices: {@code gA = (gQ + Q c(R gR^T - gQ^T Q)) R^-T}, where c copies the lower triangle to the upper. Of wide ones the first
     * square is factored and the rest of R is {@code Q^T A}.
     */
    static Linalg.Qr qr(Tensor a, boolean full) {
        Matrices.check("qr", a);
        int m = a.dim(-2);
        int n = a.dim(-1);
        boolean complete = full && m > n;
        if (!Tracing.isRecording(a)) {
            Tensor[] out = a.backend().qr(a.detach(), complete);
            return new Linalg.Qr(out[0].t(), out[1]);
        }
        if (complete) throw new UnsupportedOperationException("qr: the full Q of " + a.shape() + " has no derivative, because its last " + (m - n) + " columns are any basis of the rest; use the reduced form, qr(a, false)");
        if (m >= n) return tall(a);
        Linalg.Qr first = tall(a.narrow(-1, 0, m));
        Tensor rest = first.q().t().matmul(a.narrow(-1, m, n));
        return new Linalg.Qr(first.q(), Tensor.concat(java.util.List.of(first.r(), rest), -1));
    }

    private static Linalg.Qr tall(Tensor a) {
        Tensor[] out = a.backend().qr(a.detach(), false);
        Tensor[] pair = new Tensor[2];
        pair[0] = Tracing.record("qrLeft", out[0], (g, qt) -> {
            Tensor q = qt.t();
            Tensor sum = g.t().add(q.matmul(mirrored(g.matmul(q).neg())));
            return new Tensor[] {timesInverseTranspose(sum, Tracing.forRule(pair[1]))};
        }, a);
        pair[1] = Tracing.record("qr", out[1], (g, r) -> {
            Tensor q = Tracing.forRule(pair[0]).t();
            return new Tensor[] {timesInverseTranspose(q.matmul(mirrored(r.matmul(g.t()))), r)};
        }, a);
        return new Linalg.Qr(pair[0].t(), pair[1]);
    }

    private static Tensor mirrored(Tensor m) {
        return m.tril(0).add(m.tril(-1).t());
    }

    /** {@code x r^-T}. */
    private static Tensor timesInverseTranspose(Tensor x, Tensor r) {
        return solveTriangular(r, x.t(), true, false).t();
    }

    static Tensor lstsq(Tensor left, Tensor right) {
        Matrices.check("lstsq", left);
        if (isVector(left, right)) return lstsq(left, right.unsqueeze(-1)).squeeze(-1);
        checkRight("lstsq", left, right);
        if (left.dim(-2) >= left.dim(-1)) {
            Linalg.Qr d = qr(left, false);
            checkFullRank(left, d.r());
            return solveTriangular(d.r(), d.q().t().matmul(right), true, false);
        }
        Linalg.Qr d = qr(left.t(), false);
        checkFullRank(left, d.r());
        return d.q().matmul(solveTriangular(d.r().t(), right, false, false));
    }

    private static void checkFullRank(Tensor a, Tensor r) {
        if (r.size() == 0) return;
        Tensor d = Batching.allOf(Matrices.diagonal(r.detach())).abs();
        Tensor limit = d.maxKeep(-1).mul(Matrices.eps(a.dtype()) * Math.max(a.dim(-1), a.dim(-2)));
        Tensor bad = d.le(limit);
        if (bad.any().item() == 0) return;
        int first = Math.toIntExact((long) bad.reshape(-1).to(DType.INT64).argmax(0).item());
        throw new ArithmeticException("lstsq: column " + first % d.dim(-1) + " of matrix " + first / d.dim(-1) + " of " + a.shape()
                + " depends on those before it but for rounding; use pinv(a).matmul(b) for the smallest of all solutions");
    }

    // ---- exponential ----

    private static final double[] PADE = {64764752532480000.0, 32382376266240000.0, 7771770303897600.0, 1187353796428800.0, 129060195264000.0,
        10559470521600.0, 670442572800.0, 33522128640.0, 1323241920.0, 40840800.0, 960960.0, 16380.0, 182.0, 1.0};
    /** Largest 1-norm for which the quotient is right to rounding in FLOAT64. */
    private static final double PADE_RADIUS = 5.371920351148152;

    /** Higham (2005), The scaling and squaring method for the matrix exponential revisited: the [13/13] Pade quotient. */
    static Tensor matrixExp(Tensor a) {
        Matrices.checkSquare("matrixExp", a);
        if (a.size() == 0) return a;
        double norm = Batching.allOf(a).abs().sum(-2).max().item();
        int squarings = Double.isFinite(norm) ? Math.max(0, Math.getExponent(norm / PADE_RADIUS) + 1) : 0;
        Tensor x = a.mul(Math.scalb(1.0, -squarings));
        Tensor x2 = x.matmul(x);
        Tensor x4 = x2.matmul(x2);
        Tensor x6 = x4.matmul(x2);
        Tensor one = Matrices.eye(a, a.dim(-1));
        Tensor odd = x.matmul(x6.matmul(series(x6, x4, x2, null, 13)).add(series(x6, x4, x2, one, 7)));
        Tensor even = x6.matmul(series(x6, x4, x2, null, 12)).add(series(x6, x4, x2, one, 6));
        Tensor y = solve(even.sub(odd), even.add(odd));
        for (int i = 0; i < squarings; i++) y = y.matmul(y);
        return y;
    }

    /** {@code c_k x6 + c_(k-2) x4 + c_(k-4) x2 (+ c_(k-6))}, over the first coefficient. */
    private static Tensor series(Tensor x6, Tensor x4, Tensor x2, Tensor one, int k) {
        double[] c = Arrays.stream(PADE).map(v -> v / PADE[0]).toArray();
        Tensor sum = x6.mul(c[k]).add(x4.mul(c[k - 2])).add(x2.mul(c[k - 4]));
        return one == null ? sum : sum.add(one.mul(c[k - 6]));
    }
}
