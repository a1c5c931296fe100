package lemma.nn;

import java.util.List;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * A small vision transformer: patches of the image as vectors, a learnt class token before them, learnt positions, {@link PreNormBlock}s and a norm; the class token's
 * vector, or the mean of all, gives the logits.
 *
 * <p>Shapes: {@code x (n, channels, size, size) -> (n, classes)}. Parameters: {@code patches.weight, patches.bias}, {@code class_token (1, 1, dim)} where it is used,
 * {@code positions.weight (tokens, dim)}, {@code layers.0...}, {@code norm...}, {@code head...}.
 *
 * @param size height and width of the images
 * @param patch side of a patch, which divides size
 * @param channels channels of the images
 * @param classes number of logits
 * @param dim length of the vectors
 * @param heads heads of the attention
 * @param layers number of blocks
 * @param hidden width of the part of each block that works on one position
 * @param activation within that part; one with parameters, such as {@link PRelu}, has its own in each block
 * @param classToken whether the class token gives the logits, not the mean
 * @see <a href="https://arxiv.org/abs/2010.11929">Dosovitskiy et al. (2021), An image is worth 16x16 words</a>
 */
public record TinyViT(int size, int patch, int channels, int classes, int dim, int heads, int layers, int hidden, Module activation, boolean classToken) implements Module {
    public TinyViT {
        if (size < 1 || patch < 1 || size % patch != 0) throw new IllegalArgumentException("TinyViT: patch " + patch + " does not divide size " + size);
        if (channels < 1 || classes < 1 || layers < 1 || hidden < 1) throw new IllegalArgumentException("TinyViT: channels " + channels + ", classes " + classes + ", layers " + layers + ", hidden " + hidden + ", expected at least 1");
    }

    /** Grey images, two blocks of width 32 with four heads, {@code hidden = 4 dim}, GELU and a class token. */
    public static TinyViT of(int size, int patch, int classes) {
        return new TinyViT(size, patch, 1, classes, 32, 4, 2, 128, Activation.GELU, true);
    }

    public TinyViT withChannels(int channels) {
        return new TinyViT(size, patch, channels, classes, dim, heads, layers, hidden, activation, classToken);
    }

    /** Another width, with {@code hidden = 4 dim}. */
    public TinyViT withDim(int dim, int heads) {
        return new TinyViT(size, patch, channels, classes, dim, heads, layers, 4 * dim, activation, classToken);
    }

    public TinyViT withLayers(int layers) {
        return new TinyViT(size, patch, channels, classes, dim, heads, layers, hidden, activation, classToken);
    }

    public TinyViT withHidden(int hidden) {
        return new TinyViT(size, patch, channels, classes, dim, heads, layers, hidden, activation, classToken);
    }

    public TinyViT withActivation(Module activation) {
        return new TinyViT(size, patch, channels, classes, dim, heads, layers, hidden, activation, classToken);
    }

    /** No class token: the mean over patches gives the logits. */
    public TinyViT withMeanPooling() {
        return new TinyViT(size, patch, channels, classes, dim, heads, layers, hidden, activation, false);
    }

    private int tokens() {
        return size / patch * (size / patch) + (classToken ? 1 : 0);
    }

    private PreNormBlock block() {
        return PreNormBlock.of(MultiHeadAttention.of(dim, heads), Sequential.of(Linear.of(dim, hidden), activation, Linear.of(hidden, dim)), LayerNorm.of(dim));
    }

    @Override
    public Params params(Random random) {
        Params own = Params.EMPTY.withChild("patches", PatchEmbedding.of(channels, dim, patch).params(random));
        if (classToken) own = own.with("class_token", Init.normal(random, 0.02, 1, 1, dim));
        own = own.withChild("positions", PositionalEmbedding.of(tokens(), dim).params(random));
        for (var p : block().stackParams(layers, random).asMap().entrySet()) own = own.with(p.getKey(), p.getValue());
        return own.withChild("head", Linear.of(dim, classes).params(random));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 4 || x.dim(1) != channels || x.dim(2) != size || x.dim(3) != size) {
            throw new IllegalArgumentException("TinyViT: x is " + x.shape() + ", expected (n, " + channels + ", " + size + ", " + size + ")");
        }
        Tensor patches = PatchEmbedding.of(channels, dim, patch).forward(x, at.child("patches"));
        Tensor tokens = classToken ? Tensor.concat(List.of(at.param("class_token").expand(x.dim(0), 1, dim), patches), 1) : patches;
        Tensor h = block().stack(layers, PositionalEmbedding.of(tokens(), dim).forward(tokens, at.child("positions")), at);
        Tensor pooled = classToken ? h.narrow(1, 0, 1).squeeze(1) : h.mean(1);
        return Linear.of(dim, classes).forward(pooled, at.child("head"));
    }

    /** Floating-point operations of the matrix products for one image, a multiplication and an addition being two. */
    public long flops() {
        int n = size / patch * (size / patch);
        return 2L * n * channels * patch * patch * dim + layers * block().flops(tokens()) + 2L * dim * classes;
    }
}
