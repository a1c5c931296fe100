package lemma.loss;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** How cases are put into bins by their forecasts in [0, 1]. */
public enum Binning {
    /** Bins of width {@code 1 / bins}; a forecast on an inner edge belongs to the bin below. */
    EQUAL_WIDTH {
        @Override
        public int[] assign(double[] forecasts, int bins) {
            checkCount(bins);
            return Arrays.stream(forecasts).mapToInt(f -> Math.clamp((long) Math.ceil(f * bins) - 1, 0, bins - 1)).toArray();
        }
    },
    /** Bins of equally many cases, to within one, in the order of the forecasts; ties keep the order in which they are given. */
    EQUAL_MASS {
        @Override
        public int[] assign(double[] forecasts, int bins) {
            checkCount(bins);
            int n = forecasts.length;
            int[] order = order(forecasts);
            int[] bin = new int[n];
            for (int i = 0; i < n; i++) bin[order[i]] = (int) ((long) i * bins / n);
            return bin;
        }
    };

    /** The bin of each case, 0 to {@code bins - 1}. */
    public abstract int[] assign(double[] forecasts, int bins);

    /** The cases by rising forecast. */
    static int[] order(double[] forecasts) {
        return IntStream.range(0, forecasts.length).boxed().sorted(Comparator.comparingDouble(i -> forecasts[i])).mapToInt(i -> i).toArray();
    }

    private static void checkCount(int bins) {
        if (bins < 1) throw new IllegalArgumentException("Binning: bins is " + bins + ", expected at least 1");
    }
}
