package lemma.ntk;

import lemma.nn.Bound;
import lemma.nn.Module;
import lemma.tensor.Backend;
import lemma.tensor.Functional;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/** Means over windows; {@link Stax#avgPool}. */
record Pooling(Window window) implements Network {
    @Override
    public Module module(Shape in) {
        out(in);
        return new Finite(window);
    }

    @Override
    public Shape out(Shape in) {
        if (in.rank() < 2) throw new IllegalArgumentException("Stax.avgPool: an example is " + in + ", expected (c, l) or (c, h, w)");
        int[] d = in.dims();
        for (int i = 1; i < d.length; i++) d[i] = window.out(d[i]);
        return Shape.of(d);
    }

    @Override
    public Covariance covariance(Covariance k) {
        int axes = k.positionAxes();
        return k.linear(x -> {
            Tensor sum = x;
            for (int i = 0; i < axes; i++) sum = window.sum(sum, i);
            return sum.mul(1 / Math.pow(window.size(), axes));
        }, out(k.shape()));
    }

    @Override
    public boolean mixesPositions() {
        return true;
    }

    private record Finite(Window window) implements Module {
        @Override
        public Tensor forward(Tensor x, Bound at) {
            if (x.rank() == 3) return Functional.avgPool1d(window.padded(x, 2), window.size(), window.stride(), 0);
            return Functional.avgPool2d(window.padded(x, 2, 3), new Backend.Pool2d(window.size(), window.size(), window.stride(), window.stride(), 0, 0));
        }
    }
}
