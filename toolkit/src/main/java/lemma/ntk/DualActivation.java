package lemma.ntk;

import java.util.function.UnaryOperator;
import lemma.tensor.DType;
import lemma.tensor.Tensor;

/**
 * What a nonlinearity f does to covariances: for {@code (u, v) ~ N(0, [[v1, k], [k, v2]])} the expectations {@code E[f(u) f(v)]} and
 * {@code E[f'(u) f'(v)]}, element by element.
 *
 * <p>Below {@code c = k / sqrt(v1 v2)} and {@code t = arccos c}. Where both examples are one and {@code k = v1 = v2} to the last bit, c is exactly 1.
 *
 * @see <a href="https://arxiv.org/abs/1602.05897">Daniely, Frostig, Singer (2016), Toward deeper understanding of neural networks</a>
 */
@FunctionalInterface
public interface DualActivation {
    /**
     * Both expectations.
     *
     * @param k covariances
     * @param v1 variances of u, which broadcast to k
     * @param v2 variances of v, which broadcast to k
     */
    Expectation of(Tensor k, Tensor v1, Tensor v2);

    /**
     * Of a pair of correlated normal numbers.
     *
     * @param value {@code E[f(u) f(v)]}
     * @param slope {@code E[f'(u) f'(v)]}, its derivative by k
     */
    record Expectation(Tensor value, Tensor slope) {}

    /** {@code sqrt(v1 v2)}, not 0. */
    private static Tensor scale(Tensor v1, Tensor v2) {
        return v1.mul(v2).sqrt().maximum(v1.dtype() == DType.FLOAT64 ? Double.MIN_NORMAL : Float.MIN_NORMAL);
    }

    private static Tensor cosine(Tensor k, Tensor scale) {
        return k.div(scale).clamp(-1, 1);
    }

    private static Tensor sine(Tensor cosine) {
        return cosine.square().rsub(1).sqrt();
    }

    /**
     * Of {@code f(x) = a min(x, 0) + b max(x, 0)}: relu (0, 1), leaky relu (slope, 1), abs (-1, 1).
     * {@code E[f f] = (a - b)^2 / 2pi sqrt(v1 v2) (sin t + (pi - t) cos t) + a b k} and {@code E[f' f'] = (a - b)^2 / 2pi (pi - t) + a b}.
     *
     * @see <a href="https://papers.nips.cc/paper/3628-kernel-methods-for-deep-learning">Cho, Saul (2009), Kernel methods for deep learning</a>
     */
    static DualActivation abRelu(double a, double b) {
        double h = (a - b) * (a - b) / (2 * Math.PI);
        return (k, v1, v2) -> {
            Tensor scale = scale(v1, v2);
            Tensor c = cosine(k, scale);
            Tensor turn = c.acos().rsub(Math.PI);
            Tensor value = turn.mul(c).add(sine(c)).mul(scale).mul(h);
            if (a * b == 0) return new Expectation(value, turn.mul(h));
            return new Expectation(value.add(k.mul(a * b)), turn.mul(h).add(a * b));
        };
    }

    /**
     * Of {@code f(x) = max(x, 0)^degree}, degree 0 to 3: {@code E[f f] = (v1 v2)^(degree / 2) J(t) / 2pi}, with {@code J_0 = pi - t},
     * {@code J_1 = sin t + (pi - t) cos t}, {@code J_2 = 3 sin t cos t + (pi - t)(1 + 2 cos^2 t)} and
     * {@code J_3 = 4 sin^3 t + 15 sin t cos^2 t + (pi - t)(9 cos t + 6 cos^3 t)}; the derivative is {@code degree} times that of the degree below.
     *
     * @see <a href="https://papers.nips.cc/paper/3628-kernel-methods-for-deep-learning">Cho, Saul (2009), Kernel methods for deep learning, eq. 4 to 7</a>
     */
    static DualActivation rectifiedMonomial(int degree) {
        if (degree < 0 || degree > 3) throw new IllegalArgumentException("DualActivation.rectifiedMonomial: degree " + degree + ", expected 0 to 3; use quadrature for others");
        return (k, v1, v2) -> {
            Tensor scale = scale(v1, v2);
            Tensor c = cosine(k, scale);
            Tensor value = arcCosine(degree, c).mul(degree == 0 ? scale.onesLike() : scale.pow(degree)).mul(1 / (2 * Math.PI));
            if (degree == 0) return new Expectation(value, value.zerosLike());
            Tensor below = arcCosine(degree - 1, c);
            return new Expectation(value, (degree == 1 ? below : below.mul(scale.pow(degree - 1))).mul(degree * degree / (2 * Math.PI)));
        };
    }

