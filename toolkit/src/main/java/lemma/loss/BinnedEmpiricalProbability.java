package lemma.loss;

import java.util.Arrays;

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
        int[] bin = Binning.EQUAL_MASS.assign(forecasts, bins);
        double[] observed = Reliability.inBins(forecasts, events, bin, bins).observed();
        return Arrays.stream(bin).mapToDouble(b -> observed[b]).toArray();
    }
}
