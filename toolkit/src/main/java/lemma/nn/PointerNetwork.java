package lemma.nn;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * A network whose answers are places in its input, of which there may be any number: an LSTM reads the inputs to states {@code e_j}, another writes states
 * {@code d_i}, and {@code p(C_i = j) = softmax_j(v^T tanh(W1 e_j + W2 d_i))}. What the writer reads next is the input it pointed at. Place 0, the end, has
 * a learnt {@code e_0}.
 *
 * <p>Shapes: inputs {@code (batch, n, in)}, logits {@code (batch, t, 1 + n)}; parameters {@code encoder.*} and {@code decoder.*} as {@link Lstm}'s,
 * {@code pointer.*} as {@link PointerAttention}'s, {@code end (hidden)}, {@code start (in)}.
 *
 * @param in numbers of an input
 * @param hidden width of both LSTMs
 * @see <a href="https://arxiv.org/abs/1506.03134">Vinyals, Fortunato, Jaitly (2015), Pointer networks</a>
 */
public record PointerNetwork(int in, int hidden) implements PointingModule {
    public PointerNetwork {
        new PointReader("PointerNetwork", in, hidden);
    }

    public static PointerNetwork of(int in, int hidden) {
        return new PointerNetwork(in, hidden);
    }

    private PointReader reader() {
        return new PointReader("PointerNetwork", in, hidden);
    }

    @Override
    public Params params(Random random) {
        Params reader = reader().params(random);
        return reader.withChild("pointer", PointerAttention.of(hidden).params(random));
    }

    /** Logits (batch, 1 + n, 1 + n) when it is made to point at its inputs one after the other. */
    @Override
    public Tensor forward(Tensor x, Bound at) {
        return logits(read(x, at), inOrder(x), at);
    }

    /** The places 1 ... n for each example. */
    static Tensor inOrder(Tensor inputs) {
        return Tensor.arange(1, inputs.dim(1) + 1, 1, DType.INT64).expand(inputs.dim(0), inputs.dim(1)).contiguous();
    }

    @Override
    public Reading read(Tensor inputs, Bound at) {
        return new Reading(inputs, reader().read(inputs, at));
    }

    @Override
    public Tensor logits(Reading reading, Tensor chosen, Bound at) {
        Tensor written = reader().write(reading.inputs(), reading.memory(), chosen, at);
        return PointerAttention.of(hidden).scores(reading.memory().places(), written, at.child("pointer"));
    }
}
