package lemma.probe;

import lemma.linalg.Linalg;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/** Frames of K vectors in d dimensions that class means and classifiers collapse to, in a random orientation. Without units; time O(K d^2). */
public final class EquiangularTightFrame {
    private EquiangularTightFrame() {}

    /**
     * The simplex: K unit vectors (K, d) whose cosines are all {@code -1 / (K - 1)}, rows of {@code sqrt(K / (K - 1)) (I - 1 1^T / K) U^T} with
     * orthonormal columns U.
     *
     * @throws IllegalArgumentException if classes is less than 2 or d less than classes - 1
     */
    public static Tensor simplex(int classes, int d, Random random) {
        if (classes < 2 || d < classes - 1) throw new IllegalArgumentException("EquiangularTightFrame.simplex: " + classes + " classes in " + d + " dimensions, expected at least 2 classes and d >= classes - 1");
        return Scope.run(() -> {
            Tensor centred = Tensor.eye(classes, DType.FLOAT64).sub(1.0 / classes);
            // an orthonormal basis of the K - 1 dimensions in which the rows lie
            Tensor basis = Linalg.eigh(centred).vectors().narrow(1, 1, classes);
            return basis.matmul(orthonormal(classes - 1, d, random)).mul(Math.sqrt(classes / (classes - 1.0)));
        });
    }

    /** K orthonormal vectors (K, d), d at least K. */
    public static Tensor orthogonal(int classes, int d, Random random) {
        if (classes < 1 || d < classes) throw new IllegalArgumentException("EquiangularTightFrame.orthogonal: " + classes + " vectors in " + d + " dimensions, expected d >= classes");
        return orthonormal(classes, d, random);
    }

    private static Tensor orthonormal(int rows, int d, Random random) {
        return Linalg.qr(random.normal(Shape.of(d, rows), DType.FLOAT64)).q().t().contiguous();
    }

    /** {@code | M M^T / |M M^T|_F - (I - 1 1^T / K) / sqrt(K - 1) |_F}: how far the rows of M (K, d) are from a simplex, of any length. */
    public static double simplexDistance(Tensor m) {
        int k = m.dim(0);
        return distance(m, Tensor.eye(k, DType.FLOAT64).sub(1.0 / k).div(Math.sqrt(k - 1.0)));
    }

    /** {@code | M M^T / |M M^T|_F - I / sqrt(K) |_F}: how far the rows of M (K, d) are from orthogonal with equal lengths. */
    public static double orthogonalDistance(Tensor m) {
        int k = m.dim(0);
        return distance(m, Tensor.eye(k, DType.FLOAT64).div(Math.sqrt(k)));
    }

    private static double distance(Tensor m, Tensor frame) {
        return Scope.run(() -> {
            Tensor z = Features.of("EquiangularTightFrame", m);
            Tensor gram = z.matmul(z.t());
            return gram.div(gram.norm()).sub(frame).norm().item();
        });
    }
}
