package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * A transformer layer as language models have it, with the norm first and gelu: {@code h = x + attention(norm1(x));
 * y = h + linear2(gelu(linear1(norm2(h))))}. It is the {@link TransformerEncoderLayer} of these settings.
 *
 * <p>Shapes: {@code x (batch, time, d) -> (batch, time, d)}. Parameter names are those of PyTorch's {@code TransformerEncoderLayer}.
 *
 * @see <a href="https://arxiv.org/abs/2002.04745">Xiong et al. (2020), On layer normalization in the transformer architecture, fig. 1b</a>
 */
public record TransformerBlock(int dim, int heads, int hidden, boolean causal, double dropout) implements Module {
    public TransformerBlock {
        TransformerEncoderLayer.check("TransformerBlock", dim, heads, hidden, dropout);
    }

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

    /** The same block with dropout on attention weights, on both branches and between the linear maps. */
    public TransformerBlock withDropout(double dropout) {
        return new TransformerBlock(dim, heads, hidden, causal, dropout);
    }

    private TransformerEncoderLayer layer() {
        return new TransformerEncoderLayer(dim, heads, hidden, dropout, Activation.GELU, true, causal);
    }

    @Override
    public Params params(Random random) {
        return layer().params(random);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return layer().forward(x, at);
    }
}
