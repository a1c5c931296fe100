package lemma.optim;

import java.util.Arrays;

/**
 * The running median of a sequence: each value becomes the median of the {@code width} values around it. Before the first value stands the first
 * one again, after the last one the sequence runs backwards (nearest and reflect in SciPy's words), as refined schedules need it.
 *
 * @param width odd number of values in a window
 */
public record MedianFilter(int width) {
    public MedianFilter {
        if (width < 1 || width % 2 == 0) throw new IllegalArgumentException("MedianFilter: width is " + width + ", expected an odd number of at least 1");
    }

    /** The odd width nearest to a share of a sequence's length. */
    public static MedianFilter ofShare(double share, int length) {
        if (!(share >= 0 && share <= 1)) throw new IllegalArgumentException("MedianFilter: share is " + share + ", expected 0 to 1");
        return new MedianFilter(2 * (int) Math.round((share * length - 1) / 2) + 1);
    }

    /** The medians, as many as values. */
    public double[] apply(double... values) {
        int half = width / 2;
        if (half > values.length) throw new IllegalArgumentException("MedianFilter: a window of " + width + " for " + values.length + " values, expected at most " + (2 * values.length + 1));
        double[] window = new double[width];
        double[] medians = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            for (int j = -half; j <= half; j++) window[j + half] = values[inside(i + j, values.length)];
            Arrays.sort(window);
            medians[i] = window[half];
        }
        return medians;
    }

    private static int inside(int i, int length) {
        return i < 0 ? 0 : i < length ? i : 2 * length - 1 - i;
    }
}