    private static Tensor arcCosine(int degree, Tensor c) {
        Tensor turn = c.acos().rsub(Math.PI);
        if (degree == 0) return turn;
        Tensor s = sine(c);
        if (degree == 1) return s.add(turn.mul(c));
        Tensor c2 = c.square();
        if (degree == 2) return s.mul(c).mul(3).add(turn.mul(c2.mul(2).add(1)));
        return s.mul(s.square().mul(4).add(c2.mul(15))).add(turn.mul(c).mul(c2.mul(6).add(9)));
    }

    /**
     * Of {@code f(x) = erf(x)}: {@code E[f f] = 2/pi asin(2 k / sqrt((1 + 2 v1)(1 + 2 v2)))},
     * {@code E[f' f'] = 4/pi / sqrt((1 + 2 v1)(1 + 2 v2) - 4 k^2)}.
     *
     * @see <a href="https://papers.nips.cc/paper/1197-computing-with-infinite-networks">Williams (1996), Computing with infinite networks</a>
     */
    static DualActivation erf() {
        return (k, v1, v2) -> {
            Tensor p = v1.mul(2).add(1).mul(v2.mul(2).add(1));
            Tensor value = k.mul(2).mul(p.rsqrt()).clamp(-1, 1).asin().mul(2 / Math.PI);
            return new Expectation(value, p.sub(k.square().mul(4)).rsqrt().mul(4 / Math.PI));
        };
    }

    /**
     * Of {@code f(x) = x Phi(x)}, Phi the normal distribution function. With {@code P = (1 + v1)(1 + v2)}, {@code D = sqrt(P - k^2)} and
     * {@code A = E[Phi(u) Phi(v)] = 1/4 + asin(k / sqrt P) / 2pi}, by Stein's lemma
     * {@code E[f f] = k A + (v1 v2 + k^2 r) / 2pi D}, {@code r = 1/(1 + v1) + 1/(1 + v2) - 1}, and
     * {@code E[f' f'] = A + k (r + 1 + 1/D^2) / 2pi D}.
     */
    static DualActivation gelu() {
        double h = 1 / (2 * Math.PI);
        return (k, v1, v2) -> {
            Tensor p1 = v1.add(1);
            Tensor p2 = v2.add(1);
            Tensor p = p1.mul(p2);
            Tensor d2 = p.sub(k.square());
            Tensor overD = d2.rsqrt().mul(h);
            Tensor a = k.mul(p.rsqrt()).clamp(-1, 1).asin().mul(h).add(0.25);
            Tensor sum = p1.reciprocal().add(p2.reciprocal());
            Tensor value = k.mul(a).add(v1.mul(v2).add(k.square().mul(sum.sub(1))).mul(overD));
            return new Expectation(value, a.add(k.mul(overD).mul(sum.add(d2.reciprocal()))));
        };
    }

    /** Of {@code f(x) = sin(x)}: {@code E[f f] = exp(-(v1 + v2) / 2) sinh k}, {@code E[f' f'] = exp(-(v1 + v2) / 2) cosh k}. */
    static DualActivation sin() {
        return (k, v1, v2) -> waves(k, v1, v2, false);
    }

    /** Of {@code f(x) = cos(x)}: {@code E[f f] = exp(-(v1 + v2) / 2) cosh k}, {@code E[f' f'] = exp(-(v1 + v2) / 2) sinh k}. */
    static DualActivation cos() {
        return (k, v1, v2) -> waves(k, v1, v2, true);
    }

