package lemma.nn;

import java.util.ArrayList;
import java.util.List;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Slice;
import lemma.tensor.Tensor;

/**
 * Gated recurrent unit over time, from zero state: {@code r, z = sigmoid(W_ih x_t + b_ih + W_hh h + b_hh)},
 * {@code n = tanh(W_in x_t + b_in + r (W_hn h + b_hn))}, {@code h' = (1 - z) n + z h}.
 *
 * <p>Shapes: {@code x (batch, time, in) -> (batch, time, hidden)}, all hidden states; parameters and gate order (r, z, n) as PyTorch's
 * one-layer {@code GRU} with {@code batch_first}, uniform in {@code +-1/sqrt(hidden)} at start.
 *
 * @see <a href="https://arxiv.org/abs/1406.1078">Cho et al. (2014), Learning phrase representations using RNN encoder-decoder</a>
 */
public record Gru(int in, int hidden) implements Module {
    public Gru {
        if (in < 1 || hidden < 1) throw new IllegalArgumentException("Gru: in " + in + ", hidden " + hidden + ", expected at least 1");
    }

    public static Gru of(int in, int hidden) {
        return new Gru(in, hidden);
    }

    @Override
    public Params params(Random random) {
        return Recurrent.params(random, in, hidden, 3);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        Recurrent.check("Gru", x, in);
        Tensor fromInput = Functional.linear(x, at.param("weight_ih_l0"), at.param("bias_ih_l0"));
        Tensor h = x.backend().full(Shape.of(x.dim(0), hidden), x.dtype(), 0);
        List<Tensor> states = new ArrayList<>(x.dim(1));
        for (int t = 0; t < x.dim(1); t++) {
            Tensor input = fromInput.get(Slice.all(), Slice.at(t));
            Tensor recurrent = Functional.linear(h, at.param("weight_hh_l0"), at.param("bias_hh_l0"));
            Tensor gates = input.narrow(1, 0, 2 * hidden).add(recurrent.narrow(1, 0, 2 * hidden)).sigmoid();
            Tensor reset = gates.narrow(1, 0, hidden);
            Tensor update = gates.narrow(1, hidden, 2 * hidden);
            Tensor candidate = input.narrow(1, 2 * hidden, 3 * hidden).add(reset.mul(recurrent.narrow(1, 2 * hidden, 3 * hidden))).tanh();
            h = candidate.add(update.mul(h.sub(candidate)));
            states.add(h);
        }
        return Tensor.stack(states, 1);
    }
}
