package lemma.nn;

import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Attention as a recurrent network: softmax attention in which the query is learnt and the same at every position,
 *
 * <pre>{@code
 * s_i = q k_i / sqrt(d / heads),   y_t = out_proj(sum_{i<=t} exp(s_i) v_i / sum_{i<=t} exp(s_i)),   q = W_q query + b_q
 * }</pre>
 *
 * for each head. All outputs of a sequence are computed at once, as in a causal transformer; with {@link Pass#cached} the next tokens cost a fixed
 * time and a {@link StreamingAttentionState} of fixed size, whatever came before, as in a recurrent network. Use it for streams, where the
 * keys and values of a transformer would grow. It is causal and has no sense of position: add one to its input.
 *
 * <p>Shapes: {@code x (batch, time, d) -> (batch, time, d)}; parameters of {@link MultiHeadAttention}, so PyTorch's, and {@code query (d)}, which
 * starts standard normal. As one query serves every position, keys are never formed: {@code s = x (W_k^T q) + b_k q}.
 *
 * @param dim length d of the vectors
 * @param heads number of heads, which divides d
 * @see <a href="https://arxiv.org/abs/2405.13956">Feng et al. (2024), Attention as an RNN, section 3.3</a>
 */
public record Aaren(int dim, int heads) implements Module {
    public Aaren {
        if (dim < 1 || heads < 1 || dim % heads != 0) throw new IllegalArgumentException("Aaren: heads " + heads + " does not divide dim " + dim);
    }

    public static Aaren of(int dim, int heads) {
        return new Aaren(dim, heads);
    }

    @Override
    public Params params(Random random) {
        return MultiHeadAttention.of(dim, heads).params(random).with("query", random.normal(dim));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 3 || x.dim(2) != dim) throw new IllegalArgumentException("Aaren: x is " + x.shape() + ", expected (batch, time, " + dim + ")");
        int batch = x.dim(0);
        int time = x.dim(1);
        Tensor scores = scores(x, at);
        Tensor values = Functional.linear(x, weight(2, at), bias(2, at)).reshape(batch, time, heads, dim / heads);
        KeyValueCache.Entry cache = at.cache();
        StreamingAttentionState before = cache == null || cache.state == null ? StreamingAttentionState.before(scores, values, 1) : cache.state;
        StreamingAttentionState prefixes = before.advance(scores, values, 1);
        if (cache != null && time > 0) cache.state = prefixes.last(1).kept();
        return Functional.linear(prefixes.output().reshape(batch, time, dim), at.param("out_proj.weight"), at.param("out_proj.bias"));
    }

    /** (batch, time, heads): the key map and the query are one map. */
    private Tensor scores(Tensor x, Bound at) {
        int width = dim / heads;
        Tensor q = Functional.linear(at.param("query").unsqueeze(0), weight(0, at), bias(0, at)).reshape(heads, 1, width).mul(1 / Math.sqrt(width));
        Tensor map = q.matmul(weight(1, at).reshape(heads, width, dim)).squeeze(1);
        Tensor shift = q.squeeze(1).mul(bias(1, at).reshape(heads, width)).sum(1);
        return Functional.linear(x, map, shift);
    }

    private Tensor weight(int part, Bound at) {
        return at.param("in_proj_weight").narrow(0, part * dim, (part + 1) * dim);
    }

    private Tensor bias(int part, Bound at) {
        return at.param("in_proj_bias").narrow(0, part * dim, (part + 1) * dim);
    }
}
