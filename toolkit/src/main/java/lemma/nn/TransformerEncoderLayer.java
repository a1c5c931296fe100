package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Self-attention and two linear maps, each with a residual and a norm. With the norm last, PyTorch's default,
 * {@code h = norm1(x + attention(x)); y = norm2(h + linear2(activation(linear1(h))))}; with the norm first,
 * {@code h = x + attention(norm1(x)); y = h + linear2(activation(linear1(norm2(h))))}.
 *
 * <p>Shapes: {@code x (batch, time, d) -> (batch, time, d)}. Parameter names and places of dropout are those of PyTorch's layer with
 * {@code batch_first}.
 *
 * @param dim length d of the vectors
 * @param heads heads of the attention
 * @param hidden width between the linear maps
 * @param dropout probability on attention weights, on both branches and between the linear maps, in training
 * @param activation function between the linear maps
 * @param normFirst whether the norm is first
 * @param causal whether a position sees only those up to its own
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. (2017), Attention is all you need, section 3.1</a>
 * @see <a href="https://arxiv.org/abs/2002.04745">Xiong et al. (2020), On layer normalization in the transformer architecture, fig. 1</a>
 */
public record TransformerEncoderLayer(int dim, int heads, int hidden, double dropout, Activation activation, boolean normFirst, boolean causal) implements Module {
    public TransformerEncoderLayer {
        check("TransformerEncoderLayer", dim, heads, hidden, dropout);
    }

    /** Settings that any layer of a transformer needs. */
    static void check(String layer, int dim, int heads, int hidden, double dropout) {
        if (dim < 1 || heads < 1 || dim % heads != 0) throw new IllegalArgumentException(layer + ": heads " + heads + " does not divide dim " + dim);
        if (hidden < 1) throw new IllegalArgumentException(layer + ": hidden is " + hidden + ", expected at least 1");
        if (!(dropout >= 0 && dropout < 1)) throw new IllegalArgumentException(layer + ": dropout is " + dropout + ", expected 0 to less than 1");
    }

    /** PyTorch's defaults: hidden 2048, dropout 0.1, relu, norm last. */
    public static TransformerEncoderLayer of(int dim, int heads) {
        return new TransformerEncoderLayer(dim, heads, 2048, 0.1, Activation.RELU, false, false);
    }

    public TransformerEncoderLayer withHidden(int hidden) {
        return new TransformerEncoderLayer(dim, heads, hidden, dropout, activation, normFirst, causal);
    }

    public TransformerEncoderLayer withDropout(double dropout) {
        return new TransformerEncoderLayer(dim, heads, hidden, dropout, activation, normFirst, causal);
    }

    public TransformerEncoderLayer withActivation(Activation activation) {
        return new TransformerEncoderLayer(dim, heads, hidden, dropout, activation, normFirst, causal);
    }

    /** The same layer with the norm before each branch. */
    public TransformerEncoderLayer withNormFirst() {
        return new TransformerEncoderLayer(dim, heads, hidden, dropout, activation, true, causal);
    }

    /** The same layer with a causal mask: a decoder without memory, as language models have it. */
    public TransformerEncoderLayer asCausal() {
        return new TransformerEncoderLayer(dim, heads, hidden, dropout, activation, normFirst, true);
    }

    private MultiHeadAttention attention() {
        return new MultiHeadAttention(dim, heads, causal, dropout, null);
    }

    @Override
    public Params params(Random random) {
        LayerNorm norm = LayerNorm.of(dim);
        return Params.EMPTY.withChild("self_attn", attention().params(random)).withChild("linear1", Linear.of(dim, hidden).params(random))
                .withChild("linear2", Linear.of(hidden, dim).params(random)).withChild("norm1", norm.params(random)).withChild("norm2", norm.params(random));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return forward(x, AttentionMask.NONE, at);
    }

    /** With a mask, which adds to the causal one where there is one. */
    public Tensor forward(Tensor x, AttentionMask mask, Bound at) {
        LayerNorm norm = LayerNorm.of(dim);
        Dropout drop = Dropout.of(dropout);
        Bound norm1 = at.child("norm1");
        Bound norm2 = at.child("norm2");
        if (normFirst) {
            Tensor h = x.add(drop.forward(attention().forward(norm.forward(x, norm1), mask, at.child("self_attn")), at));
            return h.add(feedForward(dim, hidden, activation, drop, norm.forward(h, norm2), at));
        }
        Tensor h = norm.forward(x.add(drop.forward(attention().forward(x, mask, at.child("self_attn")), at)), norm1);
        return norm.forward(h.add(feedForward(dim, hidden, activation, drop, h, at)), norm2);
    }

    static Tensor feedForward(int dim, int hidden, Activation activation, Dropout drop, Tensor x, Bound at) {
        Tensor inner = drop.forward(activation.apply(Linear.of(dim, hidden).forward(x, at.child("linear1"))), at);
        return drop.forward(Linear.of(hidden, dim).forward(inner, at.child("linear2")), at);
    }
}
