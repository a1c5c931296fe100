package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Two 3 x 3 convolutions that keep the size, each with batch normalisation and relu: the step of a {@link UNet}.
 *
 * <p>Shapes: {@code x (n, in, h, w) -> (n, out, h, w)}. Parameters are named {@code double_conv.0.weight, double_conv.1.weight, ...}.
 */
public record DoubleConv(int in, int out) implements Module {
    public static DoubleConv of(int in, int out) {
        return new DoubleConv(in, out);
    }

    private Sequential layers() {
        return Sequential.of(Conv2d.of(in, out, 3).withPadding(1).withoutBias(), BatchNorm2d.of(out), Activation.RELU,
                Conv2d.of(out, out, 3).withPadding(1).withoutBias(), BatchNorm2d.of(out), Activation.RELU);
    }

    @Override
    public Params params(Random random) {
        return Params.EMPTY.withChild("double_conv", layers().params(random));
    }

    @Override
    public Params state() {
        return Params.EMPTY.withChild("double_conv", layers().state());
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return layers().forward(x, at.child("double_conv"));
    }
}
