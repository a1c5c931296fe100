package lemma.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.hipparchus.linear.EigenDecompositionSymmetric;

/**
 * Extreme eigenvalues and the spectral density of a {@link SymmetricOperator} by the Lanczos process: an orthonormal basis of
 * {@code v, A v, A^2 v, ...} in which A is tridiagonal. Every basis vector is made orthogonal to all before it, twice, so that no copies of
 * eigenvalues appear; m steps keep m vectors and take m products.
 *
 * @see <a href="https://doi.org/10.1137/1.9781611971163">Saad (2011), Numerical methods for large eigenvalue problems, algorithm 6.15</a>
 */
public final class Lanczos {
    private static final int CHECK_EVERY = 5;

    private final SymmetricOperator a;
    private final Random random;
    private final List<double[]> basis = new ArrayList<>();
    private final List<Double> diagonal = new ArrayList<>();
    private final List<Double> offDiagonal = new ArrayList<>();
    private double[] next;
    private double nextLength;

    private Lanczos(SymmetricOperator a, Random random) {
        this.a = a;
        this.random = random;
    }

    /**
     * @param tolerance residual {@code |A x - lambda x|} of a pair, relative to the largest |lambda| found, at which it is taken as converged
     * @param maxProducts limit on products with the operator, and on the vectors kept
     */
    public record Options(double tolerance, int maxProducts) {
        /** Tolerance 1e-8, at most 300 products. */
        public static final Options DEFAULT = new Options(1e-8, 300);

        public Options {
            if (!(tolerance > 0)) throw new IllegalArgumentException("Lanczos: tolerance is " + tolerance + ", expected above 0");
            if (maxProducts < 1) throw new IllegalArgumentException("Lanczos: maxProducts is " + maxProducts + ", expected at least 1");
        }
    }

    /**
     * Eigenvalues and eigenvectors.
     *
     * @param values eigenvalues, the outermost first
     * @param vectors FLOAT64 (k, n), one of length 1 in each row
     * @param residuals {@code |A x - lambda x|} of each pair, as the process estimates it
     * @param products products with the operator
     * @param converged whether every residual is within the tolerance
     */
    public record Eigen(double[] values, Tensor vectors, double[] residuals, int products, boolean converged) {}

    /** The k algebraically largest eigenvalues, descending. */
    public static Eigen largest(SymmetricOperator a, int k, Random random) {
        return largest(a, k, random, Options.DEFAULT);
    }

    /** The k algebraically largest eigenvalues, descending. */
    public static Eigen largest(SymmetricOperator a, int k, Random random, Options options) {
        return new Lanczos(a, random).extremes(k, true, options);
    }

    /** The k algebraically smallest eigenvalues, ascending. */
    public static Eigen smallest(SymmetricOperator a, int k, Random random, Options options) {
        return new Lanczos(a, random).extremes(k, false, options);
    }

    private Eigen extremes(int k, boolean largest, Options options) {
        if (k < 1 || k > a.size()) throw new IllegalArgumentException("Lanczos: k is " + k + ", expected 1 to " + a.size());
        if (options.maxProducts() < k) throw new IllegalArgumentException("Lanczos: maxProducts is " + options.maxProducts() + ", expected at least k = " + k);
        start();
        int most = Math.min(a.size(), options.maxProducts());
        while (true) {
            step();
            int m = basis.size();
            boolean last = m == most;
            if (!last && (m < k || m % CHECK_EVERY != 0)) continue;
            Ritz ritz = ritz();
            int[] order = IntStream.range(0, m).boxed().sorted((i, j) -> (largest ? -1 : 1) * Double.compare(ritz.values[i], ritz.values[j])).limit(k).mapToInt(i -> i).toArray();
            double[] residuals = Arrays.stream(order).mapToDouble(i -> m == a.size() ? 0 : nextLength * Math.abs(ritz.vectors[i][m - 1])).toArray();
            double scale = Arrays.stream(ritz.values).map(Math::abs).max().orElseThrow();
            boolean converged = Arrays.stream(residuals).allMatch(r -> r <= options.tolerance() * scale);
            if (converged || last) return new Eigen(Arrays.stream(order).mapToDouble(i -> ritz.values[i]).toArray(), vectors(ritz, order), residuals, m, converged);
        }
    }

    private Tensor vectors(Ritz ritz, int[] order) {
        double[][] x = new double[order.length][a.size()];
        for (int r = 0; r < order.length; r++) {
            for (int j = 0; j < basis.size(); j++) SymmetricOperator.axpy(ritz.vectors[order[r]][j], basis.get(j), x[r]);
        }
        return Tensor.of(x);
    }

    /** Eigenvalues of the tridiagonal matrix and its eigenvectors in rows. */
    private record Ritz(double[] values, double[][] vectors) {}

