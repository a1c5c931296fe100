package lemma.loss;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The frequency of the event in the bin of a forecast, bins holding equally many cases to within one.
 *
 * @param bins how many
 * @see <a href="https://arxiv.org/abs/2111.10734">Liu et al. (2022), Deep probability estimation, section 5</a>
 */
public record BinnedEmpiricalProbability(int bins) implements EmpiricalProbability {
    public BinnedEmpiricalProbability {
        if (bins < 1) throw new IllegalArgumentException("BinnedEmpiricalProbability: bins is " + bins + ", expected at least 1");
    }

    @Override
    public double[] of(double[] forecasts, boolean[] events) {
        EmpiricalProbability.check("BinnedEmpiricalProbability", forecasts, events);
        int n = forecasts.length;
        int[] order = IntStream.range(0, n).boxed().sorted(Comparator.comparingDouble(i -> forecasts[i])).mapToInt(i -> i).toArray();
        double[] p = new double[n];
        int from = 0;
        for (int b = 0; b < bins; b++) {
            int to = (int) ((long) n * (b + 1) / bins);
            if (to == from) continue;
            double frequency = IntStream.range(from, to).filter(i -> events[order[i]]).count() / (double) (to - from);
            for (int i = from; i < to; i++) p[order[i]] = frequency;
            from = to;
        }
        return p;
    }
}
