package lemma.linalg;

import lemma.tensor.Tensor;

/** Norms of matrices. */
final class Norms {
    private Norms() {}

    /** The gradient at zero is zero, as PyTorch has it. */
    static Tensor frobenius(Tensor a) {
        Matrices.check("matrixNorm", a);
        Tensor square = a.square().sum(-2, -1);
        Tensor zero = square.detach().eq(0);
        return Tensor.where(zero, Matrices.scalar(a, 0), Tensor.where(zero, Matrices.scalar(a, 1), square).sqrt());
    }

    static Tensor matrix(Tensor a, String ord) {
        return switch (ord) {
            case "fro" -> frobenius(a);
            case "nuc" -> SingularValues.svdvals(a).sum(-1);
            default -> throw new IllegalArgumentException("matrixNorm: ord is \"" + ord + "\", expected \"fro\", \"nuc\" or a number: 1, -1, 2, -2, infinity, -infinity");
        };
    }

    static Tensor matrix(Tensor a, double ord) {
        Matrices.check("matrixNorm", a);
        if (Math.abs(ord) == 2) return extreme(SingularValues.svdvals(a), ord > 0);
        if (Math.abs(ord) == 1) return extreme(a.abs().sum(-2), ord > 0);
        if (Double.isInfinite(ord)) return extreme(a.abs().sum(-1), ord > 0);
        throw new IllegalArgumentException("matrixNorm: ord is " + ord + ", expected 1, -1, 2, -2, infinity, -infinity, \"fro\" or \"nuc\"");
    }

    private static Tensor extreme(Tensor x, boolean largest) {
        return largest ? x.max(-1) : x.min(-1);
    }

    static Tensor cond(Tensor a, double p) {
        if (Math.abs(p) != 2) {
            Matrices.checkSquare("cond", a);
            return matrix(a, p).mul(matrix(LinearSystems.inv(a), p));
        }
        Tensor s = SingularValues.svdvals(a);
        if (s.dim(-1) == 0) throw new IllegalArgumentException("cond: matrices of " + a.shape() + " have no singular values");
        Tensor first = s.narrow(-1, 0, 1).squeeze(-1);
        Tensor last = s.narrow(-1, s.dim(-1) - 1, s.dim(-1)).squeeze(-1);
        return p > 0 ? first.div(last) : last.div(first);
    }
}
