package lemma.probe;

import lemma.tensor.DType;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/** What every metric asks of a feature matrix, and the steps that they share. */
final class Features {
    /** Deviations from the mean below this part of the values themselves are rounding. */
    private static final double ROUNDING = 1e-13;
    private static final long BLOCK_ELEMENTS = 1 << 18;

    private Features() {}

    /** x as (n, d) FLOAT64 without a gradient. */
    static Tensor of(String metric, Tensor x, int leastRows) {
        Tensor z = shaped(metric, x, leastRows);
        checkFinite(metric, z, z.sum());
        return z;
    }

    /** x as (n, d) FLOAT64, not yet looked at for NaN. */
    static Tensor shaped(String metric, Tensor x, int leastRows) {
        if (x.rank() != 2) throw new IllegalArgumentException(metric + ": features are " + x.shape() + ", expected (n, d)" + (x.rank() > 2 ? "; flatten(1) makes one row of each example" : ""));
        if (x.dim(0) < leastRows || x.dim(1) < 1) throw new IllegalArgumentException(metric + ": features are " + x.shape() + ", expected at least " + leastRows + " rows and 1 column");
        return x.detach().to(DType.FLOAT64);
    }

    /** A finite sum has finite terms only. */
    private static void checkFinite(String metric, Tensor z, Tensor sums) {
        if (Double.isFinite(sums.sum().item())) return;
        int at = (int) z.isFinite().to(DType.INT64).reshape(-1).argmin().item();
        double value = z.get(at / z.dim(1), at % z.dim(1)).item();
        throw new IllegalArgumentException(metric + ": element [" + at / z.dim(1) + ", " + at % z.dim(1) + "] is " + value + ", expected finite numbers that do not overflow in a sum");
    }

    static Tensor of(String metric, Tensor x) {
        return of(metric, x, 2);
    }

    /** Means of the columns (1, d), read off finite numbers only. */
    static Tensor mean(String metric, Tensor z) {
        Tensor sums = z.sumKeep(0);
        checkFinite(metric, z, sums);
        return sums.div(z.dim(0));
    }

    /** Columns of mean zero. */
    static Tensor centred(String metric, Tensor x, int leastRows) {
        Tensor z = shaped(metric, x, leastRows);
        Tensor mean = mean(metric, z);
        Tensor c = z.sub(mean);
        double rounding = ROUNDING * Math.sqrt(x.dim(0)) * mean.norm().item();
        boolean isConstant = c.narrow(0, 0, 1).norm().item() <= rounding && c.norm().item() <= rounding; // one row apart from the mean is enough
        if (isConstant) throw new IllegalArgumentException(metric + ": all " + x.dim(0) + " rows are equal, so the features have no variance and the metric is not defined");
        return c;
    }

    static Tensor centred(String metric, Tensor x) {
        return centred(metric, x, 2);
    }

    /** Rows of length one. */
    static Tensor unitRows(String metric, Tensor x) {
        Tensor z = shaped(metric, x, 2);
        Tensor lengths = z.norm(1);
        if (!Double.isFinite(lengths.sum().item())) checkFinite(metric, z, z.sum());
        return z.mul(inverse(metric, lengths).unsqueeze(1));
    }

    /** One over the lengths, or squared lengths, of rows. */
    static Tensor inverse(String metric, Tensor lengths) {
        if (lengths.min().item() == 0) throw new IllegalArgumentException(metric + ": row " + (int) lengths.argmin().item() + " is zero and has no direction");
        return lengths.reciprocal();
    }

    static void sameRows(String metric, Tensor x, Tensor y) {
        if (x.rank() > 0 && y.rank() > 0 && x.dim(0) != y.dim(0)) throw new IllegalArgumentException(metric + ": x is " + x.shape() + ", y is " + y.shape() + "; expected one row for each of the same examples");
    }

    /** INT64 labels 0..classes-1 of n rows, of which each class has at least {@code least}. */
    static int[] labels(String metric, Tensor y, int n, int least) {
        if (y.rank() != 1 || y.dim(0) != n) throw new IllegalArgumentException(metric + ": labels are " + y.shape() + ", expected (" + n + ")");
        int[] labels = y.toInts();
        int[] counts = new int[java.util.Arrays.stream(labels).max().orElse(0) + 1];
        for (int i = 0; i < n; i++) {
            if (labels[i] < 0) throw new IllegalArgumentException(metric + ": label " + i + " is " + labels[i] + ", expected 0 or more");
            counts[labels[i]]++;
        }
        for (int c = 0; c < counts.length; c++) {
            if (counts[c] < least) throw new IllegalArgumentException(metric + ": class " + c + " has " + counts[c] + " examples, expected at least " + least + "; number the classes 0.." + (counts.length - 1) + " without gaps");
        }
        return labels;
    }

    /** Refuses labels that are not n numbers in 0..classes-1; a class may be empty. */
    static void classes(String metric, Tensor y, int n, int classes) {
        for (int label : labels(metric, y, n, 0)) if (label >= classes) throw new IllegalArgumentException(metric + ": a label is " + label + ", expected 0.." + (classes - 1));
    }

    /** Rows of an (rows, n) block of about 2 MB, which several passes find in the cache. */
    static int blockRows(int n) {
        return (int) Math.clamp(BLOCK_ELEMENTS / Math.max(1, n), 16, Math.max(16, n));
    }

    /** Refuses a matrix that is not square and symmetric. */
    static Tensor symmetric(String metric, Tensor k) {
        Tensor z = of(metric, k, 1);
        if (z.dim(0) != z.dim(1)) throw new IllegalArgumentException(metric + ": the similarity matrix is " + k.shape() + ", expected (n, n)");
        double skew = 0;
        double most = 1;
        int rows = blockRows(z.dim(0));
        for (int from = 0; from < z.dim(0); from += rows) {
            int first = from;
            int last = Math.min(z.dim(0), from + rows);
            Tensor here = z.narrow(0, first, last);
            skew = Math.max(skew, Scope.run(() -> here.sub(z.narrow(1, first, last).t()).abs().max().item()));
            most = Math.max(most, Scope.run(() -> here.abs().max().item()));
        }
        if (skew > 1e-8 * most) throw new IllegalArgumentException(metric + ": the similarity matrix is not symmetric, its halves differ by " + skew);
        return z;
    }
}
