package lemma.ntk;

import java.util.stream.IntStream;
import lemma.nn.Bound;
import lemma.nn.Module;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/** The mean over all positions; {@link Stax#globalAvgPool}. */
record GlobalPooling() implements Network {
    @Override
    public Module module(Shape in) {
        out(in);
        return new Finite();
    }

    @Override
    public Shape out(Shape in) {
        if (in.rank() < 2) throw new IllegalArgumentException("Stax.globalAvgPool: an example is " + in + ", expected (c, l) or (c, h, w)");
        return Shape.of(in.dim(0));
    }

    @Override
    public Covariance covariance(Covariance k) {
        int[] axes = IntStream.range(0, k.positionAxes()).toArray();
        return k.linear(x -> x.mean(axes), out(k.shape()));
    }

    @Override
    public boolean mixesPositions() {
        return true;
    }

    private record Finite() implements Module {
        @Override
        public Tensor forward(Tensor x, Bound at) {
            return x.flatten(2).mean(2);
        }
    }
}
