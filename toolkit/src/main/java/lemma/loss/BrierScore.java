package lemma.loss;

import java.util.Arrays;
import java.util.stream.IntStream;
import lemma.tensor.Tensor;

/**
 * The Brier score of forecasts of an event, {@code mean (f - o)^2} with {@code o} 1 where it came about, and its decomposition over
 * groups of cases, {@code reliability - resolution + uncertainty + within variance - within covariance}, which is exact. With {@code f_k} and
 * {@code o_k} the means of group k and {@code n_k} its cases:
 *
 * @param value the score; 0 is perfect
 * @param reliability {@code sum (n_k / n) (f_k - o_k)^2}: the part that calibration removes
 * @param resolution {@code sum (n_k / n) (o_k - o)^2}: how far the forecasts tell cases apart
 * @param uncertainty {@code o (1 - o)} of the overall frequency o
 * @param withinVariance {@code (1 / n) sum_k sum_j (f_kj - f_k)^2}; 0 where a group has one forecast
 * @param withinCovariance {@code (2 / n) sum_k sum_j (f_kj - f_k) (o_kj - o_k)}; 0 where a group has one forecast
 * @see <a href="https://doi.org/10.1175/1520-0450(1973)012%3C0595:ANVPOT%3E2.0.CO;2">Murphy (1973), A new vector partition of the
 *     probability score</a>
 * @see <a href="https://doi.org/10.1175/2007WAF2006116.1">Stephenson, Coelho, Jolliffe (2008), Two extra components in the Brier score decomposition</a>
 */
public record BrierScore(double value, double reliability, double resolution, double uncertainty, double withinVariance, double withinCovariance) {
    /** Of forecasts in [0, 1] and whether the event came about, each distinct forecast a group: Murphy's three components. */
    public static BrierScore of(double[] forecasts, boolean[] events) {
        check(forecasts, events);
        double[] distinct = Arrays.stream(forecasts).map(f -> f + 0.0).sorted().distinct().toArray(); // -0 is 0
        int[] group = Arrays.stream(forecasts).mapToInt(f -> Arrays.binarySearch(distinct, f + 0.0)).toArray();
        return inGroups(forecasts, events, group, distinct.length);
    }

    /** The same score over bins, as a reliability diagram has them: Stephenson's five components. */
    public static BrierScore of(double[] forecasts, boolean[] events, Binning binning, int bins) {
        check(forecasts, events);
        return inGroups(forecasts, events, binning.assign(forecasts, bins), bins);
    }

    private static BrierScore inGroups(double[] forecasts, boolean[] events, int[] group, int groups) {
        Reliability r = Reliability.inBins(forecasts, events, group, groups);
        int n = forecasts.length;
        double overall = IntStream.range(0, n).filter(i -> events[i]).count() / (double) n;
        double value = 0;
        double variance = 0;
        double covariance = 0;
        for (int i = 0; i < n; i++) {
            double o = events[i] ? 1 : 0;
            double within = forecasts[i] - r.forecast()[group[i]];
            value += (forecasts[i] - o) * (forecasts[i] - o);
            variance += within * within;
            covariance += within * (o - r.observed()[group[i]]);
        }
        double reliability = 0;
        double resolution = 0;
        for (int k = 0; k < groups; k++) {
            if (r.count()[k] == 0) continue;
            reliability += r.count()[k] * Math.pow(r.forecast()[k] - r.observed()[k], 2);
            resolution += r.count()[k] * Math.pow(r.observed()[k] - overall, 2);
        }
        return new BrierScore(value / n, reliability / n, resolution / n, overall * (1 - overall), variance / n, 2 * covariance / n);
    }

    private static void check(double[] forecasts, boolean[] events) {
        if (forecasts.length != events.length || forecasts.length == 0) {
            throw new IllegalArgumentException("BrierScore: " + forecasts.length + " forecasts and " + events.length + " events; expected equally many, at least one");
        }
        for (int i = 0; i < forecasts.length; i++) {
            if (!(forecasts[i] >= 0 && forecasts[i] <= 1)) throw new IllegalArgumentException("BrierScore: forecast " + i + " is " + forecasts[i] + ", expected 0 to 1");
        }
    }

    /** {@code mean over rows of sum_k (p_k - [k = y])^2}: the score over several classes, 0 to 2. */
    public static double ofClasses(Tensor probabilities, Tensor labels) {
        Classes.check("BrierScore", probabilities, labels);
        return probabilities.sub(labels.oneHot(probabilities.dim(1)).to(probabilities.dtype())).square().sum(1).mean().item();
    }

    @Override
    public String toString() {
        String parts = String.format("Brier score %.4g = reliability %.4g - resolution %.4g + uncertainty %.4g", value, reliability, resolution, uncertainty);
        if (withinVariance == 0) return parts;
        return parts + String.format(" + variance within bins %.3g - covariance within bins %.3g", withinVariance, withinCovariance);
    }
}
