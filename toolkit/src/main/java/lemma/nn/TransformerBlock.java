package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * A transformer layer with the norm first: {@code h = x + attention(norm1(x)); y = h + linear2(gelu(linear1(norm2(h))))}.
 *
 * <p>Shapes: {@code x (batch, time, d) -> (batch, time, d)}. Parameter names are those of PyTorch's {@code TransformerEncoderLayer}.
 *
 * @see <a href="https://arxiv.org/abs/2002.04745">Xiong et al. (2020), On layer normalization in the transformer architecture, fig. 1b</a>
 */
public record TransformerBlock(int dim, int heads, int hidden, boolean causal, double dropout) implements Module {
    public static TransformerBlock of(int dim, int heads) {
        return new TransformerBlock(dim, heads, 4 * dim, false, 0);
    }

    /** The same block with a causal mask. */
    public TransformerBlock asCausal() {
        return new TransformerBlock(dim, heads, hidden, true, dropout);
    }

    /** The same block with another width of its inner layer. */
    public TransformerBlock withHidden(int hidden) {
        return new TransformerBlock(dim, heads, hidden, causal, dropout);
    }

    /** The same block with dropout on both branches. */
    public TransformerBlock withDropout(double dropout) {
        return new TransformerBlock(dim, heads, hidden, causal, dropout);
    }

    private MultiHeadAttention attention() {
        return new MultiHeadAttention(dim, heads, causal);
    }

    private Linear linear1() {
        return Linear.of(dim, hidden);
    }

    private Linear linear2() {
        return Linear.of(hidden, dim);
    }

    @Override
    public Params params(Random random) {
        LayerNorm norm = LayerNorm.of(dim);
        return Params.EMPTY.withChild("self_attn", attention().params(random)).withChild("linear1", linear1().params(random))
                .withChild("linear2", linear2().params(random)).withChild("norm1", norm.params(random)).withChild("norm2", norm.params(random));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        LayerNorm norm = LayerNorm.of(dim);
        Dropout drop = Dropout.of(dropout);
        Tensor h = x.add(drop.forward(attention().forward(norm.forward(x, at.child("norm1")), at.child("self_attn")), at));
        Tensor inner = linear1().forward(norm.forward(h, at.child("norm2")), at.child("linear1")).gelu();
        return h.add(drop.forward(linear2().forward(inner, at.child("linear2")), at));
    }
}
