package lemma.data;

import java.lang.reflect.Array;
import java.util.Arrays;

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
