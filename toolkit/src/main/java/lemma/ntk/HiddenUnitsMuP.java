package lemma.ntk;

import java.util.function.UnaryOperator;
import lemma.autodiff.Autodiff;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * A network of one hidden layer in the maximal-update parametrisation, {@code f(x) = sum_i p_i v_i s(u_i . x)} with {@code p_i = 1/n} and standard normal starts
 * {@code u_i (d), v_i (k)}, trained by {@code u_i -= eta chi . v_i s'(u_i . x) x, v_i -= eta chi s(u_i . x)} with {@code chi = dL/df} (means over the batch). Units
 * see each other only through f. So in the limit of infinite width a unit is a function of its own start, and f the mean of {@code v s(u . x)} over
 * {@code (u_0, v_0) ~ N(0, I)}: here that mean is taken by Gauss-Hermite quadrature, whose nodes are the units and whose weights are their p.
 *
 * @param activation s, element by element, differentiable
 * @param u (units, d)
 * @param v (units, k)
 * @param share p of each unit (units), with sum 1
 * @see <a href="https://arxiv.org/abs/2011.14522">Yang, Hu (2021), Feature learning in infinite-width neural networks, section 6</a>
 * @see LinearMuP for a linear layer, whose limit needs no quadrature
 */
public record HiddenUnitsMuP(UnaryOperator<Tensor> activation, Tensor u, Tensor v, Tensor share) {
    private static final int MOST_UNITS = 1 << 18;

    public HiddenUnitsMuP {
        if (u.rank() != 2 || v.rank() != 2 || share.rank() != 1 || u.dim(0) != v.dim(0) || u.dim(0) != share.dim(0)) {
            throw new IllegalArgumentException("HiddenUnitsMuP: u is " + u.shape() + ", v " + v.shape() + ", the shares " + share.shape() + ", expected (units, d), (units, k) and (units)");
        }
    }

    /**
     * The limit of infinite width.
     *
     * @param nodes of the quadrature along each of the {@code inputs + outputs} axes; smooth activations and short training need few
     * @throws IllegalArgumentException if these are more than 2^18 units together
     */
    public static HiddenUnitsMuP limit(UnaryOperator<Tensor> activation, int inputs, int outputs, int nodes) {
        check(inputs, outputs, nodes);
        int axes = inputs + outputs;
        double units = Math.pow(nodes, axes);
        if (units > MOST_UNITS) throw new IllegalArgumentException("HiddenUnitsMuP.limit: " + nodes + " nodes along each of " + axes + " axes are " + units + " units, expected at most " + MOST_UNITS + "; take fewer nodes, or a wide network by random");
        GaussHermite rule = GaussHermite.of(nodes);
        double[] starts = new double[(int) units * axes];
        double[] share = new double[(int) units];
        for (int i = 0; i < share.length; i++) {
            share[i] = 1;
            int rest = i;
            for (int a = 0; a < axes; a++) {
                starts[i * axes + a] = rule.nodes()[rest % nodes];
                share[i] *= rule.weights()[rest % nodes];
                rest /= nodes;
            }
        }
        Tensor z = Tensor.of(starts, share.length, axes);
        return new HiddenUnitsMuP(activation, z.narrow(1, 0, inputs).contiguous(), z.narrow(1, inputs, axes).contiguous(), Tensor.of(share));
    }

    /** A network of width n. */
    public static HiddenUnitsMuP random(UnaryOperator<Tensor> activation, int inputs, int outputs, int width, Random random) {
        check(inputs, outputs, width);
        Tensor share = Tensor.ones(width).to(DType.FLOAT64).div(width);
        return new HiddenUnitsMuP(activation, random.normal(Shape.of(width, inputs), DType.FLOAT64), random.normal(Shape.of(width, outputs), DType.FLOAT64), share);
    }

    private static void check(int inputs, int outputs, int count) {
        if (inputs < 1 || outputs < 1 || count < 1) throw new IllegalArgumentException("HiddenUnitsMuP: " + inputs + " inputs, " + outputs + " outputs, " + count + " units or nodes, expected at least 1 each");
    }

    /** f of x (batch, d): (batch, k). */
    public Tensor apply(Tensor x) {
        return Scope.run(() -> activation.apply(x.matmul(u.t())).mul(share).matmul(v));
    }

    /**
     * A step of gradient descent.
     *
     * @param x inputs (batch, d)
     * @param chi derivative of the loss of each example by its outputs (batch, k)
     */
    public HiddenUnitsMuP step(Tensor x, Tensor chi, double eta) {
        return Scope.run(() -> {
            var hidden = Autodiff.vjp(activation, x.matmul(u.t()), chi.matmul(v.t())); // (batch, units)
            double rate = eta / x.dim(0);
            Tensor nextU = u.sub(hidden.cotangent().t().matmul(x).mul(rate));
            Tensor nextV = v.sub(hidden.value().t().matmul(chi).mul(rate));
            return new HiddenUnitsMuP(activation, nextU, nextV, share);
        });
    }

    /** Inner products of the units' activations at the inputs x (batch, d), {@code sum_i p_i s(u_i . x) s(u_i . x')} (batch, batch). */
    public Tensor featureKernel(Tensor x) {
        return Scope.run(() -> {
            Tensor s = activation.apply(x.matmul(u.t()));
            return s.mul(share).matmul(s.t());
        });
    }
}
