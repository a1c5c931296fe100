package lemma.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lemma.nn.Params;
import lemma.tensor.Backend;
import lemma.tensor.Tensor;

/**
 * Adam: {@code m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; p -= lr mhat / (sqrt(vhat) + eps)} with
 * {@code mhat = m / (1 - b1^t)}, {@code vhat = v / (1 - b2^t)}. Weight decay is decoupled: {@code p -= lr decay p} (AdamW).
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma, Ba (2015), Adam, algorithm 1</a>
 * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov, Hutter (2019), Decoupled weight decay regularization, algorithm 2</a>
 */
public record Adam(Schedule schedule, double beta1, double beta2, double eps, double weightDecay) implements Optimiser {
    public Adam {
        if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)) throw new IllegalArgumentException("Adam: betas are " + beta1 + " and " + beta2 + ", expected 0 to less than 1");
        if (!(eps >= 0)) throw new IllegalArgumentException("Adam: eps is " + eps + ", expected at least 0");
        if (!(weightDecay >= 0)) throw new IllegalArgumentException("Adam: weight decay is " + weightDecay + ", expected at least 0");
    }

    /** Adam with betas 0.9 and 0.999 and without weight decay. */
    public static Adam of(double learningRate) {
        return of(Schedule.constant(learningRate));
    }

    /** Adam with betas 0.9 and 0.999 and without weight decay. */
    public static Adam of(Schedule schedule) {
        return new Adam(schedule, 0.9, 0.999, 1e-8, 0);
    }

    public Adam withBetas(double beta1, double beta2) {
        return new Adam(schedule, beta1, beta2, eps, weightDecay);
    }

    public Adam withEps(double eps) {
        return new Adam(schedule, beta1, beta2, eps, weightDecay);
    }

    /** Decoupled weight decay. */
    public Adam withWeightDecay(double weightDecay) {
        return new Adam(schedule, beta1, beta2, eps, weightDecay);
    }

    @Override
    public double learningRate(long step) {
        return schedule.at(step);
    }

    @Override
    public State init(Params params) {
        return new State(0, List.of(params.map(Tensor::zerosLike), params.map(Tensor::zerosLike)));
    }

    @Override
    public Update step(Params params, Params gradients, State state) {
        long t = state.step() + 1;
        var step = new Backend.AdamStep(learningRate(state.step()), beta1, beta2, eps, weightDecay, 1 - Math.pow(beta1, t), 1 - Math.pow(beta2, t));
        Map<String, Tensor> p = new LinkedHashMap<>();
        Map<String, Tensor> m = new LinkedHashMap<>();
        Map<String, Tensor> v = new LinkedHashMap<>();
        params.asMap().forEach((name, tensor) -> {
            Tensor[] next = tensor.backend().adam(tensor, gradients.get(name).contiguous(), state.slots().get(0).get(name), state.slots().get(1).get(name), step);
            p.put(name, next[0]);
            m.put(name, next[1]);
            v.put(name, next[2]);
        });
        return new Update(Params.of(p), new State(t, List.of(Params.of(m), Params.of(v))));
    }
}
