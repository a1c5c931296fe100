package lemma.ntk;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import lemma.autodiff.Autodiff;
import lemma.nn.Params;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Many random MLPs {@code z^(l+1) = W s(z^l) + b} of width n on one input, {@code Var W = C_W / n, Var b = C_b}, without their weights: given a layer,
 * the next one's n pre-activations are independent normal numbers of variance {@code G = C_b + C_W / n sum_i s(z_i)^2}, so a net is its G's.
 * Exact for every width.
 *
 * @param activation s, element by element
 */
public record MlpEnsemble(UnaryOperator<Tensor> activation, double biasVariance, double weightVariance, int width) {
    private static final int NUMBERS = 1 << 19;

    public MlpEnsemble {
        if (!(biasVariance >= 0 && weightVariance >= 0) || width < 1) throw new IllegalArgumentException("MlpEnsemble: C_b is " + biasVariance + ", C_W " + weightVariance + ", width " + width + ", expected variances of at least 0 and at least one unit");
    }

    /**
     * The fourth moment of a pre-activation over that of a normal number, {@code E z^4 / 3 (E z^2)^2 = E G^2 / (E G)^2}, and its standard error.
     */
    public record FourthMoment(double ratio, double standardError) {}

    /** G of layers 1 to {@code depth} of {@code draws} nets, (depth, draws), with {@code kernel} for that of the first. */
    public Tensor variances(Random random, int draws, double kernel, int depth) {
        int at = Math.max(1, NUMBERS / width);
        List<Tensor> parts = new ArrayList<>();
        for (int from = 0; from < draws; from += at) {
            int count = Math.min(at, draws - from);
            parts.add(Scope.run(() -> part(random, count, kernel, depth)));
        }
        return Tensor.concat(parts, 1);
    }

    private Tensor part(Random random, int draws, double kernel, int depth) {
        List<Tensor> layers = new ArrayList<>();
        Tensor g = Tensor.ones(draws).mul(kernel);
        for (int l = 1; l <= depth; l++) {
            layers.add(g);
            Tensor before = g;
            g = Scope.run(() -> activation.apply(random.normal(draws, width).mul(before.sqrt().unsqueeze(1))).square().mean(1).mul(weightVariance).add(biasVariance));
        }
        return Tensor.stack(layers, 0);
    }

    /**
     * Variances and covariance of the pre-activations of two inputs x and x' in layers 1 to {@code depth}, (depth, 3, draws): {@code G(x, x), G(x, x'), G(x', x')}
     * with {@code G(x, x') = C_b + C_W / n sum_i s(z_i(x)) s(z_i(x'))}.
     *
     * @param first the kernel of the first layer at x
     * @param cross between x and x', at most the root of the product of the others
     * @param second at x'
     */
    public Tensor covariances(Random random, int draws, double first, double cross, double second, int depth) {
        if (!(first > 0 && second > 0 && cross * cross <= first * second)) throw new IllegalArgumentException("MlpEnsemble: kernels " + first + " and " + second + " with " + cross + " between, expected positive ones and a square of at most their product between");
        int at = Math.max(1, NUMBERS / width);
        List<Tensor> parts = new ArrayList<>();
        for (int from = 0; from < draws; from += at) {
            int count = Math.min(at, draws - from);
            parts.add(Scope.run(() -> pairs(random, Tensor.of(new double[] {first, cross, second}, 3, 1).to(DType.FLOAT32).expand(3, count), depth)));
        }
        return Tensor.concat(parts, 2);
    }

    /** @param start (3, draws) */
    private Tensor pairs(Random random, Tensor start, int depth) {
        List<Tensor> layers = new ArrayList<>();
        Tensor g = start;
        for (int l = 1; l <= depth; l++) {
            layers.add(g);
            Tensor before = g;
            g = Scope.run(() -> nextPair(random, before));
        }
        return Tensor.stack(layers, 0);
    }

    private Tensor nextPair(Random random, Tensor g) {
        Tensor root = g.get(0).sqrt().maximum(Float.MIN_NORMAL);
        Tensor shared = g.get(1).div(root);
        Tensor rest = g.get(2).sub(shared.square()).relu().sqrt();
        Tensor e = random.normal(g.dim(1), width);
        Tensor x = activation.apply(e.mul(root.unsqueeze(1)));
        Tensor y = activation.apply(e.mul(shared.unsqueeze(1)).add(random.normal(g.dim(1), width).mul(rest.unsqueeze(1))));
        return Tensor.stack(List.of(x.square().mean(1), x.mul(y).mean(1), y.square().mean(1)), 0).mul(weightVariance).add(biasVariance);
    }

