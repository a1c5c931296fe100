package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * A module for rows, used on all leading axes at once: {@code x (..., d)} goes through it as (rows, d). So a {@link BatchNorm1d} takes its statistics over
 * all tokens of a batch of sequences. Parameters are those of the module.
 */
public record OverRows(Module rows) implements Module {
    public static OverRows of(Module rows) {
        return new OverRows(rows);
    }

    @Override
    public Params params(Random random) {
        return rows.params(random);
    }

    @Override
    public Params state() {
        return rows.state();
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() < 1) throw new IllegalArgumentException("OverRows: x is a scalar, expected (..., d)");
        Tensor y = rows.forward(x.reshape(-1, x.dim(-1)), at);
        int[] to = x.shape().dims();
        to[to.length - 1] = y.dim(-1);
        return y.reshape(Shape.of(to));
    }
}
