package lemma.dynamics;

import java.util.List;
import java.util.function.UnaryOperator;
import lemma.autodiff.Autodiff;
import lemma.optim.Schedule;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Subgradient descent of k convex problems side by side: {@code x_{t+1} = x_t - s eta_t g_t}, with a scale s for each problem.
 *
 * <p>With {@code eta_t = 1 - t/T}, t from 1 to T, and {@code s = D / (G sqrt(T))} the last iterate is at most {@code D G / sqrt(T)} above the
 * minimum, where D is the distance of the start from a minimiser and G a bound on the norms of subgradients; no method has a better rate.
 *
 * @param schedule eta of each step, counted from 0
 * @param steps T
 * @see <a href="https://arxiv.org/abs/2307.11134">Zamani, Glineur (2023), Exact convergence rate of the last iterate in subgradient methods</a>
 */
public record SubgradientMethod(Schedule schedule, int steps) {
    public SubgradientMethod {
        if (steps < 1) throw new IllegalArgumentException("SubgradientMethod: steps is " + steps + ", expected at least 1");
    }

    /**
     * Where the problems end.
     *
     * @param last (k, d) the last iterates
     * @param norms (steps, k) Euclidean norms of the subgradients on the way
     */
    public record Path(Tensor last, Tensor norms) {}

    private record Move(Tensor x, Tensor norms) {}

    /**
     * @param f values (k) of points (k, d); a value must depend on its own row alone
     * @param start (k, d)
     * @param scale (k)
     */
    public Path run(UnaryOperator<Tensor> f, Tensor start, Tensor scale) {
        if (start.rank() != 2 || scale.rank() != 1 || scale.dim(0) != start.dim(0)) {
            throw new IllegalArgumentException("SubgradientMethod: start is " + start.shape() + ", scale " + scale.shape() + ", expected (k, d) and (k)");
        }
        return Scope.run(() -> {
            Tensor x = start;
            Tensor[] norms = new Tensor[steps];
            for (int t = 0; t < steps; t++) {
                Tensor before = x;
                Tensor rate = scale.mul(schedule.at(t)).unsqueeze(1);
                Move next = Scope.run(() -> {
                    Tensor g = Autodiff.grad((Tensor z) -> f.apply(z).sum(), before);
                    return new Move(before.sub(g.mul(rate)), g.norm(1));
                });
                Scope.replace(List.of(rate, before), List.of(start));
                norms[t] = next.norms;
                x = next.x;
            }
            return new Path(x, Tensor.stack(List.of(norms), 0));
        });
    }
}
