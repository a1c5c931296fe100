package lemma.autodiff;

import lemma.tensor.DType;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * Solves {@code A x = b} for a positive definite {@link SymmetricOperator}, such as a damped Gauss-Newton matrix, by conjugate gradients.
 *
 * @see <a href="https://doi.org/10.6028/jres.049.044">Hestenes, Stiefel (1952), Methods of conjugate gradients for solving linear systems</a>
 */
public final class ConjugateGradient {
    private ConjugateGradient() {}

    /**
     * @param x the solution, FLOAT64
     * @param residual {@code |b - A x|} as the recurrence has it
     * @param iterations products with the operator
     * @param converged whether the residual is within the tolerance
     */
    public record Result(Tensor x, double residual, int iterations, boolean converged) {}

    /**
     * From 0 until {@code |b - A x| <= tolerance |b|} or {@code maxIterations} products.
     *
     * @throws ArithmeticException if a direction has curvature {@code d^T A d <= 0}: A is not positive definite; add a shift with
     *     {@link SymmetricOperator#plus}
     */
    public static Result solve(SymmetricOperator a, Tensor b, double tolerance, int maxIterations) {
        if (!b.shape().equals(Shape.of(a.size()))) throw new IllegalArgumentException("ConjugateGradient: b is " + b.shape() + ", expected [" + a.size() + "]");
        if (!(tolerance > 0) || maxIterations < 1) throw new IllegalArgumentException("ConjugateGradient: tolerance " + tolerance + ", maxIterations " + maxIterations + ", expected above 0");
        double[] x = new double[a.size()];
        double[] r = b.to(DType.FLOAT64).toDoubles();
        double[] d = r.clone();
        double square = SymmetricOperator.dot(r, r);
        double goal = tolerance * tolerance * square;
        int i = 0;
        for (; square > goal && i < maxIterations; i++) {
            double[] product = a.apply(d);
            double curvature = SymmetricOperator.dot(d, product);
            if (!(curvature > 0)) throw new ArithmeticException("ConjugateGradient: the curvature along direction " + i + " is " + curvature + ", so the operator is not positive definite; add a shift with plus(...)");
            double step = square / curvature;
            SymmetricOperator.axpy(step, d, x);
            SymmetricOperator.axpy(-step, product, r);
            double before = square;
            square = SymmetricOperator.dot(r, r);
            for (int k = 0; k < d.length; k++) d[k] = r[k] + square / before * d[k];
        }
        return new Result(Tensor.of(x), Math.sqrt(square), i, square <= goal);
    }
}
