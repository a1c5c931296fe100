package lemma.scaling;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/** Standard normal numbers of the tasks, by seed. */
final class Normals {
    private Normals() {}

    /** An (n, d) matrix in FLOAT64 whose first rows do not depend on n; on a scope's storage, since it may be large. */
    static Tensor matrix(long seed, int n, int d) {
        return Random.seed(seed).normal(Shape.of(n, d), DType.FLOAT64);
    }
}
