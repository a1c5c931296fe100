package lemma.ntk;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import lemma.autodiff.Autodiff;
import lemma.nn.Params;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * Samples of the posterior of a deep Gaussian process of finite width N, whose outputs are the targets N times over, as the limit of
 * {@link DeepKernelMachine} has them: features {@code F_l = C U_l} with {@code C C^T = K(G_(l-1)), G_l = F_l F_l^T / N} and
 * {@code log p(U) = N log p(Y | G_L) - sum_l |U_l|^2 / 2}. By the Metropolis-adjusted Langevin algorithm; its step is fitted in the burn-in to accept
 * about 57 % of the proposals.
 *
 * @param machine kernel, layers and noise; its nu takes no part
 * @param width N
 * @see <a href="https://doi.org/10.1111/1467-9868.00123">Roberts, Rosenthal (1998), Optimal scaling of discrete approximations to Langevin diffusions</a>
 */
public record DeepGpLangevin(DeepKernelMachine machine, int width) {
    private static final double ACCEPTED = 0.574;

    public DeepGpLangevin {
        if (width < 1) throw new IllegalArgumentException("DeepGpLangevin: width " + width + ", expected at least 1");
    }

    /**
     * What came out of a chain.
     *
     * @param grams mean Gram matrices of layers 1 to L
     * @param acceptance share of proposals accepted after the burn-in
     * @param step of the algorithm
     */
    public record Chain(List<Tensor> grams, double acceptance, double step) {}

    private record State(Params u, double density, Params slope) {}

    /** The means over {@code steps} steps after {@code burnIn} others, from features drawn from the prior. */
    public Chain sample(Tensor input, Tensor y, Random random, int burnIn, int steps) {
        if (burnIn < 0 || steps < 1) throw new IllegalArgumentException("DeepGpLangevin: " + burnIn + " and " + steps + " steps, expected at least 0 and 1");
        State at = state(prior(random, y.dim(0)), input, y);
        double step = 0.1;
        int accepted = 0;
        List<Tensor> sums = null;
        for (int t = 0; t < burnIn + steps; t++) {
            State before = at;
            double size = step;
            at = Scope.run(() -> next(before, size, random, input, y));
            boolean moved = at != before;
            if (moved) Scope.replace(before, at);
            if (t < burnIn) {
                step *= Math.exp(((moved ? 1 : 0) - ACCEPTED) * 3 / Math.sqrt(t + 10.0));
                continue;
            }
            if (moved) accepted++;
            State now = at;
            List<Tensor> last = sums;
            sums = Scope.run(() -> added(last, grams(now.u, input)));
        }
        return new Chain(sums.stream().map(g -> g.mul(1.0 / steps)).toList(), accepted / (double) steps, step);
    }

    private static List<Tensor> added(List<Tensor> sums, List<Tensor> grams) {
        return sums == null ? grams : IntStream.range(0, grams.size()).mapToObj(l -> sums.get(l).add(grams.get(l))).toList();
    }

    private Params prior(Random random, int n) {
        Params u = Params.of("U1", random.normal(Shape.of(n, width), DType.FLOAT64));
        for (int l = 2; l <= machine.layers(); l++) u = u.with("U" + l, random.normal(Shape.of(n, width), DType.FLOAT64));
        return u;
    }

    private List<Tensor> grams(Params u, Tensor input) {
        return machine.grams(u.tensors(), input, width);
    }

    private State state(Params u, Tensor input, Tensor y) {
        return Scope.run(() -> {
            var vg = Autodiff.valueAndGrad((Params p) -> {
                Tensor prior = p.tensors().stream().map(t -> t.square().sum()).reduce(Tensor::add).orElseThrow();
                return machine.logLikelihood(grams(p, input).getLast(), y).mul(width).sub(prior.mul(0.5));
            }, u);
            return new State(u, vg.value().item(), vg.grad());
        });
    }

    private State next(State at, double step, Random random, Tensor input, Tensor y) {
        Params drift = at.u.zip(at.slope, (u, g) -> u.add(g.mul(0.5 * step * step)));
        Params to = drift.map(d -> d.add(random.normal(d.shape(), DType.FLOAT64).mul(step)));
        State proposed = state(to, input, y);
        Params back = proposed.u.zip(proposed.slope, (u, g) -> u.add(g.mul(0.5 * step * step)));
        double ratio = proposed.density - at.density + (distance(to, drift) - distance(at.u, back)) / (2 * step * step);
        return Math.log(random.nextDouble()) < ratio ? proposed : at;
    }

    private static double distance(Params a, Params b) {
        List<Tensor> parts = new ArrayList<>(a.zip(b, (u, v) -> u.sub(v).square().sum()).tensors());
        return parts.stream().mapToDouble(Tensor::item).sum();
    }
}
