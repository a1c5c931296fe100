package lemma.data;

import java.util.Arrays;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * A sine wave whose frequency jumps: {@code x_t = sin(phi_t) + sigma e_t} with {@code phi_t = phi_(t-1) + omega_(r_t)}; the regime r stays with
 * probability {@code stay} and else moves to another one. Who knew phase and regime could forecast to a mean squared error of {@link #floor()},
 * {@code sigma^2}; who sees x alone is above it.
 */
public final class RegimeSwitchingSine {
    private final double[] omega;
    private final double stay;
    private final double sigma;

    private RegimeSwitchingSine(double[] omega, double stay, double sigma) {
        this.omega = omega;
        this.stay = stay;
        this.sigma = sigma;
    }

    /**
     * @param stay probability to keep the frequency from one step to the next
     * @param sigma standard deviation of the noise
     * @param omega frequencies in radians a step, at least two
     */
    public static RegimeSwitchingSine of(double stay, double sigma, double... omega) {
        if (!(stay >= 0 && stay <= 1)) throw new IllegalArgumentException("RegimeSwitchingSine: stay is " + stay + ", expected a probability");
        if (!(sigma >= 0)) throw new IllegalArgumentException("RegimeSwitchingSine: sigma is " + sigma + ", expected at least 0");
        if (omega.length < 2) throw new IllegalArgumentException("RegimeSwitchingSine: frequencies " + Arrays.toString(omega) + ", expected at least two");
        return new RegimeSwitchingSine(omega.clone(), stay, sigma);
    }

    /** FLOAT64 (sequences, length), each from a uniform phase and regime. */
    public Tensor sample(int sequences, int length, Random random) {
        double[] noise = random.fork(0).normal(Shape.of(sequences, length), DType.FLOAT64).toDoubles();
        double[] jump = random.fork(1).uniform(Shape.of(sequences, length), DType.FLOAT64).toDoubles();
        double[] start = random.fork(2).uniform(Shape.of(sequences, 2), DType.FLOAT64).toDoubles();
        double[] x = new double[sequences * length];
        for (int s = 0; s < sequences; s++) {
            double phase = 2 * Math.PI * start[2 * s];
            int regime = (int) (start[2 * s + 1] * omega.length);
            for (int t = 0; t < length; t++) {
                double u = jump[s * length + t];
                if (u >= stay) regime = (regime + 1 + (int) ((u - stay) / (1 - stay) * (omega.length - 1))) % omega.length;
                phase += omega[regime];
                x[s * length + t] = Math.sin(phase) + sigma * noise[s * length + t];
            }
        }
        return Tensor.of(x, sequences, length);
    }

    /** A mean squared error that no forecast of the next value can go below: {@code sigma^2}. */
    public double floor() {
        return sigma * sigma;
    }

    @Override
    public String toString() {
        return "RegimeSwitchingSine(" + Arrays.toString(omega) + ", stay " + stay + ", sigma " + sigma + ")";
    }
}
