package lemma.nn;

import java.util.stream.IntStream;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * A learnt number for each head and each range of distances is added to the attention's scores. Distances {@code key - query} fall into
 * {@code buckets}: small ones each into its own, larger ones into ranges that grow by a constant factor up to {@code maxDistance}, beyond which
 * there is one bucket. For {@link MultiHeadAttention#withBias}.
 *
 * <p>With b buckets of one direction and {@code e = b / 2}, distance n has bucket n below e and {@code e + floor(ln(n / e) / ln(maxDistance / e) (b - e))},
 * at most b - 1, above. A bidirectional bias has half of the buckets for keys after the query; a causal one puts those into bucket 0.
 *
 * <p>Shapes: {@code scores (..., heads, queries, keys)} to the same, the queries being the last of the keys' positions; {@code weight (buckets, heads)},
 * normal with deviation 0.02 at start. Unlike in T5, which shares one table, each layer has its own.
 *
 * @param heads number of heads
 * @param buckets number of buckets, 32 in T5
 * @param maxDistance distance from which all are in the last bucket, 128 in T5
 * @param bidirectional whether keys after a query are told from those before it
 * @see <a href="https://arxiv.org/abs/1910.10683">Raffel et al. (2020), Exploring the limits of transfer learning with a unified text-to-text transformer, section 2.1</a>
 */
public record RelativePositionBias(int heads, int buckets, int maxDistance, boolean bidirectional) implements Module {
    public RelativePositionBias {
        if (heads < 1) throw new IllegalArgumentException("RelativePositionBias: heads is " + heads + ", expected at least 1");
        int oneWay = bidirectional ? buckets / 2 : buckets;
        if (oneWay < 2 || bidirectional && buckets % 2 != 0) throw new IllegalArgumentException("RelativePositionBias: buckets is " + buckets + ", expected at least 2 for each direction" + (bidirectional ? ", an even number" : ""));
        if (maxDistance <= oneWay / 2) throw new IllegalArgumentException("RelativePositionBias: maxDistance is " + maxDistance + ", expected above the " + oneWay / 2 + " distances with buckets of their own");
    }

    /** T5's 32 buckets up to distance 128, in both directions. */
    public static RelativePositionBias of(int heads) {
        return new RelativePositionBias(heads, 32, 128, true);
    }

    /** The same bias with all buckets for keys before the query, for causal attention. */
    public RelativePositionBias asCausal() {
        return new RelativePositionBias(heads, buckets, maxDistance, false);
    }

    /** The same bias with other ranges. */
    public RelativePositionBias withBuckets(int buckets, int maxDistance) {
        return new RelativePositionBias(heads, buckets, maxDistance, bidirectional);
    }

    @Override
    public Params params(Random random) {
        return Params.of("weight", Init.normal(random, 0.02, buckets, heads));
    }

    @Override
    public Tensor forward(Tensor scores, Bound at) {
        if (scores.rank() < 3 || scores.dim(-3) != heads) throw new IllegalArgumentException("RelativePositionBias: scores are " + scores.shape() + ", expected (..., " + heads + ", queries, keys)");
        int queries = scores.dim(-2);
        int keys = scores.dim(-1);
        Tensor ofDistance = Tensor.of(IntStream.range(1 - keys, queries).mapToLong(this::bucket).toArray());
        Tensor index = ofDistance.indexSelect(0, Positions.relative(queries, keys).add(keys - 1).reshape(-1));
        Tensor bias = Functional.embedding(index.to(scores.backend()), at.param("weight")).reshape(queries, keys, heads).permute(2, 0, 1);
        return scores.add(bias);
    }

    /** The bucket of a key at this position relative to the query. */
    public int bucket(int relative) {
        int oneWay = bidirectional ? buckets / 2 : buckets;
        int first = bidirectional && relative > 0 ? oneWay : 0;
        int n = bidirectional ? Math.abs(relative) : Math.max(-relative, 0);
        int exact = oneWay / 2;
        if (n < exact) return first + n;
        double share = Math.log(n / (double) exact) / Math.log(maxDistance / (double) exact);
        return first + Math.min(exact + (int) (share * (oneWay - exact)), oneWay - 1);
    }
}
