package lemma.train;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Convex combinations of the examples of a batch, {@code x' = c x_i + (1 - c) x_j} and {@code y' = c y_i + (1 - c) y_j}: j is a permutation of the
 * batch, and {@code c ~ Beta(alpha, alpha)} is drawn once a batch, as in the authors' code.
 *
 * <pre>{@code
 * Trainer.of(net, adam).loss(Losses::binaryCrossEntropyWithLogits).augment(Mixup.of(0.2));
 * }</pre>
 *
 * <p>Targets are numbers that can be mixed: outcomes, values or one-hot labels in floating point, (n, ...).
 *
 * @param alpha of the Beta distribution; small ones mix little. The paper takes 0.1 to 0.4 for pictures
 * @see <a href="https://arxiv.org/abs/1710.09412">Zhang et al. (2018), mixup: beyond empirical risk minimization, eq. 1</a>
 */
public record Mixup(double alpha) implements Trainer.Augmentation {
    public Mixup {
        if (!(alpha > 0 && Double.isFinite(alpha))) throw new IllegalArgumentException("Mixup: alpha is " + alpha + ", expected above 0");
    }

    public static Mixup of(double alpha) {
        return new Mixup(alpha);
    }

    @Override
    public Batch apply(Batch batch, Random random) {
        if (!batch.x().dtype().isFloat() || !batch.y().dtype().isFloat()) {
            throw new IllegalArgumentException("Mixup: inputs are " + batch.x().dtype() + ", targets " + batch.y().dtype() + "; expected floating point, one-hot for classes");
        }
        double c = random.fork(0).beta(alpha, alpha, 1).item();
        Tensor other = random.fork(1).permutation(batch.x().dim(0)).to(batch.x().backend());
        return new Batch(mix(batch.x(), other, c), mix(batch.y(), other, c));
    }

    private static Tensor mix(Tensor t, Tensor other, double c) {
        return t.mul(c).add(t.indexSelect(0, other).mul(1 - c));
    }
}
