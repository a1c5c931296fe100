package lemma.data;

import java.util.Arrays;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * An autoregressive process {@code x_t = a_1 x_(t-1) + ... + a_p x_(t-p) + sigma e_t} with independent standard normal e. No forecast of the next
 * value has a smaller mean squared error than {@link #floor()}, {@code sigma^2}. Use it to see how far above that a model stays.
 *
 * @see <a href="https://doi.org/10.1007/978-1-4419-0320-4">Brockwell, Davis (1991), Time series: theory and methods, section 3.1</a>
 */
public final class AutoregressiveProcess {
    private static final int BURN_IN = 1000;
    private final double[] coefficients;
    private final double sigma;

    private AutoregressiveProcess(double[] coefficients, double sigma) {
        this.coefficients = coefficients;
        this.sigma = sigma;
    }

    /**
     * @param sigma standard deviation of the noise
     * @param coefficients a_1 to a_p
     * @throws IllegalArgumentException if the process is not stationary, or sigma is not above 0
     */
    public static AutoregressiveProcess of(double sigma, double... coefficients) {
        if (!(sigma > 0)) throw new IllegalArgumentException("AutoregressiveProcess: sigma is " + sigma + ", expected above 0");
        if (coefficients.length == 0 || !isStationary(coefficients)) throw new IllegalArgumentException("AutoregressiveProcess: coefficients " + Arrays.toString(coefficients) + " give no stationary process");
        return new AutoregressiveProcess(coefficients.clone(), sigma);
    }

    /** Levinson's recursion downwards: the process is stationary exactly when all partial correlations are inside (-1, 1). */
    private static boolean isStationary(double[] coefficients) {
        double[] a = coefficients.clone();
        for (int p = a.length; p > 0; p--) {
            double last = a[p - 1];
            if (!(Math.abs(last) < 1)) return false;
            double[] shorter = new double[p - 1];
            for (int i = 0; i < p - 1; i++) shorter[i] = (a[i] + last * a[p - 2 - i]) / (1 - last * last);
            a = shorter;
        }
        return true;
    }

    /** FLOAT64 (sequences, length), each from the stationary law to within what {@value #BURN_IN} steps forget. */
    public Tensor sample(int sequences, int length, Random random) {
        double[] noise = random.normal(Shape.of(sequences, BURN_IN + length), DType.FLOAT64).toDoubles();
        double[] x = new double[sequences * length];
        for (int s = 0; s < sequences; s++) {
            double[] last = new double[coefficients.length];
            for (int t = 0; t < BURN_IN + length; t++) {
                double next = sigma * noise[s * (BURN_IN + length) + t];
                for (int i = 0; i < last.length; i++) next += coefficients[i] * last[i];
                System.arraycopy(last, 0, last, 1, last.length - 1);
                last[0] = next;
                if (t >= BURN_IN) x[s * length + t - BURN_IN] = next;
            }
        }
        return Tensor.of(x, sequences, length);
    }

    /** The least mean squared error of a forecast of the next value: {@code sigma^2}. */
    public double floor() {
        return sigma * sigma;
    }

    @Override
    public String toString() {
        return "AutoregressiveProcess(" + Arrays.toString(coefficients) + ", sigma " + sigma + ")";
    }
}
