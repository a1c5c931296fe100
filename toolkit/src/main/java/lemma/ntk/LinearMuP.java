package lemma.ntk;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * A linear network of one hidden layer in the maximal-update parametrisation, {@code f(x) = v^T U x / n} with standard normal {@code U (n, d), v (n, k)}, trained by
 * {@code U -= eta v chi x^T, v -= eta U x chi^T} with {@code chi = dL/df} (means over the batch). All of U and v stays in the span of their initial columns
 * Z, and {@code Z^T Z / n -> I}: so the limit of infinite width is the same recursion on a network of width {@code d + k} that starts at unit vectors.
 *
 * @param u (rows, d): U, or its coefficients M in the limit
 * @param v (rows, k): v, or its coefficients N in the limit
 * @param scale what {@code v^T U} is divided by: n, or 1 in the limit
 * @see <a href="https://arxiv.org/abs/2011.14522">Yang, Hu (2021), Feature learning in infinite-width neural networks, section 6</a>
 */
public record LinearMuP(Tensor u, Tensor v, double scale) {
    /** The limit of infinite width: {@code M = [I; 0], N = [0; I]}. */
    public static LinearMuP limit(int inputs, int outputs) {
        check(inputs, outputs, 1);
        Tensor all = Tensor.eye(inputs + outputs, DType.FLOAT64);
        return new LinearMuP(all.narrow(1, 0, inputs).contiguous(), all.narrow(1, inputs, inputs + outputs).contiguous(), 1);
    }

    /** A network of width n. */
    public static LinearMuP random(int inputs, int outputs, int width, Random random) {
        check(inputs, outputs, width);
        return new LinearMuP(random.normal(Shape.of(width, inputs), DType.FLOAT64), random.normal(Shape.of(width, outputs), DType.FLOAT64), width);
    }

    private static void check(int inputs, int outputs, int width) {
        if (inputs < 1 || outputs < 1 || width < 1) throw new IllegalArgumentException("LinearMuP: " + inputs + " inputs, " + outputs + " outputs, width " + width + ", expected at least 1 each");
    }

    /** f of x (batch, d): (batch, k). */
    public Tensor apply(Tensor x) {
        return Scope.run(() -> x.matmul(u.t()).matmul(v).mul(1 / scale));
    }

    /**
     * A step of gradient descent.
     *
     * @param x inputs (batch, d)
     * @param chi derivative of the loss of each example by its outputs (batch, k)
     */
    public LinearMuP step(Tensor x, Tensor chi, double eta) {
        return Scope.run(() -> {
            Tensor outer = chi.t().matmul(x).mul(eta / x.dim(0)); // (k, d)
            return new LinearMuP(u.sub(v.matmul(outer)), v.sub(u.matmul(outer.t())), scale);
        });
    }

    /** Inner products of the inputs' hidden vectors, {@code U^T U / n} (d, d). */
    public Tensor embeddingGram() {
        return Scope.run(() -> u.t().matmul(u).mul(1 / scale));
    }
}
