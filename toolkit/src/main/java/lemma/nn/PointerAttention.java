package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * Scores of how much a query points at each of several places: {@code u_ij = v^T tanh(W1 e_j + W2 d_i)}. Their softmax over j is additive attention,
 * or, in a pointer network, the prediction itself.
 *
 * <p>Shapes: places {@code e (batch, n, dim)}, queries {@code d (batch, m, dim)} to {@code (batch, m, n)}; {@code w1, w2 (dim, dim)}, {@code v (dim)}, all
 * uniform after Glorot with the gain of tanh at start. From weights of {@code +-1/sqrt(dim)} a pointer network needs more than a thousand steps before it
 * begins to tell places apart.
 *
 * @see <a href="https://arxiv.org/abs/1506.03134">Vinyals, Fortunato, Jaitly (2015), Pointer networks, eq. 3</a>
 * @see <a href="https://arxiv.org/abs/1409.0473">Bahdanau, Cho, Bengio (2015), Neural machine translation by jointly learning to align and translate</a>
 */
public record PointerAttention(int dim) implements Module {
    public PointerAttention {
        if (dim < 1) throw new IllegalArgumentException("PointerAttention: dim is " + dim + ", expected at least 1");
    }

    public static PointerAttention of(int dim) {
        return new PointerAttention(dim);
    }

    @Override
    public Params params(Random random) {
        double gain = Init.gain(Activation.TANH);
        Shape square = Shape.of(dim, dim);
        return Params.of("w1", Init.xavierUniform(random, gain, square)).with("w2", Init.xavierUniform(random, gain, square))
                .with("v", Init.xavierUniform(random, gain, Shape.of(1, dim)).squeeze(0));
    }

    /** Scores of {@code x (batch, n, dim)} with itself, (batch, n, n). */
    @Override
    public Tensor forward(Tensor x, Bound at) {
        return scores(x, x, at);
    }

    /** Scores of {@code queries} for {@code places}. */
    public Tensor scores(Tensor places, Tensor queries, Bound at) {
        check("places", places);
        check("queries", queries);
        if (places.dim(0) != queries.dim(0)) throw new IllegalArgumentException("PointerAttention: places " + places.shape() + " and queries " + queries.shape() + " differ in the batch");
        Tensor keys = places.matmul(at.param("w1").t()).unsqueeze(1);
        Tensor asked = queries.matmul(at.param("w2").t()).unsqueeze(2);
        return keys.add(asked).tanh().matmul(at.param("v"));
    }

    private void check(String what, Tensor x) {
        if (x.rank() != 3 || x.dim(2) != dim) throw new IllegalArgumentException("PointerAttention: " + what + " are " + x.shape() + ", expected (batch, length, " + dim + ")");
    }
}
