package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Adds a learnt vector for each position: {@code y_t = x_t + weight_t}, for up to {@code positions}.
 *
 * <p>Shapes: {@code x (batch, time, d) -> the same}; {@code weight (positions, d)}, normal with deviation 0.02 at start.
 *
 * @see <a href="https://arxiv.org/abs/1705.03122">Gehring et al. (2017), Convolutional sequence to sequence learning, section 3.1</a>
 */
public record PositionalEmbedding(int positions, int dim) implements Module {
    public PositionalEmbedding {
        if (positions < 1 || dim < 1) throw new IllegalArgumentException("PositionalEmbedding: positions " + positions + ", dim " + dim + ", expected at least 1");
    }

    public static PositionalEmbedding of(int positions, int dim) {
        return new PositionalEmbedding(positions, dim);
    }

    @Override
    public Params params(Random random) {
        return Params.of("weight", Init.normal(random, 0.02, positions, dim));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 3 || x.dim(2) != dim) throw new IllegalArgumentException("PositionalEmbedding: x is " + x.shape() + ", expected (batch, up to " + positions + ", " + dim + ")");
        int start = at.positionsBefore(x.dim(1));
        if (start + x.dim(1) > positions) {
            throw new IllegalArgumentException("PositionalEmbedding: x is " + x.shape() + (start == 0 ? "" : " after " + start + " cached positions") + ", expected (batch, up to " + positions + ", " + dim + ")");
        }
        return x.add(at.param("weight").narrow(0, start, start + x.dim(1)));
    }
}
