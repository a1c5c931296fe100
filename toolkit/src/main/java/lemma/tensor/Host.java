package lemma.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.lang.reflect.Array;

/** Elements of a tensor as Java arrays. */
final class Host {
    private Host() {}

    /** A contiguous tensor of {@code type} on the host. */
    private static Tensor ready(Tensor t, DType type) {
        if (t.dtype().isComplex()) throw new IllegalStateException("A " + t.dtype() + " tensor has no real elements; take its real or imaginary part first");
        Tensor host = t.detach().to(CpuBackend.INSTANCE);
        return host.to(type).contiguous();
    }

    /** Gives back the copy that {@code ready} made of {@code t}, if it made one. */
    private static void done(Tensor copy, Tensor t) {
        if (copy.storage() != t.storage()) copy.storage().release();
        Reference.reachabilityFence(copy);
    }

    static double[] doubles(Tensor t) {
        Tensor s = ready(t, DType.FLOAT64);
        double[] out = new double[length(t)];
        MemorySegment.copy(Memory.ALL, ValueLayout.JAVA_DOUBLE_UNALIGNED, s.address(), out, 0, out.length);
        done(s, t);
        return out;
    }

    static float[] floats(Tensor t) {
        Tensor s = ready(t, DType.FLOAT32);
        float[] out = new float[length(t)];
        MemorySegment.copy(Memory.ALL, ValueLayout.JAVA_FLOAT_UNALIGNED, s.address(), out, 0, out.length);
        done(s, t);
        return out;
    }

    static long[] longs(Tensor t) {
        Tensor s = ready(t, DType.INT64);
        long[] out = new long[length(t)];
        MemorySegment.copy(Memory.ALL, ValueLayout.JAVA_LONG_UNALIGNED, s.address(), out, 0, out.length);
        done(s, t);
        return out;
    }

    static int[] ints(Tensor t) {
        Tensor s = ready(t, DType.INT32);
        int[] out = new int[length(t)];
        MemorySegment.copy(Memory.ALL, ValueLayout.JAVA_INT_UNALIGNED, s.address(), out, 0, out.length);
        done(s, t);
        return out;
    }

    static byte[] bytes(Tensor t) {
        Tensor s = ready(t, t.dtype() == DType.BOOL ? DType.BOOL : DType.UINT8);
        byte[] out = new byte[length(t)];
        MemorySegment.copy(Memory.ALL, ValueLayout.JAVA_BYTE, s.address(), out, 0, out.length);
        done(s, t);
        return out;
    }

    static boolean[] booleans(Tensor t) {
        byte[] raw = bytes(t.dtype() == DType.BOOL ? t : t.to(DType.BOOL));
        boolean[] out = new boolean[raw.length];
        for (int i = 0; i < out.length; i++) out[i] = raw[i] != 0;
        return out;
    }

    private static int length(Tensor t) {
        return Math.toIntExact(t.size());
    }

    static Object nested(Tensor t) {
        Object flat = switch (t.dtype()) {
            case FLOAT32 -> floats(t);
            case FLOAT64 -> doubles(t);
            case INT32 -> ints(t);
            case INT64 -> longs(t);
            case UINT8 -> bytes(t);
            case BOOL -> booleans(t);
            case COMPLEX64, COMPLEX128 -> ready(t, t.dtype());
        };
        if (t.rank() < 2) return flat;
        Object out = Array.newInstance(flat.getClass().getComponentType(), t.shape().dims());
        fill(out, flat, t.shape().dims(), 0, 0);
        return out;
    }

    private static int fill(Object into, Object flat, int[] dims, int axis, int from) {
        int next = from;
        for (int i = 0; i < dims[axis]; i++) {
            Object part = Array.get(into, i);
            if (axis == dims.length - 2) {
                System.arraycopy(flat, next, part, 0, dims[axis + 1]);
                next += dims[axis + 1];
            } else {
                next = fill(part, flat, dims, axis + 1, next);
            }
        }
        return next;
    }
}
