package lemma.tensor;

import static lemma.tensor.Memory.ALL;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Elementary functions of arrays of doubles, in place: the kernels of FLOAT64 tensors for code that works on small arrays. Errors are at most 2 ulp. */
public final class ArrayMath {
    private static final int PIECE = Scratch.LARGE_BYTES / Double.BYTES;

    private ArrayMath() {}

    /** {@code x_i = exp(x_i)}. */
    public static void exp(double[] x) {
        if (Vectors.AVAILABLE) inPieces(Unary.EXP, x);
        else for (int i = 0; i < x.length; i++) x[i] = Math.exp(x[i]);
    }

    /** {@code x_i = ln(x_i)}. */
    public static void log(double[] x) {
        if (Vectors.AVAILABLE) inPieces(Unary.LOG, x);
        else for (int i = 0; i < x.length; i++) x[i] = Math.log(x[i]);
    }

    private static void inPieces(Unary op, double[] x) {
        Scratch scratch = Scratch.get();
        long from = scratch.address(4);
        long to = scratch.address(5);
        for (int i = 0; i < x.length; i += PIECE) {
            int n = Math.min(PIECE, x.length - i);
            MemorySegment.copy(x, i, ALL, ValueLayout.JAVA_DOUBLE, from, n);
            DoubleLoops.unary(op, from, to, n);
            MemorySegment.copy(ALL, ValueLayout.JAVA_DOUBLE, to, x, i, n);
        }
    }
}
