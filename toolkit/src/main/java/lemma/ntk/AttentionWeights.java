package lemma.ntk;

/**
 * How {@link Stax#selfAttention} weighs positions, {@code A = zeta(qkStd / (c d^s) Q K^T)} with keys and queries of width d on c channels, so that the
 * limit of wide and many heads is known.
 *
 * @see <a href="https://arxiv.org/abs/2006.10540">Hron, Bahri, Sohl-Dickstein, Novak (2020), Infinite attention</a>
 */
public enum AttentionWeights {
    /** Independent queries and keys, {@code s = 1/2} and no nonlinearity: weights stay random. */
    DOT_PRODUCT,
    /** One matrix for queries and keys, {@code s = 1}: weights become those of the covariance of the input. No nonlinearity. */
    TIED,
    /** As {@link #TIED} with softmax over the keys. */
    TIED_SOFTMAX,
    /** As {@link #TIED} with {@code max(x, 0)}. */
    TIED_RELU,
    /** As {@link #TIED} with {@code |x|}. */
    TIED_ABS
}
