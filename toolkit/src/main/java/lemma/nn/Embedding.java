package lemma.nn;

import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * A table of vectors looked up by integers.
 *
 * <p>Shapes: {@code x (...) integers in [0, count) -> (..., dim)}; {@code weight (count, dim)}, standard normal at start.
 */
public record Embedding(int count, int dim) implements Module {
    public Embedding {
        if (count < 1 || dim < 1) throw new IllegalArgumentException("Embedding: count " + count + ", dim " + dim + ", expected at least 1");
    }

    public static Embedding of(int count, int dim) {
        return new Embedding(count, dim);
    }

    @Override
    public Params params(Random random) {
        return Params.of("weight", Init.normal(random, 1, count, dim));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return Functional.embedding(x, at.param("weight"));
    }
}
