package lemma.probe;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Rows in the order of the column that spreads most. A search for near rows goes out from a row on both sides and stops where that column alone is
 * too far: time O(n) a row at worst, much less for few columns.
 */
final class SortedRows {
    /** How far apart two rows are. */
    enum Metric {
        /** The sum of squared differences. */
        SQUARED {
            @Override
            double between(double[] rows, int a, int b, int d, double enough) {
                double sum = 0;
                for (int c = 0; c < d; c++) {
                    double difference = rows[a + c] - rows[b + c];
                    sum += difference * difference;
                }
                return sum;
            }

            @Override
            double ofColumn(double difference) {
                return difference * difference;
            }
        },
        /** The largest difference of a column, or a partial one once it has reached {@code enough}. */
        LARGEST {
            @Override
            double between(double[] rows, int a, int b, int d, double enough) {
                double largest = 0;
                for (int c = 0; c < d && largest < enough; c++) largest = Math.max(largest, Math.abs(rows[a + c] - rows[b + c]));
                return largest;
            }

            @Override
            double ofColumn(double difference) {
                return Math.abs(difference);
            }
        };

        abstract double between(double[] rows, int a, int b, int d, double enough);

        abstract double ofColumn(double difference);
    }

    private final Metric metric;
    private final int d;
    private final double[] rows;
    private final double[] lead;
    private final int[] original;
    private final int[] place;

    private SortedRows(Metric metric, double[] flat, int d) {
        this.metric = metric;
        this.d = d;
        int n = flat.length / d;
        int column = widest(flat, d);
        original = IntStream.range(0, n).boxed().sorted(Comparator.comparingDouble(i -> flat[i * d + column])).mapToInt(Integer::intValue).toArray();
        rows = new double[flat.length];
        lead = new double[n];
        place = new int[n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(flat, original[i] * d, rows, i * d, d);
            lead[i] = rows[i * d + column];
            place[original[i]] = i;
        }
    }

    static SortedRows of(Metric metric, double[] flat, int d) {
        return new SortedRows(metric, flat, d);
    }

    private static int widest(double[] flat, int d) {
        int best = 0;
        double most = -1;
        for (int c = 0; c < d; c++) {
            double mean = 0;
            double square = 0;
            for (int i = c; i < flat.length; i += d) mean += flat[i] * d / flat.length;
            for (int i = c; i < flat.length; i += d) square += (flat[i] - mean) * (flat[i] - mean);
            if (square <= most) continue;
            most = square;
            best = c;
        }
        return best;
    }

    /** The nearest other rows of a row and how far they are, as many as {@code found} holds, nearest first. */
    void nearest(int row, int[] found, double[] far) {
        Arrays.fill(far, Double.POSITIVE_INFINITY);
        int at = place[row];
        int last = far.length - 1;
        int low = at - 1;
        int high = at + 1;
        while (true) {
            double below = low < 0 ? Double.POSITIVE_INFINITY : metric.ofColumn(lead[at] - lead[low]);
            double above = high == lead.length ? Double.POSITIVE_INFINITY : metric.ofColumn(lead[high] - lead[at]);
            if (Math.min(below, above) >= far[last]) return;
            int other = below <= above ? low-- : high++;
            insert(original[other], metric.between(rows, at * d, other * d, d, far[last]), found, far);
        }
    }

    private static void insert(int row, double value, int[] found, double[] far) {
        int at = far.length - 1;
        if (value >= far[at]) return;
        while (at > 0 && far[at - 1] > value) {
            far[at] = far[at - 1];
            found[at] = found[at - 1];
            at--;
        }
        far[at] = value;
        found[at] = row;
    }

    /** How many other rows are nearer than {@code radius}. */
    int closer(int row, double radius) {
        int at = place[row];
        if (d == 1) return end(at, radius, 1) - end(at, radius, -1) - 2;
        int count = 0;
        for (int i = at - 1; i >= 0 && metric.ofColumn(lead[at] - lead[i]) < radius; i--) if (metric.between(rows, at * d, i * d, d, radius) < radius) count++;
        for (int i = at + 1; i < lead.length && metric.ofColumn(lead[i] - lead[at]) < radius; i++) if (metric.between(rows, at * d, i * d, d, radius) < radius) count++;
        return count;
    }

    /** The first row on one side that is not nearer than {@code radius}, or the place beyond the last. */
    private int end(int at, double radius, int step) {
        int inside = 0;
        int outside = step > 0 ? lead.length - at : at + 1;
        while (outside - inside > 1) {
            int middle = (inside + outside) >>> 1;
            if (metric.ofColumn(lead[at] - lead[at + step * middle]) < radius) inside = middle;
            else outside = middle;
        }
        return at + step * outside;
    }
}
