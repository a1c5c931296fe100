package lemma.ntk;

import lemma.linalg.Linalg;
import lemma.tensor.Functional;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Classification into -1 and 1 with a latent Gaussian process of kernel K and the logistic likelihood {@code p(y | f) = 1 / (1 + e^(-y f))}, by Laplace's
 * approximation: a normal distribution around the most probable f, found by Newton's method.
 *
 * @see <a href="https://gaussianprocess.org/gpml/chapters/RW3.pdf">Rasmussen, Williams (2006), Gaussian processes for machine learning, algorithms 3.1 and 3.2</a>
 */
public final class GpClassification {
    private static final int STEPS = 100;
    private static final double TOLERANCE = 1e-7; // steps converge quadratically: the next is below rounding
    private static final GaussHermite RULE = GaussHermite.of(128);

    private final Tensor slope;
    private final Tensor root;
    private final Tensor cholesky;
    private final double evidence;

    private GpClassification(Tensor slope, Tensor root, Tensor cholesky, double evidence) {
        this.slope = slope;
        this.root = root;
        this.cholesky = cholesky;
        this.evidence = evidence;
    }

    /**
     * The posterior given y.
     *
     * @param kernel K on the training set (n, n)
     * @param y labels -1 or 1 (n)
     * @throws ArithmeticException if Newton's method does not converge in 100 steps
     */
    public static GpClassification of(Tensor kernel, Tensor y) {
        if (kernel.rank() != 2 || kernel.dim(0) != kernel.dim(1) || y.rank() != 1 || y.dim(0) != kernel.dim(0)) {
            throw new IllegalArgumentException("GpClassification: the kernel is " + kernel.shape() + ", y " + y.shape() + "; expected (n, n) and (n)");
        }
        if (y.abs().sub(1).abs().max().item() != 0) throw new IllegalArgumentException("GpClassification: labels from " + y.min().item() + " to " + y.max().item() + ", expected -1 and 1");
        Tensor f = y.zerosLike();
        for (int step = 0; step < STEPS; step++) {
            Newton at = step(kernel, y, f);
            double change = at.f.sub(f).abs().max().item();
            if (change <= TOLERANCE * Math.max(1, at.f.abs().max().item())) return at.result();
            f = at.f;
        }
        throw new ArithmeticException("GpClassification: Newton's method has not converged in " + STEPS + " steps; scale the kernel down");
    }

    /** A step to f; slope, root and Cholesky factor of {@code I + sqrt(W) K sqrt(W)} are those before it, the evidence that after it. */
    private record Newton(Tensor f, Tensor slope, Tensor root, Tensor cholesky, double evidence) {
        GpClassification result() {
            return new GpClassification(slope, root, cholesky, evidence);
        }
    }

    private static Newton step(Tensor kernel, Tensor y, Tensor f) {
        return Scope.run(() -> {
            Tensor p = f.sigmoid();
            Tensor slope = y.add(1).mul(0.5).sub(p);
            Tensor w = p.mul(p.rsub(1));
            Tensor root = w.sqrt();
            Tensor b = kernel.mul(root.unsqueeze(1)).mul(root).add(Tensor.eye(y.dim(0), y.dtype()).to(y.backend()));
            Tensor l = Linalg.cholesky(b);
            Tensor right = w.mul(f).add(slope);
            Tensor half = Linalg.solveTriangular(l, root.mul(kernel.matmul(right)).unsqueeze(1), false);
            Tensor a = right.sub(root.mul(Linalg.solveTriangular(l.t(), half, true).squeeze(1)));
            Tensor next = kernel.matmul(a);
            double evidence = -0.5 * a.mul(next).sum().item() + Functional.logSigmoid(y.mul(next)).sum().item() - l.diagonal(0).log().sum().item();
            return new Newton(next, slope, root, l, evidence);
        });
    }

    /** {@code log p(y)} in Laplace's approximation. */
    public double logMarginalLikelihood() {
        return evidence;
    }

    /** Mean and variance (m) of the latent function at m points, from K between them and the training set (m, n) and their variances (m). */
    public Latent latent(Tensor cross, Tensor variance) {
        return Scope.run(() -> {
            Tensor v = Linalg.solveTriangular(cholesky, cross.mul(root).t(), false);
            return new Latent(cross.matmul(slope), variance.sub(v.square().sum(0)));
        });
    }

    /** Normal distributions of single points. */
    public record Latent(Tensor mean, Tensor variance) {}

    /** The probability of class 1 (m): the mean of the logistic function over the latent one, by quadrature with 128 nodes. */
    public Tensor probability(Tensor cross, Tensor variance) {
        return Scope.run(() -> {
            Latent f = latent(cross, variance);
            Tensor nodes = Tensor.of(RULE.nodes());
            Tensor places = f.mean.unsqueeze(1).add(f.variance.maximum(0).sqrt().unsqueeze(1).mul(nodes.to(f.mean.dtype())));
            return places.sigmoid().matmul(Tensor.of(RULE.weights()).to(f.mean.dtype()));
        });
    }
}
