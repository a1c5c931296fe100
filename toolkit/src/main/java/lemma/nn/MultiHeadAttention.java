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
 * <p>With fewer key-value heads than heads it is grouped-query attention: {@code heads / kvHeads} neighbouring heads of queries share one head of
 * keys and values, and the cache holds only those. One key-value head is multi-query attention.
 *
 * <p>Shapes: {@code x (batch, time, d) -> (batch, time, d)}; parameters as PyTorch's {@code MultiheadAttention}: {@code in_proj_weight
 * (d + 2 d kvHeads / heads, d)} Xavier uniform, {@code in_proj_bias} and {@code out_proj.bias} zero. Dropout, in training, is on the attention weights.
 *
 * @param dim length d of the vectors
 * @param heads number of heads of queries, which divides d
 * @param kvHeads number of heads of keys and values, which divides heads
 * @param causal whether later positions are hidden
 * @param dropout probability with which an attention weight is dropped in training
 * @param rotary turns queries and keys by their positions, or null
 * @param bias maps scores (batch, heads, queries, keys) to scores, as {@link Alibi} and {@link RelativePositionBias} do; or null
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. (2017), Attention is all you need, eq. 1</a>
 * @see <a href="https://arxiv.org/abs/2305.13245">Ainslie et al. (2023), GQA: training generalized multi-query transformer models</a>
 */
public record MultiHeadAttention(int dim, int heads, int kvHeads, boolean causal, double dropout, RotaryEmbedding rotary, Module bias) implements Module {
    public MultiHeadAttention {
        if (dim < 1 || heads < 1 || dim % heads != 0) throw new IllegalArgumentException("MultiHeadAttention: heads " + heads + " does not divide dim " + dim);
        if (kvHeads < 1 || heads % kvHeads != 0) throw new IllegalArgumentException("MultiHeadAttention: kvHeads " + kvHeads + " does not divide heads " + heads);
        if (!(dropout >= 0 && dropout < 1)) throw new IllegalArgumentException("MultiHeadAttention: dropout is " + dropout + ", expected 0 to less than 1");
        if (rotary != null && rotary.dim() != dim / heads) throw new IllegalArgumentException("MultiHeadAttention: the rotary embedding is for " + rotary.dim() + " elements, a head has " + dim / heads);
    }

    /** As many heads of keys and values as of queries, and no bias of the scores. */
    public MultiHeadAttention(int dim, int heads, boolean causal, double dropout, RotaryEmbedding rotary) {
        this(dim, heads, heads, causal, dropout, rotary, null);
    }

    public static MultiHeadAttention of(int dim, int heads) {
        return new MultiHeadAttention(dim, heads, false, 0, null);
    }

    /** The same layer with fewer heads of keys and values: grouped-query attention. */
    public MultiHeadAttention withKvHeads(int kvHeads) {
        return new MultiHeadAttention(dim, heads, kvHeads, causal, dropout, rotary, bias);
    }

    /** The same layer with a causal mask. */
    public MultiHeadAttention asCausal() {
        return new MultiHeadAttention(dim, heads, kvHeads, true, dropout, rotary, bias);
    }

    /** The same layer with dropout on the attention weights. */
    public MultiHeadAttention withDropout(double dropout) {
        return new MultiHeadAttention(dim, heads, kvHeads, causal, dropout, rotary, bias);
    }

    /** The same layer with {@link RotaryEmbedding} of queries and keys. */
    public MultiHeadAttention withRotary() {
        return new MultiHeadAttention(dim, heads, kvHeads, causal, dropout, RotaryEmbedding.of(dim / heads), bias);
    }

    /** The same layer with a module that adds to the scores, such as {@link Alibi}; its parameters are named {@code position_bias...}. */
    public MultiHeadAttention withBias(Module bias) {
        return new MultiHeadAttention(dim, heads, kvHeads, causal, dropout, rotary, bias);
    }

    @Override
    public Params params(Random random) {
        int rows = dim + 2 * kvDim();
        Params own = Params.of("in_proj_weight", Init.xavierUniform(random, dim, rows, rows, dim)).with("in_proj_bias", Tensor.zeros(rows))
                .with("out_proj.weight", Init.fanInUniform(random, dim, dim, dim)).with("out_proj.bias", Tensor.zeros(dim));
        return bias == null ? own : own.withChild("position_bias", bias.params(random));
    }

    private int kvDim() {
        return dim / heads * kvHeads;
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
        Tensor qkv = Functional.linear(x, at.param("in_proj_weight"), at.param("in_proj_bias")).reshape(batch, time, heads + 2 * kvHeads, dim / heads).transpose(1, 2);
        List<Tensor> parts = qkv.split(new int[] {heads, kvHeads, kvHeads}, 1);
        return attend(parts.get(0), parts.get(1), parts.get(2), mask, at.cache(), at);
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
        return attend(project(query, 0, heads, at), project(key, dim, kvHeads, at), project(value, dim + kvDim(), kvHeads, at), mask, null, at);
    }

    /** (batch, time, d) to (batch, its heads, time, d / heads) by the rows of the input map from {@code row}. */
    private Tensor project(Tensor x, int row, int itsHeads, Bound at) {
        int end = row + dim / heads * itsHeads;
        Tensor w = at.param("in_proj_weight").narrow(0, row, end);
        Tensor b = at.param("in_proj_bias").narrow(0, row, end);
        return Functional.linear(x, w, b).reshape(x.dim(0), x.dim(1), itsHeads, dim / heads).transpose(1, 2);
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
        Tensor scores = grouped(turnedQ.mul(1 / Math.sqrt(dim / (double) heads)), kvHeads).matmul(seen.get(0).t()).reshape(batch, heads, queries, keys);
        if (bias != null) scores = bias.forward(scores, at.child("position_bias"));
        if (causal && queries > 1) scores = scores.maskedFill(AttentionMask.causal(queries, keys).to(q.backend()), Double.NEGATIVE_INFINITY);
        Tensor added = mask.scores(batch, heads, queries, keys, q.dtype());
        Tensor weights = added == null ? scores.softmax(-1) : Functional.maskedSoftmax(scores.add(added.to(q.backend())));
        Tensor mixed = grouped(Dropout.of(dropout).forward(weights, at), kvHeads).matmul(seen.get(1)).reshape(batch, heads, queries, dim / heads).transpose(1, 2).reshape(batch, queries, dim);
        return Functional.linear(mixed, at.param("out_proj.weight"), at.param("out_proj.bias"));
    }

    /** (batch, heads, queries, n) with the rows of the heads of a group one below the other: (batch, kvHeads, group queries, n). */
    private static Tensor grouped(Tensor x, int kvHeads) {
        return x.dim(1) == kvHeads ? x : x.reshape(x.dim(0), kvHeads, x.dim(1) / kvHeads * x.dim(2), x.dim(3));
    }

    private void check(String what, Tensor x) {
        if (x.rank() != 3 || x.dim(2) != dim) throw new IllegalArgumentException("MultiHeadAttention: " + what + " is " + x.shape() + ", expected (batch, time, " + dim + ")");
    }
}
