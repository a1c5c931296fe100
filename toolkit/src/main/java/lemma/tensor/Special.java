package lemma.tensor;

import java.util.function.UnaryOperator;

/**
 * Special functions, named as in PyTorch's {@code torch.special}; where PyTorch has none, as in {@code scipy.special}. Arguments broadcast;
 * FLOAT32 is computed in double precision and rounded. Differentiable to any order, but in the arguments that the docs except.
 *
 * @see <a href="https://dlmf.nist.gov/">NIST Digital Library of Mathematical Functions</a>
 */
public final class Special {
    private static final double TWO_OVER_SQRT_PI = 1.1283791670955126;
    private static final double SQRT_PI = 1.7724538509055159;
    private static final double SQRT_2PI = 2.5066282746310007;
    private static final double SQRT_HALF = 0.7071067811865476;

    private Special() {}

    private static Tensor compute(SpecialFunction f, Node.Rule rule, Tensor... x) {
        DType type = x[0].dtype();
        Shape shape = x[0].shape();
        String name = f.name().toLowerCase();
        for (Tensor t : x) {
            if (!t.dtype().isFloat()) throw new IllegalArgumentException(name + ": dtype is " + t.dtype() + ", expected FLOAT32 or FLOAT64; convert with to(DType)");
            type = DType.promote(type, t.dtype());
            shape = Shape.broadcast(name, shape, t.shape());
        }
        Tensor[] same = new Tensor[x.length];
        for (int i = 0; i < x.length; i++) same[i] = x[i].to(type);
        Shape[] shapes = new Shape[x.length];
        for (int i = 0; i < x.length; i++) shapes[i] = x[i].shape();
        Tensor y = Batching.backend(same).special(f, shape, same);
        return Tensor.record(name, y, (g, out) -> {
            Tensor[] gradients = rule.apply(g, out);
            for (int i = 0; i < gradients.length; i++) if (gradients[i] != null) gradients[i] = gradients[i].sumTo(shapes[i]);
            return gradients;
        }, same);
    }

    private static Tensor[] one(Tensor gradient) {
        return new Tensor[] {gradient};
    }

    // ---- gamma functions ----

    /** {@code log |Gamma(x)|}. */
    public static Tensor gammaln(Tensor x) {
        return compute(SpecialFunction.GAMMALN, (g, y) -> one(g.mul(digamma(Views.forRule(x)))), x);
    }

    /** {@code Gamma(x)}; NaN at negative whole numbers. */
    public static Tensor gamma(Tensor x) {
        return compute(SpecialFunction.GAMMA, (g, y) -> one(g.mul(y).mul(digamma(Views.forRule(x)))), x);
    }

    /** Derivative of {@link #gammaln}; NaN at negative whole numbers. */
    public static Tensor digamma(Tensor x) {
        return compute(SpecialFunction.DIGAMMA, (g, y) -> one(g.mul(polygamma(1, Views.forRule(x)))), x);
    }

    /** Derivative n of {@link #digamma}; n 0 is digamma itself. */
    public static Tensor polygamma(int n, Tensor x) {
        if (n < 0) throw new IllegalArgumentException("polygamma: order is " + n + ", expected at least 0");
        if (n == 0) return digamma(x);
        Tensor order = x.backend().full(Shape.SCALAR, x.dtype().isFloat() ? x.dtype() : DType.FLOAT32, n);
        return compute(SpecialFunction.POLYGAMMA, (g, y) -> new Tensor[] {null, g.mul(polygamma(n + 1, Views.forRule(x)))}, order, x);
    }

    /** {@code log(pi^(p(p-1)/4) Gamma(x) Gamma(x - 1/2) ... Gamma(x - (p-1)/2))}: the logarithm of the multivariate gamma function. */
    public static Tensor multigammaln(Tensor x, int p) {
        if (p < 1) throw new IllegalArgumentException("multigammaln: p is " + p + ", expected at least 1");
        Tensor halves = Tensor.arange(0, p / 2.0, 0.5, x.dtype()).to(x.backend());
        return gammaln(x.unsqueeze(-1).sub(halves)).sum(-1).add(0.25 * p * (p - 1) * Math.log(Math.PI));
    }

    /** Hurwitz's zeta function {@code sum over k from 0 of (q + k)^-s} for s above 1; differentiable in q. */
    public static Tensor zeta(Tensor s, Tensor q) {
        return compute(SpecialFunction.ZETA, (g, y) -> {
            Tensor order = notTracked("zeta", "s", s);
            return new Tensor[] {null, g.mul(order).mul(zeta(order.add(1), Views.forRule(q))).neg()};
        }, s, q);
    }

