package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * {@code count} layers of one kind, one after the other, each with parameters of its own named {@code layers.0...}, and, where
 * {@link #withNorm} says so, a norm at the end.
 */
public record TransformerEncoder(TransformerEncoderLayer layer, int count, boolean norm) implements Module {
    public TransformerEncoder {
        if (count < 1) throw new IllegalArgumentException("TransformerEncoder: count is " + count + ", expected at least 1");
    }

    /** Without a norm at the end, as PyTorch has it by default. */
    public static TransformerEncoder of(TransformerEncoderLayer layer, int count) {
        return new TransformerEncoder(layer, count, false);
    }

    /** The same stack with a {@link LayerNorm} at the end, which layers with the norm first need. */
    public TransformerEncoder withNorm() {
        return new TransformerEncoder(layer, count, true);
    }

    @Override
    public Params params(Random random) {
        Params all = Params.EMPTY;
        for (int i = 0; i < count; i++) all = all.withChild("layers." + i, layer.params(random));
        return norm ? all.withChild("norm", LayerNorm.of(layer.dim()).params(random)) : all;
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return forward(x, AttentionMask.NONE, at);
    }

    /** With the same mask in every layer. */
    public Tensor forward(Tensor x, AttentionMask mask, Bound at) {
        Tensor h = x;
        for (int i = 0; i < count; i++) h = at.seen("layers." + i, layer.forward(h, mask, at.child("layers." + i)));
        return norm ? LayerNorm.of(layer.dim()).forward(h, at.child("norm")) : h;
    }
}
