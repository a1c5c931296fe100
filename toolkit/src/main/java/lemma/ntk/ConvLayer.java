package lemma.ntk;

import lemma.nn.Bound;
import lemma.nn.Module;
import lemma.nn.Params;
import lemma.tensor.Backend;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/** A convolution over one or two axes; {@link Stax#conv}. */
record ConvLayer(int channels, Window window, Scales scales) implements Network {
    ConvLayer {
        if (channels < 1) throw new IllegalArgumentException("Stax.conv: " + channels + " channels, expected at least 1");
    }

    @Override
    public Module module(Shape in) {
        return new Finite(check(in), this);
    }

    @Override
    public Shape out(Shape in) {
        int[] d = check(in).dims();
        d[0] = channels;
        for (int i = 1; i < d.length; i++) d[i] = window.out(d[i]);
        return Shape.of(d);
    }

    @Override
    public Covariance covariance(Covariance k) {
        Shape in = check(k.shape());
        return k.affine(scales, fanIn(in), x -> mean(x, in.rank() - 1, k.isBetweenPositions()), out(in));
    }

    private Tensor mean(Tensor k, int positions, boolean between) {
        Tensor sum = k;
        for (int i = 0; i < positions; i++) sum = between ? window.sum(sum, 2 * i, 2 * i + 1) : window.sum(sum, i);
        return sum.mul(1 / Math.pow(window.size(), positions));
    }

    private int fanIn(Shape in) {
        return in.dim(0) * (in.rank() == 2 ? window.size() : window.size() * window.size());
    }

    private static Shape check(Shape in) {
        if (in.rank() == 2 || in.rank() == 3) return in;
        throw new IllegalArgumentException("Stax.conv: an example is " + in + ", expected (c, l) or (c, h, w)");
    }

    /** weight (channels, in, size[, size]), bias (channels). */
    private record Finite(Shape in, ConvLayer layer) implements Module {
        @Override
        public Params params(Random random) {
            int size = layer.window.size();
            int[] shape = in.rank() == 2 ? new int[] {layer.channels, in.dim(0), size} : new int[] {layer.channels, in.dim(0), size, size};
            Params p = Params.of("weight", layer.scales.weight(random, layer.fanIn(in), shape));
            return layer.scales.hasBias() ? p.with("bias", layer.scales.bias(random, layer.channels)) : p;
        }

        @Override
        public Tensor forward(Tensor x, Bound at) {
            double factor = layer.scales.inputFactor(layer.fanIn(in));
            Tensor scaled = factor == 1 ? x : x.mul(factor);
            Tensor weight = at.param("weight");
            Tensor bias = layer.scales.hasBias() ? layer.scales.added(at.param("bias")) : null;
            int stride = layer.window.stride();
            if (in.rank() == 2) return Functional.conv1d(layer.window.padded(scaled, 2), weight, bias, stride, 0, 1, 1);
            return Functional.conv2d(layer.window.padded(scaled, 2, 3), weight, bias, new Backend.Conv2d(stride, stride, 0, 0, 1, 1, 1));
        }
    }
}
