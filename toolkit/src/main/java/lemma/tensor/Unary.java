package lemma.tensor;

/** Element-wise functions of one argument that a {@link Backend} computes. NaN passes through. */
public enum Unary {
    NEG, ABS, SIGN, SQUARE, SQRT, RSQRT, RECIPROCAL, FLOOR, CEIL,
    /** To the nearest integer, halves to even. */
    ROUND,
    EXP, EXPM1, LOG, LOG1P, SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH, TANH, ERF,
    /** {@code 1 / (1 + exp(-x))}. */
    SIGMOID,
    /** {@code log(1 + exp(x))} without overflow. */
    SOFTPLUS,
    /** {@code max(x, 0)}; NaN stays NaN. */
    RELU,
    /** {@code x Phi(x)} with the exact normal distribution function. */
    GELU,
    /** {@code x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2}. */
    GELU_TANH,
    /** {@code x sigmoid(x)}. */
    SILU,
    /** The complex conjugate; real numbers stay. */
    CONJ,
    /** Logical not of a BOOL tensor. */
    NOT
}
