package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Self-attention, attention to a memory, and two linear maps, each with a residual and a norm, which comes last (PyTorch's default) or
 * first, as in {@link TransformerEncoderLayer}.
 *
 * <p>Shapes: {@code x (batch, time, d)}, {@code memory (batch, keys, d)}, result as x. Parameter names and places of dropout are those of
 * PyTorch's layer with {@code batch_first}. The self-attention is causal only where {@link #asCausal} or a mask says so.
 *
 * @param dim length d of the vectors
 * @param heads heads of both attentions
 * @param hidden width between the linear maps
 * @param dropout probability on attention weights, on all branches and between the linear maps, in training
 * @param activation function between the linear maps
 * @param normFirst whether the norm is first
 * @param causal whether a position of x sees only those up to its own
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. (2017), Attention is all you need, section 3.1</a>
 */
public record TransformerDecoderLayer(int dim, int heads, int hidden, double dropout, Activation activation, boolean normFirst, boolean causal) implements Module {
    public TransformerDecoderLayer {
        TransformerEncoderLayer.check("TransformerDecoderLayer", dim, heads, hidden, dropout);
    }

    /** PyTorch's defaults: hidden 2048, dropout 0.1, relu, norm last. */
    public static TransformerDecoderLayer of(int dim, int heads) {
        return new TransformerDecoderLayer(dim, heads, 2048, 0.1, Activation.RELU, false, false);
    }

    public TransformerDecoderLayer withHidden(int hidden) {
        return new TransformerDecoderLayer(dim, heads, hidden, dropout, activation, normFirst, causal);
    }

    public TransformerDecoderLayer withDropout(double dropout) {
        return new TransformerDecoderLayer(dim, heads, hidden, dropout, activation, normFirst, causal);
    }

    public TransformerDecoderLayer withActivation(Activation activation) {
        return new TransformerDecoderLayer(dim, heads, hidden, dropout, activation, normFirst, causal);
    }

    /** The same layer with the norm before each branch. */
    public TransformerDecoderLayer withNormFirst() {
        return new TransformerDecoderLayer(dim, heads, hidden, dropout, activation, true, causal);
    }

    /** The same layer with a causal mask on its self-attention. */
    public TransformerDecoderLayer asCausal() {
        return new TransformerDecoderLayer(dim, heads, hidden, dropout, activation, normFirst, true);
    }

    @Override
    public Params params(Random random) {
        LayerNorm norm = LayerNorm.of(dim);
        return Params.EMPTY.withChild("self_attn", MultiHeadAttention.of(dim, heads).params(random)).withChild("multihead_attn", MultiHeadAttention.of(dim, heads).params(random))
                .withChild("linear1", Linear.of(dim, hidden).params(random)).withChild("linear2", Linear.of(hidden, dim).params(random))
                .withChild("norm1", norm.params(random)).withChild("norm2", norm.params(random)).withChild("norm3", norm.params(random));
    }

    /** @throws UnsupportedOperationException always: a decoder needs its memory */
    @Override
    public Tensor forward(Tensor x, Bound at) {
        throw new UnsupportedOperationException("TransformerDecoderLayer: a decoder needs a memory; call forward(x, memory, at), or use TransformerEncoderLayer.asCausal() for a decoder without one");
    }

    /** Without masks beyond the causal one. */
    public Tensor forward(Tensor x, Tensor memory, Bound at) {
        return forward(x, memory, AttentionMask.NONE, AttentionMask.NONE, at);
    }

    /** With masks of the self-attention and of the attention to the memory. */
    public Tensor forward(Tensor x, Tensor memory, AttentionMask mask, AttentionMask memoryMask, Bound at) {
        LayerNorm norm = LayerNorm.of(dim);
        Dropout drop = Dropout.of(dropout);
        if (normFirst) {
            Tensor h = x.add(self(norm.forward(x, at.child("norm1")), mask, drop, at));
            h = h.add(cross(norm.forward(h, at.child("norm2")), memory, memoryMask, drop, at));
            return h.add(TransformerEncoderLayer.feedForward(dim, hidden, activation, drop, norm.forward(h, at.child("norm3")), at));
        }
        Tensor h = norm.forward(x.add(self(x, mask, drop, at)), at.child("norm1"));
        h = norm.forward(h.add(cross(h, memory, memoryMask, drop, at)), at.child("norm2"));
        return norm.forward(h.add(TransformerEncoderLayer.feedForward(dim, hidden, activation, drop, h, at)), at.child("norm3"));
    }

    private Tensor self(Tensor x, AttentionMask mask, Dropout drop, Bound at) {
        return drop.forward(new MultiHeadAttention(dim, heads, causal, dropout, null).forward(x, mask, at.child("self_attn")), at);
    }

    private Tensor cross(Tensor x, Tensor memory, AttentionMask mask, Dropout drop, Bound at) {
        return drop.forward(MultiHeadAttention.of(dim, heads).withDropout(dropout).forward(x, memory, memory, mask, at.child("multihead_attn")), at);
    }
}
