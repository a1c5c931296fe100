package lemma.probe;

import java.util.Arrays;
import lemma.tensor.DType;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * The class that most of the k nearest examples have, by Euclidean distance, which on codes of 0 and 1 orders as Hamming's; of equally frequent classes the
 * smallest. Time O(n m d) for m queries.
 *
 * @param x examples (n, d), FLOAT64
 * @param y their classes
 * @param k neighbours that vote
 */
public record NearestNeighbourClassifier(Tensor x, int[] y, int k) {
    /** Queries whose distances are held at a time. */
    private static final int BLOCK = 512;

    /** @param labels (n) classes from 0 */
    public static NearestNeighbourClassifier of(Tensor examples, Tensor labels, int k) {
        Tensor z = Features.of("NearestNeighbourClassifier", examples, 1);
        if (k < 1 || k > z.dim(0)) throw new IllegalArgumentException("NearestNeighbourClassifier: k is " + k + " for " + z.dim(0) + " examples, expected 1.." + z.dim(0));
        return new NearestNeighbourClassifier(z, Features.labels("NearestNeighbourClassifier", labels, z.dim(0), 0), k);
    }

    /** The class of each query (m, d). */
    public int[] predict(Tensor queries) {
        Tensor q = Features.of("NearestNeighbourClassifier", queries, 1);
        if (q.dim(1) != x.dim(1)) throw new IllegalArgumentException("NearestNeighbourClassifier: queries are " + q.shape() + ", examples " + x.shape() + ": different numbers of features");
        int classes = 1 + Arrays.stream(y).max().getAsInt();
        int[] out = new int[q.dim(0)];
        for (int from = 0; from < out.length; from += BLOCK) {
            int start = from;
            int end = Math.min(out.length, from + BLOCK);
            long[] nearest = Scope.run(() -> Kernel.squaredDistances(q.narrow(0, start, end), x).topk(k, 1, false).indices().to(DType.INT64)).toLongs();
            for (int i = start; i < end; i++) out[i] = vote(nearest, (i - start) * k, classes);
        }
        return out;
    }

    private int vote(long[] nearest, int from, int classes) {
        int[] votes = new int[classes];
        for (int j = from; j < from + k; j++) votes[y[(int) nearest[j]]]++;
        int best = 0;
        for (int c = 1; c < classes; c++) if (votes[c] > votes[best]) best = c;
        return best;
    }

    /** Part of the queries whose class it finds. */
    public double accuracy(Tensor queries, Tensor labels) {
        int[] found = predict(queries);
        int[] truth = Features.labels("NearestNeighbourClassifier", labels, found.length, 0);
        int right = 0;
        for (int i = 0; i < found.length; i++) if (found[i] == truth[i]) right++;
        return (double) right / found.length;
    }
}
