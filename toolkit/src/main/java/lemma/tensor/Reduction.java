package lemma.tensor;

/** Reductions over axes that a {@link Backend} computes. */
public enum Reduction {
    /** Sum over a fixed tree, so that the bits do not depend on compilation. BOOL and integers sum to INT64. */
    SUM,
    /** Arithmetic mean of floats; the mean of nothing is NaN. */
    MEAN,
    PROD,
    /** Largest element; NaN if any is NaN. */
    MAX,
    /** Smallest element; NaN if any is NaN. */
    MIN,
    /** BOOL: true if any element is. */
    ANY,
    /** BOOL: true if all elements are. */
    ALL
}
