package lemma.nn;

import lemma.tensor.Tensor;

/** Attention that weighs the features of an image by their channel or place, or mixes places, and keeps the shape {@code (n, channels, h, w)}. */
public interface ImageAttention extends Module {
    int channels();

    /**
     * Operations on one image of {@code height x width}: two a multiply-add of convolutions and matrix products. Pooling and element-wise work,
     * which is linear in the number of pixels, is not counted.
     */
    long flops(int height, int width);

    /** @throws IllegalArgumentException if x is not (n, channels, h, w) with at least one pixel */
    default void check(Tensor x) {
        if (x.rank() != 4 || x.dim(1) != channels() || x.dim(2) * x.dim(3) == 0) {
            throw new IllegalArgumentException(getClass().getSimpleName() + ": x is " + x.shape() + ", expected (n, " + channels() + ", h, w) with at least one pixel");
        }
    }
}
