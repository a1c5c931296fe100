package lemma.probe;

import java.util.Arrays;
import java.util.stream.IntStream;
import lemma.tensor.Random;

/** Lloyd's k-means from k-means++ starts; of several starts the one of smallest within-cluster sum of squares. */
final class KMeans {
    private static final int ITERATIONS = 300;

    private KMeans() {}

    static int[] labels(double[][] x, int k, int starts, Random random) {
        int[] best = null;
        double least = Double.POSITIVE_INFINITY;
        for (int s = 0; s < starts; s++) {
            int[] labels = new int[x.length];
            double inertia = lloyd(x, seeds(x, k, random), labels);
            if (inertia < least) {
                least = inertia;
                best = labels;
            }
        }
        return best;
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

    private static double lloyd(double[][] x, double[][] centres, int[] labels) {
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
