package lemma.nn;

import lemma.tensor.Cell;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Elman network over time: {@code h' = tanh(W_ih x_t + b_ih + W_hh h + b_hh)}, or with relu for tanh.
 *
 * <p>Shapes: {@code x (batch, time, in) -> (batch, time, hidden)}, all hidden states of the last layer, twice as wide if bidirectional;
 * parameters as PyTorch's {@code RNN} with {@code batch_first}, uniform in {@code +-1/sqrt(hidden)} at start.
 *
 * @param in features of x
 * @param hidden features of the state
 * @param layers layers, each over the hidden states of the one before
 * @param bidirectional whether each layer also runs from the last step to the first; the two outputs are joined
 * @param bias whether there are biases
 * @param dropout probability of a zero in what one layer hands to the next, in training
 * @param nonlinearity what makes the state of the sum
 * @see <a href="https://doi.org/10.1207/s15516709cog1402_1">Elman (1990), Finding structure in time</a>
 */
public record Rnn(int in, int hidden, int layers, boolean bidirectional, boolean bias, double dropout, Nonlinearity nonlinearity) implements Module {
    /** What makes the state of the sum. */
    public enum Nonlinearity { TANH, RELU }

    /**
     * What a run over a sequence gives.
     *
     * @param y hidden states of the last layer (batch, time, directions hidden)
     * @param h last hidden states (layers directions, batch, hidden)
     */
    public record Output(Tensor y, Tensor h) {}

    public Rnn {
        cells(nonlinearity, in, hidden, layers, bidirectional, bias, dropout);
    }

    public static Rnn of(int in, int hidden) {
        return new Rnn(in, hidden, 1, false, true, 0, Nonlinearity.TANH);
    }

    public Rnn withLayers(int layers) {
        return new Rnn(in, hidden, layers, bidirectional, bias, dropout, nonlinearity);
    }

    public Rnn asBidirectional() {
        return new Rnn(in, hidden, layers, true, bias, dropout, nonlinearity);
    }

    public Rnn withoutBias() {
        return new Rnn(in, hidden, layers, bidirectional, false, dropout, nonlinearity);
    }

    /** With dropout between layers. */
    public Rnn withDropout(double dropout) {
        return new Rnn(in, hidden, layers, bidirectional, bias, dropout, nonlinearity);
    }

    public Rnn withNonlinearity(Nonlinearity nonlinearity) {
        return new Rnn(in, hidden, layers, bidirectional, bias, dropout, nonlinearity);
    }

    private static Recurrent cells(Nonlinearity nonlinearity, int in, int hidden, int layers, boolean bidirectional, boolean bias, double dropout) {
        return new Recurrent("Rnn", cell(nonlinearity), in, hidden, layers, bidirectional, bias, dropout);
    }

    private static Cell cell(Nonlinearity nonlinearity) {
        return switch (nonlinearity) {
            case TANH -> Cell.RNN_TANH;
            case RELU -> Cell.RNN_RELU;
        };
    }

    private Recurrent cells() {
        return cells(nonlinearity, in, hidden, layers, bidirectional, bias, dropout);
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
