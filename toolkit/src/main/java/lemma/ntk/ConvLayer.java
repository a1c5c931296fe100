package lemma.ntk;

import lemma.nn.Bound;
import lemma.nn.Module;
import lemma.nn.Params;
import lemma.optim.MuP.Role;
import lemma.tensor.Backend;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/** A convolution over one or two axes; {@link Stax#conv}. */
record ConvLayer(int channels, Window window, Scales scales) implements AffineLayer {
    ConvLayer {
        if (channels < 1) throw new IllegalArgumentException("Stax.conv: " + channels + " channels, expected at least 1");
    }

    @Override
    public Module module(Shape in) {
        return new Finite(check(in), this, at(in));
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
        return k.affine(at(in), x -> mean(x, in.rank() - 1, k.isBetweenPositions()), out(in));
    }

    @Override
    public Network parametrized(Parametrization parametrization, Role role) {
        return new ConvLayer(channels, window, scales.parametrized(parametrization, role));
    }

    @Override
    public LayerScales at(Shape in) {
        return scales.at(fanIn(check(in)), in.dim(0), channels);
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
    private record Finite(Shape in, ConvLayer layer, LayerScales scales) implements Module {
        @Override
        public Params params(Random random) {
            int size = layer.window.size();
            int[] shape = in.rank() == 2 ? new int[] {layer.channels, in.dim(0), size} : new int[] {layer.channels, in.dim(0), size, size};
            return scales.params(random, shape);
        }

        @Override
        public Tensor forward(Tensor x, Bound at) {
            Tensor scaled = scales.scaled(x);
            Tensor weight = at.param("weight");
            Tensor bias = scales.hasBias() ? scales.added(at.param("bias")) : null;
            int stride = layer.window.stride();
            if (in.rank() == 2) return Functional.conv1d(layer.window.padded(scaled, 2), weight, bias, stride, 0, 1, 1);
            return Functional.conv2d(layer.window.padded(scaled, 2, 3), weight, bias, new Backend.Conv2d(stride, stride, 0, 0, 1, 1, 1));
        }
    }
}
