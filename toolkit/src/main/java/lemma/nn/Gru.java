package lemma.nn;

import lemma.tensor.Cell;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Gated recurrent unit over time: {@code r, z = sigmoid(W_ih x_t + b_ih + W_hh h + b_hh)},
 * {@code n = tanh(W_in x_t + b_in + r (W_hn h + b_hn))}, {@code h' = (1 - z) n + z h}.
 *
 * <p>Shapes: {@code x (batch, time, in) -> (batch, time, hidden)}, all hidden states of the last layer, twice as wide if bidirectional;
 * parameters and gate order (r, z, n) as PyTorch's {@code GRU} with {@code batch_first}, uniform in {@code +-1/sqrt(hidden)} at start.
 *
 * @param in features of x
 * @param hidden features of the state
 * @param layers layers, each over the hidden states of the one before
 * @param bidirectional whether each layer also runs from the last step to the first; the two outputs are joined
 * @param bias whether there are biases
 * @param dropout probability of a zero in what one layer hands to the next, in training
 * @see <a href="https://arxiv.org/abs/1406.1078">Cho et al. (2014), Learning phrase representations using RNN encoder-decoder</a>
 */
public record Gru(int in, int hidden, int layers, boolean bidirectional, boolean bias, double dropout) implements Module {
    /**
     * What a run over a sequence gives.
     *
     * @param y hidden states of the last layer (batch, time, directions hidden)
     * @param h last hidden states (layers directions, batch, hidden)
     */
    public record Output(Tensor y, Tensor h) {}

    public Gru {
        cells(in, hidden, layers, bidirectional, bias, dropout);
    }

    public static Gru of(int in, int hidden) {
        return new Gru(in, hidden, 1, false, true, 0);
    }

    public Gru withLayers(int layers) {
        return new Gru(in, hidden, layers, bidirectional, bias, dropout);
    }

    public Gru asBidirectional() {
        return new Gru(in, hidden, layers, true, bias, dropout);
    }

    public Gru withoutBias() {
        return new Gru(in, hidden, layers, bidirectional, false, dropout);
    }

    /** With dropout between layers. */
    public Gru withDropout(double dropout) {
        return new Gru(in, hidden, layers, bidirectional, bias, dropout);
    }

    private static Recurrent cells(int in, int hidden, int layers, boolean bidirectional, boolean bias, double dropout) {
        return new Recurrent("Gru", Cell.GRU, in, hidden, layers, bidirectional, bias, dropout);
    }

    private Recurrent cells() {
        return cells(in, hidden, layers, bidirectional, bias, dropout);
    }

    @Override
    public Params params(Random random) {
        return cells().params(random);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return run(x, null, at).y();
    }

    /**
     * The same from a given state, to carry it from one stretch of a sequence to the next.
     *
     * @param h initial states (layers directions, batch, hidden), or null for zeros
     * @param at parameters, as {@link Model#bind} gives them
     */
    public Output run(Tensor x, Tensor h, Bound at) {
        Recurrent.Result out = cells().run(x, h, null, at);
        return new Output(out.y(), out.h());
    }
}
