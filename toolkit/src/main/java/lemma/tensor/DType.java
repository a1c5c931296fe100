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

    /** True for FLOAT32 and FLOAT64, the types that carry gradients. */
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
