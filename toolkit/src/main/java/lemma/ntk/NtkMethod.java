package lemma.ntk;

/**
 * How an empirical NTK is computed. Below n examples on each side, K outputs, P parameters and a forward pass of F operations an example.
 *
 * @see <a href="https://arxiv.org/abs/2206.08720">Novak, Sohl-Dickstein, Schoenholz (2022), Fast finite width neural tangent kernel</a>
 */
public enum NtkMethod {
    /** Jacobians of all examples, then their products: {@code n K F + n^2 K^2 P} operations. */
    JACOBIAN_CONTRACTION,
    /** {@code J (J^T e)} for a unit vector e of each example and output: {@code n^2 K F} operations, little memory. */
    NTK_VECTOR_PRODUCTS,
    /**
     * Layer by layer: the derivative by the weights of a dense layer is {@code d a^T}, a its input and d the signal that comes back to it, so
     * its part of the NTK is {@code (a . a')(d . d')}: {@code n K F + n^2 (K^2 d_out + d_in)} operations. Parameters of other layers, and those used more
     * than once, go by Jacobians of their own.
     */
    STRUCTURED_DERIVATIVES
}
