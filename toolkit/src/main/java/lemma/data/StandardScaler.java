package lemma.data;

import lemma.tensor.DType;
import lemma.tensor.Tensor;

/**
 * Standardisation of features: {@code z_j = (x_j - mean_j) / std_j}, with mean and standard deviation (divisor n) of the rows it was
 * fitted on. Fit it on the training rows only, then apply it to all. A constant feature is only centred.
 *
 * <p>Shapes: {@code x (rows, features) -> (rows, features)}.
 */
public final class StandardScaler {
    private final double[] mean;
    private final double[] std;

    private StandardScaler(double[] mean, double[] std) {
        this.mean = mean;
        this.std = std;
    }

    /** @throws IllegalArgumentException unless {@code x} is a matrix with at least one row and finite elements */
    public static StandardScaler fit(Tensor x) {
        if (x.rank() != 2 || x.dim(0) == 0) throw new IllegalArgumentException("StandardScaler: x is " + x.shape() + ", expected (rows, features) with at least one row");
        int rows = x.dim(0);
        int features = x.dim(1);
        double[] values = x.toDoubles();
        double[] mean = new double[features];
        double[] std = new double[features];
        for (int i = 0; i < values.length; i++) mean[i % features] += values[i] / rows;
        for (int i = 0; i < values.length; i++) std[i % features] += Math.pow(values[i] - mean[i % features], 2) / rows;
        for (int j = 0; j < features; j++) {
            if (!Double.isFinite(std[j])) throw new IllegalArgumentException("StandardScaler: feature " + j + " has a value that is not finite; drop or fill missing values first");
            std[j] = Math.sqrt(std[j]);
        }
        return new StandardScaler(mean, std);
    }

    /** Mean of each feature. */
    public double[] mean() {
        return mean.clone();
    }

    /** Standard deviation of each feature; 0 for a constant one. */
    public double[] std() {
        return std.clone();
    }

    /** {@code (x - mean) / std} in the type of x. */
    public Tensor transform(Tensor x) {
        check("transform", x);
        return x.sub(row(mean, x.dtype())).div(row(scale(), x.dtype()));
    }

    /** {@code z * std + mean}: takes {@link #transform} back. */
    public Tensor inverse(Tensor z) {
        check("inverse", z);
        return z.mul(row(scale(), z.dtype())).add(row(mean, z.dtype()));
    }

    private double[] scale() {
        double[] scale = std.clone();
        for (int j = 0; j < scale.length; j++) scale[j] = scale[j] == 0 ? 1 : scale[j];
        return scale;
    }

    private static Tensor row(double[] values, DType dtype) {
        return Tensor.of(values).to(dtype);
    }

    private void check(String call, Tensor x) {
        if (x.rank() != 2 || x.dim(1) != mean.length) throw new IllegalArgumentException("StandardScaler." + call + ": x is " + x.shape() + ", expected (rows, " + mean.length + ")");
        if (!x.dtype().isFloat()) throw new IllegalArgumentException("StandardScaler." + call + ": x is " + x.dtype() + ", expected FLOAT32 or FLOAT64");
    }
}