    private static Tensor notTracked(String op, String name, Tensor t) {
        if (t.node != null) throw new UnsupportedOperationException(op + ": there is no derivative in " + name + "; detach() it if none is needed");
        return t;
    }

    /** {@code P(a, x) = 1 / Gamma(a) times the integral of t^(a-1) exp(-t) from 0 to x}; differentiable in x. */
    public static Tensor gammainc(Tensor a, Tensor x) {
        return compute(SpecialFunction.GAMMAINC, (g, y) -> new Tensor[] {null, g.mul(gammaDensity("gammainc", a, x))}, a, x);
    }

    /** {@code Q(a, x) = 1 - P(a, x)}, with all digits where it is small; differentiable in x. */
    public static Tensor gammaincc(Tensor a, Tensor x) {
        return compute(SpecialFunction.GAMMAINCC, (g, y) -> new Tensor[] {null, g.mul(gammaDensity("gammaincc", a, x)).neg()}, a, x);
    }

    private static Tensor gammaDensity(String op, Tensor a, Tensor x) {
        Tensor shape = notTracked(op, "a", a);
        Tensor v = Views.forRule(x);
        return v.log().mul(shape.sub(1)).sub(v).sub(gammaln(shape)).exp();
    }

    // ---- beta functions ----

    /** {@code log |B(a, b)|}. */
    public static Tensor betaln(Tensor a, Tensor b) {
        return compute(SpecialFunction.BETALN, (g, y) -> betaGradients(g, a, b), a, b);
    }

    /** {@code B(a, b) = Gamma(a) Gamma(b) / Gamma(a + b)}. */
    public static Tensor beta(Tensor a, Tensor b) {
        return compute(SpecialFunction.BETA, (g, y) -> betaGradients(g.mul(y), a, b), a, b);
    }

    private static Tensor[] betaGradients(Tensor g, Tensor a, Tensor b) {
        Tensor p = Views.forRule(a);
        Tensor q = Views.forRule(b);
        Tensor both = digamma(p.add(q));
        return new Tensor[] {a.node == null ? null : g.mul(digamma(p).sub(both)), b.node == null ? null : g.mul(digamma(q).sub(both))};
    }

    /** {@code I_x(a, b) = 1 / B(a, b) times the integral of t^(a-1) (1-t)^(b-1) from 0 to x}; differentiable in x. */
    public static Tensor betainc(Tensor a, Tensor b, Tensor x) {
        return compute(SpecialFunction.BETAINC, (g, y) -> {
            Tensor p = notTracked("betainc", "a", a);
            Tensor q = notTracked("betainc", "b", b);
            Tensor v = Views.forRule(x);
            Tensor log = v.log().mul(p.sub(1)).add(v.neg().log1p().mul(q.sub(1))).sub(betaln(p, q));
            return new Tensor[] {null, null, g.mul(log.exp())};
        }, a, b, x);
    }

    // ---- error functions and the normal distribution ----

    /** {@code 1 - erf(x)}, with all digits where it is small. */
    public static Tensor erfc(Tensor x) {
        return compute(SpecialFunction.ERFC, (g, y) -> one(g.mul(Views.forRule(x).square().neg().exp()).mul(-TWO_OVER_SQRT_PI)), x);
    }

    /** {@code exp(x^2) erfc(x)}. */
    public static Tensor erfcx(Tensor x) {
        return compute(SpecialFunction.ERFCX, (g, y) -> one(g.mul(Views.forRule(x).mul(y).mul(2).sub(TWO_OVER_SQRT_PI))), x);
    }

    /** The inverse of {@code erf}: infinite at -1 and 1, NaN beyond. */
    public static Tensor erfinv(Tensor x) {
        return compute(SpecialFunction.ERFINV, (g, y) -> one(g.mul(y.square().exp()).mul(0.5 * SQRT_PI)), x);
    }

    /** Standard normal distribution function. */
    public static Tensor ndtr(Tensor x) {
        return compute(SpecialFunction.NDTR, (g, y) -> one(g.mul(Views.forRule(x).square().mul(-0.5).exp()).div(SQRT_2PI)), x);
    }

    /** Logarithm of {@link #ndtr}. */
    public static Tensor logNdtr(Tensor x) {
        return compute(SpecialFunction.LOG_NDTR, (g, y) -> one(g.mul(Math.sqrt(2 / Math.PI)).div(erfcx(Views.forRule(x).mul(-SQRT_HALF)))), x);
    }

