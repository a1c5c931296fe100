package lemma.scaling;

import java.util.SplittableRandom;

/** Standard normal numbers of the tasks, by seed. */
final class Normals {
    private Normals() {}

    /** An (n, d) matrix whose first rows do not depend on n. */
    static double[][] matrix(long seed, int n, int d) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] x = new double[n][d];
        for (double[] row : x) for (int j = 0; j < d; j++) row[j] = random.nextGaussian();
        return x;
    }
}
