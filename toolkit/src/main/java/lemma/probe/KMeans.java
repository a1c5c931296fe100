package lemma.probe;

import java.util.Arrays;
import java.util.stream.IntStream;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Lloyd's k-means from k-means++ starts; of several starts the one of smallest within-cluster sum of squares. Time O(n k d) an iteration.
 *
 * @param centres (k, d)
 * @param inertia sum of the squared distances of the rows to their centres
 * @see <a href="https://doi.org/10.1109/TIT.1982.1056489">Lloyd (1982), Least squares quantization in PCM</a>
 */
public record KMeans(double[][] centres, double inertia) {
    private static final int ITERATIONS = 300;

    /**
     * @param x (n, d)
     * @param k clusters, 1..n
     * @param starts at least 1
     */
    public static KMeans fit(Tensor x, int k, int starts, Random random) {
        double[][] rows = UnitMatching.rows(Features.of("KMeans", x, 1));
        if (k < 1 || k > rows.length) throw new IllegalArgumentException("KMeans: k is " + k + " for " + rows.length + " rows, expected 1.." + rows.length);
        if (starts < 1) throw new IllegalArgumentException("KMeans: starts is " + starts + ", expected at least 1");
        return fit(rows, k, starts, random);
    }

    static KMeans fit(double[][] x, int k, int starts, Random random) {
        KMeans best = null;
        for (int s = 0; s < starts; s++) {
            double[][] centres = seeds(x, k, random);
            double inertia = lloyd(x, centres);
            if (best == null || inertia < best.inertia) best = new KMeans(centres, inertia);
        }
        return best;
    }

    /** The nearest centre of each row. */
    public int[] labels(Tensor x) {
        if (x.rank() != 2 || x.dim(1) != centres[0].length) throw new IllegalArgumentException("KMeans: x is " + x.shape() + ", expected (n, " + centres[0].length + ") as fitted");
        return labels(UnitMatching.rows(Features.of("KMeans", x, 1)));
    }

    int[] labels(double[][] x) {
        return Arrays.stream(x).mapToInt(row -> nearest(row, centres)).toArray();
    }

    /** Each next centre with probability in proportion to the squared distance to the nearest so far (Arthur, Vassilvitskii 2007). */
    private static double[][] seeds(double[][] x, int k, Random random) {
        double[][] centres = new double[k][];
        double[] nearest = new double[x.length];
        Arrays.fill(nearest, 1);
        for (int c = 0; c < k; c++) {
            double left = random.nextDouble() * Arrays.stream(nearest).sum();
            int at = 0;
            while (at < x.length - 1 && left >= nearest[at]) left -= nearest[at++];
            centres[c] = x[at].clone();
            for (int i = 0; i < x.length; i++) {
                double d = squared(x[i], centres[c]);
                nearest[i] = c == 0 ? d : Math.min(nearest[i], d);
            }
        }
        return centres;
    }

    private static double lloyd(double[][] x, double[][] centres) {
        int[] labels = new int[x.length];
        for (int it = 0; it < ITERATIONS; it++) {
            int[] before = labels.clone();
            for (int i = 0; i < x.length; i++) labels[i] = nearest(x[i], centres);
            if (it > 0 && Arrays.equals(before, labels)) break;
            move(x, centres, labels);
        }
        return IntStream.range(0, x.length).mapToDouble(i -> squared(x[i], centres[labels[i]])).sum();
    }

    /** Centres to the means of their points; one without points stays. */
    private static void move(double[][] x, double[][] centres, int[] labels) {
        int[] counts = new int[centres.length];
        for (int label : labels) counts[label]++;
        for (int c = 0; c < centres.length; c++) if (counts[c] > 0) Arrays.fill(centres[c], 0);
        for (int i = 0; i < x.length; i++) for (int j = 0; j < x[i].length; j++) centres[labels[i]][j] += x[i][j] / counts[labels[i]];
    }

    private static int nearest(double[] point, double[][] centres) {
        int best = 0;
        for (int c = 1; c < centres.length; c++) if (squared(point, centres[c]) < squared(point, centres[best])) best = c;
        return best;
    }

    private static double squared(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) sum += (a[j] - b[j]) * (a[j] - b[j]);
        return sum;
    }
}
