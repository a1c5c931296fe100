package lemma.tensor;

/** Running reductions along an axis that a {@link Backend} computes, besides the running sum. */
public enum Cumulative {
    /** {@code y_i = x_0 x_1 ... x_i} of floats and INT64. */
    PROD,
    /** {@code y_i = log(exp(x_0) + ... + exp(x_i))} of floats, without overflow. */
    LOGSUMEXP
}
