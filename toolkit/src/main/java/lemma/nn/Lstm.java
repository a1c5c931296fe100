package lemma.nn;

import java.util.ArrayList;
import java.util.List;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Slice;
import lemma.tensor.Tensor;

/**
 * Long short-term memory over time, from zero state: {@code i, f, o = sigmoid(...)}, {@code g = tanh(...)} of
 * {@code W_ih x_t + b_ih + W_hh h + b_hh}, {@code c' = f c + i g}, {@code h' = o tanh(c')}.
 *
 * <p>Shapes: {@code x (batch, time, in) -> (batch, time, hidden)}, all hidden states; parameters and gate order (i, f, g, o) as
 * PyTorch's one-layer {@code LSTM} with {@code batch_first}, uniform in {@code +-1/sqrt(hidden)} at start.
 *
 * @see <a href="https://doi.org/10.1162/neco.1997.9.8.1735">Hochreiter, Schmidhuber (1997), Long short-term memory</a>
 */
public record Lstm(int in, int hidden) implements Module {
    public Lstm {
        if (in < 1 || hidden < 1) throw new IllegalArgumentException("Lstm: in " + in + ", hidden " + hidden + ", expected at least 1");
    }

    public static Lstm of(int in, int hidden) {
        return new Lstm(in, hidden);
    }

    @Override
    public Params params(Random random) {
        return Recurrent.params(random, in, hidden, 4);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        Recurrent.check("Lstm", x, in);
        Tensor fromInput = Functional.linear(x, at.param("weight_ih_l0"), at.param("bias_ih_l0").add(at.param("bias_hh_l0")));
        Tensor recurrent = at.param("weight_hh_l0");
        Tensor h = x.backend().full(Shape.of(x.dim(0), hidden), x.dtype(), 0);
        Tensor c = h;
        List<Tensor> states = new ArrayList<>(x.dim(1));
        for (int t = 0; t < x.dim(1); t++) {
            Tensor gates = fromInput.get(Slice.all(), Slice.at(t)).add(Functional.linear(h, recurrent, null));
            Tensor inputForget = gates.narrow(1, 0, 2 * hidden).sigmoid();
            Tensor cell = gates.narrow(1, 2 * hidden, 3 * hidden).tanh();
            Tensor output = gates.narrow(1, 3 * hidden, 4 * hidden).sigmoid();
            c = inputForget.narrow(1, hidden, 2 * hidden).mul(c).add(inputForget.narrow(1, 0, hidden).mul(cell));
            h = output.mul(c.tanh());
            states.add(h);
        }
        return Tensor.stack(states, 1);
    }
}
