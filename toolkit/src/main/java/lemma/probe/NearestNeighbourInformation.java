package lemma.probe;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Differential entropy and mutual information in nats from distances to nearest neighbours. They assume a density that is about constant within
 * the distance to the k-th neighbour and no repeated values; the bias grows with the dimension and, for the mutual information, with its
 * size: much above log n nats cannot be seen. Time O(n^2 d) at worst, less for few columns, memory O(n d).
 */
public final class NearestNeighbourInformation {
    private static final double EULER = 0.57721566490153286;

    private NearestNeighbourInformation() {}

    /**
     * The Kozachenko-Leonenko entropy {@code psi(n) - psi(k) + log V_d + d/n sum_i log r_k(i)}, V_d the volume of the unit ball.
     *
     * @param x (n, d) without equal rows
     * @param k neighbour, 1 to n - 1; 3 is customary
     * @throws IllegalArgumentException if k is out of range, rows repeat, or a number is not finite
     * @see <a href="https://arxiv.org/abs/1603.08578">Berrett, Samworth, Yuan (2019), Efficient multivariate entropy estimation via k-nearest neighbour distances</a>
     */
    public static double entropy(Tensor x, int k) {
        double[] r = Scope.run(() -> Neighbours.of("NearestNeighbourInformation", Features.of("NearestNeighbourInformation", x), k)).last();
        for (int i = 0; i < r.length; i++) if (r[i] == 0) throw new IllegalArgumentException("NearestNeighbourInformation: row " + i + " is repeated " + k + " times, so there is no density; add noise or leave repetitions out");
        int d = x.dim(1);
        double[] psi = digamma(r.length);
        return psi[r.length] - psi[k] + logBall(d) + d * Arrays.stream(r).map(Math::log).average().orElseThrow();
    }

    /** {@code psi(1), ..., psi(n)} at the places 1..n: {@code psi(m) = -gamma + sum_{i<m} 1/i}. */
    private static double[] digamma(int n) {
        double[] psi = new double[n + 1];
        psi[1] = -EULER;
        for (int m = 2; m <= n; m++) psi[m] = psi[m - 1] + 1.0 / (m - 1);
        return psi;
    }

    /** Logarithm of the volume of the unit ball, {@code V_d = V_(d-2) 2 pi / d} from V_0 = 1, V_1 = 2. */
    private static double logBall(int d) {
        double log = d % 2 == 0 ? 0 : Math.log(2);
        for (int i = d; i > 1; i -= 2) log += Math.log(2 * Math.PI / i);
        return log;
    }

    /** {@code H(Z | Y) = sum_c n_c / n H(Z | Y = c)} in nats, for classes of more than k rows. */
    public static double conditionalEntropy(Tensor z, Tensor y, int k) {
        double sum = 0;
        for (int[] rows : ClassRows.of("NearestNeighbourInformation", y, z.dim(0), k + 1)) sum += (double) rows.length / z.dim(0) * entropy(z.indexSelect(0, Tensor.of(rows)), k);
        return sum;
    }

    /**
     * The same by the largest difference of a coordinate instead of the Euclidean distance, none counted below {@code least}, so that repeated rows are
     * allowed. What lies closer together than that cannot be told from a uniform density.
     *
     * @param least smallest distance that counts, above 0
     */
    public static double conditionalEntropy(Tensor z, Tensor y, int k, double least) {
        if (k < 1 || !(least > 0)) throw new IllegalArgumentException("NearestNeighbourInformation: k is " + k + " and the least distance " + least + ", expected at least 1 and above 0");
        double sum = 0;
        for (int[] rows : ClassRows.of("NearestNeighbourInformation", y, z.dim(0), k + 1)) sum += (double) rows.length / z.dim(0) * entropy(z.indexSelect(0, Tensor.of(rows)), k, least);
        return sum;
    }

    /** {@code psi(n) - psi(k) + d/n sum_i log(2 max(r_k(i), least))}, r by the largest difference of a coordinate. */
    private static double entropy(Tensor x, int k, double least) {
        int n = x.dim(0);
        double[] flat = Features.of("NearestNeighbourInformation", x).toDoubles();
        SortedRows rows = SortedRows.of(SortedRows.Metric.LARGEST, flat, x.dim(1));
        double logs = Arrays.stream(distances(rows, n, k)).map(r -> Math.log(2 * Math.max(least, r))).average().orElseThrow();
        double[] psi = digamma(n);
        return psi[n] - psi[k] + x.dim(1) * logs;
    }

    /** Of the k-th neighbour of each row. */
    private static double[] distances(SortedRows rows, int n, int k) {
        return IntStream.range(0, n).parallel().mapToDouble(i -> {
            double[] far = new double[k];
            rows.nearest(i, new int[k], far);
            return far[k - 1];
        }).toArray();
    }

    /**
     * The Kraskov-Stoegbauer-Grassberger estimate (their first) {@code psi(k) + psi(n) - mean(psi(n_x + 1) + psi(n_y + 1))}, n_x and n_y the points
     * nearer than the k-th neighbour in the joint space, by the largest difference of a coordinate. May be slightly negative.
     *
     * @param x (n, d1)
     * @param y (n, d2)
     * @param k neighbour; 3 is customary
     * @see <a href="https://doi.org/10.1103/PhysRevE.69.066138">Kraskov, Stoegbauer, Grassberger (2004), Estimating mutual information, eq. 8</a>
     */
    public static double mutualInformation(Tensor x, Tensor y, int k) {
        Features.sameRows("NearestNeighbourInformation", x, y);
        int n = x.dim(0);
        if (k < 1 || k >= n) throw new IllegalArgumentException("NearestNeighbourInformation: k is " + k + ", expected 1.." + (n - 1) + " for " + n + " rows");
        Tensor a = Features.of("NearestNeighbourInformation", x);
        Tensor b = Features.of("NearestNeighbourInformation", y);
        SortedRows xs = SortedRows.of(SortedRows.Metric.LARGEST, a.toDoubles(), a.dim(1));
        SortedRows ys = SortedRows.of(SortedRows.Metric.LARGEST, b.toDoubles(), b.dim(1));
        double[] r = distances(SortedRows.of(SortedRows.Metric.LARGEST, Tensor.concat(List.of(a, b), 1).toDoubles(), a.dim(1) + b.dim(1)), n, k);
        double[] psi = digamma(n);
        double counted = Arrays.stream(IntStream.range(0, n).parallel().mapToDouble(i -> psi[xs.closer(i, r[i]) + 1] + psi[ys.closer(i, r[i]) + 1]).toArray()).average().orElseThrow();
        return psi[k] + psi[n] - counted;
    }
}
