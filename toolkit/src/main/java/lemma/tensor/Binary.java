package lemma.tensor;

/** Element-wise functions of two broadcast arguments that a {@link Backend} computes. */
public enum Binary {
    ADD, SUB, MUL, DIV, POW,
    /** NaN if either argument is NaN, as in NumPy and PyTorch. */
    MAXIMUM,
    /** NaN if either argument is NaN, as in NumPy and PyTorch. */
    MINIMUM,
    /** The remainder with the sign of the divisor, as in NumPy and Python. */
    MOD,
    /** The quotient rounded down; of integers an integer. */
    FLOOR_DIV,
    ATAN2,
    /** {@code g * (x > 0)}: gradient of relu in one pass; arguments (g, x). */
    RELU_GRAD,
    /** {@code g * gelu'(x)}: arguments (g, x). */
    GELU_GRAD,
    /** {@code g * gelu_tanh'(x)}: arguments (g, x). */
    GELU_TANH_GRAD,
    /** {@code g * silu'(x)}: arguments (g, x). */
    SILU_GRAD,
    /** {@code g * (1 - y^2)} of {@code y = tanh(x)}: arguments (g, y). */
    TANH_GRAD,
    /** {@code g * y * (1 - y)} of {@code y = sigmoid(x)}: arguments (g, y). */
    SIGMOID_GRAD,
    EQ, NE, LT, LE, GT, GE,
    /** Logical and of BOOL tensors. */
    AND,
    /** Logical or of BOOL tensors. */
    OR,
    /** Logical exclusive or of BOOL tensors. */
    XOR;

    /** True for the comparisons and logical functions, whose result is BOOL. */
    public boolean isLogical() {
        return compareTo(EQ) >= 0;
    }
}
