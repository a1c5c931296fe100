package lemma.data;

import java.lang.reflect.Array;
import java.util.Arrays;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * The elements of an array read from a file, row by row.
 *
 * @param shape its axes; empty for a scalar
 * @param values a {@code float[], double[], int[], long[], boolean[]} or (unsigned bytes) {@code byte[]}
 */
record Elements(int[] shape, Object values) {
    Elements {
        if (Array.getLength(values) != size(shape)) {
            throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " holds " + size(shape) + " elements, got " + Array.getLength(values));
        }
    }

    /** @throws IllegalArgumentException for a complex tensor */
    static Elements of(Tensor tensor) {
        return new Elements(tensor.shape().dims(), switch (tensor.dtype()) {
            case FLOAT32 -> tensor.toFloats();
            case FLOAT64 -> tensor.toDoubles();
            case INT32 -> tensor.toInts();
            case INT64 -> tensor.toLongs();
            case UINT8 -> bytes(tensor.toInts());
            case BOOL -> tensor.toBooleans();
            case COMPLEX64, COMPLEX128 -> throw new IllegalArgumentException("a " + tensor.dtype() + " tensor of shape " + tensor.shape()
                    + " is not written; write its real and imaginary parts");
        });
    }

    Tensor tensor() {
        Tensor flat = switch (values) {
            case float[] v -> Tensor.of(v);
            case double[] v -> Tensor.of(v);
            case int[] v -> Tensor.of(v);
            case long[] v -> Tensor.of(v);
            case boolean[] v -> Tensor.of(v);
            case byte[] v -> Tensor.of(v);
            default -> throw new IllegalStateException("no tensor of " + values.getClass().getSimpleName());
        };
        return flat.reshape(Shape.of(shape));
    }

    private static byte[] bytes(int[] values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) bytes[i] = (byte) values[i];
        return bytes;
    }

    /** The number of elements, exact also where it is more than an array can hold. */
    static long size(int[] shape) {
        long size = 1;
        for (int n : shape) size = Math.multiplyExact(size, n);
        return size;
    }

    /** The same array when these elements stand column by column, as Fortran stores them. */
    Elements fromFortranOrder() {
        int rank = shape.length;
        int n = Array.getLength(values);
        Object rows = Array.newInstance(values.getClass().getComponentType(), n);
        int[] index = new int[rank];
        for (int from = 0; from < n; from++) {
            int to = 0;
            for (int axis = 0; axis < rank; axis++) to = to * shape[axis] + index[axis];
            System.arraycopy(values, from, rows, to, 1);
            for (int axis = 0; axis < rank && ++index[axis] == shape[axis]; axis++) index[axis] = 0;
        }
        return new Elements(shape, rows);
    }
}
