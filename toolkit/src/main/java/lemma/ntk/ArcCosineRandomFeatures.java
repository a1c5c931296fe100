package lemma.ntk;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * {@code Phi(x) = max(G x, 0) / sqrt m} with m standard normal rows in G: the product of two is an unbiased estimate of the arc-cosine kernel
 * {@code |x| |w| (sin t + (pi - t) cos t) / 2 pi}, t their angle. As the features of a layer it stands for {@code relu}.
 *
 * @param directions G (m, d)
 * @see <a href="https://papers.nips.cc/paper/3628-kernel-methods-for-deep-learning">Cho, Saul (2009), Kernel methods for deep learning</a>
 */
public record ArcCosineRandomFeatures(Tensor directions) {
    /** With m random directions, FLOAT64. */
    public static ArcCosineRandomFeatures of(int inputs, int m, Random random) {
        if (inputs < 1 || m < 1) throw new IllegalArgumentException("ArcCosineRandomFeatures: " + inputs + " inputs, " + m + " directions, expected at least 1 each");
        return new ArcCosineRandomFeatures(random.normal(Shape.of(m, inputs), DType.FLOAT64));
    }

    /** Of vectors x (n, d): (n, m). */
    public Tensor apply(Tensor x) {
        if (x.rank() != 2 || x.dim(1) != directions.dim(1)) throw new IllegalArgumentException("ArcCosineRandomFeatures: " + x.shape() + ", expected rows of " + directions.dim(1));
        return x.matmul(directions.to(x.dtype()).t()).relu().mul(1 / Math.sqrt(directions.dim(0)));
    }
}