    /**
     * How far training moves the tangent kernel of {@code draws} nets with weights, {@code (H_T - H_0) / H_0} of each, where
     * {@code H = sum_p (dz/dp)^2} is over all parameters and z is the one output, layer {@code depth}. The nets are in the parametrisation of that kernel,
     * {@code z^(l+1) = (C_W / n)^(1/2) W s(z^l) + C_b^(1/2) b} with standard normal W and b, {@code z^1 = kernel^(1/2) W}, and take {@code steps} steps of
     * gradient descent on {@code (z - target)^2 / 2}, each net at the rate {@code rate / H}: its error falls by nearly that share in every step. 0 for a
     * net without a gradient, such as ReLUs that are all off.
     *
     * @param rate below 2, small for gradient flow
     * @see <a href="https://arxiv.org/abs/2106.10165">Roberts, Yaida and Hanin, chapter 11</a>
     */
    public Tensor kernelChange(Random random, int draws, int depth, double kernel, double target, double rate, int steps) {
        if (depth < 2 || steps < 1 || !(rate > 0 && rate < 2)) throw new IllegalArgumentException("MlpEnsemble: depth is " + depth + ", steps " + steps + ", rate " + rate + ", expected at least 2 layers, a step and a rate between 0 and 2");
        return Scope.run(() -> {
            Step first = step(weights(random, draws, depth), kernel, target, rate);
            Step last = first;
            for (int t = 0; t < steps; t++) {
                Step before = last;
                last = Scope.run(() -> step(before.next(), kernel, target, rate));
                if (before != first) Scope.replace(before, last);
            }
            return last.kernel().sub(first.kernel()).div(first.kernel().maximum(Float.MIN_NORMAL));
        });
    }

    /** @param kernel H of each net before the step */
    private record Step(Tensor kernel, Params next) {}

    private Params weights(Random random, int draws, int depth) {
        Params weights = Params.of("w1", random.normal(draws, width, 1));
        for (int l = 2; l <= depth; l++) {
            weights = weights.with("w" + l, random.normal(draws, l < depth ? width : 1, width));
            if (biasVariance > 0) weights = weights.with("b" + l, random.normal(draws, l < depth ? width : 1, 1));
        }
        return weights;
    }

    private Tensor outputs(Params weights, double kernel) {
        Tensor z = weights.get("w1").mul(Math.sqrt(kernel));
        for (int l = 2; weights.has("w" + l); l++) {
            z = weights.get("w" + l).matmul(activation.apply(z)).mul(Math.sqrt(weightVariance / width));
            if (biasVariance > 0) z = z.add(weights.get("b" + l).mul(Math.sqrt(biasVariance)));
        }
        return z.reshape(-1);
    }

    private Step step(Params weights, double kernel, double target, double rate) {
        var z = Autodiff.vjp(p -> outputs(p, kernel), weights, Tensor.ones(weights.get("w1").dim(0)));
        Tensor h = z.cotangent().tensors().stream().map(g -> g.square().sum(1, 2)).reduce(Tensor::add).orElseThrow();
        Tensor pace = z.value().sub(target).mul(rate).div(h.maximum(Float.MIN_NORMAL)).reshape(-1, 1, 1);
        return new Step(h, weights.zip(z.cotangent(), (w, g) -> w.sub(g.mul(pace))));
    }

    /** The moment of each layer from {@link #variances}. */
    public static List<FourthMoment> fourthMoments(Tensor variances) {
        List<FourthMoment> moments = new ArrayList<>();
        for (int l = 0; l < variances.dim(0); l++) moments.add(fourthMoment(variances.get(l).toDoubles()));
        return moments;
    }

    private static FourthMoment fourthMoment(double[] g) {
        double first = 0;
        double second = 0;
        for (double v : g) {
            first += v / g.length;
            second += v * v / g.length;
        }
        double ratio = second / (first * first);
        double spread = 0;
        for (double v : g) spread += Math.pow(v * v / second - 2 * v / first + 1, 2);
        return new FourthMoment(ratio, ratio * Math.sqrt(spread / (g.length - 1.0) / g.length));
    }
}
