package lemma.data;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * Events that excite each other: a point process of intensity
 *
 * <pre>{@code
 * lambda(t) = mu + sum over events t_i < t of alpha exp(-beta (t - t_i))
 * }</pre>
 *
 * <p>After an event with excess intensity y = lambda - mu the next gap g has {@code P(g > s) = exp(-mu s - y (1 - exp(-beta s)) / beta)}, from which gaps
 * are drawn exactly. Its logarithm has a variance that no forecast can go below, {@link #floor}. Use it for event forecasting.
 *
 * @param mu base intensity, events a unit of time
 * @param alpha what an event adds to the intensity
 * @param beta rate at which that decays, above alpha
 * @see <a href="https://doi.org/10.1093/biomet/58.1.83">Hawkes (1971), Spectra of some self-exciting and mutually exciting point processes</a>
 * @see <a href="https://doi.org/10.1214/ECP.v18-2717">Dassios, Zhao (2013), Exact simulation of Hawkes process with exponentially decaying intensity</a>
 */
public record HawkesProcess(double mu, double alpha, double beta) {
    private static final int BURN_IN = 200;
    private static final double LOWEST = -30;
    private static final int BINS = 3000;

    /** @throws IllegalArgumentException unless mu and beta are above 0 and alpha is at least 0 and below beta */
    public HawkesProcess {
        if (!(mu > 0)) throw new IllegalArgumentException("HawkesProcess: mu is " + mu + ", expected above 0");
        if (!(alpha >= 0 && alpha < beta)) throw new IllegalArgumentException("HawkesProcess: alpha is " + alpha + ", beta " + beta + "; expected 0 <= alpha < beta, or events never stop");
    }

    /** Times between events, FLOAT64 (sequences, length), in the steady state to within what {@value #BURN_IN} events forget. */
    public Tensor gaps(int sequences, int length, Random random) {
        return walk(sequences, length, random, false);
    }

    /** The excess intensity just after the event before each gap of {@link #gaps} with the same arguments, FLOAT64 (sequences, length). */
    public Tensor excess(int sequences, int length, Random random) {
        return walk(sequences, length, random, true);
    }

    private Tensor walk(int sequences, int length, Random random, boolean excess) {
        double[] u = random.uniform(Shape.of(sequences, BURN_IN + length, 2), DType.FLOAT64).toDoubles();
        double[] out = new double[sequences * length];
        for (int s = 0; s < sequences; s++) {
            double y = alpha;
            for (int t = 0; t < BURN_IN + length; t++) {
                int at = 2 * (s * (BURN_IN + length) + t);
                double gap = gap(y, u[at], u[at + 1]);
                if (t >= BURN_IN) out[s * length + t - BURN_IN] = excess ? y : gap;
                y = y * Math.exp(-beta * gap) + alpha;
            }
        }
        return Tensor.of(out, sequences, length);
    }

    /** The earlier of an event of the base intensity and one of the excess, which may never come. */
    private double gap(double y, double u, double v) {
        double base = -Math.log1p(-u) / mu;
        double left = 1 + beta * Math.log1p(-v) / y;
        return left > 0 ? Math.min(base, -Math.log(left) / beta) : base;
    }

    /** Events a unit of time in the steady state, {@code mu / (1 - alpha / beta)}. */
    public double rate() {
        return mu / (1 - alpha / beta);
    }

    /** Variance of the logarithm of the next gap after an event with excess intensity y, to about four digits. */
    public double logGapVariance(double y) {
        double highest = Math.log(40 / mu);
        double width = (highest - LOWEST) / BINS;
        double below = 1;
        double first = 0;
        double second = 0;
        for (int i = 1; i <= BINS; i++) {
            double log = LOWEST + i * width;
            double s = Math.exp(log);
            double above = Math.exp(-mu * s + y * Math.expm1(-beta * s) / beta);
            first += (below - above) * (log - width / 2);
            second += (below - above) * (log - width / 2) * (log - width / 2);
            below = above;
        }
        return second - first * first;
    }

    /** The least mean squared error of a forecast of the next log gap for one who knows all events so far: mean of its variance over {@code events}. */
    public double floor(int events, Random random) {
        double sum = 0;
        for (double y : excess(events, 1, random).toDoubles()) sum += logGapVariance(y);
        return sum / events;
    }
}
