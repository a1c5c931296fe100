package lemma.nn;

import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Self-attention with several heads: {@code softmax(q k^T / sqrt(d/heads)) v} for each head, joined and mapped by {@code out_proj}.
 * A causal one lets position i see positions up to i only.
 *
 * <p>Shapes: {@code x (batch, time, d) -> (batch, time, d)}; parameters as PyTorch's {@code MultiheadAttention}: {@code in_proj_weight
 * (3d, d)} Xavier uniform, {@code in_proj_bias} and {@code out_proj.bias} zero.
 *
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. (2017), Attention is all you need, eq. 1</a>
 */
public record MultiHeadAttention(int dim, int heads, boolean causal) implements Module {
    public MultiHeadAttention {
        if (dim < 1 || heads < 1 || dim % heads != 0) throw new IllegalArgumentException("MultiHeadAttention: heads " + heads + " does not divide dim " + dim);
    }

    public static MultiHeadAttention of(int dim, int heads) {
        return new MultiHeadAttention(dim, heads, false);
    }

    /** The same layer with a causal mask. */
    public MultiHeadAttention asCausal() {
        return new MultiHeadAttention(dim, heads, true);
    }

    @Override
    public Params params(Random random) {
        return Params.of("in_proj_weight", Init.xavierUniform(random, dim, 3 * dim, 3 * dim, dim)).with("in_proj_bias", Tensor.zeros(3 * dim))
                .with("out_proj.weight", Init.fanInUniform(random, dim, dim, dim)).with("out_proj.bias", Tensor.zeros(dim));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 3 || x.dim(2) != dim) throw new IllegalArgumentException("MultiHeadAttention: x is " + x.shape() + ", expected (batch, time, " + dim + ")");
        int batch = x.dim(0);
        int time = x.dim(1);
        Tensor qkv = Functional.linear(x, at.param("in_proj_weight"), at.param("in_proj_bias")).reshape(batch, time, 3, heads, dim / heads).permute(2, 0, 3, 1, 4);
        Tensor scores = qkv.get(0).mul(1 / Math.sqrt(dim / (double) heads)).matmul(qkv.get(1).t());
        if (causal) scores = scores.maskedFill(futures(time).to(x.backend()), Double.NEGATIVE_INFINITY);
        Tensor mixed = scores.softmax(-1).matmul(qkv.get(2)).transpose(1, 2).reshape(batch, time, dim);
        return Functional.linear(mixed, at.param("out_proj.weight"), at.param("out_proj.bias"));
    }

    private static Tensor futures(int time) {
        Tensor i = Tensor.arange(time);
        return i.reshape(1, time).gt(i.reshape(time, 1));
    }
}
