package lemma.tensor;

import java.util.Arrays;

/** The lengths of a tensor's axes; rank 0 is a scalar. Negative axes count from the last, as in NumPy. */
public final class Shape {
    public static final Shape SCALAR = new Shape(new int[0]);

    private final int[] dims;
    private final long size;

    private Shape(int[] dims) {
        long n = 1;
        for (int d : dims) {
            if (d < 0) throw new IllegalArgumentException("Shape: axis length " + d + " in " + Arrays.toString(dims) + " is negative");
            n = Math.multiplyExact(n, (long) d);
        }
        this.dims = dims;
        this.size = n;
    }

    /** @throws IllegalArgumentException if a length is negative */
    public static Shape of(int... dims) {
        return dims.length == 0 ? SCALAR : new Shape(dims.clone());
    }

    /** Number of axes. */
    public int rank() {
        return dims.length;
    }

    /** Number of elements. */
    public long size() {
        return size;
    }

    /** Length of {@code axis}, which may be negative. */
    public int dim(int axis) {
        return dims[axis("Shape.dim", axis)];
    }

    /** The lengths, a copy. */
    public int[] dims() {
        return dims.clone();
    }

    int[] raw() {
        return dims;
    }

    /** {@code axis} counted from the first; the message names {@code op}. */
    public int axis(String op, int axis) {
        int a = axis < 0 ? axis + dims.length : axis;
        if (a >= 0 && a < dims.length) return a;
        throw new IllegalArgumentException(op + ": axis " + axis + " is out of range for shape " + this
                + (dims.length == 0 ? " (a scalar has no axes)" : "; use " + -dims.length + " to " + (dims.length - 1)));
    }

    /** Strides in elements of a contiguous row-major tensor of this shape. */
    public long[] strides() {
        long[] s = new long[dims.length];
        long step = 1;
        for (int i = dims.length - 1; i >= 0; i--) {
            s[i] = step;
            step *= Math.max(1, dims[i]);
        }
        return s;
    }

    /** This shape with {@code axis} of another length. */
    public Shape with(int axis, int length) {
        int[] d = dims.clone();
        d[axis("Shape.with", axis)] = length;
        return new Shape(d);
    }

    /** This shape without {@code axis}. */
    public Shape without(int axis) {
        int a = axis("Shape.without", axis);
        int[] d = new int[dims.length - 1];
        System.arraycopy(dims, 0, d, 0, a);
        System.arraycopy(dims, a + 1, d, a, d.length - a);
        return new Shape(d);
    }

    /** The shape that NumPy broadcasts {@code a} and {@code b} to. */
    public static Shape broadcast(String op, Shape a, Shape b) {
        if (a.equals(b)) return a;
        int rank = Math.max(a.rank(), b.rank());
        int[] d = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int x = i <= a.rank() ? a.dims[a.rank() - i] : 1;
            int y = i <= b.rank() ? b.dims[b.rank() - i] : 1;
            if (x != y && x != 1 && y != 1) {
                throw new IllegalArgumentException(op + ": shapes " + a + " and " + b + " do not broadcast: axis -" + i
                        + " is " + x + " and " + y + "; they must be equal or one of them 1");
            }
            d[rank - i] = x == 1 ? y : x;
        }
        return new Shape(d);
    }

    @Override
    public boolean equals(Object o) {
        return o == this || o instanceof Shape s && Arrays.equals(dims, s.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    @Override
    public String toString() {
        return Arrays.toString(dims);
    }
}
