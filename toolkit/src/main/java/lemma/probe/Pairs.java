package lemma.probe;

import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/** Dissimilarities of all pairs of rows. */
final class Pairs {
    private Pairs() {}

    enum Distance { EUCLIDEAN, SQUARED_EUCLIDEAN, COSINE, CORRELATION }

    /** Of pairs i < j, row by row, as SciPy's pdist orders them; in blocks of rows. */
    static double[] distances(Tensor x, Distance kind) {
        int n = x.dim(0);
        double[] all = new double[Math.multiplyExact(n, n - 1) / 2];
        Tensor z = prepared(x, kind);
        int rows = Features.blockRows(n);
        int at = 0;
        for (int from = 0; from < n; from += rows) {
            int first = from;
            int last = Math.min(n, from + rows);
            double[] block = Scope.run(() -> between(z.narrow(0, first, last), z.narrow(0, first, n), kind)).toDoubles();
            int width = n - first;
            for (int i = 0; i < last - first; i++) {
                System.arraycopy(block, i * width + i + 1, all, at, width - i - 1);
                at += width - i - 1;
            }
        }
        return all;
    }

    private static Tensor prepared(Tensor x, Distance kind) {
        return switch (kind) {
            case EUCLIDEAN, SQUARED_EUCLIDEAN -> x.sub(x.meanKeep(0)); // the same distances from smaller numbers
            case COSINE -> Features.unitRows("cosine distance", x);
            case CORRELATION -> Features.unitRows("correlation distance", x.sub(x.meanKeep(1)));
        };
    }

    private static Tensor between(Tensor a, Tensor b, Distance kind) {
        return switch (kind) {
            case EUCLIDEAN -> Kernel.squaredDistances(a, b).sqrt();
            case SQUARED_EUCLIDEAN -> Kernel.squaredDistances(a, b);
            case COSINE, CORRELATION -> a.matmul(b.t()).rsub(1);
        };
    }
}
