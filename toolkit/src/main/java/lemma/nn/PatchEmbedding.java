package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Cuts an image into squares and maps each to a vector: a {@link Conv2d} whose stride is its kernel.
 *
 * <p>Shapes: {@code x (n, channels, height, width) -> (n, patches, dim)}, patches row by row; {@code weight (dim, channels, patch, patch)}, {@code bias (dim)}.
 *
 * @param channels channels of the image
 * @param dim length of the vectors
 * @param patch side of the squares, which divides height and width
 * @see <a href="https://arxiv.org/abs/2010.11929">Dosovitskiy et al. (2021), An image is worth 16x16 words, eq. 1</a>
 */
public record PatchEmbedding(int channels, int dim, int patch) implements Module {
    public static PatchEmbedding of(int channels, int dim, int patch) {
        return new PatchEmbedding(channels, dim, patch);
    }

    private Conv2d conv() {
        return Conv2d.of(channels, dim, patch).withStride(patch);
    }

    @Override
    public Params params(Random random) {
        return conv().params(random);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 4 || x.dim(1) != channels || x.dim(2) % patch != 0 || x.dim(3) % patch != 0) {
            throw new IllegalArgumentException("PatchEmbedding: x is " + x.shape() + ", expected (n, " + channels + ", height, width) with multiples of " + patch);
        }
        return conv().forward(x, at).flatten(2).transpose(1, 2);
    }
}
