package lemma.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Single elements at addresses. */
final class Raw {
    private Raw() {}

    static float f32(long address) {
        return Memory.ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, address);
    }

    static double f64(long address) {
        return Memory.ALL.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, address);
    }

    static int i32(long address) {
        return Memory.ALL.get(ValueLayout.JAVA_INT_UNALIGNED, address);
    }

    static long i64(long address) {
        return Memory.ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
    }

    static byte i8(long address) {
        return Memory.ALL.get(ValueLayout.JAVA_BYTE, address);
    }

    static void f32(long address, float v) {
        Memory.ALL.set(ValueLayout.JAVA_FLOAT_UNALIGNED, address, v);
    }

    static void f64(long address, double v) {
        Memory.ALL.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, address, v);
    }

    static void i32(long address, int v) {
        Memory.ALL.set(ValueLayout.JAVA_INT_UNALIGNED, address, v);
    }

    static void i64(long address, long v) {
        Memory.ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, address, v);
    }

    static void i8(long address, byte v) {
        Memory.ALL.set(ValueLayout.JAVA_BYTE, address, v);
    }

    /** Element {@code i} of a run of a real type. */
    static double real(DType type, long address, long i) {
        return switch (type) {
            case FLOAT32 -> f32(address + 4 * i);
            case FLOAT64 -> f64(address + 8 * i);
            case INT32 -> i32(address + 4 * i);
            case INT64 -> i64(address + 8 * i);
            case UINT8, BOOL -> i8(address + i) & 255;
            case COMPLEX64, COMPLEX128 -> throw new IllegalArgumentException(type + " is not a real type");
        };
    }

    /** Sets element {@code i} of a run of floats. */
    static void real(DType type, long address, long i, double v) {
        if (type == DType.FLOAT32) f32(address + 4 * i, (float) v);
        else f64(address + 8 * i, v);
    }

    /** Element {@code i} of a run of integers or booleans. */
    static long integer(DType type, long address, long i) {
        return switch (type) {
            case INT32 -> i32(address + 4 * i);
            case INT64 -> i64(address + 8 * i);
            default -> i8(address + i) & 255;
        };
    }

    /** Sets element {@code i} of a run of integers or booleans; what does not fit wraps. */
    static void integer(DType type, long address, long i, long v) {
        switch (type) {
            case INT32 -> i32(address + 4 * i, (int) v);
            case INT64 -> i64(address + 8 * i, v);
            default -> i8(address + i, (byte) v);
        }
    }

    static void copy(long from, long to, long bytes) {
        MemorySegment.copy(Memory.ALL, from, Memory.ALL, to, bytes);
    }

    static void zero(long address, long bytes) {
        Memory.ALL.asSlice(address, bytes).fill((byte) 0);
    }
}
