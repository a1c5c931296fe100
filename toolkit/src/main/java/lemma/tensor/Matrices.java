package lemma.tensor;

/** Matrix products and triangles, and the gradient of each. */
final class Matrices {
    private Matrices() {}

    static Tensor matmul(Tensor left, Tensor right) {
        if (left.rank() == 0 || right.rank() == 0) throw new IllegalArgumentException("matmul: shapes " + left.shape() + " and " + right.shape() + "; both need at least one axis, use mul for scalars");
        DType type = DType.promote(left.dtype(), right.dtype());
        Tensor a = left.to(type);
        Tensor b = right.to(type);
        if (a.rank() == 1 && b.rank() == 1) return a.unsqueeze(0).matmul(b.unsqueeze(1)).reshape();
        if (a.rank() == 1) return a.unsqueeze(0).matmul(b).squeeze(-2);
        if (b.rank() == 1) return a.matmul(b.unsqueeze(1)).squeeze(-1);
        if (a.dim(-1) != b.dim(-2)) {
            throw new IllegalArgumentException("matmul: shapes " + left.shape() + " and " + right.shape() + ": the last axis of the first is " + a.dim(-1)
                    + ", the last but one of the second is " + b.dim(-2) + "; they must be equal");
        }
        if (!Batching.agree(a.backend(), b.backend())) throw new IllegalArgumentException("matmul: backends " + a.backend().name() + " and " + b.backend().name() + "; move one with to(backend)");
        return product(a, b);
    }

    private static Tensor product(Tensor a, Tensor b) {
        if (b.rank() == 2 && a.rank() > 2 && a.isContiguous()) {
            return product(a.reshape(-1, a.dim(-1)), b).reshape(a.shape().with(-1, b.dim(-1)));
        }
        Shape batch = Shape.broadcast("matmul", batch(a), batch(b));
        Tensor x = a.detach().expand(join(batch, a));
        Tensor z = b.detach().expand(join(batch, b));
        return Tensor.record("matmul", Batching.backend(x, z).matmul(x, z), (g, y) -> new Tensor[] {
            a.node == null ? null : g.matmul(Views.forRule(b).mH()).sumTo(a.shape()),
            b.node == null ? null : Views.forRule(a).mH().matmul(g).sumTo(b.shape())}, a, b);
    }

    private static Shape batch(Tensor a) {
        return Shape.of(java.util.Arrays.copyOf(a.shape().raw(), a.rank() - 2));
    }

    private static Shape join(Shape batch, Tensor matrix) {
        int[] d = java.util.Arrays.copyOf(batch.raw(), batch.rank() + 2);
        d[batch.rank()] = matrix.dim(-2);
        d[batch.rank() + 1] = matrix.dim(-1);
        return Shape.of(d);
    }

    static Tensor triangle(Tensor a, int k, boolean lower) {
        if (a.rank() < 2) throw new IllegalArgumentException((lower ? "tril" : "triu") + ": shape " + a.shape() + ", expected at least two axes");
        Tensor row = a.backend().arange(0, 1, a.dim(-2), DType.INT64).reshape(-1, 1);
        Tensor column = a.backend().arange(0, 1, a.dim(-1), DType.INT64).reshape(1, -1);
        Tensor keep = lower ? column.le(row.add(k)) : column.ge(row.add(k));
        return Tensor.where(keep, a, a.backend().full(Shape.SCALAR, a.dtype(), 0));
    }
}
