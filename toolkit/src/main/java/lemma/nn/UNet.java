package lemma.nn;

import java.util.ArrayList;
import java.util.List;
import lemma.tensor.Backend;
import lemma.tensor.Functional;
import lemma.tensor.Functional.PadMode;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * U-Net: {@code depth} times down by max pooling and {@link DoubleConv}, with twice the channels each time, then up again by transposed
 * convolution, each level joined with what it was on the way down, and a 1 x 1 convolution to {@code out} channels. Here convolutions keep
 * the size, so the result is as large as x.
 *
 * <p>Shapes: {@code x (n, in, h, w) -> (n, out, h, w)}; h and w at least {@code 2^depth}. Parameters are named {@code inc, down1, ..., up1, ..., outc}.
 *
 * @param channels channels of the first level
 * @see <a href="https://arxiv.org/abs/1505.04597">Ronneberger, Fischer, Brox (2015), U-Net, figure 1</a>
 */
public record UNet(int in, int out, int channels, int depth) implements Module {
    public UNet {
        if (in < 1 || out < 1 || channels < 1 || depth < 1 || depth > 16) {
            throw new IllegalArgumentException("UNet: in " + in + ", out " + out + ", channels " + channels + ", depth " + depth + "; expected positive numbers, depth at most 16");
        }
    }

    /** The paper's 64 channels and depth 4. */
    public static UNet of(int in, int out) {
        return new UNet(in, out, 64, 4);
    }

    public UNet withChannels(int channels) {
        return new UNet(in, out, channels, depth);
    }

    public UNet withDepth(int depth) {
        return new UNet(in, out, channels, depth);
    }

    private DoubleConv first() {
        return DoubleConv.of(in, channels);
    }

    /** The step from level {@code i - 1} down to level i. */
    private DoubleConv down(int i) {
        return DoubleConv.of(channels << i - 1, channels << i);
    }

    /** The step from level i up to level {@code i - 1}. */
    private ConvTranspose2d up(int i) {
        return ConvTranspose2d.of(channels << i, channels << i - 1, 2).withStride(2);
    }

    private DoubleConv joined(int i) {
        return DoubleConv.of(channels << i, channels << i - 1);
    }

    private Conv2d last() {
        return Conv2d.of(channels, out, 1);
    }

    @Override
    public Params params(Random random) {
        Params all = Params.EMPTY.withChild("inc", first().params(random));
        for (int i = 1; i <= depth; i++) all = all.withChild("down" + i, down(i).params(random));
        for (int i = depth; i >= 1; i--) {
            all = all.withChild("up" + (depth - i + 1), Params.EMPTY.withChild("up", up(i).params(random)).withChild("conv", joined(i).params(random)));
        }
        return all.withChild("outc", last().params(random));
    }

    @Override
    public Params state() {
        Params all = Params.EMPTY.withChild("inc", first().state());
        for (int i = 1; i <= depth; i++) all = all.withChild("down" + i, down(i).state());
        for (int i = depth; i >= 1; i--) all = all.withChild("up" + (depth - i + 1), Params.EMPTY.withChild("conv", joined(i).state()));
        return all;
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 4 || x.dim(1) != in || x.dim(2) < 1 << depth || x.dim(3) < 1 << depth) {
            throw new IllegalArgumentException("UNet: x is " + x.shape() + ", expected (n, " + in + ", h, w) with h and w at least " + (1 << depth));
        }
        List<Tensor> levels = new ArrayList<>();
        levels.add(first().forward(x, at.child("inc")));
        for (int i = 1; i <= depth; i++) {
            Tensor half = Functional.maxPool2d(levels.getLast(), new Backend.Pool2d(2, 2, 2, 2, 0, 0));
            levels.add(down(i).forward(half, at.child("down" + i)));
        }
        Tensor y = levels.removeLast();
        for (int i = depth; i >= 1; i--) {
            Bound here = at.child("up" + (depth - i + 1));
            y = joined(i).forward(join(levels.removeLast(), up(i).forward(y, here.child("up"))), here.child("conv"));
        }
        return last().forward(y, at.child("outc"));
    }

    /** A level's image before the one from below, which pooling may have left one shorter. */
    private static Tensor join(Tensor skip, Tensor y) {
        int h = skip.dim(2) - y.dim(2);
        int w = skip.dim(3) - y.dim(3);
        return Tensor.concat(List.of(skip, Functional.pad(y, PadMode.CONSTANT, 0, w / 2, w - w / 2, h / 2, h - h / 2)), 1);
    }
}
