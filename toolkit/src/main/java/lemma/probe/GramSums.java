package lemma.probe;

import java.util.Arrays;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/** What HSIC needs to know of two Gram matrices, and of each with itself. */
record GramSums(Pair xy, Pair xx, Pair yy) {
    /** Elements, row sums and diagonals of two symmetric (n, n) matrices. */
    record Pair(double products, double[] rowsK, double[] rowsL, double[] diagonalK, double[] diagonalL) {
        /** {@code tr(K H L H)}. */
        double plain() {
            int n = rowsK.length;
            return products - 2.0 / n * dot(rowsK, rowsL) + sum(rowsK) * sum(rowsL) / ((double) n * n);
        }

        /** {@code HSIC_1}, without bias. */
        double unbiased() {
            int n = rowsK.length;
            double[] k = minus(rowsK, diagonalK);
            double[] l = minus(rowsL, diagonalL);
            double trace = products - dot(diagonalK, diagonalL);
            return (trace + sum(k) * sum(l) / ((n - 1.0) * (n - 2)) - 2.0 / (n - 2) * dot(k, l)) / ((double) n * (n - 3));
        }
    }

    double plain() {
        return ratio(xy.plain(), xx.plain(), yy.plain());
    }

    double debiased() {
        return ratio(xy.unbiased(), xx.unbiased(), yy.unbiased());
    }

    static double ratio(double xy, double xx, double yy) {
        if (!(xx > 0 && yy > 0)) throw new IllegalArgumentException("Cka: HSIC of x with itself is " + xx + ", of y " + yy + "; the similarity is defined only where both are above 0; take more examples");
        return xy / Math.sqrt(xx * yy);
    }

    /** {@code |Y^T X|^2 / (|X^T X| |Y^T Y|)} of centred features: {@code Y^T X - n mean(y) mean(x)^T}, which needs no centred copy. */
    static double ofFeatures(Tensor x, Tensor y) {
        if (Math.max(x.dim(1), y.dim(1)) > x.dim(0)) return kernels(Features.centred("Cka", x), Features.centred("Cka", y), Kernel.linear(), Kernel.linear()).plain();
        Side a = Side.of(x);
        Side b = Side.of(y);
        Tensor cross = b.rows.t().matmul(a.rows);
        if (a.hasMean() && b.hasMean()) cross = cross.sub(b.mean.t().mul(a.mean).mul(x.dim(0))); // one centred side is enough
        return ratio(squares(cross), a.squares, b.squares);
    }

    /** Features, their mean (1, d) (null for centred ones), and {@code |X^T X|^2} of the centred ones. */
    private record Side(Tensor rows, Tensor mean, double squares) {
        /** Part of the squared length that must be left after centring; less would cost digits. */
        private static final double LEFT = 0.1;

        static Side of(Tensor x) {
            Tensor rows = Features.shaped("Cka", x, 2);
            Tensor mean = Features.mean("Cka", rows);
            Tensor products = rows.t().matmul(rows);
            Tensor centred = products.sub(mean.t().mul(mean).mul(x.dim(0)));
            if (centred.trace().item() > LEFT * products.trace().item()) return new Side(rows, mean, GramSums.squares(centred));
            Tensor moved = Features.centred("Cka", x);
            return new Side(moved, null, GramSums.squares(moved.t().matmul(moved)));
        }

        boolean hasMean() {
            return mean != null;
        }
    }

    /** Of centred features, by products of features where they are fewer than examples. */
    static GramSums linear(Tensor x, Tensor y) {
        int n = x.dim(0);
        if (Math.max(x.dim(1), y.dim(1)) > n) return kernels(x, y, Kernel.linear(), Kernel.linear());
        double[] rowsK = x.matmul(x.sum(0)).toDoubles();
        double[] rowsL = y.matmul(y.sum(0)).toDoubles();
        double[] diagonalK = x.square().sum(1).toDoubles();
        double[] diagonalL = y.square().sum(1).toDoubles();
        return new GramSums(new Pair(squares(x.t().matmul(y)), rowsK, rowsL, diagonalK, diagonalL),
                new Pair(squares(x.t().matmul(x)), rowsK, rowsK, diagonalK, diagonalK),
                new Pair(squares(y.t().matmul(y)), rowsL, rowsL, diagonalL, diagonalL));
    }

    /** In blocks of rows, from the diagonal on: the rest is symmetric. */
    static GramSums kernels(Tensor x, Tensor y, Kernel kernelX, Kernel kernelY) {
        int n = x.dim(0);
        int rows = Features.blockRows(n);
        double[] products = new double[3];
        double[] rowsK = new double[n];
        double[] rowsL = new double[n];
        double[] diagonalK = new double[n];
        double[] diagonalL = new double[n];
        for (int from = 0; from < n; from += rows) {
            int first = from;
            int last = Math.min(n, from + rows);
            Scope.run(() -> {
                Tensor k = kernelX.between(x.narrow(0, first, last), x.narrow(0, first, n));
                Tensor l = kernelY.between(y.narrow(0, first, last), y.narrow(0, first, n));
                products[0] += products(k, l);
                products[1] += products(k, k);
                products[2] += products(l, l);
                addRows(k, first, rowsK, diagonalK);
                addRows(l, first, rowsL, diagonalL);
            });
        }
        return new GramSums(new Pair(products[0], rowsK, rowsL, diagonalK, diagonalL), new Pair(products[1], rowsK, rowsK, diagonalK, diagonalK),
                new Pair(products[2], rowsL, rowsL, diagonalL, diagonalL));
    }

    /** What right of the square block stands counts twice. */
    private static double products(Tensor k, Tensor l) {
        Tensor both = k.mul(l);
        int rows = k.dim(0);
        double square = both.narrow(1, 0, rows).sum().item();
        return rows == k.dim(1) ? square : square + 2 * both.narrow(1, rows, k.dim(1)).sum().item();
    }

    private static void addRows(Tensor k, int first, double[] rows, double[] diagonal) {
        int block = k.dim(0);
        double[] here = k.sum(1).toDoubles();
        double[] diagonalHere = k.narrow(1, 0, block).diagonal(0).toDoubles();
        for (int i = 0; i < block; i++) {
            rows[first + i] += here[i];
            diagonal[first + i] = diagonalHere[i];
        }
        if (block == k.dim(1)) return;
        double[] below = k.narrow(1, block, k.dim(1)).sum(0).toDoubles();
        for (int j = 0; j < below.length; j++) rows[first + block + j] += below[j];
    }

    private static double squares(Tensor a) {
        return a.square().sum().item();
    }

    private static double sum(double[] a) {
        return Arrays.stream(a).sum();
    }

    private static double dot(double[] a, double[] b) {
        double s = 0;
        for (int i = 0; i < a.length; i++) s += a[i] * b[i];
        return s;
    }

    private static double[] minus(double[] a, double[] b) {
        double[] out = a.clone();
        for (int i = 0; i < out.length; i++) out[i] -= b[i];
        return out;
    }
}
