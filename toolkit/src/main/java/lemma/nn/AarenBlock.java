package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * A {@link TransformerBlock} with {@link Aaren} in the place of its attention: {@code h = x + aaren(norm1(x)); y = h + linear2(gelu(linear1(norm2(h))))}.
 *
 * <p>Shapes: {@code x (batch, time, d) -> (batch, time, d)}. Parameters are those of the transformer block, and {@code self_attn.query (d)}.
 *
 * @see <a href="https://arxiv.org/abs/2405.13956">Feng et al. (2024), Attention as an RNN, section 3.3</a>
 */
public record AarenBlock(int dim, int heads, int hidden) implements Module {
    public AarenBlock {
        TransformerEncoderLayer.check("AarenBlock", dim, heads, hidden, 0);
    }

    public static AarenBlock of(int dim, int heads) {
        return new AarenBlock(dim, heads, 4 * dim);
    }

    /** The same block with another width of its inner layer. */
    public AarenBlock withHidden(int hidden) {
        return new AarenBlock(dim, heads, hidden);
    }

    @Override
    public Params params(Random random) {
        Params of = TransformerBlock.of(dim, heads).withHidden(hidden).params(random);
        return of.with("self_attn.query", random.normal(dim));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        LayerNorm norm = LayerNorm.of(dim);
        Tensor h = x.add(Aaren.of(dim, heads).forward(norm.forward(x, at.child("norm1")), at.child("self_attn")));
        return h.add(TransformerEncoderLayer.feedForward(dim, hidden, Activation.GELU, Dropout.of(0), norm.forward(h, at.child("norm2")), at));
    }
}
