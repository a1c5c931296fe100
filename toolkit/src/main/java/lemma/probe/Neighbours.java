package lemma.probe;

import java.util.stream.IntStream;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * The k nearest other rows of each row. Of few columns by {@link SortedRows}; of many by all distances in blocks, found by a matrix product and
 * measured again from the differences, so that small distances keep their digits: time O(n^2 d), memory O(n (d + k)).
 *
 * @param index n rows of k, nearest first
 * @param distance Euclidean, n rows of k
 */
record Neighbours(int[][] index, double[][] distance) {
    /** Columns up to which sorted rows are faster than products. */
    private static final int FEW = 8;

    static Neighbours of(String metric, Tensor x, int k) {
        int n = x.dim(0);
        if (k < 1 || k >= n) throw new IllegalArgumentException(metric + ": k is " + k + ", expected 1.." + (n - 1) + " for " + n + " rows");
        Tensor z = x.sub(x.meanKeep(0));
        double[] flat = z.toDoubles();
        int d = x.dim(1);
        int[][] index = new int[n][];
        double[][] distance = new double[n][];
        if (d <= FEW) {
            sorted(flat, d, k, index, distance);
            return new Neighbours(index, distance);
        }
        int rows = Features.blockRows(n);
        for (int from = 0; from < n; from += rows) {
            int first = from;
            int last = Math.min(n, from + rows);
            int[] nearest = Scope.run(() -> {
                Tensor squares = Kernel.squaredDistances(z.narrow(0, first, last), z);
                Tensor self = Tensor.arange(first, last, 1, lemma.tensor.DType.INT64).unsqueeze(1);
                return squares.scatter(1, self, Double.POSITIVE_INFINITY).topk(k, 1, false).indices().toInts();
            });
            IntStream.range(first, last).parallel().forEach(i -> measure(i, nearest, (i - first) * k, k, flat, d, index, distance));
        }
        return new Neighbours(index, distance);
    }

    private static void sorted(double[] flat, int d, int k, int[][] index, double[][] distance) {
        SortedRows rows = SortedRows.of(SortedRows.Metric.SQUARED, flat, d);
        IntStream.range(0, index.length).parallel().forEach(i -> {
            index[i] = new int[k];
            distance[i] = new double[k];
            rows.nearest(i, index[i], distance[i]);
            for (int m = 0; m < k; m++) distance[i][m] = Math.sqrt(distance[i][m]);
        });
    }

    private static void measure(int i, int[] nearest, int at, int k, double[] flat, int d, int[][] index, double[][] distance) {
        index[i] = new int[k];
        distance[i] = new double[k];
        for (int m = 0; m < k; m++) {
            int j = nearest[at + m];
            double exact = euclidean(flat, i * d, j * d, d);
            int place = m;
            while (place > 0 && distance[i][place - 1] > exact) {
                distance[i][place] = distance[i][place - 1];
                index[i][place] = index[i][place - 1];
                place--;
            }
            distance[i][place] = exact;
            index[i][place] = j;
        }
    }

    private static double euclidean(double[] flat, int a, int b, int d) {
        double sum = 0;
        for (int c = 0; c < d; c++) {
            double diff = flat[a + c] - flat[b + c];
            sum += diff * diff;
        }
        return Math.sqrt(sum);
    }

    /** Distance of the k-th neighbour of each row. */
    double[] last() {
        return java.util.Arrays.stream(distance).mapToDouble(row -> row[row.length - 1]).toArray();
    }
}
