package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * {@code count} layers of one kind, one after the other, each with parameters of its own named {@code layers.0...}, and, where
 * {@link #withNorm} says so, a norm at the end.
 */
public record TransformerDecoder(TransformerDecoderLayer layer, int count, boolean norm) implements Module {
    public TransformerDecoder {
        if (count < 1) throw new IllegalArgumentException("TransformerDecoder: count is " + count + ", expected at least 1");
    }

    /** Without a norm at the end, as PyTorch has it by default. */
    public static TransformerDecoder of(TransformerDecoderLayer layer, int count) {
        return new TransformerDecoder(layer, count, false);
    }

    /** The same stack with a {@link LayerNorm} at the end, which layers with the norm first need. */
    public TransformerDecoder withNorm() {
        return new TransformerDecoder(layer, count, true);
    }

    @Override
    public Params params(Random random) {
        Params all = Params.EMPTY;
        for (int i = 0; i < count; i++) all = all.withChild("layers." + i, layer.params(random));
        return norm ? all.withChild("norm", LayerNorm.of(layer.dim()).params(random)) : all;
    }

    /** @throws UnsupportedOperationException always: a decoder needs its memory */
    @Override
    public Tensor forward(Tensor x, Bound at) {
        return layer.forward(x, at);
    }

    /** Without masks beyond the causal one of the layers. */
    public Tensor forward(Tensor x, Tensor memory, Bound at) {
        return forward(x, memory, AttentionMask.NONE, AttentionMask.NONE, at);
    }

    /** With the same masks in every layer. */
    public Tensor forward(Tensor x, Tensor memory, AttentionMask mask, AttentionMask memoryMask, Bound at) {
        Tensor h = x;
        for (int i = 0; i < count; i++) h = at.seen("layers." + i, layer.forward(h, memory, mask, memoryMask, at.child("layers." + i)));
        return norm ? LayerNorm.of(layer.dim()).forward(h, at.child("norm")) : h;
    }
}
