package lemma.nn;

import java.util.function.UnaryOperator;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * A stack of transformer blocks, each of two branches {@code f}, causal attention and {@code linear2(relu(linear1(x)))}, with the norm in one of
 * four places. In block l of L:
 *
 * <pre>{@code
 * PRE_LN              x + f(LN(x))
 * LAYER_NORM_SCALING  x + f(LN(x) / sqrt(l))
 * POST_LN             LN(x + f(x))
 * DEEP_NORM           LN((2 L)^(1/4) x + f(x))
 * }</pre>
 *
 * <p>The first two end in one more norm. Weights start normal with variance 1/fan_in, those of linear1 with 2/fan_in, biases at zero; DEEP_NORM
 * multiplies those of values, output and both linear maps by {@code (8 L)^(-1/4)}. An observer of the pass sees the blocks as {@code layers.0, layers.1, ...}.
 *
 * <p>Shapes: {@code x (batch, time, d) -> (batch, time, d)}.
 *
 * @param layers number of blocks L
 * @param dim length d of the vectors
 * @param heads heads of the attention
 * @param hidden width between the linear maps
 * @param placement where the norm stands
 * @param rms whether the norms are {@link RMSNorm}s
 * @see <a href="https://arxiv.org/abs/2502.05795">Sun et al. (2025), The curse of depth in large language models, eq. 4 (LayerNorm scaling)</a>
 * @see <a href="https://arxiv.org/abs/2203.00555">Wang et al. (2022), DeepNet: scaling transformers to 1,000 layers, fig. 2 (DeepNorm)</a>
 */
public record DeepTransformer(int layers, int dim, int heads, int hidden, Placement placement, boolean rms) implements Module {
    /** Where the norm stands. */
    public enum Placement { PRE_LN, LAYER_NORM_SCALING, POST_LN, DEEP_NORM }

    public DeepTransformer {
        if (layers < 1 || hidden < 1) throw new IllegalArgumentException("DeepTransformer: layers " + layers + ", hidden " + hidden + ", expected at least 1");
        MultiHeadAttention.of(dim, heads);
    }

    /** The norm first, hidden width 4 d. */
    public static DeepTransformer of(int layers, int dim, int heads) {
        return new DeepTransformer(layers, dim, heads, 4 * dim, Placement.PRE_LN, false);
    }

    public DeepTransformer withPlacement(Placement placement) {
        return new DeepTransformer(layers, dim, heads, hidden, placement, rms);
    }

    public DeepTransformer withHidden(int hidden) {
        return new DeepTransformer(layers, dim, heads, hidden, placement, rms);
    }

    /** With {@link RMSNorm} for {@link LayerNorm}. */
    public DeepTransformer withRmsNorm() {
        return new DeepTransformer(layers, dim, heads, hidden, placement, true);
    }

    private boolean normFirst() {
        return placement == Placement.PRE_LN || placement == Placement.LAYER_NORM_SCALING;
    }

    private Module norm() {
        return rms ? RMSNorm.of(dim).withEps(1e-5) : LayerNorm.of(dim);
    }

    private MultiHeadAttention attention() {
        return MultiHeadAttention.of(dim, heads).asCausal();
    }

    @Override
    public Params params(Random random) {
        Params all = Params.EMPTY;
        for (int l = 0; l < layers; l++) all = all.withChild("layers." + l, block(random.fork(l)));
        return normFirst() ? all.withChild("norm", norm().params(random)) : all;
    }

    private Params block(Random random) {
        double gain = placement == Placement.DEEP_NORM ? Math.pow(8.0 * layers, -0.25) : 1;
        double[] parts = {1, 1, gain};
        Tensor each = Tensor.of(parts).to(DType.FLOAT32).repeatInterleave(dim, 0).reshape(-1, 1);
        double scale = 1 / Math.sqrt(dim);
        Params p = Params.of("self_attn.in_proj_weight", Init.normal(random, scale, 3 * dim, dim).mul(each)).with("self_attn.in_proj_bias", Tensor.zeros(3 * dim))
                .with("self_attn.out_proj.weight", Init.normal(random, gain * scale, dim, dim)).with("self_attn.out_proj.bias", Tensor.zeros(dim));
        p = p.with("linear1.weight", Init.normal(random, gain * Math.sqrt(2) * scale, hidden, dim)).with("linear1.bias", Tensor.zeros(hidden))
                .with("linear2.weight", Init.normal(random, gain / Math.sqrt(hidden), dim, hidden)).with("linear2.bias", Tensor.zeros(dim));
        return p.withChild("norm1", norm().params(random)).withChild("norm2", norm().params(random));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        Tensor y = x;
        for (int l = 0; l < layers; l++) y = at.seen("layers." + l, block(l, y, at));
        return normFirst() ? norm().forward(y, at.child("norm")) : y;
    }

    /** The output of block {@code index}, counted from 0, for its input x; {@code at} is that of the whole stack. */
    public Tensor block(int index, Tensor x, Bound at) {
        if (index < 0 || index >= layers) throw new IllegalArgumentException("DeepTransformer: block " + index + ", there are " + layers);
        Bound own = at.child("layers." + index);
        Tensor h = branch(x, own.child("norm1"), index, z -> attention().forward(z, own.child("self_attn")));
        return branch(h, own.child("norm2"), index, z -> TransformerEncoderLayer.feedForward(dim, hidden, Activation.RELU, Dropout.of(0), z, own));
    }

    private Tensor branch(Tensor x, Bound norm, int index, UnaryOperator<Tensor> f) {
        return switch (placement) {
            case PRE_LN -> x.add(f.apply(norm().forward(x, norm)));
            case LAYER_NORM_SCALING -> x.add(f.apply(norm().forward(x, norm).div(Math.sqrt(index + 1))));
            case POST_LN -> norm().forward(x.add(f.apply(x)), norm);
            case DEEP_NORM -> norm().forward(x.mul(Math.pow(2.0 * layers, 0.25)).add(f.apply(x)), norm);
        };
    }
}