    private static Expectation waves(Tensor k, Tensor v1, Tensor v2, boolean even) {
        Tensor m = v1.add(v2).mul(-0.5);
        Tensor same = m.add(k).exp();
        Tensor opposite = m.sub(k).exp();
        Tensor odd = same.sub(opposite).mul(0.5);
        Tensor sum = same.add(opposite).mul(0.5);
        return even ? new Expectation(sum, odd) : new Expectation(odd, sum);
    }

    /**
     * Of {@code f(x) = a sin(b x + c)}: with {@code s, t = exp(-b^2 (v1 + v2 -+ 2k) / 2)}, {@code E[f f] = a^2/2 (s - cos(2c) t)} and
     * {@code E[f' f'] = a^2 b^2/2 (s + cos(2c) t)}.
     */
    static DualActivation sin(double a, double b, double c) {
        double h = a * a / 2;
        double turn = Math.cos(2 * c);
        return (k, v1, v2) -> {
            Tensor m = v1.add(v2).mul(-b * b / 2);
            Tensor same = m.add(k.mul(b * b)).exp();
            Tensor opposite = m.sub(k.mul(b * b)).exp().mul(turn);
            return new Expectation(same.sub(opposite).mul(h), same.add(opposite).mul(h * b * b));
        };
    }

    /** Of {@code f(x) = a exp(b x)}: {@code E[f f] = a^2 exp(b^2 (v1 + v2 + 2k) / 2)}, {@code E[f' f'] = b^2 E[f f]}. */
    static DualActivation exp(double a, double b) {
        return (k, v1, v2) -> {
            Tensor value = v1.add(v2).mul(0.5).add(k).mul(b * b).exp().mul(a * a);
            return new Expectation(value, value.mul(b * b));
        };
    }

    /**
     * Of {@code f(x) = a exp(-b x^2)}: with {@code D = (1 + 2b v1)(1 + 2b v2) - 4b^2 k^2}, {@code E[f f] = a^2 D^-1/2} and
     * {@code E[f' f'] = 4 a^2 b^2 k D^-3/2}.
     *
     * @param b at least 0
     */
    static DualActivation gaussian(double a, double b) {
        if (!(b >= 0)) throw new IllegalArgumentException("DualActivation.gaussian: b is " + b + ", expected at least 0");
        return (k, v1, v2) -> {
            Tensor root = v1.mul(2 * b).add(1).mul(v2.mul(2 * b).add(1)).sub(k.square().mul(4 * b * b)).rsqrt();
            return new Expectation(root.mul(a * a), k.mul(root.pow(3)).mul(4 * a * a * b * b));
        };
    }

    /** Of {@code f(x) = x}. */
    static DualActivation identity() {
        return (k, v1, v2) -> new Expectation(k, k.onesLike());
    }

    /**
     * Of {@code x -> f(a x)} from that of f.
     *
     * @param a any number but 0
     */
    default DualActivation ofScaled(double a) {
        if (a == 1) return this;
        return (k, v1, v2) -> {
            Expectation e = of(k.mul(a * a), v1.mul(a * a), v2.mul(a * a));
            return new Expectation(e.value(), e.slope().mul(a * a));
        };
    }

    /**
     * Of any f, by Gauss-Hermite quadrature: {@code u = sqrt(v1) z, v = sqrt(v2) (c z + sqrt(1 - c^2) w)} over {@code nodes}^2 points (z, w).
     * The error falls exponentially with the nodes where f is smooth, and like 1/nodes where f has a kink.
     *
     * @param f element by element
     * @param slope its derivative
     * @param nodes in each direction, 1 to 128
     */
    static DualActivation quadrature(UnaryOperator<Tensor> f, UnaryOperator<Tensor> slope, int nodes) {
        GaussHermite rule = GaussHermite.of(nodes);
        return (k, v1, v2) -> {
            Tensor c = cosine(k, scale(v1, v2));
            Tensor s1 = v1.sqrt();
            Tensor s2 = v2.sqrt();
            Tensor s = sine(c);
            return new Expectation(rule.pair(f, s1, s2, c, s), rule.pair(slope, s1, s2, c, s));
        };
    }
}
