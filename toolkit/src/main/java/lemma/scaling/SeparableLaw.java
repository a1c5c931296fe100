package lemma.scaling;

import java.util.List;

/**
 * A law that is a sum of terms, each with a factor of its own: {@code y = sum_k c_k t_k(x; shape)} with {@code c_k >= 0}. Once the shape
 * parameters are given the factors follow from non-negative linear least squares, so a fit need only search over shapes: variable
 * projection, which gives the starts of {@link LawFitter} here.
 */
public interface SeparableLaw extends Law {
    /** Indices of the parameters that are factors, in the order of the terms. */
    int[] factors();

    /**
     * The terms of one observation, without their factors.
     *
     * @param coordinates of all parameters, of which those of the factors are not to be read
     * @param features of the observation
     * @param terms receives one number for each factor; it may be negative
     */
    void terms(double[] coordinates, double[] features, double[] terms);

    /** Coordinates whose shape parameters are where the search starts; those of the factors do not matter. */
    List<double[]> shapes(double[][] features, double[] logTargets);

    @Override
    default List<double[]> starts(double[][] features, double[] logTargets) {
        return VariableProjection.starts(this, features, logTargets);
    }
}
