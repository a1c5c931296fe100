package lemma.autodiff;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * The eigenvalue of largest magnitude by repeated multiplication, {@code v = A v / |A v|}. It needs no memory beyond two vectors;
 * {@link Lanczos} needs far fewer products.
 */
public final class PowerIteration {
    private PowerIteration() {}

    /**
     * @param value {@code v^T A v}
     * @param vector the eigenvector, FLOAT64 of length 1
     * @param residual {@code |A v - value v|}
     * @param iterations products with the operator
     * @param converged whether the residual is within the tolerance
     */
    public record Result(double value, Tensor vector, double residual, int iterations, boolean converged) {}

    /** Until {@code residual <= tolerance |value|} or {@code maxIterations} products. */
    public static Result dominant(SymmetricOperator a, Random random, double tolerance, int maxIterations) {
        if (!(tolerance > 0) || maxIterations < 1) throw new IllegalArgumentException("PowerIteration: tolerance " + tolerance + ", maxIterations " + maxIterations + ", expected above 0");
        double[] v = random.normal(Shape.of(a.size()), DType.FLOAT64).toDoubles();
        v = SymmetricOperator.scaled(v, 1 / SymmetricOperator.norm(v));
        for (int i = 1; ; i++) {
            double[] w = a.apply(v);
            double value = SymmetricOperator.dot(v, w);
            double length = SymmetricOperator.norm(w);
            double residual = Math.sqrt(Math.max(0, length * length - value * value));
            boolean converged = residual <= tolerance * Math.abs(value);
            if (!Double.isFinite(length)) throw new ArithmeticException("PowerIteration: product " + i + " with the operator is not finite");
            if (converged || length == 0 || i == maxIterations) return new Result(value, Tensor.of(v), residual, i, converged || length == 0);
            v = SymmetricOperator.scaled(w, 1 / length);
        }
    }
}
