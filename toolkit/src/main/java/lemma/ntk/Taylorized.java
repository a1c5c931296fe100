package lemma.ntk;

import java.util.function.UnaryOperator;
import lemma.autodiff.Autodiff;
import lemma.nn.Bound;
import lemma.nn.Model;
import lemma.nn.Module;
import lemma.nn.Params;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * A network's Taylor expansion in its parameters, {@code sum_(j <= order) f^(j)(p_0)[p - p_0, .., p - p_0] / j!}: with order 1 that of
 * {@link Linearized}, with higher ones what a kernel that moves with training adds. It trains like any module; the parameters start at {@code p_0}.
 * The cost grows like four to the power of the order.
 *
 * @param order at least 1
 * @see <a href="https://arxiv.org/abs/2002.04010">Bai, Lee (2020), Beyond linearization: on quadratic and higher-order approximation of wide neural networks</a>
 */
public record Taylorized(Model origin, int order) implements Module {
    public Taylorized {
        if (order < 1) throw new IllegalArgumentException("Taylorized: order " + order + ", expected at least 1");
    }

    /** Of the model at its parameters, as a model with the same parameters. */
    public static Model of(Model model, int order) {
        return new Model(new Taylorized(model, order), model.params(), model.state());
    }

    @Override
    public Params params(Random random) {
        return origin.params();
    }

    @Override
    public Params state() {
        return origin.state();
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        Params point = origin.params();
        Params step = point.mapNamed((name, p) -> at.param(name).sub(p));
        Tensor zero = Tensor.scalar(0, x.dtype()).to(x.backend());
        Tensor one = zero.onesLike();
        UnaryOperator<Tensor> derivative = s -> origin.with(point.zip(step, (p, d) -> p.add(d.mul(s)))).apply(x);
        Tensor sum = derivative.apply(zero);
        double factorial = 1;
        for (int j = 1; j <= order; j++) {
            UnaryOperator<Tensor> below = derivative;
            derivative = s -> Autodiff.jvp(below, s, one).tangent();
            factorial *= j;
            sum = sum.add(derivative.apply(zero).div(factorial));
        }
        return sum;
    }

    @Override
    public String toString() {
        return "Taylorized(" + origin.module() + ", " + order + ")";
    }
}
