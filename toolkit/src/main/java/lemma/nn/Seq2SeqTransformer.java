package lemma.nn;

import java.util.List;
import java.util.stream.IntStream;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * A transformer that translates: an encoder reads the source sentence, a decoder writes the target sentence word by word and looks at what the
 * encoder made of the source. Sinusoidal positions, norms first and one at the end of both stacks, GELU between the linear maps, no dropout.
 *
 * <p>Shapes: {@code x} INT64 {@code (batch, sourceLength + time)}, the source and then the target up to each position, which begins with word 0;
 * logits of the next target word {@code (batch, time, targetWords)}. Word 0 fills up a source that is shorter, and is not looked at.
 *
 * @param sourceWords size of the source vocabulary, word 0 included
 * @param targetWords size of the target vocabulary, word 0 included
 * @param sourceLength columns of x that hold the source
 * @param dim length of the vectors, even
 * @param heads heads of each attention
 * @param hidden width between the linear maps
 * @param encoderLayers layers of the encoder
 * @param decoderLayers layers of the decoder
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. (2017), Attention is all you need</a>
 */
public record Seq2SeqTransformer(int sourceWords, int targetWords, int sourceLength, int dim, int heads, int hidden, int encoderLayers, int decoderLayers) implements Module {
    public Seq2SeqTransformer {
        if (sourceWords < 2 || targetWords < 2 || sourceLength < 1) {
            throw new IllegalArgumentException("Seq2SeqTransformer: " + sourceWords + " source words, " + targetWords + " target words, source length " + sourceLength + ", expected at least 2, 2 and 1");
        }
    }

    /** One layer on each side, {@code hidden = 4 dim}. */
    public static Seq2SeqTransformer of(int sourceWords, int targetWords, int sourceLength, int dim, int heads) {
        return new Seq2SeqTransformer(sourceWords, targetWords, sourceLength, dim, heads, 4 * dim, 1, 1);
    }

    /** The same with other numbers of layers. */
    public Seq2SeqTransformer withLayers(int encoder, int decoder) {
        return new Seq2SeqTransformer(sourceWords, targetWords, sourceLength, dim, heads, hidden, encoder, decoder);
    }

    private TransformerEncoder encoder() {
        return TransformerEncoder.of(TransformerEncoderLayer.of(dim, heads).withHidden(hidden).withDropout(0).withActivation(Activation.GELU).withNormFirst(), encoderLayers).withNorm();
    }

    private TransformerDecoder decoder() {
        return TransformerDecoder.of(TransformerDecoderLayer.of(dim, heads).withHidden(hidden).withDropout(0).withActivation(Activation.GELU).withNormFirst().asCausal(), decoderLayers).withNorm();
    }

    @Override
    public Params params(Random random) {
        return Params.EMPTY.withChild("source", Embedding.of(sourceWords, dim).params(random)).withChild("target", Embedding.of(targetWords, dim).params(random))
                .withChild("encoder", encoder().params(random)).withChild("decoder", decoder().params(random))
                .withChild("out", Linear.of(dim, targetWords).params(random));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 2 || x.dim(1) <= sourceLength) throw new IllegalArgumentException("Seq2SeqTransformer: x is " + x.shape() + ", expected (batch, " + sourceLength + " + time)");
        Tensor source = x.narrow(1, 0, sourceLength);
        return decode(x.narrow(1, sourceLength, x.dim(1)), source, memory(source, at), at);
    }

    private Tensor memory(Tensor source, Bound at) {
        return encoder().forward(read(source, Embedding.of(sourceWords, dim), "source", at), AttentionMask.padding(source.eq(0)), at.child("encoder"));
    }

    private Tensor decode(Tensor target, Tensor source, Tensor memory, Bound at) {
        Tensor h = read(target, Embedding.of(targetWords, dim), "target", at);
        h = decoder().forward(h, memory, AttentionMask.NONE, AttentionMask.padding(source.eq(0)), at.child("decoder"));
        return Linear.of(dim, targetWords).forward(h, at.child("out"));
    }

    private Tensor read(Tensor words, Embedding embedding, String name, Bound at) {
        return SinusoidalEmbedding.of(dim).forward(embedding.forward(words, at.child(name)), at);
    }

    /**
     * Mean cross-entropy in nats of the next words, those below 0 left out.
     *
     * @param logits (batch, time, words)
     * @param next INT64 (batch, time)
     */
    public static Tensor loss(Tensor logits, Tensor next) {
        Tensor counted = next.ge(0).to(logits.dtype()).reshape(-1);
        Tensor labels = Tensor.where(next.ge(0), next, next.mul(0)).reshape(-1);
        return Functional.crossEntropy(logits.reshape(-1, logits.dim(-1)), labels).mul(counted).sum().div(counted.sum());
    }

    /**
     * Translations of source sentences, the encoder read once.
     *
     * @param model whose module is a Seq2SeqTransformer
     * @param source INT64 (sentences, sourceLength)
     * @throws IllegalArgumentException if the module is another
     */
    public static List<int[]> translate(Model model, Tensor source, BeamSearch beam) {
        if (!(model.module() instanceof Seq2SeqTransformer net)) throw new IllegalArgumentException("Seq2SeqTransformer: the model is a " + model.module() + ", expected a Seq2SeqTransformer");
        Bound at = model.bind(Pass.eval());
        Tensor memory = net.memory(source, at);
        return beam.search(source.dim(0), (beginnings, sequence) -> {
            Tensor rows = Tensor.of(IntStream.of(sequence).asLongStream().toArray());
            Tensor logits = net.decode(beginnings, source.indexSelect(0, rows), memory.indexSelect(0, rows), at);
            return logits.narrow(1, beginnings.dim(1) - 1, beginnings.dim(1)).squeeze(1).logSoftmax(-1);
        });
    }
}
