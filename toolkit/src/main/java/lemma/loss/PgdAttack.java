package lemma.loss;

import java.util.function.UnaryOperator;
import lemma.autodiff.Autodiff;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Projected gradient ascent on inputs: {@code x' <- project(x' + step direction(dL/dx'))} within distance {@code radius} of x and within
 * [low, high], from a random point of the ball.
 *
 * <p>Direction and projection are those of the norm: the sign of the gradient and a clip of each element (LINF), or the gradient of each
 * example at length 1 and a shrink to the radius (L2). Examples stand along the first axis.
 *
 * @param radius largest distance
 * @param step how far an iteration goes
 * @param steps iterations
 * @see <a href="https://arxiv.org/abs/1706.06083">Madry et al. (2018), Towards deep learning models resistant to adversarial attacks</a>
 */
public record PgdAttack(Norm norm, double radius, double step, int steps, double low, double high) {
    /** How distances are measured. */
    public enum Norm { LINF, L2 }

    public PgdAttack {
        if (!(radius > 0 && Double.isFinite(radius))) throw new IllegalArgumentException("PgdAttack: radius is " + radius + ", expected above 0");
        if (!(step > 0 && Double.isFinite(step))) throw new IllegalArgumentException("PgdAttack: step is " + step + ", expected above 0");
        if (steps < 1) throw new IllegalArgumentException("PgdAttack: steps is " + steps + ", expected at least 1");
        if (!(low < high)) throw new IllegalArgumentException("PgdAttack: inputs in [" + low + ", " + high + "]; the ends must differ");
    }

    /** In the largest-element norm, with steps of 2.5 radii in all, without limits of the inputs. */
    public static PgdAttack linf(double radius, int steps) {
        return new PgdAttack(Norm.LINF, radius, 2.5 * radius / steps, steps, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }

    /** In the Euclidean norm of an example, likewise. */
    public static PgdAttack l2(double radius, int steps) {
        return new PgdAttack(Norm.L2, radius, 2.5 * radius / steps, steps, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }

    /** Inputs that stay in [low, high], such as pixels. */
    public PgdAttack within(double low, double high) {
        return new PgdAttack(norm, radius, step, steps, low, high);
    }

    /** Another length of a step. */
    public PgdAttack withStep(double step) {
        return new PgdAttack(norm, radius, step, steps, low, high);
    }

    /** Inputs near x at which {@code objective}, a scalar, is large; without gradient. */
    public Tensor perturb(UnaryOperator<Tensor> objective, Tensor x, Random random) {
        if (x.rank() < 2 || !x.dtype().isFloat()) throw new IllegalArgumentException("PgdAttack: x is " + x.dtype() + " " + x.shape() + ", expected floats (n, ...)");
        return Scope.run(() -> {
            Tensor clean = x.detach();
            Tensor at = projected(clean.add(start(clean, random)), clean);
            for (int i = 0; i < steps; i++) {
                Tensor before = at;
                at = Scope.run(() -> projected(before.add(direction(Autodiff.grad(objective, before)).mul(step)), clean));
                Scope.replace(before, at);
            }
            return at;
        });
    }

    private Tensor start(Tensor x, Random random) {
        if (norm == Norm.LINF) return random.uniform(x.shape(), x.dtype()).mul(2 * radius).sub(radius);
        Tensor length = random.uniform(x.shape(), x.dtype()).flatten(1).narrow(1, 0, 1).pow(1.0 / (x.size() / Math.max(1, x.dim(0))));
        return unit(random.normal(x.shape(), x.dtype())).mul(perExample(length, x).mul(radius));
    }

    private Tensor direction(Tensor gradient) {
        return norm == Norm.LINF ? gradient.sign() : unit(gradient);
    }

    private Tensor projected(Tensor moved, Tensor x) {
        Tensor d = moved.sub(x);
        Tensor near = norm == Norm.LINF ? d.clamp(-radius, radius) : d.mul(perExample(lengths(d).maximum(radius).reciprocal().mul(radius), d));
        Tensor inside = x.add(near);
        return Double.isInfinite(low) && Double.isInfinite(high) ? inside : inside.clamp(low, high);
    }

    private static Tensor unit(Tensor d) {
        return d.div(perExample(lengths(d).maximum(d.dtype() == DType.FLOAT32 ? 1e-20 : 1e-150), d));
    }

    /** Euclidean length of each example, (n, 1). */
    private static Tensor lengths(Tensor d) {
        return d.flatten(1).norm(1).unsqueeze(1);
    }

    /** (n, 1) as it broadcasts against x. */
    private static Tensor perExample(Tensor lengths, Tensor x) {
        int[] shape = new int[x.rank()];
        java.util.Arrays.fill(shape, 1);
        shape[0] = x.dim(0);
        return lengths.reshape(shape);
    }
}
