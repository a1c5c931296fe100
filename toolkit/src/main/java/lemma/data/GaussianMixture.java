package lemma.data;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import lemma.train.Batch;

/**
 * Classes that are Gaussian with one common spread, {@code x | y ~ N(mu_y, sigma^2 I)}, y uniform: a problem whose class probabilities are
 * known, {@code p(y | x) = softmax_y(-|x - mu_y|^2 / (2 sigma^2))}.
 *
 * @param means (classes, d) FLOAT64
 * @param sigma standard deviation in every direction
 */
public record GaussianMixture(Tensor means, double sigma) {
    public GaussianMixture {
        if (means.rank() != 2 || means.dim(0) < 2) throw new IllegalArgumentException("GaussianMixture: means are " + means.shape() + ", expected (classes, d) with at least 2 classes");
        if (!(sigma > 0 && Double.isFinite(sigma))) throw new IllegalArgumentException("GaussianMixture: sigma is " + sigma + ", expected above 0");
        means = means.to(DType.FLOAT64);
    }

    /** Means drawn from a standard normal distribution in d dimensions. */
    public static GaussianMixture random(int classes, int d, double sigma, long seed) {
        return new GaussianMixture(Random.seed(seed).normal(Shape.of(classes, d), DType.FLOAT64), sigma);
    }

    /** Means on a circle in the plane. */
    public static GaussianMixture circle(int classes, double radius, double sigma) {
        double[][] mu = new double[classes][2];
        for (int k = 0; k < classes; k++) mu[k] = new double[] {radius * Math.cos(2 * Math.PI * k / classes), radius * Math.sin(2 * Math.PI * k / classes)};
        return new GaussianMixture(Tensor.of(mu), sigma);
    }

    /** n inputs (n, d) FLOAT32 and their classes (n) INT64. */
    public Batch sample(int n, Random random) {
        Tensor y = random.integers(0, means.dim(0), n);
        Tensor x = means.indexSelect(0, y).add(random.normal(Shape.of(n, means.dim(1)), DType.FLOAT64).mul(sigma));
        return new Batch(x.to(DType.FLOAT32), y);
    }

    /** {@code p(y | x)}: x (n, d) to (n, classes) FLOAT64. */
    public Tensor posterior(Tensor x) {
        if (x.rank() != 2 || x.dim(1) != means.dim(1)) throw new IllegalArgumentException("GaussianMixture: x is " + x.shape() + ", expected (n, " + means.dim(1) + ")");
        Tensor z = x.to(DType.FLOAT64);
        // |x|^2 is the same for all classes
        return z.matmul(means.t()).sub(means.square().sum(1).mul(0.5)).div(sigma * sigma).softmax(-1);
    }

    /** Error of the best classifier, {@code E[1 - max p(y | x)]}, from n draws. */
    public double bayesError(int n, long seed) {
        return 1 - posterior(sample(n, Random.seed(seed)).x()).max(1).mean().item();
    }
}
