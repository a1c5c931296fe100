package lemma.loss;

import lemma.tensor.Tensor;

/**
 * The multi-class hinge of Weston and Watkins: {@code sum over k != y of max(0, margin + h_k - h_y)}. PyTorch's
 * {@code multi_margin_loss} is this divided by the number of classes.
 *
 * <p>Shapes: logits {@code (n, classes)}, labels {@code (n)} integers, result {@code (n)}.
 *
 * @see <a href="https://www.esann.org/sites/default/files/proceedings/legacy/es1999-461.pdf">Weston, Watkins (1999), Support vector
 *     machines for multi-class pattern recognition</a>
 */
public record WestonWatkinsLoss(double margin) implements Loss {
    public WestonWatkinsLoss {
        if (!(margin >= 0 && Double.isFinite(margin))) throw new IllegalArgumentException("WestonWatkinsLoss: margin is " + margin + ", expected at least 0");
    }

    /** With margin 1. */
    public static WestonWatkinsLoss of() {
        return new WestonWatkinsLoss(1);
    }

    public WestonWatkinsLoss withMargin(double m) {
        return new WestonWatkinsLoss(m);
    }

    @Override
    public Tensor each(Tensor logits, Tensor labels) {
        return Classes.differences("WestonWatkinsLoss", logits, labels, margin).relu().sum(1);
    }
}
