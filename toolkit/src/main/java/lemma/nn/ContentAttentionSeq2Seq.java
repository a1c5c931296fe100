package lemma.nn;

import java.util.List;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * The network that {@link PointerNetwork} is compared with: the same LSTMs, but attention mixes what was read, {@code a_i = sum_j softmax_j(u_ij) e_j}, and
 * a linear layer of {@code (d_i, a_i)} gives logits of a fixed number of places. It cannot answer about more inputs than that.
 *
 * <p>Shapes: inputs {@code (batch, n, in)} with {@code n <= most}, logits {@code (batch, t, 1 + most)}.
 *
 * @param in numbers of an input
 * @param hidden width of both LSTMs
 * @param most inputs at most
 * @see <a href="https://arxiv.org/abs/1506.03134">Vinyals, Fortunato, Jaitly (2015), Pointer networks, section 2.2</a>
 */
public record ContentAttentionSeq2Seq(int in, int hidden, int most) implements PointingModule {
    public ContentAttentionSeq2Seq {
        new PointReader("ContentAttentionSeq2Seq", in, hidden);
        if (most < 1) throw new IllegalArgumentException("ContentAttentionSeq2Seq: most is " + most + ", expected at least 1");
    }

    public static ContentAttentionSeq2Seq of(int in, int hidden, int most) {
        return new ContentAttentionSeq2Seq(in, hidden, most);
    }

    private PointReader reader() {
        return new PointReader("ContentAttentionSeq2Seq", in, hidden);
    }

    private Linear out() {
        return Linear.of(2 * hidden, 1 + most);
    }

    @Override
    public Params params(Random random) {
        return reader().params(random).withChild("attention", PointerAttention.of(hidden).params(random)).withChild("out", out().params(random));
    }

    /** Logits (batch, 1 + n, 1 + most) when it is made to name its inputs one after the other. */
    @Override
    public Tensor forward(Tensor x, Bound at) {
        return logits(read(x, at), PointerNetwork.inOrder(x), at);
    }

    @Override
    public Reading read(Tensor inputs, Bound at) {
        Reading reading = new Reading(inputs, reader().read(inputs, at));
        if (inputs.dim(1) > most) throw new IllegalArgumentException("ContentAttentionSeq2Seq: " + inputs.dim(1) + " inputs, it has symbols for " + most + " (inputs are " + inputs.shape() + ")");
        return reading;
    }

    @Override
    public Tensor logits(Reading reading, Tensor chosen, Bound at) {
        Tensor written = reader().write(reading.inputs(), reading.memory(), chosen, at);
        Tensor places = reading.memory().places();
        Tensor mixed = PointerAttention.of(hidden).scores(places, written, at.child("attention")).softmax(-1).matmul(places);
        return out().forward(Tensor.concat(List.of(written, mixed), -1), at.child("out"));
    }
}
