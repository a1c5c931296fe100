package lemma.loss;

import java.util.Map;
import java.util.TreeMap;
import lemma.tensor.Tensor;

/**
 * The Brier score of forecasts of an event, {@code mean (f - o)^2} with {@code o} 1 where it came about, and its decomposition over
 * the distinct forecasts, {@code reliability - resolution + uncertainty}.
 *
 * @param value the score; 0 is perfect
 * @param reliability {@code sum (n_f / n) (f - o_f)^2}: the part that calibration removes
 * @param resolution {@code sum (n_f / n) (o_f - o)^2}: how far the forecasts tell cases apart
 * @param uncertainty {@code o (1 - o)} of the overall frequency o
 * @see <a href="https://doi.org/10.1175/1520-0450(1973)012%3C0595:ANVPOT%3E2.0.CO;2">Murphy (1973), A new vector partition of the
 *     probability score</a>
 */
public record BrierScore(double value, double reliability, double resolution, double uncertainty) {
    /** Of forecasts in [0, 1] and whether the event came about. */
    public static BrierScore of(double[] forecasts, boolean[] events) {
        if (forecasts.length != events.length || forecasts.length == 0) {
            throw new IllegalArgumentException("BrierScore: " + forecasts.length + " forecasts and " + events.length + " events; expected equally many, at least one");
        }
        Map<Double, long[]> groups = new TreeMap<>(); // forecast: cases, events
        double sum = 0;
        long came = 0;
        for (int i = 0; i < forecasts.length; i++) {
            double f = forecasts[i];
            if (!(f >= 0 && f <= 1)) throw new IllegalArgumentException("BrierScore: forecast " + i + " is " + f + ", expected 0 to 1");
            double o = events[i] ? 1 : 0;
            sum += (f - o) * (f - o);
            long[] g = groups.computeIfAbsent(f, k -> new long[2]);
            g[0]++;
            if (events[i]) {
                g[1]++;
                came++;
            }
        }
        double n = forecasts.length;
        double overall = came / n;
        double reliability = groups.entrySet().stream().mapToDouble(e -> e.getValue()[0] * Math.pow(e.getKey() - frequency(e.getValue()), 2)).sum() / n;
        double resolution = groups.values().stream().mapToDouble(g -> g[0] * Math.pow(frequency(g) - overall, 2)).sum() / n;
        return new BrierScore(sum / n, reliability, resolution, overall * (1 - overall));
    }

    private static double frequency(long[] group) {
        return (double) group[1] / group[0];
    }

    /** {@code mean over rows of sum_k (p_k - [k = y])^2}: the score over several classes, 0 to 2. */
    public static double ofClasses(Tensor probabilities, Tensor labels) {
        Classes.check("BrierScore", probabilities, labels);
        return probabilities.sub(labels.oneHot(probabilities.dim(1)).to(probabilities.dtype())).square().sum(1).mean().item();
    }

    @Override
    public String toString() {
        return String.format("Brier score %.4g = reliability %.4g - resolution %.4g + uncertainty %.4g", value, reliability, resolution, uncertainty);
    }
}
