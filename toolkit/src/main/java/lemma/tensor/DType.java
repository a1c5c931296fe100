package lemma.tensor;

/** Element types of a {@link Tensor}, named as in NumPy. */
public enum DType {
    BOOL(1, Kind.BOOL),
    UINT8(1, Kind.INTEGER),
    INT32(4, Kind.INTEGER),
    INT64(8, Kind.INTEGER),
    FLOAT32(4, Kind.FLOAT),
    FLOAT64(8, Kind.FLOAT),
    COMPLEX64(8, Kind.COMPLEX),
    COMPLEX128(16, Kind.COMPLEX);

    private enum Kind { BOOL, INTEGER, FLOAT, COMPLEX }

    private final int bytes;
    private final Kind kind;

    DType(int bytes, Kind kind) {
        this.bytes = bytes;
        this.kind = kind;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** True for FLOAT32 and FLOAT64. */
    public boolean isFloat() {
        return kind == Kind.FLOAT;
    }

    /** True for UINT8, INT32 and INT64. */
    public boolean isInteger() {
        return kind == Kind.INTEGER;
    }

    /** True for COMPLEX64 and COMPLEX128. */
    public boolean isComplex() {
        return kind == Kind.COMPLEX;
    }

    /** True for the types that carry gradients: floats and complex numbers. */
    public boolean hasGradient() {
        return kind == Kind.FLOAT || kind == Kind.COMPLEX;
    }

    /** The type of the real part: FLOAT32 of COMPLEX64, FLOAT64 of COMPLEX128, else this. */
    public DType toReal() {
        return this == COMPLEX64 ? FLOAT32 : this == COMPLEX128 ? FLOAT64 : this;
    }

    /** The complex type whose parts are of this type: COMPLEX128 of FLOAT64 and COMPLEX128, COMPLEX64 of all others. */
    public DType toComplex() {
        return this == FLOAT64 || this == COMPLEX128 ? COMPLEX128 : COMPLEX64;
    }

    /**
     * The type of {@code a op b}: the wider type of the higher kind (bool, integer, float, complex), as PyTorch promotes two
     * tensors that both have axes.
     */
    public static DType promote(DType a, DType b) {
        if (a == b) return a;
        if (a == COMPLEX64 && b == FLOAT64 || b == COMPLEX64 && a == FLOAT64) return COMPLEX128;
        return a.compareTo(b) >= 0 ? a : b;
    }
}
