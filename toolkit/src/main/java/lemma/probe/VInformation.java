package lemma.probe;

import lemma.linalg.Linalg;
import lemma.tensor.DType;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * V-information, what a family of predictors can use: with linear predictors and Gaussian noise
 * {@code I_V(x -> z) = H_V(z) - H_V(z | x) = -1/2 log(1 - R^2)} in nats, R^2 that of a ridge regression of z on x with an intercept. Equals the mutual
 * information for jointly Gaussian x and z, and is less otherwise. Assumes independent examples and noise of the same size everywhere.
 *
 * @param rSquared on the data asked for, in (-infinity, 1]
 * @see <a href="https://arxiv.org/abs/2002.10689">Xu, Zhao, Song, Stewart, Ermon (2020), A Theory of Usable Information under Computational Constraints</a>
 */
public record VInformation(double rSquared) {
    /** In nats; 0 where the predictors do no better than the mean, infinity where they are exact. */
    public double nats() {
        return rSquared <= 0 ? 0 : -0.5 * Math.log1p(-rSquared);
    }

    /**
     * Fitted and measured on the same rows.
     *
     * @param x (n, d)
     * @param z (n)
     * @param ridge {@code lambda >= 0} of {@code |z - x w - b|^2 + lambda |w|^2}
     */
    public static VInformation linear(Tensor x, Tensor z, double ridge) {
        return linear(x, z, x, z, ridge);
    }

    /** Fitted on x, z and measured on others, so that chance does not count. Time O(n d^2 + d^3). */
    public static VInformation linear(Tensor x, Tensor z, Tensor testX, Tensor testZ, double ridge) {
        if (!(ridge >= 0)) throw new IllegalArgumentException("VInformation: ridge is " + ridge + ", expected at least 0");
        return Scope.run(() -> {
            Tensor a = Features.of("VInformation", x);
            Tensor target = target(x, z);
            Tensor mean = a.mean(0);
            Tensor c = a.sub(mean);
            double level = target.mean().item();
            Tensor moments = c.t().matmul(c).add(Tensor.eye(x.dim(1), DType.FLOAT64).mul(ridge));
            Tensor w = Linalg.solve(moments, c.t().matmul(target.sub(level)));
            Tensor truth = target(testX, testZ);
            Tensor guess = Features.of("VInformation", testX).sub(mean).matmul(w).add(level);
            double spread = truth.sub(truth.mean()).square().sum().item();
            if (spread == 0) throw new IllegalArgumentException("VInformation: z is constant, there is nothing to know about it");
            return new VInformation(1 - truth.sub(guess).square().sum().item() / spread);
        });
    }

    private static Tensor target(Tensor x, Tensor z) {
        if (z.rank() != 1 || x.rank() != 2 || z.dim(0) != x.dim(0)) throw new IllegalArgumentException("VInformation: x is " + x.shape() + ", z is " + z.shape() + ", expected (n, d) and (n)");
        return Features.of("VInformation", z.unsqueeze(1)).squeeze(1);
    }
}
