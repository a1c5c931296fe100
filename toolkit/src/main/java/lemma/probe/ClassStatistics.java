package lemma.probe;

import java.util.Arrays;
import lemma.tensor.DType;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Counts, means and scatter of the features of each class, taken in batch by batch in one pass: the scatter of a batch about its own means is
 * merged with {@code n_a n_b / (n_a + n_b) (m_a - m_b)(m_a - m_b)^T}. FLOAT64. Time O(n d^2), memory O(K d + d^2) whatever the number of examples.
 *
 * @see <a href="https://doi.org/10.1080/00031305.1983.10483115">Chan, Golub, LeVeque (1983), Algorithms for Computing the Sample Variance</a>
 */
public final class ClassStatistics {
    private final double[] counts;
    private Tensor means;
    private Tensor squares;
    private Tensor scatter;

    private ClassStatistics(int classes) {
        if (classes < 2) throw new IllegalArgumentException("ClassStatistics: " + classes + " classes, expected at least 2");
        counts = new double[classes];
    }

    /** Of no example yet. */
    public static ClassStatistics of(int classes) {
        return new ClassStatistics(classes);
    }

    /** Of features x (n, d) with classes y (n). */
    public static ClassStatistics of(Tensor x, Tensor y, int classes) {
        return new ClassStatistics(classes).add(x, y);
    }

    /**
     * Takes in more examples.
     *
     * @param x (b, d)
     * @param y (b) classes in 0..K-1
     * @throws IllegalArgumentException if shapes do not fit, a label is out of range or a number is not finite
     */
    public ClassStatistics add(Tensor x, Tensor y) {
        check(x, y);
        record Merged(Tensor means, Tensor squares, Tensor scatter) {}
        double[] more = Tensor.of(y.toInts()).bincount(counts.length).to(DType.FLOAT64).toDoubles();
        Merged merged = Scope.run(() -> {
            Tensor z = Features.of("ClassStatistics", x, 1);
            Tensor label = y.to(DType.INT64);
            Tensor sums = Tensor.zeros(counts.length, x.dim(1)).to(DType.FLOAT64).indexAdd(0, label, z);
            Tensor batch = sums.div(Tensor.of(more).maximum(1).unsqueeze(1));
            Tensor deviation = z.sub(batch.indexSelect(0, label));
            Tensor batchSquares = Tensor.zeros(counts.length).to(DType.FLOAT64).indexAdd(0, label, deviation.square().sum(1));
            Tensor batchScatter = deviation.t().matmul(deviation);
            if (means == null) return new Merged(batch, batchSquares, batchScatter);
            Tensor gap = batch.sub(means);
            Tensor total = Tensor.of(counts).add(Tensor.of(more)).maximum(1);
            Tensor weight = Tensor.of(counts).mul(Tensor.of(more)).div(total);
            return new Merged(means.add(gap.mul(Tensor.of(more).div(total).unsqueeze(1))), squares.add(batchSquares).add(gap.square().sum(1).mul(weight)),
                    scatter.add(batchScatter).add(gap.mul(weight.unsqueeze(1)).t().matmul(gap)));
        });
        means = merged.means().keep();
        squares = merged.squares().keep();
        scatter = merged.scatter().keep();
        for (int c = 0; c < counts.length; c++) counts[c] += more[c];
        return this;
    }

    private void check(Tensor x, Tensor y) {
        if (x.rank() != 2 || y.rank() != 1 || x.dim(0) != y.dim(0)) throw new IllegalArgumentException("ClassStatistics: x is " + x.shape() + ", y is " + y.shape() + ", expected (n, d) and (n)");
        if (means != null && means.dim(1) != x.dim(1)) throw new IllegalArgumentException("ClassStatistics: x is " + x.shape() + ", the features before had " + means.dim(1) + " columns");
        for (int label : y.toInts()) {
            if (label < 0 || label >= counts.length) throw new IllegalArgumentException("ClassStatistics: a label is " + label + ", expected 0.." + (counts.length - 1));
        }
    }

    /** Examples of each class. */
    public double[] counts() {
        return counts.clone();
    }

    /** Class means (K, d); every class must have been seen. */
    public Tensor means() {
        for (int c = 0; c < counts.length; c++) if (counts[c] == 0) throw new IllegalStateException("ClassStatistics: class " + c + " has no example");
        return means;
    }

    /** The mean (d) of all examples. */
    public Tensor mean() {
        Tensor n = Tensor.of(counts);
        return n.matmul(means()).div(Arrays.stream(counts).sum());
    }

    /** {@code mu_c - mu_G} (K, d). */
    public Tensor centredMeans() {
        return means().sub(mean());
    }

    /** {@code s_c^2}: mean squared distance of a class's examples from its mean (K). */
    public Tensor variances() {
        means();
        return squares.div(Tensor.of(counts));
    }

    /** {@code Sigma_W = 1/N sum_i (x_i - mu_c)(x_i - mu_c)^T} (d, d). */
    public Tensor within() {
        means();
        return scatter.div(Arrays.stream(counts).sum());
    }

    /** {@code Sigma_B = 1/K sum_c (mu_c - mu_G)(mu_c - mu_G)^T} (d, d), all classes alike. */
    public Tensor between() {
        Tensor m = centredMeans();
        return m.t().matmul(m).div(counts.length);
    }
}
