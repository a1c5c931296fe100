package lemma.probe;

import java.util.Arrays;
import lemma.linalg.Linalg;
import lemma.tensor.DType;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Canonical correlation analysis of two representations of the same n examples: the correlations {@code rho_1 >= rho_2 >= ...} of the pairs of
 * directions, each pair uncorrelated with those before, that correlate most. They are the singular values of {@code Ux^T Uy}, with orthonormal
 * bases Ux, Uy of the centred columns. In [0, 1], without units; invariant under every invertible linear map of either side.
 *
 * <p>Assumes more examples than features on both sides together: with n &lt;= d1 + d2 some correlations are 1 whatever the data. Directions
 * whose singular value is below {@code 1e-10} of the largest count as constant. Time O(n (d1 + d2)^2), memory O(n (d1 + d2)).
 *
 * @param correlations {@code rho}, descending
 * @param weights how much of x the direction of each correlation carries, {@code sum_j |h_i . x_j|} over its columns, of sum 1
 * @see <a href="https://arxiv.org/abs/1706.05806">Raghu, Gilmer, Yosinski, Sohl-Dickstein (2017), SVCCA</a>
 * @see <a href="https://arxiv.org/abs/1806.05759">Morcos, Raghu, Bengio (2018), Insights on representational similarity (PWCCA), eq. 2 and 3</a>
 */
public record Cca(double[] correlations, double[] weights) {
    private static final double RANK = 1e-10;

    /**
     * @param x (n, d1)
     * @param y (n, d2)
     * @throws IllegalArgumentException if the numbers of rows differ or are less than 2, all rows are equal, or a number is not finite
     */
    public static Cca of(Tensor x, Tensor y) {
        return of(x, y, 1);
    }

    /**
     * After each side is projected on its first principal components that hold {@code variance} of the sum of squares.
     *
     * @param variance in (0, 1]; the papers take 0.99
     */
    public static Cca of(Tensor x, Tensor y, double variance) {
        if (!(variance > 0 && variance <= 1)) throw new IllegalArgumentException("Cca: variance is " + variance + ", expected in (0, 1]");
        Features.sameRows("Cca", x, y);
        return Scope.run(() -> {
            Basis a = Basis.of(Features.centred("Cca", x), variance);
            Basis b = Basis.of(Features.centred("Cca", y), variance);
            Linalg.Svd pairs = Linalg.svd(a.turned.t().matmul(a.columns.t().matmul(b.columns)).matmul(b.turned));
            // columns of x in the canonical directions h = Ux L of x: h^T x = L^T S V^T
            Tensor carried = pairs.u().t().matmul(a.scaledRows).abs().sum(1);
            double[] rho = Arrays.stream(pairs.s().toDoubles()).map(r -> Math.min(r, 1)).toArray();
            return new Cca(rho, carried.div(carried.sum()).toDoubles());
        });
    }

    /** The principal components {@code Q U} of the columns {@code Q R = Q U S V^T}, with {@code scaledRows = S V^T}; that of tall matrices is taken of R. */
    private record Basis(Tensor columns, Tensor turned, Tensor scaledRows) {
        static Basis of(Tensor x, double variance) {
            if (x.dim(0) < x.dim(1)) {
                Linalg.Svd svd = Linalg.svd(x);
                int keep = kept(svd.s().toDoubles(), variance);
                return new Basis(svd.u().narrow(1, 0, keep), Tensor.eye(keep, DType.FLOAT64), scaledRows(svd, keep));
            }
            Linalg.Qr qr = Linalg.qr(x);
            Linalg.Svd svd = Linalg.svd(qr.r());
            int keep = kept(svd.s().toDoubles(), variance);
            return new Basis(qr.q(), svd.u().narrow(1, 0, keep), scaledRows(svd, keep));
        }

        private static Tensor scaledRows(Linalg.Svd svd, int keep) {
            return svd.s().unsqueeze(1).mul(svd.vh()).narrow(0, 0, keep);
        }

        private static int kept(double[] s, double variance) {
            double total = Arrays.stream(s).map(v -> v * v).sum();
            int keep = 0;
            double held = 0;
            while (keep < s.length && s[keep] > RANK * s[0] && held < variance * total) {
                held += s[keep] * s[keep];
                keep++;
            }
            return keep;
        }
    }

    /** Mean of the correlations. */
    public double mean() {
        return Arrays.stream(correlations).average().orElseThrow();
    }

    /** Mean of the squared correlations, {@code R^2_CCA}. */
    public double meanSquare() {
        return Arrays.stream(correlations).map(r -> r * r).average().orElseThrow();
    }

    /** Mean of the correlations by their weights: PWCCA. */
    public double weightedMean() {
        double sum = 0;
        for (int i = 0; i < correlations.length; i++) sum += weights[i] * correlations[i];
        return sum;
    }

    /** Singular-vector CCA: the mean correlation of the principal components that hold 99 % of each side's sum of squares. */
    public static double svcca(Tensor x, Tensor y) {
        return of(x, y, 0.99).mean();
    }

    /** Projection-weighted CCA: the correlations weighted by how much of x their directions carry. Not symmetric in x and y. */
    public static double pwcca(Tensor x, Tensor y) {
        return of(x, y).weightedMean();
    }

    @Override
    public String toString() {
        return "Cca[" + correlations.length + " correlations, mean " + mean() + ", weighted mean " + weightedMean() + "]";
    }
}
