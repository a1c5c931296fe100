package lemma.loss;

import lemma.tensor.Tensor;

/**
 * The multi-class hinge of Crammer and Singer: {@code max over k of (h_k - h_y + margin [k != y])}, at least 0 because k may be y.
 *
 * <p>Shapes: logits {@code (n, classes)}, labels {@code (n)} integers, result {@code (n)}.
 *
 * @see <a href="https://www.jmlr.org/papers/v2/crammer01a.html">Crammer, Singer (2001), On the algorithmic implementation of multiclass
 *     kernel-based vector machines</a>
 */
public record CrammerSingerLoss(double margin) implements Loss {
    public CrammerSingerLoss {
        if (!(margin >= 0 && Double.isFinite(margin))) throw new IllegalArgumentException("CrammerSingerLoss: margin is " + margin + ", expected at least 0");
    }

    /** With margin 1. */
    public static CrammerSingerLoss of() {
        return new CrammerSingerLoss(1);
    }

    public CrammerSingerLoss withMargin(double m) {
        return new CrammerSingerLoss(m);
    }

    @Override
    public Tensor each(Tensor logits, Tensor labels) {
        return Classes.differences("CrammerSingerLoss", logits, labels, margin).max(1);
    }
}
