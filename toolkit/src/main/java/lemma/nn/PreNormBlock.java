package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * A transformer layer of parts that one chooses, with the norms first: {@code h = x + attention(norm1(x)); y = h + feedForward(norm2(h))}.
 *
 * <p>Shapes: {@code x (batch, time, d) -> (batch, time, d)}; parameters {@code norm1..., self_attn..., norm2..., feed_forward...}. With {@link LayerNorm},
 * {@link MultiHeadAttention} and a GELU {@link Mlp} it computes what {@link TransformerBlock} does.
 *
 * @param attention mixes positions, such as {@link MultiHeadAttention}
 * @param feedForward works on each position, such as {@link Mlp}, {@link SwiGlu} or {@link MixtureOfExperts}
 * @param norm {@link LayerNorm} or {@link RMSNorm}; both places have parameters of their own
 * @see <a href="https://arxiv.org/abs/2002.04745">Xiong et al. (2020), On layer normalization in the transformer architecture, fig. 1b</a>
 */
public record PreNormBlock(Module attention, Module feedForward, Module norm) implements Module {
    public static PreNormBlock of(Module attention, Module feedForward, Module norm) {
        return new PreNormBlock(attention, feedForward, norm);
    }

    @Override
    public Params params(Random random) {
        return Params.EMPTY.withChild("norm1", norm.params(random)).withChild("self_attn", attention.params(random))
                .withChild("norm2", norm.params(random)).withChild("feed_forward", feedForward.params(random));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        Tensor h = x.add(attention.forward(norm.forward(x, at.child("norm1")), at.child("self_attn")));
        return h.add(feedForward.forward(norm.forward(h, at.child("norm2")), at.child("feed_forward")));
    }

    /** {@code count} blocks {@code layers.0, layers.1, ...} and a norm at the end, {@code norm}. */
    Params stackParams(int count, Random random) {
        Params all = Params.EMPTY;
        for (int i = 0; i < count; i++) all = all.withChild("layers." + i, params(random));
        return all.withChild("norm", norm.params(random));
    }

    Tensor stack(int count, Tensor x, Bound at) {
        Tensor h = x;
        for (int i = 0; i < count; i++) h = at.apply("layers." + i, this, h);
        return norm.forward(h, at.child("norm"));
    }

    /**
     * Floating-point operations of the matrix products for one sequence, two for a multiplication and an addition, where the attention is a
     * {@link MultiHeadAttention} and the rest is made of linear maps. Norms, activations and softmax are not counted, nor is what a causal mask would save.
     */
    long flops(int time) {
        if (!(attention instanceof MultiHeadAttention a)) throw new IllegalStateException("PreNormBlock: the operations of " + attention + " are not known, only those of MultiHeadAttention");
        long d = a.dim();
        long kv = d / a.heads() * a.kvHeads();
        long maps = 2 * time * (d * (d + 2 * kv) + d * d);
        return maps + 4L * time * time * d + time * perRow(feedForward);
    }

    /** Each element of a matrix takes part in one multiplication and one addition for each row. */
    private static long perRow(Module map) {
        if (map instanceof MixtureOfExperts m) return 2L * m.dim() * m.experts() + m.topK() * perRow(m.expert());
        return 2 * map.params(Random.seed(0)).tensors().stream().filter(t -> t.rank() > 1).mapToLong(Tensor::size).sum();
    }
}
