package lemma.ntk;

import lemma.tensor.DType;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Regression by weights with a pole, {@code f(z) = sum_i R(z, x_i) y_i / sum_i R(z, x_i)}, R the limit of {@link SphericalNtk} as depth grows. It
 * interpolates, as R is infinite at distance 0, and is consistent all the same where the order of the pole is the dimension.
 *
 * <p>{@code log R} is tabulated over {@code t = log((1 - cos) / cos)} and interpolated linearly, to a relative {@code 1e-6} of R.
 *
 * @see <a href="https://doi.org/10.1006/jmva.1998.1725">Devroye, Gyoerfi, Krzyzak (1998), The Hilbert kernel regression estimate</a>
 */
public final class SingularKernelRegression {
    private static final int NODES = 1 << 16;
    private static final double END = 36; // 1 - cos of e^-36 is below rounding
    private static final double STEP = 2 * END / (NODES - 1);

    private final Tensor table;
    private final Tensor x;
    private final Tensor y;

    private SingularKernelRegression(Tensor table, Tensor x, Tensor y) {
        this.table = table;
        this.x = x;
        this.y = y;
    }

    static SingularKernelRegression of(SphericalNtk ntk, Tensor x, Tensor y) {
        if (x.rank() != 2 || y.rank() != 1 || y.dim(0) != x.dim(0)) throw new IllegalArgumentException("SingularKernelRegression: x is " + x.shape() + ", y " + y.shape() + "; expected (n, d) and (n)");
        Tensor places = Tensor.linspace(-END, END, NODES);
        return new SingularKernelRegression(ntk.logLimitOf(places.exp().log1p().neg()), x, y);
    }

    /** Values at the m unit vectors z (m, d), between the least and the largest y. */
    public Tensor predict(Tensor z) {
        return Scope.run(() -> {
            Tensor cosines = z.matmul(x.t());
            Tensor place = cosines.rsub(1).maximum(Math.exp(-END)).log().sub(SphericalNtk.logs(cosines)).add(END).div(STEP).clamp(0, NODES - 1);
            Tensor below = place.floor().minimum(NODES - 2.0);
            Tensor index = below.to(DType.INT64).reshape(-1);
            Tensor low = table.indexSelect(0, index).reshape(place.shape());
            Tensor high = table.indexSelect(0, index.add(1)).reshape(place.shape());
            Tensor logs = low.lerp(high, place.sub(below));
            return logs.softmax(1).matmul(y);
        });
    }
}
