package lemma.optim;

import java.util.Arrays;

/**
 * The schedule of the last iterate that belongs to weights {@code w_1 ... w_T} of the steps,
 *
 * <pre>{@code
 * eta_t = w_t (w_{t+1} + ... + w_T),   over its largest value.
 * }</pre>
 *
 * Equal weights give linear decay to 0. Weights that follow the gradient norms {@code G_t} of an earlier run refine it: {@code w_t = G_t^-2} makes the
 * bound of SGD smallest, {@code w_t = 1 / |g_t|_1} that of Adam and the like; the norms go through a {@link MedianFilter} of a tenth of the run first.
 * Large norms at the start become a warm-up, small ones at the end a fast decay. The largest rate is 1: scale with {@link #times}. After step T the rate is 0.
 *
 * @see <a href="https://arxiv.org/abs/2310.07831">Defazio et al. (2023), When, why and how much? Adaptive learning rate scheduling by refinement,
 *     theorem 1, algorithms 1 and 2</a>
 */
public final class RefinedSchedule implements Schedule {
    private static final double SMOOTHED = 0.1;

    private final double[] rates;

    private RefinedSchedule(double[] rates) {
        this.rates = rates;
    }

    /** Of any positive weights, a step each. */
    public static RefinedSchedule ofWeights(double... weights) {
        if (weights.length < 2) throw new IllegalArgumentException("RefinedSchedule: " + weights.length + " weights, expected at least 2");
        double[] rates = new double[weights.length];
        double later = 0;
        for (int t = weights.length - 1; t >= 0; t--) {
            if (!(weights[t] > 0) || Double.isInfinite(weights[t])) throw new IllegalArgumentException("RefinedSchedule: the weight of step " + t + " is " + weights[t] + ", expected a finite number above 0");
            rates[t] = weights[t] * later;
            later += weights[t];
        }
        double largest = Arrays.stream(rates).max().orElseThrow();
        return new RefinedSchedule(Arrays.stream(rates).map(r -> r / largest).toArray());
    }

    /** For SGD, of the Euclidean norms of the gradients of a run, smoothed over a tenth of it. */
    public static RefinedSchedule ofNorms(double... norms) {
        return ofWeights(Arrays.stream(smoothed(norms)).map(g -> 1 / (g * g)).toArray());
    }

    /** For Adam and other rules that scale each coordinate, of the sums of absolute values of the gradients, smoothed over a tenth of the run. */
    public static RefinedSchedule ofL1Norms(double... norms) {
        return ofWeights(Arrays.stream(smoothed(norms)).map(g -> 1 / g).toArray());
    }

    private static double[] smoothed(double[] norms) {
        double[] smooth = MedianFilter.ofShare(SMOOTHED, norms.length).apply(norms);
        for (int t = 0; t < smooth.length; t++) {
            if (!(smooth[t] > 0) || Double.isInfinite(smooth[t])) {
                throw new IllegalArgumentException("RefinedSchedule: the median gradient norm around step " + t + " is " + smooth[t]
                        + ", expected a finite number above 0; take larger batches, or the root mean square of several runs");
            }
        }
        return smooth;
    }

    /**
     * What the last iterate of a convex problem is at most away from the minimum, {@code D / sqrt(sum G_t^-2)}, with the weights that refine.
     *
     * @param distance D, of the start from a minimiser
     * @param norms G_t, root mean squares of the Euclidean norms
     */
    public static double bound(double distance, double... norms) {
        return distance / Math.sqrt(Arrays.stream(norms).map(g -> 1 / (g * g)).sum());
    }

    /** The same for linear decay, {@code D sqrt(sum G_t^2) / T}. */
    public static double linearBound(double distance, double... norms) {
        return distance * Math.sqrt(Arrays.stream(norms).map(g -> g * g).sum()) / norms.length;
    }

    /** Number of steps T. */
    public int steps() {
        return rates.length;
    }

    /** All rates, step by step. */
    public double[] rates() {
        return rates.clone();
    }

    @Override
    public double at(long step) {
        return step < rates.length ? rates[(int) step] : 0;
    }
}
