package lemma.nn;

import lemma.tensor.DType;
import lemma.tensor.Tensor;

/**
 * Functions of one number that span the edges of a Kolmogorov-Arnold network: an edge is {@code phi(x) = sum_b w_b phi_b(x)}. Those here live on
 * [-1, 1] unless told otherwise.
 */
public interface KanBasis {
    /** How many functions. */
    int size();

    /** All functions of all elements: {@code x (..., in) -> (..., size, in)}. */
    Tensor expand(Tensor x);

    /** Root mean square of the functions over [-1, 1], all of them together. */
    default double rms() {
        return Math.sqrt(expand(Tensor.linspace(-1, 1, 2001).to(DType.FLOAT64).unsqueeze(1)).square().mean().item());
    }

    /** {@code values} as a column beside the elements of x, in its type and place. */
    static Tensor column(Tensor x, double... values) {
        return Tensor.of(values, values.length, 1).to(x.dtype()).to(x.backend());
    }

    /** {@code count} numbers at equal distances, the ends included. */
    static double[] even(double low, double high, int count) {
        double[] at = new double[count];
        for (int i = 0; i < count; i++) at[i] = low + (high - low) * i / (count - 1);
        return at;
    }
}
