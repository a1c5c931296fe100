package lemma.nn;

import lemma.tensor.DType;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * What attention may not look at, as PyTorch's {@code MultiheadAttention} has it.
 *
 * @param mask BOOL, true where a query may not see a key, or floats to add to the scores; (queries, keys), (batch heads, queries, keys), or any
 *     shape that broadcasts to (batch, heads, queries, keys); or null
 * @param keyPadding BOOL (batch, keys), true where a key is padding that no query may see; or null
 */
public record AttentionMask(Tensor mask, Tensor keyPadding) {
    /** Everything may be seen. */
    public static final AttentionMask NONE = new AttentionMask(null, null);

    public AttentionMask {
        if (mask != null && mask.dtype() != DType.BOOL && !mask.dtype().isFloat()) throw new IllegalArgumentException("AttentionMask: the mask is " + mask.dtype() + " " + mask.shape() + ", expected BOOL or floats");
        if (keyPadding != null && (keyPadding.dtype() != DType.BOOL || keyPadding.rank() != 2)) {
            throw new IllegalArgumentException("AttentionMask: keyPadding is " + keyPadding.dtype() + " " + keyPadding.shape() + ", expected BOOL (batch, keys)");
        }
    }

    /** A mask of the scores. */
    public static AttentionMask of(Tensor mask) {
        return new AttentionMask(mask, null);
    }

    /** Keys that are padding. */
    public static AttentionMask padding(Tensor keyPadding) {
        return new AttentionMask(null, keyPadding);
    }

    /** BOOL (time, time): true above the diagonal, so that position i sees positions up to i. */
    public static Tensor causal(int time) {
        return causal(time, time);
    }

    /** As {@link #causal(int)} for the last {@code queries} of {@code keys} positions. */
    static Tensor causal(int queries, int keys) {
        Tensor key = Tensor.arange(keys).reshape(1, keys);
        return key.gt(Tensor.arange(queries).reshape(queries, 1).add(keys - queries));
    }

    /** What to add to scores (batch, heads, queries, keys), or null: 0 or -inf where masks are BOOL. */
    Tensor scores(int batch, int heads, int queries, int keys, DType type) {
        Tensor sum = mask == null ? null : asScores(mask.rank() == 3 && mask.dim(0) == batch * heads ? mask.reshape(batch, heads, queries, keys) : mask, type);
        if (keyPadding == null) return sum;
        if (keyPadding.dim(0) != batch || keyPadding.dim(1) != keys) throw new IllegalArgumentException("AttentionMask: keyPadding is " + keyPadding.shape() + ", expected [" + batch + ", " + keys + "]");
        Tensor padded = asScores(keyPadding.reshape(batch, 1, 1, keys), type);
        return sum == null ? padded : sum.add(padded.to(sum.backend()));
    }

    private static Tensor asScores(Tensor mask, DType type) {
        if (mask.dtype() != DType.BOOL) return mask.to(type);
        Tensor zero = mask.backend().full(Shape.SCALAR, type, 0);
        return Tensor.where(mask, mask.backend().full(Shape.SCALAR, type, Double.NEGATIVE_INFINITY), zero);
    }
}