    private Ritz ritz() {
        int m = basis.size();
        double[] main = diagonal.stream().mapToDouble(x -> x).toArray();
        if (m == 1) return new Ritz(main, new double[][] {{1}});
        double[] off = offDiagonal.stream().limit(m - 1).mapToDouble(x -> x).toArray();
        EigenDecompositionSymmetric e = new EigenDecompositionSymmetric(main, off);
        return new Ritz(e.getEigenvalues(), IntStream.range(0, m).mapToObj(i -> e.getEigenvector(i).toArray()).toArray(double[][]::new));
    }

    private void start() {
        next = random.normal(Shape.of(a.size()), DType.FLOAT64).toDoubles();
        nextLength = SymmetricOperator.norm(next);
    }

    /** One more basis vector, its product, and the next row of the tridiagonal matrix. */
    private void step() {
        double[] v = SymmetricOperator.scaled(next, 1 / nextLength);
        basis.add(v);
        double[] w = a.apply(v);
        double alpha = SymmetricOperator.dot(w, v);
        if (!Double.isFinite(alpha)) throw new ArithmeticException("Lanczos: product " + basis.size() + " with the operator is not finite (v^T A v = " + alpha + ")");
        diagonal.add(alpha);
        double before = SymmetricOperator.norm(w);
        orthogonalise(w);
        double beta = SymmetricOperator.norm(w);
        boolean invariant = beta <= 1e-13 * Math.max(before, Math.abs(diagonal.getFirst()));
        offDiagonal.add(invariant ? 0 : beta);
        if (invariant && basis.size() < a.size()) restart();
        else {
            next = w;
            nextLength = beta;
        }
    }

    /** What has been spanned so far maps into itself: goes on with a random direction outside it. */
    private void restart() {
        start();
        orthogonalise(next);
        nextLength = SymmetricOperator.norm(next);
    }

    private void orthogonalise(double[] w) {
        for (int pass = 0; pass < 2; pass++) {
            for (double[] b : basis) SymmetricOperator.axpy(-SymmetricOperator.dot(b, w), b, w);
        }
    }

    // ---- the whole spectrum, roughly ----

    /**
     * The spectral density {@code sum_i delta(x - lambda_i) / n}, by stochastic Lanczos quadrature: for each of {@code probes} random vectors,
     * the eigenvalues of the tridiagonal matrix after {@code steps} steps, weighted with the squares of the first elements of its
     * eigenvectors. Moments up to {@code 2 steps - 1} are exact for each probe.
     *
     * @see <a href="https://arxiv.org/abs/1901.10159">Ghorbani, Krishnan, Xiao (2019), An investigation into neural net optimization via Hessian eigenvalue density, algorithm 1</a>
     */
    public static SpectralDensity density(SymmetricOperator a, int probes, int steps, Random random) {
        if (probes < 1 || steps < 1) throw new IllegalArgumentException("Lanczos: probes " + probes + ", steps " + steps + ", expected at least 1");
        int m = Math.min(steps, a.size());
        double[][] nodes = new double[probes][];
        double[][] weights = new double[probes][];
        for (int p = 0; p < probes; p++) {
            Lanczos process = new Lanczos(a, random);
            process.start();
            for (int i = 0; i < m; i++) process.step();
            Ritz ritz = process.ritz();
            nodes[p] = ritz.values;
            weights[p] = Arrays.stream(ritz.vectors).mapToDouble(v -> v[0] * v[0]).toArray();
        }
        return new SpectralDensity(nodes, weights);
    }

    /**
     * Weighted points for each probe.
     *
     * @param nodes eigenvalue estimates, a row for each probe
     * @param weights their weights, which sum to 1 in each row
     */
    public record SpectralDensity(double[][] nodes, double[][] weights) {
        /** The density at each of {@code x}, every point widened to a normal of standard deviation {@code sigma}. */
        public double[] at(double[] x, double sigma) {
            if (!(sigma > 0)) throw new IllegalArgumentException("SpectralDensity: sigma is " + sigma + ", expected above 0");
            return Arrays.stream(x).map(at -> mean(node -> Math.exp(-0.5 * (at - node) * (at - node) / (sigma * sigma)) / (sigma * Math.sqrt(2 * Math.PI)))).toArray();
        }

        /** {@code trace(A^k) / n}. */
        public double moment(int k) {
            return mean(node -> Math.pow(node, k));
        }

        /** {@code trace(f(A)) / n}. */
        public double mean(DoubleUnaryOperator f) {
            double sum = 0;
            for (int p = 0; p < nodes.length; p++) for (int i = 0; i < nodes[p].length; i++) sum += weights[p][i] * f.applyAsDouble(nodes[p][i]);
            return sum / nodes.length;
        }
    }
}
