package lemma.nn;

import java.util.List;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Attention with several heads: {@code softmax(q k^T / sqrt(d/heads) + mask) v} for each head, joined and mapped by {@code out_proj}. As a
 * module it is self-attention; {@link #forward(Tensor, Tensor, Tensor, AttentionMask, Bound)} takes queries, keys and values from
 * different sequences. A causal one lets position i see positions up to i only, and can generate with a {@link KeyValueCache}.
 *
 * <p>Shapes: {@code x (batch, time, d) -> (batch, time, d)}; parameters as PyTorch's {@code MultiheadAttention}: {@code in_proj_weight
 * (3d, d)} Xavier uniform, {@code in_proj_bias} and {@code out_proj.bias} zero. Dropout, in training, is on the attention weights.
 *
 * @param dim length d of the vectors
 * @param heads number of heads, which divides d
 * @param causal whether later positions are hidden
 * @param dropout probability with which an attention weight is dropped in training
 * @param rotary turns queries and keys by their positions, or null
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. (2017), Attention is all you need, eq. 1</a>
 */
public record MultiHeadAttention(int dim, int heads, boolean causal, double dropout, RotaryEmbedding rotary) implements Module {
    public MultiHeadAttention {
        if (dim < 1 || heads < 1 || dim % heads != 0) throw new IllegalArgumentException("MultiHeadAttention: heads " + heads + " does not divide dim " + dim);
        if (!(dropout >= 0 && dropout < 1)) throw new IllegalArgumentException("MultiHeadAttention: dropout is " + dropout + ", expected 0 to less than 1");
        if (rotary != null && rotary.dim() != dim / heads) throw new IllegalArgumentException("MultiHeadAttention: the rotary embedding is for " + rotary.dim() + " elements, a head has " + dim / heads);
    }

    public static MultiHeadAttention of(int dim, int heads) {
        return new MultiHeadAttention(dim, heads, false, 0, null);
    }

    /** The same layer with a causal mask. */
    public MultiHeadAttention asCausal() {
        return new MultiHeadAttention(dim, heads, true, dropout, rotary);
    }

    /** The same layer with dropout on the attention weights. */
    public MultiHeadAttention withDropout(double dropout) {
        return new MultiHeadAttention(dim, heads, causal, dropout, rotary);
    }

    /** The same layer with {@link RotaryEmbedding} of queries and keys. */
    public MultiHeadAttention withRotary() {
        return new MultiHeadAttention(dim, heads, causal, dropout, RotaryEmbedding.of(dim / heads));
    }

    @Override
    public Params params(Random random) {
        return Params.of("in_proj_weight", Init.xavierUniform(random, dim, 3 * dim, 3 * dim, dim)).with("in_proj_bias", Tensor.zeros(3 * dim))
                .with("out_proj.weight", Init.fanInUniform(random, dim, dim, dim)).with("out_proj.bias", Tensor.zeros(dim));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return forward(x, AttentionMask.NONE, at);
    }

    /** Self-attention with a mask, which adds to the causal one where there is one. */
    public Tensor forward(Tensor x, AttentionMask mask, Bound at) {
        check("x", x);
        int batch = x.dim(0);
        int time = x.dim(1);
        Tensor qkv = Functional.linear(x, at.param("in_proj_weight"), at.param("in_proj_bias")).reshape(batch, time, 3, heads, dim / heads).permute(2, 0, 3, 1, 4);
        return attend(qkv.get(0), qkv.get(1), qkv.get(2), mask, at.cache(), at);
    }

    /**
     * Attention of {@code query (batch, queries, d)} to {@code key} and {@code value (batch, keys, d)}: cross-attention where they come from
     * another sequence.
     */
    public Tensor forward(Tensor query, Tensor key, Tensor value, AttentionMask mask, Bound at) {
        check("query", query);
        check("key", key);
        check("value", value);
        if (!key.shape().equals(value.shape()) || key.dim(0) != query.dim(0)) {
            throw new IllegalArgumentException("MultiHeadAttention: query is " + query.shape() + ", key " + key.shape() + ", value " + value.shape() + "; the batches must be equal, and key and value of one shape");
        }
        return attend(project(query, 0, at), project(key, 1, at), project(value, 2, at), mask, null, at);
    }

    /** (batch, time, d) to (batch, heads, time, d / heads) by the third {@code part} of the input map. */
    private Tensor project(Tensor x, int part, Bound at) {
        Tensor w = at.param("in_proj_weight").narrow(0, part * dim, (part + 1) * dim);
        Tensor b = at.param("in_proj_bias").narrow(0, part * dim, (part + 1) * dim);
        return Functional.linear(x, w, b).reshape(x.dim(0), x.dim(1), heads, dim / heads).transpose(1, 2);
    }

    private Tensor attend(Tensor q, Tensor k, Tensor v, AttentionMask mask, KeyValueCache.Entry cache, Bound at) {
        int batch = q.dim(0);
        int queries = q.dim(2);
        if (cache != null && !causal) throw new IllegalArgumentException("MultiHeadAttention: a key-value cache needs causal attention; use asCausal()");
        int before = cache == null ? 0 : cache.advance(queries);
        Tensor turnedQ = rotary == null ? q : rotary.apply(q, before);
        Tensor turnedK = rotary == null ? k : rotary.apply(k, before);
        List<Tensor> seen = cache == null ? List.of(turnedK, v) : cache.append(turnedK, v);
        int keys = seen.get(0).dim(2);
        Tensor scores = turnedQ.mul(1 / Math.sqrt(dim / (double) heads)).matmul(seen.get(0).t());
        if (causal && queries > 1) scores = scores.maskedFill(AttentionMask.causal(queries, keys).to(q.backend()), Double.NEGATIVE_INFINITY);
        Tensor added = mask.scores(batch, heads, queries, keys, q.dtype());
        Tensor weights = added == null ? scores.softmax(-1) : Functional.maskedSoftmax(scores.add(added.to(q.backend())));
        Tensor mixed = Dropout.of(dropout).forward(weights, at).matmul(seen.get(1)).transpose(1, 2).reshape(batch, queries, dim);
        return Functional.linear(mixed, at.param("out_proj.weight"), at.param("out_proj.bias"));
    }

    private void check(String what, Tensor x) {
        if (x.rank() != 3 || x.dim(2) != dim) throw new IllegalArgumentException("MultiHeadAttention: " + what + " is " + x.shape() + ", expected (batch, time, " + dim + ")");
    }
}
