package lemma.nn;

import lemma.tensor.Tensor;
import lemma.tensor.Tracing;

/**
 * Hands x on and notes in its state how long the gradient of the loss with respect to x is, {@code |dL/dx|} over all elements of the batch: the
 * rate at which the loss changes when x is moved, a local Lipschitz constant. State {@code largest, sum, batches (1)}, over training batches.
 *
 * @see <a href="https://arxiv.org/abs/1805.11604">Santurkar et al. (2018), How does batch normalization help optimization?, section 3.1</a>
 */
public record GradientTracker() implements Module {
    @Override
    public Params state() {
        return Params.of("largest", Tensor.zeros(1)).with("sum", Tensor.zeros(1)).with("batches", Tensor.zeros(1));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (!at.pass().isTraining()) return x;
        return Tracing.record("gradientTracker", x.detach(), (g, y) -> {
            note(g.detach(), at);
            return new Tensor[] {g};
        }, x);
    }

    private static void note(Tensor g, Bound at) {
        double length = Math.sqrt(g.square().sum().item());
        at.update("largest", at.state("largest").maximum(length));
        at.update("sum", at.state("sum").add(length));
        at.update("batches", at.state("batches").add(1));
    }
}
