package lemma.probe;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import lemma.linalg.Linalg;
import lemma.nn.Params;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * The deep linear network on free features with squared loss and no bias:
 * {@code min 1/(2N) |H W_1^T ... W_M^T - Y|^2 + sum_j lambda_j/2 |W_j|^2 + lambda_H/2 |H|^2}, Y one-hot (N, K), n_k examples of class k,
 * all widths at least K. The rows of H (N, d) are free, as if the layers before could put the features anywhere.
 *
 * <p>It decouples: {@code z_k = argmin_z>=0 (z - sqrt(n_k))^2 / (2N) + (M + 1)/2 (lambda_H prod_j lambda_j)^(1/(M+1)) z^(2/(M+1))} is the singular value
 * of the outputs that belongs to class k, and the optimum is the sum of the K minima. Class directions are orthogonal, and
 * a small class vanishes; time O(K) but for the solver, which follows L-BFGS. For M = 1, {@code z_k = max(0, sqrt(n_k) - N sqrt(lambda_W lambda_H))}, 0 when {@code n_k <= N^2 lambda_W lambda_H}.
 *
 * @param classSizes n_k, at least 1 each
 * @param weightDecay {@code lambda_1..lambda_M}, all above 0
 * @param featureDecay {@code lambda_H}, above 0
 * @see <a href="https://arxiv.org/abs/2301.00437">Dang et al. (2023), Neural Collapse in Deep Linear Networks: From Balanced to Imbalanced Data, theorems 3.1, 3.2 and 4.1</a>
 */
public record DeepLinearFeatures(int[] classSizes, double[] weightDecay, double featureDecay) {
    public DeepLinearFeatures {
        if (classSizes.length < 2 || Arrays.stream(classSizes).min().orElseThrow() < 1) throw new IllegalArgumentException("DeepLinearFeatures: class sizes are " + Arrays.toString(classSizes) + ", expected at least two, each 1 or more");
        if (weightDecay.length < 1 || !(Arrays.stream(weightDecay).min().orElse(0) > 0)) throw new IllegalArgumentException("DeepLinearFeatures: weight decay is " + Arrays.toString(weightDecay) + ", expected one above 0 for each layer");
        if (!(featureDecay > 0)) throw new IllegalArgumentException("DeepLinearFeatures: feature decay is " + featureDecay + ", expected above 0");
    }

    /** N. */
    public int examples() {
        return Arrays.stream(classSizes).sum();
    }

    /** M. */
    public int layers() {
        return weightDecay.length;
    }

    /** {@code z_k} of the global minimum, in the order of the classes. */
    public double[] singularValues() {
        return Arrays.stream(classSizes).mapToDouble(this::singularValue).toArray();
    }

    /** The global minimum of the objective. */
    public double minimum() {
        return Arrays.stream(classSizes).mapToDouble(n -> ofClass(n, singularValue(n))).sum();
    }

    /** Squared norm of each class's row of W_M: {@code (lambda_H prod_j lambda_j)^(1/(M+1)) z_k^(2/(M+1)) / lambda_M}. */
    public double[] weightNormsSquared() {
        return Arrays.stream(singularValues()).map(z -> cost() * Math.pow(z, 2.0 / (layers() + 1)) / weightDecay[layers() - 1]).toArray();
    }

    /** The largest class size (not an integer in general) that the minimum of one layer gives up: {@code N^2 lambda_W lambda_H}. */
    public double switchOffSize() {
        if (layers() != 1) throw new IllegalStateException("DeepLinearFeatures.switchOffSize: known for one layer, here are " + layers());
        return Math.pow(examples(), 2) * weightDecay[0] * featureDecay;
    }

    private FreeLinearLayers stack() {
        return new FreeLinearLayers(examples(), classSizes.length, weightDecay, featureDecay);
    }

    private double cost() {
        return stack().cost();
    }

    private double ofClass(int n, double z) {
        return Math.pow(z - Math.sqrt(n), 2) / (2 * examples()) + stack().penalty(z);
    }

    /** The larger root of {@code (z - sqrt n) / N + c z^(2/(M+1) - 1) = 0}, or 0 where that is better or the only one. */
    private double singularValue(int n) {
        double power = 2.0 / (layers() + 1) - 1;
        double top = Math.sqrt(n);
        if (layers() == 1) return Math.max(0, top - examples() * cost());
        double turn = Math.pow(-power * cost() * examples(), 1 / (1 - power)); // the slope is smallest here
        double low = turn;
        double high = top;
        if (!(low < high) || slope(low, top, power) >= 0) return 0;
        while (high - low > 1e-15 * top) {
            double middle = (low + high) / 2;
            if (middle == low || middle == high) break;
            if (slope(middle, top, power) < 0) low = middle;
            else high = middle;
        }
        return ofClass(n, high) < ofClass(n, 0) ? high : 0;
    }

    private double slope(double z, double top, double power) {
        return (z - top) / examples() + cost() * Math.pow(z, power);
    }

    /** One-hot targets (N, K), class after class. */
    public Tensor targets() {
        return Tensor.of(labels()).oneHot(classSizes.length).to(DType.FLOAT64);
    }

    /** Class of each row: n_0 zeros, n_1 ones, ... */
    public int[] labels() {
        return IntStream.range(0, classSizes.length).flatMap(k -> IntStream.generate(() -> k).limit(classSizes[k])).toArray();
    }

    /**
     * What an optimiser found.
     *
     * @param weights {@code W_1 (d, d), ..., W_M (K, d)}
     * @param features H (N, d)
     * @param objective its value
     */
    public record Solution(List<Tensor> weights, Tensor features, double objective) {
        /** {@code H W_1^T ... W_l^T}, for l = 0 the features: (N, d), for l = M (N, K). */
        public Tensor activations(int l) {
            Tensor z = features;
            for (int j = 0; j < l; j++) z = z.matmul(weights.get(j).t());
            return z;
        }

        /** Singular values of the outputs, descending. */
        public double[] singularValues() {
            return Scope.run(() -> Linalg.svdvals(activations(weights.size()))).toDoubles();
        }

        /** {@code W_M}, one row a class. */
        public Tensor classifier() {
            return weights.getLast();
        }
    }

    /**
     * The best of {@code starts} L-BFGS runs on the weights and the features from random points of three scales. With two layers and more a class
     * may fall into the local minimum at 0, the sooner the more layers and the smaller the class: one start is enough for one layer, three
     * layers and uneven classes take dozens.
     *
     * @param width d, at least K
     */
    public Solution solve(int width, int starts, Random random) {
        if (width < classSizes.length || starts < 1) throw new IllegalArgumentException("DeepLinearFeatures.solve: width " + width + " and " + starts + " starts, expected a width of at least " + classSizes.length + " and a start");
        Tensor y = targets();
        return stack().ends((z, p) -> z.sub(y).square().sum().div(2.0 * examples()), Params.EMPTY, width, starts, random).getFirst();
    }
}
