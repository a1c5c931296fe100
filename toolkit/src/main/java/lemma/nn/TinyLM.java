package lemma.nn;

import java.util.ArrayList;
import java.util.List;
import lemma.tensor.DType;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * A small causal language model: an embedding of the tokens, {@link PreNormBlock}s, a norm, and a linear map to the logits of the next token.
 *
 * <pre>{@code
 * BpeTokenizer bpe = BpeTokenizer.train(text, 512);
 * TinyLM lm = TinyLM.of(bpe.size(), 64, 96, 4).withLayers(3).withPosition(TinyLM.Position.ROTARY);
 * Model trained = Trainer.of(lm.init(Random.seed(1)), AdamW.of(1e-3)).loss(TinyLM::loss)...
 * Tensor more = TinyLM.generate(trained, bpe.encode("To be").unsqueeze(0), 50, Sampling.of(0.8).withTopP(0.9), Random.seed(2));
 * }</pre>
 *
 * <p>Shapes: {@code x} INT64 {@code (batch, time) -> (batch, time, vocabulary)}. Parameters: {@code embedding.weight} normal with deviation 0.02 as in GPT-2,
 * {@code positions.weight} where they are learnt, {@code layers.0...}, {@code norm...}, {@code head.weight} unless it is tied. The rest starts as the layers do.
 *
 * @param vocabulary number of tokens
 * @param context positions that {@link Position#LEARNED} has; the others have no limit
 * @param dim length of the vectors
 * @param heads heads of queries
 * @param kvHeads heads of keys and values
 * @param layers number of blocks
 * @param feedForward the part of each block that works on one position
 * @param norm in front of each part and at the end
 * @param position how the model knows where a token stands
 * @param tied whether the head is the embedding
 */
public record TinyLM(int vocabulary, int context, int dim, int heads, int kvHeads, int layers, Module feedForward, Module norm, Position position, boolean tied) implements Module {
    /** How positions enter: added vectors, turned queries and keys, biases of the scores, or by the causal mask alone. */
    public enum Position { LEARNED, SINUSOIDAL, ROTARY, ALIBI, RELATIVE, NONE }

    public TinyLM {
        if (vocabulary < 1 || context < 1 || layers < 1) throw new IllegalArgumentException("TinyLM: vocabulary " + vocabulary + ", context " + context + ", layers " + layers + ", expected at least 1");
    }

    /** Two blocks with a GELU {@link Mlp} of width {@code 4 dim}, {@link LayerNorm}, learnt positions and a head of its own. */
    public static TinyLM of(int vocabulary, int context, int dim, int heads) {
        return new TinyLM(vocabulary, context, dim, heads, heads, 2, Mlp.of(Activation.GELU, dim, 4 * dim, dim), LayerNorm.of(dim), Position.LEARNED, false);
    }

    public TinyLM withLayers(int layers) {
        return new TinyLM(vocabulary, context, dim, heads, kvHeads, layers, feedForward, norm, position, tied);
    }

    /** Grouped-query attention. */
    public TinyLM withKvHeads(int kvHeads) {
        return new TinyLM(vocabulary, context, dim, heads, kvHeads, layers, feedForward, norm, position, tied);
    }

    /** Another part for each position, such as {@link SwiGlu} or {@link MixtureOfExperts}. */
    public TinyLM withFeedForward(Module feedForward) {
        return new TinyLM(vocabulary, context, dim, heads, kvHeads, layers, feedForward, norm, position, tied);
    }

    public TinyLM withNorm(Module norm) {
        return new TinyLM(vocabulary, context, dim, heads, kvHeads, layers, feedForward, norm, position, tied);
    }

    public TinyLM withPosition(Position position) {
        return new TinyLM(vocabulary, context, dim, heads, kvHeads, layers, feedForward, norm, position, tied);
    }

    /** The head reads the table that the embedding wrote with. */
    public TinyLM asTied() {
        return new TinyLM(vocabulary, context, dim, heads, kvHeads, layers, feedForward, norm, position, true);
    }

    private PreNormBlock block() {
        MultiHeadAttention attention = MultiHeadAttention.of(dim, heads).withKvHeads(kvHeads).asCausal();
        MultiHeadAttention placed = switch (position) {
            case ROTARY -> attention.withRotary();
            case ALIBI -> attention.withBias(Alibi.of(heads));
            case RELATIVE -> attention.withBias(RelativePositionBias.of(heads).asCausal());
            case LEARNED, SINUSOIDAL, NONE -> attention;
        };
        return PreNormBlock.of(placed, feedForward, norm);
    }

    private Module positions() {
        return switch (position) {
            case LEARNED -> PositionalEmbedding.of(context, dim);
            case SINUSOIDAL -> SinusoidalEmbedding.of(dim);
            case ROTARY, ALIBI, RELATIVE, NONE -> Activation.IDENTITY;
        };
    }

    @Override
    public Params params(Random random) {
        Params own = Params.of("embedding.weight", Init.normal(random, 0.02, vocabulary, dim)).withChild("positions", positions().params(random));
        for (var p : block().stackParams(layers, random).asMap().entrySet()) own = own.with(p.getKey(), p.getValue());
        return tied ? own : own.withChild("head", Linear.of(dim, vocabulary).withoutBias().params(random));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 2) throw new IllegalArgumentException("TinyLM: x is " + x.shape() + ", expected (batch, time)");
        Tensor h = positions().forward(Functional.embedding(x, at.param("embedding.weight")), at.child("positions"));
        return Functional.linear(block().stack(layers, h, at), at.param(tied ? "embedding.weight" : "head.weight"), null);
    }

    /**
     * Floating-point operations of the matrix products of one pass over {@code time} tokens, a multiplication and an addition being two. Norms, activations,
     * softmax and look-ups are not counted, and of the attention the full square is. A training step takes about three times as many.
     */
    public long flops(int time) {
        return layers * block().flops(time) + 2L * time * dim * vocabulary;
    }

    /** Mean cross-entropy in nats: {@code logits (..., vocabulary)}, {@code next} INT64 (...). */
    public static Tensor loss(Tensor logits, Tensor next) {
        return Functional.crossEntropy(logits.reshape(-1, logits.dim(-1)), next.reshape(-1)).mean();
    }

    /** {@code exp} of the mean cross-entropy of each token after the first, given those before it. {@code tokens} INT64 (batch, time), time at least 2. */
    public static double perplexity(Model model, Tensor tokens) {
        if (tokens.rank() != 2 || tokens.dim(1) < 2) throw new IllegalArgumentException("TinyLM.perplexity: tokens are " + tokens.shape() + ", expected (batch, time) with a time of at least 2");
        int last = tokens.dim(1) - 1;
        return Math.exp(Scope.run(() -> loss(model.apply(tokens.narrow(1, 0, last)), tokens.narrow(1, 1, last + 1)).to(DType.FLOAT64)).item());
    }

    /**
     * {@code count} more tokens after {@code prompt}, one at a time, with a {@link KeyValueCache}.
     *
     * @param model maps (batch, time) to logits (batch, time, vocabulary) and can use a cache: a TinyLM or another causal transformer
     * @param prompt INT64 (batch, time), time at least 1
     * @return INT64 (batch, time + count), the prompt first
     */
    public static Tensor generate(Model model, Tensor prompt, int count, Sampling sampling, Random random) {
        if (prompt.rank() != 2 || prompt.dim(1) < 1) throw new IllegalArgumentException("TinyLM.generate: prompt is " + prompt.shape() + ", expected (batch, time) with a time of at least 1");
        KeyValueCache cache = new KeyValueCache();
        List<Tensor> parts = new ArrayList<>(List.of(prompt));
        for (int i = 0; i < count; i++) {
            Tensor now = parts.getLast();
            parts.add(Scope.run(() -> {
                Tensor logits = model.apply(now, Pass.cached(cache));
                return sampling.next(logits.narrow(1, now.dim(1) - 1, now.dim(1)).squeeze(1), random).unsqueeze(1);
            }));
        }
        return Tensor.concat(parts, 1);
    }
}