    /** Inverse of {@link #ndtr}: the quantile of the standard normal distribution. */
    public static Tensor ndtri(Tensor p) {
        return compute(SpecialFunction.NDTRI, (g, y) -> one(g.mul(y.square().mul(0.5).exp()).mul(SQRT_2PI)), p);
    }

    // ---- Bessel functions ----

    /** Modified Bessel function of the first kind, order 0. */
    public static Tensor i0(Tensor x) {
        return compute(SpecialFunction.I0, (g, y) -> one(g.mul(i1(Views.forRule(x)))), x);
    }

    /** {@code exp(-|x|) I0(x)}. */
    public static Tensor i0e(Tensor x) {
        return compute(SpecialFunction.I0E, (g, y) -> one(g.mul(i1e(Views.forRule(x)).sub(y.mul(x.detach().sign())))), x);
    }

    /** Modified Bessel function of the first kind, order 1. */
    public static Tensor i1(Tensor x) {
        return compute(SpecialFunction.I1, (g, y) -> {
            Tensor v = Views.forRule(x);
            return one(g.mul(i0(v).sub(overOrHalf(y, v))));
        }, x);
    }

    /** {@code exp(-|x|) I1(x)}. */
    public static Tensor i1e(Tensor x) {
        return compute(SpecialFunction.I1E, (g, y) -> {
            Tensor v = Views.forRule(x);
            return one(g.mul(i0e(v).sub(overOrHalf(y, v)).sub(y.mul(x.detach().sign()))));
        }, x);
    }

    /** Bessel function of the first kind, order 0. */
    public static Tensor besselJ0(Tensor x) {
        return compute(SpecialFunction.J0, (g, y) -> one(g.mul(besselJ1(Views.forRule(x))).neg()), x);
    }

    /** Bessel function of the first kind, order 1. */
    public static Tensor besselJ1(Tensor x) {
        return compute(SpecialFunction.J1, (g, y) -> {
            Tensor v = Views.forRule(x);
            return one(g.mul(besselJ0(v).sub(overOrHalf(y, v))));
        }, x);
    }

    /** {@code y / x}, and its limit 1/2 for the functions of order 1 at 0. */
    private static Tensor overOrHalf(Tensor y, Tensor x) {
        Tensor zero = x.detach().eq(0);
        return y.div(x.maskedFill(zero, 1)).maskedFill(zero, 0.5);
    }

    // ---- logarithms ----

    /** {@code x log(y)}, and 0 where x is 0 unless y is NaN. */
    public static Tensor xlogy(Tensor x, Tensor y) {
        return xlog(x, y, Tensor::log, Tensor::reciprocal);
    }

    /** {@code x log(1 + y)}, and 0 where x is 0 unless y is NaN. */
    public static Tensor xlog1py(Tensor x, Tensor y) {
        return xlog(x, y, Tensor::log1p, v -> v.add(1).reciprocal());
    }

    private static Tensor xlog(Tensor x, Tensor y, UnaryOperator<Tensor> log, UnaryOperator<Tensor> slope) {
        Tensor a = x.detach();
        Tensor b = y.detach();
        Tensor none = a.eq(0).and(b.isNaN().not());
        Tensor value = a.mul(log.apply(b)).maskedFill(none, 0);
        return Tensor.record("xlogy", value, (g, out) -> {
            Tensor u = Views.forRule(x);
            Tensor v = Views.forRule(y);
            Tensor flat = none.and(log.apply(b).gt(Double.NEGATIVE_INFINITY).not());
            return new Tensor[] {
                x.node == null ? null : g.mul(log.apply(v)).maskedFill(flat, 0).sumTo(x.shape()),
                y.node == null ? null : g.mul(u).mul(slope.apply(v)).sumTo(y.shape())};
        }, x, y);
    }

    /** {@code log(p / (1 - p))}, the inverse of the sigmoid. */
    public static Tensor logit(Tensor p) {
        return p.div(p.rsub(1)).log();
    }

    /** {@link #logit} of p limited to [eps, 1 - eps]. */
    public static Tensor logit(Tensor p, double eps) {
        return logit(p.clamp(eps, 1 - eps));
    }

    /** {@code -p log(p)}, 0 at 0 and {@code -inf} below. */
    public static Tensor entr(Tensor p) {
        return xlogy(p, p).neg().maskedFill(p.detach().lt(0), Double.NEGATIVE_INFINITY);
    }

    /** {@code sin(pi x) / (pi x)}, and 1 at 0. */
    public static Tensor sinc(Tensor x) {
        Tensor zero = x.detach().eq(0);
        Tensor a = x.maskedFill(zero, 1).mul(Math.PI);
        return a.sin().div(a).maskedFill(zero, 1);
    }
}
