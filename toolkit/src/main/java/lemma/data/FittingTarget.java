package lemma.data;

import java.util.function.DoubleBinaryOperator;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import lemma.train.Batch;

/**
 * Functions on the square [-1, 1]^2 for regression, each with a family of functions of its own that fits it best: a sum of waves, of hats, of bumps,
 * of powers, and three that no sum of functions of one number is.
 */
public enum FittingTarget {
    /** {@code sin(2 pi x) + cos(3 pi y) / 2}. */
    PERIODIC((x, y) -> Math.sin(2 * Math.PI * x) + 0.5 * Math.cos(3 * Math.PI * y)),
    /** {@code 2 |x - 0.3| - max(0, y + 0.2) + |x + y|}, with kinks. */
    PIECEWISE_LINEAR((x, y) -> 2 * Math.abs(x - 0.3) - Math.max(0, y + 0.2) + Math.abs(x + y)),
    /** Three Gaussian bumps, of heights 1, -1 and 0.7. */
    BUMPS((x, y) -> bump(x - 0.4, y - 0.4, 0.3) - bump(x + 0.5, y - 0.1, 0.25) + 0.7 * bump(x, y + 0.6, 0.35)),
    /** {@code x^3 - 2 x y^2 + y^2 - x / 2}. */
    POLYNOMIAL((x, y) -> x * x * x - 2 * x * y * y + y * y - 0.5 * x),
    /** {@code sin(3 pi (x + 1)^2 / 2 + y)}, from slow to fast. */
    CHIRP((x, y) -> Math.sin(1.5 * Math.PI * (x + 1) * (x + 1) + y)),
    /** 1 inside the half plane {@code x + y / 2 > 0.1}, else -1. */
    STEP((x, y) -> x + 0.5 * y > 0.1 ? 1 : -1),
    /** {@code 2 x y}. */
    PRODUCT((x, y) -> 2 * x * y);

    private final DoubleBinaryOperator f;

    FittingTarget(DoubleBinaryOperator f) {
        this.f = f;
    }

    private static double bump(double x, double y, double width) {
        return Math.exp(-(x * x + y * y) / (2 * width * width));
    }

    /** The function at a point. */
    public double at(double x, double y) {
        return f.applyAsDouble(x, y);
    }

    /** The function at the rows of {@code x (n, 2)}, of the type of x, (n, 1). */
    public Tensor at(Tensor x) {
        if (x.rank() != 2 || x.dim(1) != 2) throw new IllegalArgumentException("FittingTarget: x is " + x.shape() + ", expected (n, 2)");
        double[] v = x.toDoubles();
        double[] y = new double[x.dim(0)];
        for (int i = 0; i < y.length; i++) y[i] = at(v[2 * i], v[2 * i + 1]);
        return Tensor.of(y, y.length, 1).to(x.dtype());
    }

    /** {@code n} uniform points (n, 2) and the function at them (n, 1), with normal noise of standard deviation {@code noise}; FLOAT32. */
    public Batch sample(int n, double noise, Random random) {
        if (n < 1) throw new IllegalArgumentException("FittingTarget: n is " + n + ", expected at least 1");
        if (!(noise >= 0)) throw new IllegalArgumentException("FittingTarget: noise is " + noise + ", expected at least 0");
        Tensor x = random.fork(1).uniform(Shape.of(n, 2), DType.FLOAT64).mul(2).sub(1);
        Tensor y = at(x).add(random.fork(2).normal(Shape.of(n, 1), DType.FLOAT64).mul(noise));
        return new Batch(x.to(DType.FLOAT32), y.to(DType.FLOAT32));
    }
}
