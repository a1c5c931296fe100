package lemma.probe;

import lemma.linalg.Linalg;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * How far apart two representations of the same examples stay after the best rotation: with centred x, y of Frobenius norm 1,
 * {@code min_Q |X - Y Q|_F^2 = 2 - 2 |X^T Y|_*} over orthogonal Q. Between 0 (equal up to rotation, reflection, shift and scale) and 2. The
 * narrower side is taken as filled up with columns of zeros. Without units; time O(n d1 d2 + d^3), memory O(d1 d2).
 *
 * @see <a href="https://arxiv.org/abs/2108.01661">Ding, Denain, Steinhardt (2021), Grounding Representation Similarity with Statistical Testing, section 2</a>
 */
public final class Procrustes {
    private Procrustes() {}

    /**
     * The squared distance after the best rotation.
     *
     * @param x (n, d1)
     * @param y (n, d2)
     * @throws IllegalArgumentException if the numbers of rows differ or are less than 2, all rows are equal, or a number is not finite
     */
    public static double distance(Tensor x, Tensor y) {
        return Math.max(0, 2 - 2 * nuclear(x, y));
    }

    /** The squared distance after the best rotation and scale, {@code 1 - |X^T Y|_*^2}: what SciPy calls disparity. In [0, 1]. */
    public static double disparity(Tensor x, Tensor y) {
        double s = nuclear(x, y);
        return Math.max(0, 1 - s * s);
    }

    /** {@code 1 - arccos(|X^T Y|_*) / (pi / 2)}: 1 for equal shapes, 0 for orthogonal ones. Its complement is a metric. */
    public static double angularSimilarity(Tensor x, Tensor y) {
        return 1 - Math.acos(Math.min(1, nuclear(x, y))) / (Math.PI / 2);
    }

    /** The rotation Q (d2, d1) with orthonormal columns or rows for which {@code |X - Y Q|_F} of the centred sides is smallest. */
    public static Tensor rotation(Tensor x, Tensor y) {
        Features.sameRows("Procrustes", x, y);
        return Scope.run(() -> {
            Linalg.Svd svd = Linalg.svd(Features.centred("Procrustes", y).t().matmul(Features.centred("Procrustes", x)));
            return svd.u().matmul(svd.vh());
        });
    }

    private static double nuclear(Tensor x, Tensor y) {
        Features.sameRows("Procrustes", x, y);
        return Scope.run(() -> Linalg.matrixNorm(unit(x).t().matmul(unit(y)), "nuc").item());
    }

    private static Tensor unit(Tensor x) {
        Tensor z = Features.centred("Procrustes", x);
        return z.div(z.norm());
    }
}
