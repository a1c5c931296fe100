package lemma.optim;

import java.util.List;
import lemma.nn.Params;
import lemma.tensor.Tensor;

/**
 * Gradient clipping: {@code g * min(1, limit / (|g| + 1e-6))} with the norm of all gradients together, before the inner optimiser.
 *
 * @see <a href="https://arxiv.org/abs/1211.5063">Pascanu, Mikolov, Bengio (2013), On the difficulty of training recurrent neural networks</a>
 */
record ClipNorm(Optimiser inner, double limit) implements Optimiser {
    ClipNorm {
        if (!(limit > 0)) throw new IllegalArgumentException("withClipNorm: limit is " + limit + ", expected above 0");
    }

    @Override
    public State init(Params params) {
        return inner.init(params);
    }

    @Override
    public Update step(Params params, Params gradients, State state) {
        List<Tensor> squares = gradients.tensors().stream().map(g -> g.square().sum()).toList();
        double norm = Math.sqrt(Tensor.stack(squares, 0).sum().item());
        double scale = limit / (norm + 1e-6);
        return inner.step(params, scale < 1 ? gradients.map(g -> g.mul(scale)) : gradients, state);
    }

    @Override
    public Params forEvaluation(Params params, State state) {
        return inner.forEvaluation(params, state);
    }

    @Override
    public double learningRate(long step) {
        return inner.learningRate(step);
    }
}
