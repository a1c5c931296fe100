package lemma.ntk;

/**
 * Where the scale of a layer's weights stands: in the equation or in the initial distribution. Outputs of random networks are the same;
 * gradients, and so the NTK, differ. With fan-in n and standard deviations {@code W_std, b_std} of the description:
 */
public enum Parametrization {
    /** {@code y = W_std / sqrt(n) W x + b_std b}, all of W and b standard normal: the NTK has a limit. */
    NTK,
    /** {@code y = W x + b}, W of variance {@code W_std^2 / n}, b of {@code b_std^2}: the NTK grows with the widths that the description names. */
    STANDARD
}
