package lemma.data;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * A chain of coupled phase oscillators as a stand-in for recordings of electrodes, with episodes of synchrony that begin at a known time:
 *
 * <pre>{@code
 * phi_c(t + 1) = phi_c(t) + omega_c + K(t) sum over neighbours n of sin(phi_n(t) - phi_c(t)),   x_c(t) = sin(phi_c(t)) + sigma e
 * }</pre>
 *
 * with frequencies omega drawn uniformly and phases uniform at the start. K is {@code rest}, and {@code episode} from the onset on.
 *
 * @param low least frequency, radians a step
 * @param high largest frequency
 * @param rest coupling before the onset
 * @param episode coupling after it
 * @param sigma standard deviation of the noise
 * @see <a href="https://doi.org/10.1007/978-3-642-69689-3">Kuramoto (1984), Chemical oscillations, waves, and turbulence</a>
 */
public record CoupledOscillators(double low, double high, double rest, double episode, double sigma) {
    public CoupledOscillators {
        if (!(low <= high)) throw new IllegalArgumentException("CoupledOscillators: frequencies from " + low + " to " + high + ", expected low <= high");
        if (!(sigma >= 0)) throw new IllegalArgumentException("CoupledOscillators: sigma is " + sigma + ", expected at least 0");
    }

    /** Frequencies of 0.5 to 0.75, couplings 0.1 and 0.5, noise 0.05. */
    public static CoupledOscillators standard() {
        return new CoupledOscillators(0.5, 0.75, 0.1, 0.5, 0.05);
    }

    /**
     * Recordings.
     *
     * @param signals FLOAT64 (sequences, time, channels)
     * @param onset first step with the coupling of an episode, INT64 (sequences); {@code time} where there is none
     */
    public record Sample(Tensor signals, Tensor onset) {
        /** 1 while an episode lasts, 0 before: FLOAT64 (sequences, time). */
        public Tensor inEpisode() {
            return Tensor.arange(signals.dim(1)).ge(onset.unsqueeze(1)).to(DType.FLOAT64);
        }
    }

    /** Half of the recordings have an episode, which begins at a uniform step between a quarter and three quarters of the time. */
    public Sample sample(int sequences, int channels, int time, Random random) {
        if (channels < 1 || time < 4) throw new IllegalArgumentException("CoupledOscillators: " + channels + " channels, " + time + " steps, expected at least 1 and 4");
        double[] omega = random.fork(0).uniform(Shape.of(sequences, channels), DType.FLOAT64).toDoubles();
        double[] start = random.fork(1).uniform(Shape.of(sequences, channels), DType.FLOAT64).toDoubles();
        double[] noise = random.fork(2).normal(Shape.of(sequences, time, channels), DType.FLOAT64).toDoubles();
        double[] u = random.fork(3).uniform(Shape.of(sequences, 2), DType.FLOAT64).toDoubles();
        double[] x = new double[sequences * time * channels];
        long[] onset = new long[sequences];
        for (int s = 0; s < sequences; s++) {
            onset[s] = u[2 * s] < 0.5 ? time : time / 4 + (int) (u[2 * s + 1] * (time / 2));
            double[] phase = new double[channels];
            for (int c = 0; c < channels; c++) phase[c] = 2 * Math.PI * start[s * channels + c];
            for (int t = 0; t < time; t++) {
                for (int c = 0; c < channels; c++) {
                    int i = (s * time + t) * channels + c;
                    x[i] = Math.sin(phase[c]) + sigma * noise[i];
                }
                phase = next(phase, omega, s * channels, t >= onset[s] ? episode : rest);
            }
        }
        return new Sample(Tensor.of(x, sequences, time, channels), Tensor.of(onset, sequences));
    }

    private double[] next(double[] phase, double[] omega, int first, double coupling) {
        double[] next = new double[phase.length];
        for (int c = 0; c < phase.length; c++) {
            double pull = c > 0 ? Math.sin(phase[c - 1] - phase[c]) : 0;
            if (c + 1 < phase.length) pull += Math.sin(phase[c + 1] - phase[c]);
            next[c] = phase[c] + low + (high - low) * omega[first + c] + coupling * pull;
        }
        return next;
    }
}
