package lemma.scaling;

import java.util.Arrays;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Shape;

/** Standard normal numbers of the tasks, by seed. */
final class Normals {
    private Normals() {}

    /** An (n, d) matrix whose first rows do not depend on n. */
    static double[][] matrix(long seed, int n, int d) {
        double[] flat = Scope.run(() -> Random.seed(seed).normal(Shape.of(n, d), DType.FLOAT64).toDoubles());
        double[][] x = new double[n][];
        for (int i = 0; i < n; i++) x[i] = Arrays.copyOfRange(flat, i * d, (i + 1) * d);
        return x;
    }
}
