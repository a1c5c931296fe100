package lemma.tensor;

/**
 * What a recurrent layer does in one time step, from {@code x_t} (gates h), the input's part of the pre-activations with its bias, and
 * {@code u = W h} (gates h), the part of the state before.
 */
public enum Cell {
    /** {@code i, f, o = sigmoid(x + u), g = tanh(x + u)} in the order i, f, g, o; {@code c' = f c + i g}, {@code h' = o tanh(c')}. */
    LSTM(4),
    /** {@code r, z = sigmoid(x + u + b)}, {@code n = tanh(x + r (u + b))} in this order; {@code h' = (1 - z) n + z h}. */
    GRU(3),
    /** {@code h' = tanh(x + u)}. */
    RNN_TANH(1),
    /** {@code h' = max(x + u, 0)}. */
    RNN_RELU(1);

    private final int gates;

    Cell(int gates) {
        this.gates = gates;
    }

    /** Rows of the weights for each hidden unit. */
    public int gates() {
        return gates;
    }

    /** Blocks of h numbers a time step that the gradient needs: the activated gates, and for GRU {@code u + b} of n. */
    int saved() {
        return this == LSTM || this == GRU ? 4 : 0;
    }
}
