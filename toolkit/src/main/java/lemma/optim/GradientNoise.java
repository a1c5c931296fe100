package lemma.optim;

import java.util.LinkedHashMap;
import java.util.Map;
import lemma.nn.Params;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Annealed Gaussian noise on every gradient before the inner optimiser: {@code g_t + N(0, sigma_t^2)} with
 * {@code sigma_t^2 = eta / (1 + t)^gamma}, t counted from 0. With gamma 0 the noise stays as it is.
 *
 * @param inner takes the noisy gradients
 * @param eta variance at step 0
 * @param gamma how fast it falls; 0.55 in the paper
 * @param random of which each step takes a fork of its own
 * @see <a href="https://arxiv.org/abs/1511.06807">Neelakantan et al. (2015), Adding gradient noise improves learning for very deep networks, section 3</a>
 */
public record GradientNoise(Optimiser inner, double eta, double gamma, Random random) implements Optimiser {
    public GradientNoise {
        if (!(eta >= 0) || Double.isInfinite(eta)) throw new IllegalArgumentException("GradientNoise: eta is " + eta + ", expected at least 0");
        if (!(gamma >= 0)) throw new IllegalArgumentException("GradientNoise: gamma is " + gamma + ", expected at least 0");
    }

    /** {@code sigma_t^2} of step {@code step}. */
    public double variance(long step) {
        return eta / Math.pow(1 + step, gamma);
    }

    @Override
    public double learningRate(long step) {
        return inner.learningRate(step);
    }

    @Override
    public State init(Params params) {
        return inner.init(params);
    }

    @Override
    public Update step(Params params, Params gradients, State state) {
        return inner.step(params, noisy(gradients, state.step()), state);
    }

    /** The gradients as the inner optimiser sees them at step {@code step}. */
    Params noisy(Params gradients, long step) {
        double sigma = Math.sqrt(variance(step));
        Random own = random.fork(step);
        Map<String, Tensor> noisy = new LinkedHashMap<>();
        gradients.asMap().forEach((name, g) -> {
            DType type = g.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
            noisy.put(name, g.add(own.fork(noisy.size()).normal(g.shape(), type).mul(sigma)));
        });
        return Params.of(noisy);
    }

    @Override
    public Params forEvaluation(Params params, State state) {
        return inner.forEvaluation(params, state);
    }
}
