package lemma.loss;

import java.util.function.UnaryOperator;
import lemma.autodiff.Autodiff;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * The fast gradient sign method: {@code x' = x + radius sign(dL/dx)}, one step to the corner of the ball of largest-element distance {@code radius} at which the linearised
 * loss is largest. {@link PgdAttack} takes several.
 *
 * @param radius largest change of an element
 * @see <a href="https://arxiv.org/abs/1412.6572">Goodfellow, Shlens, Szegedy (2015), Explaining and harnessing adversarial examples, section 4</a>
 */
public record FgsmAttack(double radius) {
    public FgsmAttack {
        if (!(radius > 0 && Double.isFinite(radius))) throw new IllegalArgumentException("FgsmAttack: radius is " + radius + ", expected above 0");
    }

    public static FgsmAttack of(double radius) {
        return new FgsmAttack(radius);
    }

    /** The inputs moved so that {@code objective}, a scalar, grows; without gradient. */
    public Tensor perturb(UnaryOperator<Tensor> objective, Tensor x) {
        if (!x.dtype().isFloat()) throw new IllegalArgumentException("FgsmAttack: x is " + x.dtype() + " " + x.shape() + ", expected floats");
        return Scope.run(() -> {
            Tensor at = x.detach();
            return at.add(Autodiff.grad(objective, at).sign().mul(radius));
        });
    }
}
