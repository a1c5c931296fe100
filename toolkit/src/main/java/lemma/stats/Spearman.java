package lemma.stats;

/** Correlation of ranks, ties sharing their mean rank. Time O(n). */
public final class Spearman {
    private static final int DIGIT = 11;

    private Spearman() {}

    /** NaN where all of {@code a} or all of {@code b} are equal. @throws IllegalArgumentException if lengths differ, there are fewer than 3 pairs, or a number is not finite */
    public static double of(double[] a, double[] b) {
        if (a.length != b.length || a.length < 3) throw new IllegalArgumentException("Spearman: " + a.length + " and " + b.length + " values; expected at least 3 pairs");
        for (int i = 0; i < a.length; i++) if (!Double.isFinite(a[i]) || !Double.isFinite(b[i])) throw new IllegalArgumentException("Spearman: pair " + i + " is " + a[i] + ", " + b[i] + ", expected finite numbers");
        double[] x = centredRanks(a);
        double[] y = centredRanks(b);
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xy += x[i] * y[i];
            xx += x[i] * x[i];
            yy += y[i] * y[i];
        }
        return xy / Math.sqrt(xx * yy);
    }

    /** Ranks less their mean, from the order of the numbers' bits, sorted digit by digit. */
    private static double[] centredRanks(double[] values) {
        int n = values.length;
        long[] keys = new long[n];
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            long bits = Double.doubleToLongBits(values[i] + 0.0); // -0 and 0 are a tie
            keys[i] = bits ^ (bits >> 63 | Long.MIN_VALUE);
            order[i] = i;
        }
        for (int shift = 0; shift < Long.SIZE; shift += DIGIT) {
            int[] starts = starts(keys, shift);
            if (starts == null) continue;
            long[] sorted = new long[n];
            int[] moved = new int[n];
            for (int i = 0; i < n; i++) {
                int to = starts[digit(keys[i], shift)]++;
                sorted[to] = keys[i];
                moved[to] = order[i];
            }
            keys = sorted;
            order = moved;
        }
        double[] ranks = new double[n];
        for (int from = 0, to; from < n; from = to) {
            to = from + 1;
            while (to < n && keys[to] == keys[from]) to++;
            for (int i = from; i < to; i++) ranks[order[i]] = 0.5 * (from + to - n);
        }
        return ranks;
    }

    private static int digit(long key, int shift) {
        return (int) (key >>> shift) & (1 << DIGIT) - 1;
    }

    /** Where the keys of each digit begin; null if all have the same. */
    private static int[] starts(long[] keys, int shift) {
        int[] starts = new int[1 << DIGIT];
        for (long k : keys) starts[digit(k, shift)]++;
        if (starts[digit(keys[0], shift)] == keys.length) return null;
        int next = 0;
        for (int i = 0; i < starts.length; i++) {
            int count = starts[i];
            starts[i] = next;
            next += count;
        }
        return starts;
    }
}
