package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Polarized self-attention: each of two branches keeps full resolution along one direction and collapses the other.
 *
 * <p>Channels: {@code q = softmax_hw(W_q x) (1, hw)}, {@code v = W_v x (c/2, hw)}, {@code A = sigmoid(LayerNorm(W_z (v q^T))) (c)}.
 * Places: {@code q = softmax(mean_hw(W_q' x)) (c/2)}, {@code v = W_v' x (c/2, hw)}, {@code A' = sigmoid(q^T v) (hw)}. In parallel
 * {@code y = A x + A' x}; in sequence the second branch works on {@code A x}, and {@code y = A' A x}. For regression at every pixel, such as heat
 * maps of keypoints: the cost grows with the number of pixels, that of a {@link NonLocalBlock} with its square.
 *
 * <p>Shapes: {@code x (n, c, h, w) -> (n, c, h, w)}, c even. Parameters: {@code channel.q, channel.v, spatial.q, spatial.v} are 1 x 1
 * convolutions, {@code channel.z} is a linear layer, {@code channel.norm} a layer normalisation.
 *
 * @see <a href="https://arxiv.org/abs/2107.00782">Liu et al. (2021), Polarized Self-Attention, section 3.2</a>
 */
public record PolarizedSelfAttention(int channels, Layout layout) implements ImageAttention {
    /** How the two branches are put together. */
    public enum Layout { PARALLEL, SEQUENTIAL }

    public PolarizedSelfAttention {
        if (channels < 2 || channels % 2 != 0) throw new IllegalArgumentException("PolarizedSelfAttention: channels " + channels + ", expected an even number of at least 2");
        if (layout == null) throw new IllegalArgumentException("PolarizedSelfAttention: layout is null, expected PARALLEL or SEQUENTIAL");
    }

    public static PolarizedSelfAttention parallel(int channels) {
        return new PolarizedSelfAttention(channels, Layout.PARALLEL);
    }

    public static PolarizedSelfAttention sequential(int channels) {
        return new PolarizedSelfAttention(channels, Layout.SEQUENTIAL);
    }

    private Conv2d toHalf() {
        return Conv2d.of(channels, channels / 2, 1);
    }

    private Conv2d toOne() {
        return Conv2d.of(channels, 1, 1);
    }

    private Linear widen() {
        return Linear.of(channels / 2, channels);
    }

    private LayerNorm norm() {
        return LayerNorm.of(channels);
    }

    @Override
    public Params params(Random random) {
        Params channel = Params.EMPTY.withChild("q", toOne().params(random)).withChild("v", toHalf().params(random))
                .withChild("z", widen().params(random)).withChild("norm", norm().params(random));
        Params spatial = Params.EMPTY.withChild("q", toHalf().params(random)).withChild("v", toHalf().params(random));
        return Params.EMPTY.withChild("channel", channel).withChild("spatial", spatial);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        check(x);
        Tensor weighed = x.mul(ofChannels(x, at.child("channel")));
        if (layout == Layout.SEQUENTIAL) return weighed.mul(ofPlaces(weighed, at.child("spatial")));
        return weighed.add(x.mul(ofPlaces(x, at.child("spatial"))));
    }

    /** The weights of the channels (n, c, 1, 1). */
    private Tensor ofChannels(Tensor x, Bound at) {
        Tensor q = toOne().forward(x, at.child("q")).flatten(2).softmax(-1);
        Tensor v = toHalf().forward(x, at.child("v")).flatten(2);
        Tensor z = widen().forward(v.matmul(q.transpose(1, 2)).squeeze(2), at.child("z"));
        return norm().forward(z, at.child("norm")).sigmoid().reshape(x.dim(0), channels, 1, 1);
    }

    /** The weights of the places (n, 1, h, w). */
    private Tensor ofPlaces(Tensor x, Bound at) {
        Tensor q = toHalf().forward(x, at.child("q")).mean(2, 3).softmax(-1);
        Tensor v = toHalf().forward(x, at.child("v")).flatten(2);
        return q.unsqueeze(1).matmul(v).sigmoid().reshape(x.dim(0), 1, x.dim(2), x.dim(3));
    }

    @Override
    public long flops(int height, int width) {
        long c = channels;
        long perPixel = 2 * c + 3 * c * c + 2 * c; // W_q; W_v, W_q', W_v'; the two products of queries and values
        return perPixel * height * width + c * c;
    }
}
