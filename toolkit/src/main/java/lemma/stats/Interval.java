package lemma.stats;

import java.util.Locale;

/**
 * A confidence interval.
 *
 * @param low lower end
 * @param high upper end
 * @param level confidence level, such as 0.95
 * @param method how it was made, in words, such as {@code "percentile bootstrap, 4000 resamples"}
 */
public record Interval(double low, double high, double level, String method) {
    /** Whether {@code value} lies between the ends. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }

    /** {@code high - low}. */
    public double width() {
        return high - low;
    }

    /** {@code level}, when it is a probability strictly between 0 and 1. */
    static double checkedLevel(double level) {
        if (level > 0 && level < 1) return level;
        throw new IllegalArgumentException("Interval: level is " + level + ", expected a probability between 0 and 1 such as 0.95");
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "[%.6g, %.6g] (%.4g%%, %s)", low, high, 100 * level, method);
    }
}
