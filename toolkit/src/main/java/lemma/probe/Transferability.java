package lemma.probe;

import java.util.Arrays;
import lemma.linalg.Linalg;
import lemma.tensor.DType;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/** Scores that say, without training, how well features (n, d) of the examples of a new task serve for its classes y (n); the larger the better. */
public final class Transferability {
    private static final int ROUNDS = 11;
    private static final double TOLERANCE = 1e-3;
    private static final double FLOOR = 1e-5;

    private Transferability() {}

    /**
     * LogME: the logarithm of the maximum evidence of a Bayesian linear model {@code y = f.w + noise}, {@code w ~ N(0, I / alpha)}, noise of
     * precision beta, in nats an example, averaged over the one-hot targets of the classes. alpha and beta come from MacKay's fixed point, at most
     * 11 rounds as in the authors' code. For features of lower rank than d the evidence is that of all d weights. Time O(n d min(n, d)).
     *
     * @throws IllegalArgumentException if shapes do not fit, a class has no example or a number is not finite
     * @see <a href="https://arxiv.org/abs/2102.11005">You, Liu, Wang, Long (2021), LogME: Practical Assessment of Pre-trained Models for Transfer Learning, algorithm 1</a>
     */
    public static double logMe(Tensor features, Tensor y) {
        return Scope.run(() -> {
            Tensor f = Features.of("LogMe", features);
            int[] labels = Features.labels("LogMe", y, f.dim(0), 1);
            Linalg.Svd svd = Linalg.svd(f);
            double[] squares = svd.s().square().toDoubles();
            int classes = Arrays.stream(labels).max().orElseThrow() + 1;
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                int k = c;
                double[] target = Arrays.stream(labels).mapToDouble(l -> l == k ? 1 : 0).toArray();
                double[] along = svd.u().t().matmul(Tensor.of(target)).square().toDoubles();
                sum += evidence(squares, along, Arrays.stream(target).sum(), f.dim(0), f.dim(1));
            }
            return sum / classes;
        });
    }

    /** @param along squared components of the target along the left singular vectors; @param total its squared length */
    private static double evidence(double[] squares, double[] along, double total, int n, int d) {
        double outside = total - Arrays.stream(along).sum();
        double alpha = 1;
        double beta = 1;
        double weights = 0;
        double residual = 0;
        for (int round = 0; round < ROUNDS; round++) {
            double t = alpha / beta;
            double gamma = 0;
            weights = 0;
            residual = outside;
            for (int i = 0; i < squares.length; i++) {
                gamma += squares[i] / (squares[i] + t);
                weights += squares[i] * along[i] / Math.pow(t + squares[i], 2);
                residual += along[i] / Math.pow(1 + squares[i] / t, 2);
            }
            alpha = gamma / (weights + FLOOR);
            beta = (n - gamma) / (residual + FLOOR);
            if (Math.abs(alpha / beta - t) / t <= TOLERANCE) break;
        }
        double log = 0.5 * (d * Math.log(alpha) + n * Math.log(beta) - beta * residual - alpha * weights - n * Math.log(2 * Math.PI));
        for (double s : squares) log -= 0.5 * Math.log(alpha + beta * s);
        return (log - 0.5 * (d - squares.length) * Math.log(alpha)) / n;
    }

    /**
     * H-score: {@code tr(cov(f)^+ cov(E[f | y]))}. Without units, at most the number of classes less one; with few examples a dimension it
     * comes out too high. Time O(n d^2 + d^3).
     *
     * @see <a href="https://arxiv.org/abs/2212.10082">Bao et al. (2019), An Information-Theoretic Approach to Transferability in Task Transfer Learning</a>
     */
    public static double hScore(Tensor features, Tensor y) {
        return Scope.run(() -> {
            Tensor f = Features.centred("HScore", features);
            int[] labels = Features.labels("HScore", y, f.dim(0), 1);
            Tensor means = ClassStatistics.of(f, y, Arrays.stream(labels).max().orElseThrow() + 1).means().indexSelect(0, y.to(DType.INT64));
            return Linalg.pinv(f.t().matmul(f)).mul(means.t().matmul(means)).sum().item();
        });
    }

    /**
     * LEEP: the mean log likelihood, in nats and at most 0, of the labels under {@code sum_z p(y | z) theta(x)_z}, where theta are the source
     * classifier's probabilities and {@code p(y | z)} their empirical joint with the labels. Assumes that the source's classes say something of the new ones. Time O(n source classes classes).
     *
     * @param theta (n, source classes), rows of sum 1
     * @see <a href="https://arxiv.org/abs/2002.12462">Nguyen, Hassner, Seeger, Archambeau (2020), LEEP</a>
     */
    public static double leep(Tensor theta, Tensor y) {
        return Scope.run(() -> {
            Tensor p = Features.of("Leep", theta);
            if (p.min().item() < 0 || p.sum(1).sub(1).abs().max().item() > 1e-4) throw new IllegalArgumentException("Leep: rows of theta " + theta.shape() + " are no probabilities; give those after the softmax");
            int[] labels = Features.labels("Leep", y, p.dim(0), 1);
            Tensor truth = Tensor.of(labels).oneHot(Arrays.stream(labels).max().orElseThrow() + 1).to(DType.FLOAT64);
            Tensor joint = p.t().matmul(truth);
            Tensor conditional = joint.div(joint.sumKeep(1).maximum(Double.MIN_NORMAL));
            return p.matmul(conditional).mul(truth).sum(1).log().mean().item();
        });
    }

    /**
     * NCE: {@code -H(Y | Z)} in nats, of the labels given the source classifier's labels z of the same examples. By counts, so too high for few examples. Time O(n).
     *
     * @see <a href="https://arxiv.org/abs/1908.08142">Tran, Nguyen, Hassner (2019), Transferability and Hardness of Supervised Classification Tasks</a>
     */
    public static double negativeConditionalEntropy(Tensor z, Tensor y) {
        double[][] joint = DiscreteInformation.counts(Features.labels("NegativeConditionalEntropy", z, z.dim(0), 0), Features.labels("NegativeConditionalEntropy", y, z.dim(0), 0));
        return (DiscreteInformation.entropy(DiscreteInformation.rowSums(joint)) - DiscreteInformation.jointEntropy(joint)) * Math.log(2);
    }

    /**
     * TMI: how much the features vary within the classes, {@code H(Z | Y)} in nats, by k-th neighbours, of features scaled as a whole to a mean
     * variance of one. The idea: features that have not collapsed on their old classes serve new ones. Noise has a large one too.
     *
     * @param k neighbour; the paper takes 3
     * @see <a href="https://arxiv.org/abs/2308.05986">Xu, Kang (2023), Fast and Accurate Transferability Measurement by Evaluating Intra-class Feature Variance</a>
     */
    public static double tmi(Tensor features, Tensor y, int k) {
        return Scope.run(() -> NearestNeighbourInformation.conditionalEntropy(scaled(features), y, k));
    }

    /** TMI with Gaussian classes, {@code sum_c n_c / n 1/2 log det(2 pi e (Sigma_c + ridge I))}, for many dimensions and few examples. */
    public static double tmiGaussian(Tensor features, Tensor y, double ridge) {
        return Scope.run(() -> {
            Tensor z = scaled(features);
            double sum = 0;
            for (int[] rows : ClassRows.of("Tmi", y, z.dim(0), 2)) sum += (double) rows.length / z.dim(0) * GaussianInformation.entropyOf(z.indexSelect(0, Tensor.of(rows)), ridge);
            return sum;
        });
    }

    /**
     * TMI as the authors' code has it, in nats: features as they are, distances by the largest difference of a coordinate, none counted below
     * {@code least}. So models whose features are small, or have collapsed, all come out at the same low value, and the scale of the
     * features counts. The code divides the sum by the number of classes, which changes no ranking and is left out here.
     *
     * @param least smallest distance that counts, in the units of the features; the code has 1
     * @see <a href="https://github.com/snudatalab/TMI">snudatalab/TMI, trf_measurement.py</a>
     */
    public static double tmi(Tensor features, Tensor y, int k, double least) {
        return Scope.run(() -> NearestNeighbourInformation.conditionalEntropy(Features.of("Tmi", features), y, k, least));
    }

    /**
     * TransRate: {@code R(Z) - sum_c n_c / n R(Z_c)} in nats, of centred features, where the coding rate {@code R(Z) = 1/2 log det(I + Z^T Z / (n eps))} is
     * the entropy of a Gaussian known to a precision of eps: about the mutual information of features and labels. It depends on the scale of
     * the features. Time O(n d^2 + classes d^3).
     *
     * @param eps squared distortion; the paper takes 1e-4
     * @see <a href="https://arxiv.org/abs/2106.09362">Huang, Huang, Rong, Yang, Wei (2022), Frustratingly Easy Transferability Estimation, eq. 2 and 3</a>
     */
    public static double transRate(Tensor features, Tensor y, double eps) {
        if (!(eps > 0)) throw new IllegalArgumentException("TransRate: eps is " + eps + ", expected above 0");
        return Scope.run(() -> {
            Tensor z = Features.centred("TransRate", features);
            double rate = codingRate(z, eps);
            for (int[] rows : ClassRows.of("TransRate", y, z.dim(0), 1)) rate -= (double) rows.length / z.dim(0) * codingRate(z.indexSelect(0, Tensor.of(rows)), eps);
            return rate;
        });
    }

    private static double codingRate(Tensor z, double eps) {
        Tensor inside = z.t().matmul(z).div(z.dim(0) * eps).add(Tensor.eye(z.dim(1), DType.FLOAT64));
        return Linalg.cholesky(inside).diagonal(0).log().sum().item();
    }

    private static Tensor scaled(Tensor features) {
        Tensor c = Features.centred("Tmi", features);
        return c.div(c.square().mean().sqrt());
    }
}
