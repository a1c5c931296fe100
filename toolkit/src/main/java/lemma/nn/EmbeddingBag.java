package lemma.nn;

import lemma.tensor.Functional;
import lemma.tensor.Functional.Bag;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Sum, mean or maximum of the table's vectors at the integers of each bag, as PyTorch's layer: the mean at first.
 *
 * <p>Shapes: {@code x (bags, length) integers in [0, count) -> (bags, dim)}; {@code weight (count, dim)}, standard normal at start.
 */
public record EmbeddingBag(int count, int dim, Bag mode) implements Module {
    public EmbeddingBag {
        if (count < 1 || dim < 1) throw new IllegalArgumentException("EmbeddingBag: count " + count + ", dim " + dim + ", expected at least 1");
    }

    public static EmbeddingBag of(int count, int dim) {
        return new EmbeddingBag(count, dim, Bag.MEAN);
    }

    public EmbeddingBag withMode(Bag mode) {
        return new EmbeddingBag(count, dim, mode);
    }

    @Override
    public Params params(Random random) {
        return Params.of("weight", Init.normal(random, 1, count, dim));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return Functional.embeddingBag(x, at.param("weight"), mode);
    }
}
