package lemma.tensor;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;

/** Elementary functions of arrays of doubles, in place: the kernels of FLOAT64 tensors for code that works on small arrays. Errors are at most 2 ulp. */
public final class ArrayMath {
    private ArrayMath() {}

    /** {@code x_i = exp(x_i)}. */
    public static void exp(double[] x) {
        if (Vectors.AVAILABLE) Loops.exp(x);
        else for (int i = 0; i < x.length; i++) x[i] = Math.exp(x[i]);
    }

    /** {@code x_i = ln(x_i)}. */
    public static void log(double[] x) {
        if (Vectors.AVAILABLE) Loops.log(x);
        else for (int i = 0; i < x.length; i++) x[i] = Math.log(x[i]);
    }

    /** Loaded only where vectors are. */
    private static final class Loops {
        static void exp(double[] x) {
            int i = 0;
            for (; i <= x.length - DoubleMath.LANES; i += DoubleMath.LANES) DoubleMath.exp(DoubleVector.fromArray(DoubleMath.D, x, i)).intoArray(x, i);
            VectorMask<Double> rest = DoubleMath.D.indexInRange(i, x.length);
            if (i < x.length) DoubleMath.exp(DoubleVector.fromArray(DoubleMath.D, x, i, rest)).intoArray(x, i, rest);
        }

        static void log(double[] x) {
            int i = 0;
            for (; i <= x.length - DoubleMath.LANES; i += DoubleMath.LANES) DoubleMath.log(DoubleVector.fromArray(DoubleMath.D, x, i)).intoArray(x, i);
            VectorMask<Double> rest = DoubleMath.D.indexInRange(i, x.length);
            if (i < x.length) DoubleMath.log(DoubleVector.fromArray(DoubleMath.D, x, i, rest)).intoArray(x, i, rest);
        }
    }
}
