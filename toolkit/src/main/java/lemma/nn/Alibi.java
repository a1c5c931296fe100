package lemma.nn;

import lemma.tensor.DType;
import lemma.tensor.Tensor;

/**
 * Attention with linear biases: head h of {@code heads} takes {@code m_h |i - j|} off the score of query i and key j, with slopes {@code m_h =
 * 2^(-8 h / heads)}, h from 1. Nothing is learnt, and a model trained on short sequences reads longer ones. For
 * {@link MultiHeadAttention#withBias}.
 *
 * <p>Where heads is no power of two, the slopes are those of the next lower power p, then every other one of 2p, as in the authors' code.
 *
 * <p>Shapes: {@code scores (..., heads, queries, keys)} to the same; the queries are the last of the keys' positions.
 *
 * @param heads number of heads
 * @see <a href="https://arxiv.org/abs/2108.12409">Press, Smith, Lewis (2022), Train short, test long, section 3</a>
 */
public record Alibi(int heads) implements Module {
    public Alibi {
        if (heads < 1) throw new IllegalArgumentException("Alibi: heads is " + heads + ", expected at least 1");
    }

    public static Alibi of(int heads) {
        return new Alibi(heads);
    }

    /** The slope of each head, FLOAT64 (heads). */
    public Tensor slopes() {
        int power = Integer.highestOneBit(heads);
        double[] m = new double[heads];
        for (int h = 0; h < heads; h++) m[h] = h < power ? Math.pow(2, -8.0 * (h + 1) / power) : Math.pow(2, -4.0 * (2 * (h - power) + 1) / power);
        return Tensor.of(m);
    }

    @Override
    public Tensor forward(Tensor scores, Bound at) {
        if (scores.rank() < 3 || scores.dim(-3) != heads) throw new IllegalArgumentException("Alibi: scores are " + scores.shape() + ", expected (..., " + heads + ", queries, keys)");
        Tensor distance = Positions.relative(scores.dim(-2), scores.dim(-1)).abs().to(DType.FLOAT64);
        return scores.sub(slopes().reshape(heads, 1, 1).mul(distance).to(scores.dtype()).to(scores.backend()));
    }
}
