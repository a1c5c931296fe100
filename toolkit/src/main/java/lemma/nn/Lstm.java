package lemma.nn;

import lemma.tensor.Cell;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Long short-term memory over time: {@code i, f, o = sigmoid(...)}, {@code g = tanh(...)} of {@code W_ih x_t + b_ih + W_hh h + b_hh},
 * {@code c' = f c + i g}, {@code h' = o tanh(c')}.
 *
 * <p>Shapes: {@code x (batch, time, in) -> (batch, time, hidden)}, all hidden states of the last layer, twice as wide if bidirectional;
 * parameters and gate order (i, f, g, o) as PyTorch's {@code LSTM} with {@code batch_first}, uniform in {@code +-1/sqrt(hidden)} at start.
 *
 * @param in features of x
 * @param hidden features of the state
 * @param layers layers, each over the hidden states of the one before
 * @param bidirectional whether each layer also runs from the last step to the first; the two outputs are joined
 * @param bias whether there are biases
 * @param dropout probability of a zero in what one layer hands to the next, in training
 * @see <a href="https://doi.org/10.1162/neco.1997.9.8.1735">Hochreiter, Schmidhuber (1997), Long short-term memory</a>
 */
public record Lstm(int in, int hidden, int layers, boolean bidirectional, boolean bias, double dropout) implements Module {
    /**
     * What a run over a sequence gives.
     *
     * @param y hidden states of the last layer (batch, time, directions hidden)
     * @param h last hidden states (layers directions, batch, hidden)
     * @param c last memories (layers directions, batch, hidden)
     */
    public record Output(Tensor y, Tensor h, Tensor c) {}

    public Lstm {
        cells(in, hidden, layers, bidirectional, bias, dropout);
    }

    public static Lstm of(int in, int hidden) {
        return new Lstm(in, hidden, 1, false, true, 0);
    }

    public Lstm withLayers(int layers) {
        return new Lstm(in, hidden, layers, bidirectional, bias, dropout);
    }

    public Lstm asBidirectional() {
        return new Lstm(in, hidden, layers, true, bias, dropout);
    }

    public Lstm withoutBias() {
        return new Lstm(in, hidden, layers, bidirectional, false, dropout);
    }

    /** With dropout between layers. */
    public Lstm withDropout(double dropout) {
        return new Lstm(in, hidden, layers, bidirectional, bias, dropout);
    }

    private static Recurrent cells(int in, int hidden, int layers, boolean bidirectional, boolean bias, double dropout) {
        return new Recurrent("Lstm", Cell.LSTM, in, hidden, layers, bidirectional, bias, dropout);
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
        return run(x, null, null, at).y();
    }

    /**
     * The same from a given state, to carry it from one stretch of a sequence to the next.
     *
     * @param h initial states (layers directions, batch, hidden), or null for zeros
     * @param c initial memories (layers directions, batch, hidden), or null for zeros
     * @param at parameters, as {@link Model#bind} gives them
     */
    public Output run(Tensor x, Tensor h, Tensor c, Bound at) {
        Recurrent.Result out = cells().run(x, h, c, at);
        return new Output(out.y(), out.h(), out.c());
    }
}
