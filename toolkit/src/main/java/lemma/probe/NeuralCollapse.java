package lemma.probe;

import java.util.Arrays;
import lemma.linalg.Linalg;
import lemma.tensor.DType;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * How near the last-layer features of a classifier are to neural collapse: (NC1) examples of a class shrink to their mean, (NC2) centred class
 * means form a simplex equiangular tight frame, (NC3) each row of the classifier is aligned with its class mean, (NC4) the
 * classifier decides for the nearest class mean. Without units; all but {@link #nc3} and {@link #nc4} fall to 0.
 *
 * <p>With {@code m_c = mu_c - mu_G}, mu_G the mean of all examples. Time O(K^2 d + d^3) from the statistics.
 *
 * @param statistics what is known of the classes
 * @see <a href="https://arxiv.org/abs/2008.08186">Papyan, Han, Donoho (2020), Prevalence of neural collapse during the terminal phase of deep learning training</a>
 * @see <a href="https://arxiv.org/abs/2405.17767">Wu, Papyan (2024), Linguistic Collapse, section 3</a>
 */
public record NeuralCollapse(ClassStatistics statistics) {
    private static final double RANK = 1e-10;

    /**
     * Of features x (n, d) with classes y (n) in 0..K-1, each with an example.
     *
     * @throws IllegalArgumentException if shapes do not fit, a class is empty or a number is not finite
     */
    public static NeuralCollapse of(Tensor x, Tensor y) {
        int[] labels = Features.labels("NeuralCollapse", y, x.dim(0), 1);
        return new NeuralCollapse(ClassStatistics.of(x, y, Arrays.stream(labels).max().orElse(0) + 1));
    }

    /** {@code tr(Sigma_W Sigma_B^+) / K}: variance within the classes, measured by the spread of the means. */
    public double nc1() {
        return Scope.run(() -> {
            Tensor p = Linalg.pinv(separated(statistics.centredMeans()), RANK);
            return p.mul(statistics.within().matmul(p)).sum().item(); // Sigma_B^+ = K P P^T
        });
    }

    /** {@code tr(Sigma_W) / tr(Sigma_B)}. */
    public double nc1Traces() {
        return Scope.run(() -> statistics.within().trace().item() * statistics.counts().length / separated(statistics.centredMeans()).square().sum().item());
    }

    /** Class-distance normalised variance {@code (s_c^2 + s_c'^2) / (2 |mu_c - mu_c'|^2)} of the pairs c &lt; c', row by row. */
    public double[] cdnvPairs() {
        return Scope.run(() -> {
            Tensor s = statistics.variances();
            Tensor squares = Kernel.squaredDistances(statistics.centredMeans(), statistics.centredMeans());
            double[] distances = upper(squares);
            if (Arrays.stream(distances).min().orElseThrow() == 0) throw new IllegalArgumentException("NeuralCollapse.cdnv: two classes have the same mean, their normalised variance is infinite");
            return upper(s.unsqueeze(1).add(s).div(2).div(squares.add(Tensor.eye(s.dim(0), DType.FLOAT64))));
        });
    }

    /** Mean of {@link #cdnvPairs}. */
    public double cdnv() {
        return mean(cdnvPairs());
    }

    /** Coefficient of variation of the norms {@code |m_c|}: 0 for equinorm means. */
    public double nc2Norms() {
        double[] norms = Scope.run(() -> statistics.centredMeans().norm(1)).toDoubles();
        return deviation(norms) / mean(norms);
    }

    /** Cosines of the pairs {@code m_c, m_c'}, c &lt; c', row by row. */
    public double[] cosines() {
        return Scope.run(() -> upper(directions().matmul(directions().t())));
    }

    /** Standard deviation of {@link #cosines}: 0 for equiangular means. */
    public double nc2Angles() {
        return deviation(cosines());
    }

    /** Mean of {@code |cos(m_c, m_c') + 1 / (K - 1)|}: 0 where the angles are those of the simplex, which needs d &gt;= K - 1. */
    public double nc2Simplex() {
        double simplex = 1.0 / (statistics.counts().length - 1);
        return Arrays.stream(cosines()).map(c -> Math.abs(c + simplex)).average().orElseThrow();
    }

    /** {@code log 1 / |m_c/|m_c| - m_c'/|m_c'||} of the pairs c &lt; c': the energy of directions on the sphere. */
    public double[] logInverseDistances() {
        return Arrays.stream(cosines()).map(c -> -0.5 * Math.log(Math.max(2 - 2 * c, Double.MIN_NORMAL))).toArray();
    }

    /** Standard deviation of {@link #logInverseDistances}: 0 for directions that are spread evenly, possible for K &gt; d + 1 only in part. */
    public double gnc2() {
        return deviation(logInverseDistances());
    }

    /** Cosines of the rows of the classifier's weight (K, d) and the centred means of their classes. */
    public double[] selfDuality(Tensor weight) {
        int k = statistics.counts().length;
        if (weight.rank() != 2 || weight.dim(0) != k || weight.dim(1) != statistics.means().dim(1)) {
            throw new IllegalArgumentException("NeuralCollapse: the classifier's weight is " + weight.shape() + ", expected (" + k + ", " + statistics.means().dim(1) + ")");
        }
        return Scope.run(() -> Features.unitRows("NeuralCollapse", weight).mul(directions()).sum(1)).toDoubles();
    }

    /** Mean of {@link #selfDuality}: 1 where each row of the weight (K, d) points to its class mean. */
    public double nc3(Tensor weight) {
        return mean(selfDuality(weight));
    }

    /** {@code |W / |W| - M / |M||_F^2} with the weight W (K, d) and the centred means M: 0 where they are the same up to scale. */
    public double nc3Distance(Tensor weight) {
        selfDuality(weight);
        return Scope.run(() -> {
            Tensor w = weight.to(DType.FLOAT64);
            Tensor m = separated(statistics.centredMeans());
            return w.div(w.norm()).sub(m.div(m.norm())).square().sum().item();
        });
    }

    /** Uniform duality: coefficient of variation of {@link #selfDuality} over the classes. */
    public double unc3(Tensor weight) {
        double[] c = selfDuality(weight);
        return deviation(c) / Math.abs(mean(c));
    }

    /** Part of the examples x (n, d) whose largest logit (n, K) is that of the nearest class mean: 1 at collapse. */
    public double nc4(Tensor x, Tensor logits) {
        int k = statistics.counts().length;
        if (logits.rank() != 2 || logits.dim(0) != x.dim(0) || logits.dim(1) != k) throw new IllegalArgumentException("NeuralCollapse.nc4: logits are " + logits.shape() + ", expected (" + x.dim(0) + ", " + k + ")");
        return Scope.run(() -> {
            Tensor z = Features.of("NeuralCollapse.nc4", x, 1);
            Tensor nearest = Kernel.squaredDistances(z.sub(statistics.mean()), statistics.centredMeans()).argmin(1);
            return nearest.eq(logits.argmax(1)).to(DType.FLOAT64).mean().item();
        });
    }

    private Tensor directions() {
        return Features.unitRows("NeuralCollapse", statistics.centredMeans());
    }

    private Tensor separated(Tensor m) {
        if (m.square().sum().item() == 0) throw new IllegalArgumentException("NeuralCollapse: all class means are equal");
        return m;
    }

    private static double[] upper(Tensor square) {
        int k = square.dim(0);
        double[] all = square.toDoubles();
        double[] out = new double[k * (k - 1) / 2];
        int at = 0;
        for (int i = 0; i < k; i++) for (int j = i + 1; j < k; j++) out[at++] = all[i * k + j];
        return out;
    }

    private static double mean(double[] a) {
        return Arrays.stream(a).average().orElseThrow();
    }

    /** With divisor n. */
    private static double deviation(double[] a) {
        double mean = mean(a);
        return Math.sqrt(Arrays.stream(a).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
    }

    @Override
    public String toString() {
        return "NeuralCollapse[NC1 %.4g, CDNV %.4g, NC2 norms %.4g, angles %.4g, GNC2 %.4g]".formatted(nc1(), cdnv(), nc2Norms(), nc2Angles(), gnc2());
    }
}
