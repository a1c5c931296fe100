package lemma.probe;

import lemma.tensor.Tensor;

/**
 * A similarity of vectors, {@code k(a_i, b_j)} for all rows at once. Metrics ask for it block by block, so a kernel must not look at more than
 * the rows that it is given; a width that depends on the data is measured first, for example by {@link MedianHeuristic}.
 */
@FunctionalInterface
public interface Kernel {
    /** a (n, d), b (m, d) to (n, m), all FLOAT64. */
    Tensor between(Tensor a, Tensor b);

    /** The matrix {@code k(x_i, x_j)} (n, n). */
    default Tensor gram(Tensor x) {
        return between(x, x);
    }

    /** {@code a.b}. */
    static Kernel linear() {
        return (a, b) -> a.matmul(b.t());
    }

    /** {@code a.b / (|a| |b|)}; zero vectors are an error. */
    static Kernel cosine() {
        return (a, b) -> Features.unitRows("Kernel.cosine", a).matmul(Features.unitRows("Kernel.cosine", b).t());
    }

    /** {@code exp(-|a - b|^2 / (2 sigma^2))}. */
    static Kernel rbf(double sigma) {
        double scale = 1 / checkedWidth("rbf", sigma);
        return (a, b) -> {
            Tensor s = a.mul(scale);
            Tensor t = a == b ? s : b.mul(scale);
            return s.matmul(t.t()).sub(s.square().sumKeep(1).mul(0.5)).sub(t.square().sum(1).mul(0.5)).minimum(0).exp();
        };
    }

    /** {@code exp(-|a - b| / sigma)}. */
    static Kernel laplacian(double sigma) {
        double rate = -1 / checkedWidth("laplacian", sigma);
        return (a, b) -> squaredDistances(a, b).sqrt().mul(rate).exp();
    }

    /** {@code (a.b + offset)^degree}. */
    static Kernel polynomial(int degree, double offset) {
        if (degree < 1) throw new IllegalArgumentException("Kernel.polynomial: degree is " + degree + ", expected at least 1");
        return (a, b) -> a.matmul(b.t()).add(offset).pow(degree);
    }

    /** {@code |a_i - b_j|^2} by a matrix product, not below zero. */
    static Tensor squaredDistances(Tensor a, Tensor b) {
        return a.mul(-2).matmul(b.t()).add(a.square().sumKeep(1)).add(b.square().sum(1)).maximum(0);
    }

    private static double checkedWidth(String name, double sigma) {
        if (!(sigma > 0 && Double.isFinite(sigma))) throw new IllegalArgumentException("Kernel." + name + ": sigma is " + sigma + ", expected above 0");
        return sigma;
    }
}
