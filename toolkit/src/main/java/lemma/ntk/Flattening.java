package lemma.ntk;

import java.util.stream.IntStream;
import lemma.nn.Flatten;
import lemma.nn.Module;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/** All positions as channels; {@link Stax#flatten}. */
record Flattening() implements Network {
    @Override
    public Module module(Shape in) {
        return new Flatten();
    }

    @Override
    public Shape out(Shape in) {
        return Shape.of(Math.toIntExact(in.size()));
    }

    /** The mean over equal positions. */
    @Override
    public Covariance covariance(Covariance k) {
        int positions = k.shape().rank() - 1;
        if (positions == 0) return k;
        int[] axes = IntStream.range(0, positions).toArray();
        return k.linear(x -> Covariance.atEqualPositions(x, positions, k.isBetweenPositions()).mean(axes), out(k.shape()));
    }
}
