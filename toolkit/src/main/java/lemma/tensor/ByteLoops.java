package lemma.tensor;

import static jdk.incubator.vector.ByteVector.fromMemorySegment;
import static lemma.tensor.Memory.ALL;
import static lemma.tensor.Memory.ORDER;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Loops over runs of BOOL, a byte of 0 or 1 an element. */
final class ByteLoops {
    private static final VectorSpecies<Byte> B = ByteVector.SPECIES_PREFERRED;
    private static final int STEP = B.length();

    private ByteLoops() {}

    static void not(long x, long y, long n) {
        long i = 0;
        for (; i + STEP <= n; i += STEP) fromMemorySegment(B, ALL, x + i, ORDER).lanewise(VectorOperators.XOR, (byte) 1).intoMemorySegment(ALL, y + i, ORDER);
        PlainLoops.unary(Unary.NOT, DType.BOOL, x + i, y + i, n - i);
    }

    /** {@code y[i] = a[i] op b[i]} of two runs; false if there is no loop for {@code op}. */
    static boolean binary(Binary op, long a, long b, long y, long n) {
        long whole = n & -STEP;
        switch (op) {
            case AND -> and(a, b, y, whole);
            case OR -> or(a, b, y, whole);
            case XOR -> xor(a, b, y, whole);
            default -> {
                return false;
            }
        }
        PlainLoops.binary(op, DType.BOOL, a + whole, -1, b + whole, -1, y + whole, n - whole);
        return true;
    }

    private static void and(long a, long b, long y, long n) {
        for (long i = 0; i < n; i += STEP) fromMemorySegment(B, ALL, a + i, ORDER).and(fromMemorySegment(B, ALL, b + i, ORDER)).intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void or(long a, long b, long y, long n) {
        for (long i = 0; i < n; i += STEP) fromMemorySegment(B, ALL, a + i, ORDER).or(fromMemorySegment(B, ALL, b + i, ORDER)).intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void xor(long a, long b, long y, long n) {
        for (long i = 0; i < n; i += STEP) fromMemorySegment(B, ALL, a + i, ORDER).lanewise(VectorOperators.XOR, fromMemorySegment(B, ALL, b + i, ORDER)).intoMemorySegment(ALL, y + i, ORDER);
    }
}
