package lemma.probe;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import lemma.loss.Losses;
import lemma.nn.Params;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.hipparchus.analysis.solvers.BrentSolver;

/**
 * The deep linear network on free features whose last layer has a bias, for classes of one size:
 * {@code min mean loss(H W_1^T ... W_M^T + 1 b^T, Y) + sum_j lambda_j/2 |W_j|^2 + lambda_H/2 |H|^2}. {@link DeepLinearFeatures} is the squared loss without bias.
 *
 * <p>Among outputs {@code a (I - 11^T/K)} for the K classes, n examples each, a simplex frame whose right logit is ahead by the gap a, the best costs
 * {@code l(a) + (K - 1) (M + 1)/2 (lambda_H prod_j lambda_j)^(1/(M+1)) (a sqrt n)^(2/(M+1))}, and K - 1 singular values of the outputs are {@code a sqrt n}.
 * This is the global minimum for the squared error and, with one layer, for cross-entropy. With cross-entropy and two layers or more it is a local minimum
 * that outputs of lower rank can undercut (Garrod and Keating).
 *
 * @param loss of an example
 * @param classes K, at least 2
 * @param each n, examples of a class
 * @param weightDecay {@code lambda_1..lambda_M}, all above 0
 * @param featureDecay {@code lambda_H}, above 0
 * @see <a href="https://arxiv.org/abs/2301.00437">Dang et al. (2023), Neural Collapse in Deep Linear Networks: From Balanced to Imbalanced Data</a>
 * @see <a href="https://arxiv.org/abs/2410.23169">Garrod, Keating (2025), The Persistence of Neural Collapse Despite Low-Rank Bias</a>
 */
public record SimplexFeatures(Loss loss, int classes, int each, double[] weightDecay, double featureDecay) {
    private static final int GRID = 4000;

    /** Loss of an example, in terms of the gap where the outputs are a simplex. */
    public enum Loss {
        /** {@code -log softmax(z)_y}; of a gap a {@code log(1 + (K - 1) exp(-a))}. */
        CROSS_ENTROPY {
            @Override
            double ofGap(double a, int classes) {
                return Math.log1p((classes - 1) * Math.exp(-a));
            }

            @Override
            double slope(double a, int classes) {
                return -1 / (1 + Math.exp(a) / (classes - 1));
            }

            @Override
            Tensor of(Tensor outputs, Tensor labels) {
                return Losses.crossEntropy(outputs, labels);
            }
        },
        /** {@code |z - onehot(y)|^2 / 2}; of a gap a {@code (a - 1)^2 (K - 1) / (2 K)}. */
        SQUARED_ERROR {
            @Override
            double ofGap(double a, int classes) {
                return (a - 1) * (a - 1) * (classes - 1) / (2.0 * classes);
            }

            @Override
            double slope(double a, int classes) {
                return (a - 1) * (classes - 1) / classes;
            }

            @Override
            Tensor of(Tensor outputs, Tensor labels) {
                return outputs.sub(labels.oneHot(outputs.dim(1))).square().sum(1).mean().div(2);
            }
        };

        abstract double ofGap(double a, int classes);

        abstract double slope(double a, int classes);

        abstract Tensor of(Tensor outputs, Tensor labels);
    }

    public SimplexFeatures {
        if (classes < 2 || each < 1) throw new IllegalArgumentException("SimplexFeatures: " + classes + " classes of " + each + ", expected at least 2 of 1 or more");
        if (weightDecay.length < 1 || !(Arrays.stream(weightDecay).min().orElse(0) > 0)) throw new IllegalArgumentException("SimplexFeatures: weight decay is " + Arrays.toString(weightDecay) + ", expected one above 0 for each layer");
        if (!(featureDecay > 0)) throw new IllegalArgumentException("SimplexFeatures: feature decay is " + featureDecay + ", expected above 0");
    }

    /** M. */
    public int layers() {
        return weightDecay.length;
    }

    /** Class of each row of the features: n zeros, n ones, ... */
    public Tensor labels() {
        return Tensor.arange(classes).to(DType.INT64).repeatInterleave(each, 0);
    }

    /** a of the best simplex, 0 where decay leaves nothing of it. */
    public double gap() {
        double[] a = IntStream.rangeClosed(0, GRID).mapToDouble(i -> i == 0 ? 0 : Math.pow(10, -4 + 6.0 * i / GRID)).toArray();
        int best = IntStream.range(0, GRID).boxed().min((i, j) -> Double.compare(ofGap(a[i]), ofGap(a[j]))).orElseThrow();
        if (best == 0) return 0;
        return new BrentSolver(1e-15).solve(1000, this::slope, a[best - 1], a[best + 1]);
    }

    /** The objective of the best simplex. */
    public double objective() {
        return ofGap(gap());
    }

    /** Singular values of the outputs without the bias, descending: K - 1 times {@code a sqrt n}, then 0. */
    public double[] singularValues() {
        double s = gap() * Math.sqrt(each);
        return IntStream.range(0, classes).mapToDouble(k -> k < classes - 1 ? s : 0).toArray();
    }

    private double ofGap(double a) {
        return loss.ofGap(a, classes) + (classes - 1) * stack().penalty(a * Math.sqrt(each));
    }

    private double slope(double a) {
        return loss.slope(a, classes) + (classes - 1) * stack().cost() * Math.sqrt(each) * Math.pow(a * Math.sqrt(each), 2.0 / (layers() + 1) - 1);
    }

    private FreeLinearLayers stack() {
        return new FreeLinearLayers(classes * each, classes, weightDecay, featureDecay);
    }

    /**
     * Where L-BFGS ends from {@code starts} random points in weights, bias and features, the lowest end first. The outputs of a solution are without the bias.
     *
     * @param width d, at least K
     */
    public List<DeepLinearFeatures.Solution> solve(int width, int starts, Random random) {
        if (width < classes || starts < 1) throw new IllegalArgumentException("SimplexFeatures.solve: width " + width + " and " + starts + " starts, expected a width of at least " + classes + " and a start");
        Tensor y = labels();
        return stack().ends((z, p) -> loss.of(z.add(p.get("b")), y), Params.of("b", Tensor.zeros(classes).to(DType.FLOAT64)), width, starts, random);
    }
}
